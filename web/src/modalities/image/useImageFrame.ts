import { useElementSize, useMergedRef } from '@mantine/hooks'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Asset } from '../../api/types'
import { type ScreenPoint, type Size, screenPoint } from '../../geometry/points'
import { fitted, showing, type Viewport, zoomAt } from '../../kernel/viewport'
import type { ZoomSlot } from '../kind'

const STEP = 1.25
const LEAST_SIZE = STEP ** -8
const MOST_SIZE = STEP ** 16

export type ImageFrame = {
  /** For the element that the image lies in. */
  ref: React.Ref<HTMLDivElement>
  element: RefObject<HTMLDivElement | null>
  view: Viewport
  /** The view as it is, for handlers that outlive a rendering. */
  latest: RefObject<Viewport>
  look: (view: Viewport) => void
  /** The image in its own pixels. */
  pixels: Size
  onLoad: (image: HTMLImageElement) => void
  isReady: boolean
  /** Where an event of the pointer lies in the view. */
  at: (event: { clientX: number; clientY: number }) => ScreenPoint
}

/** Where an image lies in its frame: fitted at first, then as wheel, keys and hand have it. */
export function useImageFrame(asset: Asset, zoom: ZoomSlot): ImageFrame {
  const { ref: measured, width, height } = useElementSize<HTMLDivElement>()
  const element = useRef<HTMLDivElement>(null)
  const ref = useMergedRef(element, measured)
  const [natural, setNatural] = useState<Size | null>(null)
  const [moved, setMoved] = useState<Viewport | null>(null)
  // What the keys and buttons chose is for all images to come; wheel and hand look closer at this one.
  const [size, setSize] = useState(1)
  const [shown, setShown] = useState(asset.id)
  if (shown !== asset.id) {
    setShown(asset.id)
    setMoved(null)
    setNatural(null)
  }
  const pixels = natural ?? { width: asset.media.width ?? 1, height: asset.media.height ?? 1 }
  const whole = fitted(pixels, { width: width || 1, height: height || 1 })
  const view = moved ?? zoomAt(whole, screenPoint(width / 2, height / 2), size)
  const latest = useRef(view)
  latest.current = view

  useLayoutEffect(() => {
    const resize = (factor: number) => {
      setSize((before) => Math.min(Math.max(before * factor, LEAST_SIZE), MOST_SIZE))
      setMoved((before) => before && zoomAt(before, screenPoint(width / 2, height / 2), factor))
    }
    zoom.current = {
      in: () => resize(STEP),
      out: () => resize(1 / STEP),
      fit: () => {
        setSize(1)
        setMoved(null)
      },
      show: (part) => setMoved(showing(part, { width, height })),
    }
    return () => {
      zoom.current = null
    }
  }, [zoom, width, height])

  const at = useCallback((event: { clientX: number; clientY: number }) => {
    const box = element.current?.getBoundingClientRect()
    return screenPoint(event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0))
  }, [])

  useEffect(() => {
    const frame = element.current
    if (!frame) return
    // React listens to the wheel passively, and then the page would scroll as well.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      // A pinch on a touchpad comes as a wheel with the control key, in much smaller steps.
      const pace = event.ctrlKey ? 100 : 400
      setMoved(zoomAt(latest.current, at(event), Math.exp(-event.deltaY / pace)))
    }
    frame.addEventListener('wheel', onWheel, { passive: false })
    return () => frame.removeEventListener('wheel', onWheel)
  }, [at])

  const onLoad = ({ naturalWidth, naturalHeight }: HTMLImageElement) =>
    setNatural({ width: naturalWidth || 1, height: naturalHeight || 1 })
  return { ref, element, view, latest, look: setMoved, pixels, onLoad, isReady: width > 0, at }
}
