import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { type Box, cutTo, right } from '../../../geometry/boxes'
import { imagePoint, screenPoint } from '../../../geometry/points'
import { pan, toImage } from '../../../kernel/viewport'
import type { BenchProps } from '../../objects/types'
import type { ImageFrame } from '../useImageFrame'
import { BoxTool } from './BoxTool'
import type { BoxPayload } from './box'
import type { BoxDesk, BoxPreview, Thing } from './desk'

const SLACK_PX = 7
const COARSE_SLACK_PX = 18
/** A box that a hand makes is this large on the screen, and a pixel of the original at least. */
const SMALLEST_PX = 5

/** The tool at this frame, with what it shows before it is done. */
export function useBoxDesk({ objects, document, proposals, hand, asset }: BenchProps, frame: ImageFrame) {
  const session = useStore(objects.session)
  const [preview, setPreview] = useState<BoxPreview | null>(null)
  const isPanning = useRef(false)

  const things = useMemo<Thing[]>(() => {
    const { hidden, locked } = session
    const own = Object.values(document)
      .filter(({ id }) => !hidden.has(id) && !locked.has(id))
      .map(({ id, payload }) => ({ id, box: payload as BoxPayload, isProposed: false }))
    const proposed = proposals.map(({ id, annotation }) => ({
      id,
      box: annotation.payload as BoxPayload,
      isProposed: true,
    }))
    return [...proposed, ...own]
  }, [document, proposals, session])

  const now = useRef({ things, frame })
  now.current = { things, frame }

  const tool = useMemo(() => {
    const state = () => objects.session.getState()
    const scale = () => now.current.frame.latest.current.scale
    const desk: BoxDesk = {
      image: () => now.current.frame.pixels,
      mode: () => state().mode,
      isPanning: () => isPanning.current,
      things: () => now.current.things,
      selection: () => state().selection,
      select: (ids) => objects.select(ids),
      slack: (isCoarse) => (isCoarse ? COARSE_SLACK_PX : SLACK_PX) / scale(),
      smallest: () => Math.max(SMALLEST_PX / scale(), Math.min(1, 1 / scale())),
      preview: setPreview,
      add: (box) => objects.add(box),
      place: (name, boxes) => objects.place<Box>(name, boxes),
      pan: (dx, dy) => now.current.frame.look(pan(now.current.frame.latest.current, dx, dy)),
      middle: () => middle(now.current.frame),
    }
    return new BoxTool(desk, (gesture) => objects.session.setState({ gesture }))
  }, [objects])

  useEffect(() => {
    hand.current = {
      arrow: (by) => tool.arrow(by) || objects.move(by),
      confirm: () => tool.confirm(),
      cancel: () => tool.cancel(),
      startByKeys: () => tool.startByKeys(),
    }
    return () => {
      hand.current = null
    }
  }, [hand, tool, objects])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a gesture ends with its asset
  useEffect(() => () => void tool.cancel(), [tool, asset.id])

  return { tool, preview, session, isPanning, things }
}

/** The middle of what is to be seen of the image. */
function middle({ element, latest, pixels }: ImageFrame) {
  const { clientWidth = 0, clientHeight = 0 } = element.current ?? {}
  const from = toImage(screenPoint(0, 0), latest.current)
  const to = toImage(screenPoint(clientWidth, clientHeight), latest.current)
  const seen = cutTo({ x: from.x, y: from.y, width: to.x - from.x, height: to.y - from.y }, pixels)
  return imagePoint(Math.round((seen.x + right(seen)) / 2), Math.round(seen.y + seen.height / 2))
}
