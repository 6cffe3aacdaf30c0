import { type Box, bottom, boxBetween, right } from './boxes'
import { type ImagePoint, imagePoint, pointWithin, type Size } from './points'

/** Where a box is taken hold of, by the points of the compass. */
export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const
export type Handle = (typeof HANDLES)[number]

/** The middle of a handle. */
export function handlePoint(box: Box, handle: Handle): ImagePoint {
  const x = handle.includes('w') ? box.x : handle.includes('e') ? right(box) : box.x + box.width / 2
  const y = handle.includes('n') ? box.y : handle.includes('s') ? bottom(box) : box.y + box.height / 2
  return imagePoint(x, y)
}

/** The handle under the point, corners before edges; null when there is none within `slack`. */
export function handleAt(box: Box, at: ImagePoint, slack: number): Handle | null {
  const near = HANDLES.filter((handle) => {
    const { x, y } = handlePoint(box, handle)
    return Math.abs(at.x - x) <= slack && Math.abs(at.y - y) <= slack
  })
  const distanceTo = (handle: Handle) => {
    const { x, y } = handlePoint(box, handle)
    // Half a pixel is nothing to a hand: where a box is so small that handles lie on one another the corner is meant.
    return Math.hypot(at.x - x, at.y - y) - (handle.length === 2 ? slack / 2 : 0)
  }
  return near.sort((a, b) => distanceTo(a) - distanceTo(b))[0] ?? null
}

/**
 * The box with its handle at the point, cut at the image. Drawn over the opposite side it turns round, and the handle that the
 * hand holds then has another name.
 */
export function resized(box: Box, handle: Handle, to: ImagePoint, image: Size): { box: Box; handle: Handle } {
  const at = pointWithin(to, image)
  const [x1, x2] = handle.includes('w') ? [at.x, right(box)] : [box.x, handle.includes('e') ? at.x : right(box)]
  const [y1, y2] = handle.includes('n') ? [at.y, bottom(box)] : [box.y, handle.includes('s') ? at.y : bottom(box)]
  const turned = [...handle].map((side) => {
    const isTurned = side === 'e' || side === 'w' ? x1 > x2 : y1 > y2
    return isTurned ? OPPOSITE[side as keyof typeof OPPOSITE] : side
  })
  return { box: boxBetween(imagePoint(x1, y1), imagePoint(x2, y2)), handle: turned.join('') as Handle }
}

const OPPOSITE = { n: 's', s: 'n', e: 'w', w: 'e' } as const

const CURSORS = { n: 'ns', s: 'ns', e: 'ew', w: 'ew', nw: 'nwse', se: 'nwse', ne: 'nesw', sw: 'nesw' } as const

/** The CSS cursor that shows which way a handle can go. */
export const cursorOf = (handle: Handle): string => `${CURSORS[handle]}-resize`
