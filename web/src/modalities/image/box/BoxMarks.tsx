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

/** Whether a colour, `#rrggbb`, is hard to see on dark. Source: relative luminance of WCAG 2, without its gamma. */
function isDark(color: string): boolean {
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
  const [red = 0, green = 0, blue = 0] = parts
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110
}

/** One box. It is drawn in pixels of the original; how it is zoomed is its parent's affair, so zooming draws nothing anew. */
const BoxMark = memo(function BoxMark({ box, color, isProposed, isSelected, isLocked }: Omit<Mark, 'id'>) {
  const { x, y, width, height } = box
  const place = { x, y, width, height, vectorEffect: 'non-scaling-stroke' as const }
  return (
    <g
      data-dark={isDark(color) || undefined}
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
