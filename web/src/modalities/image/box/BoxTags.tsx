import { type Box, bottom, right } from '../../../geometry/boxes'
import { HANDLES, handlePoint } from '../../../geometry/handles'
import { imagePoint, type ScreenPoint } from '../../../geometry/points'
import { toScreen, type Viewport } from '../../../kernel/viewport'
import styles from './BoxView.module.css'

export type Tag = { id: string; box: Box; color: string; name: string; figures: string; isProposed: boolean }

/** Name and figures above a box; inside it where the image ends above. */
export function BoxTag({ tag, view }: { tag: Tag; view: Viewport }) {
  const { x, y } = toScreen(imagePoint(tag.box.x, tag.box.y), view)
  const top = y < 20 ? Math.max(y, 0) + 2 : y - 19
  return (
    <span
      className={styles.tag}
      data-proposed={tag.isProposed || undefined}
      style={{ transform: `translate(${Math.max(x, 0)}px, ${top}px)` }}
    >
      <span className={styles.swatch} style={{ background: tag.color }} />
      <span className={styles.name} dir="auto">
        {tag.name}
      </span>
      {tag.figures && <span className={styles.figures}>{tag.figures}</span>}
    </span>
  )
}

/** The eight handles of a box, as large on the screen at every zoom. */
export function Handles({ box, view, isCoarse }: { box: Box; view: Viewport; isCoarse: boolean }) {
  const from = toScreen(imagePoint(box.x, box.y), view)
  const to = toScreen(imagePoint(right(box), bottom(box)), view)
  const half = isCoarse ? 6 : 4
  // On a box that is small on the screen the middles of its edges would hide it.
  const isSmall = Math.min(to.x - from.x, to.y - from.y) < 8 * half
  return HANDLES.filter((handle) => handle.length === 2 || !isSmall).map((handle) => {
    const at = toScreen(handlePoint(box, handle), view)
    return (
      <rect
        key={handle}
        className={styles.handle}
        x={at.x - half}
        y={at.y - half}
        width={2 * half}
        height={2 * half}
        rx={1}
      />
    )
  })
}

/** Lines through the point where the hand is: they show where a box would begin. */
export function Guides({ at }: { at: ScreenPoint }) {
  return (
    <>
      <line className={styles.guide} x1={at.x} x2={at.x} y1={0} y2="100%" />
      <line className={styles.guide} x1={0} x2="100%" y1={at.y} y2={at.y} />
    </>
  )
}
