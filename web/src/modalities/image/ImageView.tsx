import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { type PointerEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { type Size, screenPoint } from '../../geometry/points'
import { fitted, pan, type Viewport, zoomAt } from '../../kernel/viewport'
import type { AssetView } from '../kind'
import { useMedia } from '../shelf'
import styles from './ImageView.module.css'

const STEP = 1.25
const LEAST_SIZE = STEP ** -8
const MOST_SIZE = STEP ** 16
/** From here on a pixel of the original is large enough to be seen as a square, and is shown as one. */
const PIXELATED_FROM = 2

/** An image that can be zoomed with the wheel and moved by dragging. Small ones keep their pixels. */
export const ImageView: AssetView = ({ asset, zoom }) => {
  const { t } = useLingui()
  const { media, retry } = useMedia(asset)
  const { ref: measured, width, height } = useElementSize<HTMLDivElement>()
  const frame = useRef<HTMLDivElement>(null)
  const frameRef = useMergedRef(frame, measured)
  const [natural, setNatural] = useState<Size | null>(null)
  const [moved, setMoved] = useState<Viewport | null>(null)
  // What the keys and buttons chose is for all images to come; wheel and hand look closer at this one.
  const [size, setSize] = useState(1)
  const [shown, setShown] = useState(asset.id)
  const dragging = useRef<{ x: number; y: number } | null>(null)
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

  const zoomBy = useCallback((factor: number, x: number, y: number) => {
    setMoved(zoomAt(latest.current, screenPoint(x, y), factor))
  }, [])

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
    }
    return () => {
      zoom.current = null
    }
  }, [zoom, width, height])

  useEffect(() => {
    const element = frame.current
    if (!element) return
    // React listens to the wheel passively, and then the page would scroll as well.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const box = element.getBoundingClientRect()
      zoomBy(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [zoomBy])

  const drag = (event: PointerEvent) => {
    const from = dragging.current
    if (!from) return
    dragging.current = { x: event.clientX, y: event.clientY }
    setMoved(pan(latest.current, event.clientX - from.x, event.clientY - from.y))
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging is an extra; keys and buttons move and zoom as well
    <div
      ref={frameRef}
      className={styles.frame}
      onPointerDown={(event) => {
        dragging.current = { x: event.clientX, y: event.clientY }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={drag}
      onPointerUp={() => {
        dragging.current = null
      }}
      onDoubleClick={() => zoom.current?.fit()}
    >
      {media.state === 'loading' && <Skeleton className={styles.skeleton} />}
      {media.state === 'failed' && (
        <Stack align="center" justify="center" h="100%" gap="xs">
          <Text>{t`The image “${asset.name}” did not arrive (${media.reason}).`}</Text>
          <Button variant="default" onClick={retry}>
            <Trans>Try again</Trans>
          </Button>
        </Stack>
      )}
      {media.state === 'ready' && width > 0 && (
        <img
          key={asset.id}
          src={media.url}
          alt={t`To label: ${asset.name}`}
          draggable={false}
          onLoad={({ currentTarget }) =>
            setNatural({ width: currentTarget.naturalWidth || 1, height: currentTarget.naturalHeight || 1 })
          }
          className={styles.image}
          style={{
            width: pixels.width * view.scale,
            height: pixels.height * view.scale,
            transform: `translate(${view.x}px, ${view.y}px)`,
            imageRendering: view.scale >= PIXELATED_FROM ? 'pixelated' : 'auto',
          }}
        />
      )}
    </div>
  )
}
