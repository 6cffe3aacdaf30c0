import { type PointerEvent, useRef } from 'react'
import { pan } from '../../kernel/viewport'
import type { AssetView } from '../kind'
import styles from './ImageView.module.css'
import { Picture } from './Picture'
import { useImageFrame } from './useImageFrame'

/** An image that can be zoomed with the wheel and moved by dragging. Small ones keep their pixels. */
export const ImageView: AssetView = ({ asset, zoom }) => {
  const frame = useImageFrame(asset, zoom)
  const dragging = useRef<{ x: number; y: number } | null>(null)

  const drag = (event: PointerEvent) => {
    const from = dragging.current
    if (!from) return
    dragging.current = { x: event.clientX, y: event.clientY }
    frame.look(pan(frame.latest.current, event.clientX - from.x, event.clientY - from.y))
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging is an extra; keys and buttons move and zoom as well
    <div
      ref={frame.ref}
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
      <Picture asset={asset} frame={frame} />
    </div>
  )
}
