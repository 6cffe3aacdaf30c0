import { memo } from 'react'
import type { Box } from '../../../geometry/boxes'
import styles from './BoxView.module.css'

export type Mark = {
  id: string
  box: Box
  color: string
  isProposed: boolean
  isSelected: boolean
  isLocked: boolean
}

/** One box. It is drawn in pixels of the original; how it is zoomed is its parent's affair, so zooming draws nothing anew. */
const BoxMark = memo(function BoxMark({ box, color, isProposed, isSelected, isLocked }: Omit<Mark, 'id'>) {
  const { x, y, width, height } = box
  const place = { x, y, width, height, vectorEffect: 'non-scaling-stroke' as const }
  return (
    <g
      data-proposed={isProposed || undefined}
      data-selected={isSelected || undefined}
      data-locked={isLocked || undefined}
    >
      <rect {...place} className={styles.halo} />
      <rect {...place} className={styles.box} stroke={color} fill={color} />
    </g>
  )
})

export function BoxMarks({ marks }: { marks: readonly Mark[] }) {
  return marks.map(({ id, ...mark }) => <BoxMark key={id} {...mark} />)
}
