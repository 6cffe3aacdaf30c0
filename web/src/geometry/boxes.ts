import { type ImagePoint, type ImageVector, imagePoint, pointWithin, type Size } from './points'

/** An upright rectangle in pixels of the original; on its edge is inside. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

export const right = ({ x, width }: Box): number => x + width
export const bottom = ({ y, height }: Box): number => y + height
export const centre = ({ x, y, width, height }: Box): ImagePoint => imagePoint(x + width / 2, y + height / 2)
export const area = ({ width, height }: Box): number => width * height

/** The box that has both points as corners, whichever of them comes first. */
export function boxBetween(from: ImagePoint, to: ImagePoint): Box {
  const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)]
  return { x, y, width: Math.max(from.x, to.x) - x, height: Math.max(from.y, to.y) - y }
}

/** What of the box lies in the image; without extent when nothing does. */
export function cutTo(box: Box, image: Size): Box {
  return boxBetween(
    pointWithin(imagePoint(box.x, box.y), image),
    pointWithin(imagePoint(right(box), bottom(box)), image),
  )
}

/** The smallest box around all of them; null around none. */
export function around(boxes: readonly Box[]): Box | null {
  if (!boxes.length) return null
  const from = imagePoint(Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y)))
  return boxBetween(from, imagePoint(Math.max(...boxes.map(right)), Math.max(...boxes.map(bottom))))
}

/** As much of the way as all boxes can go together without leaving the image. */
export function wayWithin(boxes: readonly Box[], by: ImageVector, image: Size): ImageVector {
  const whole = around(boxes)
  if (!whole) return by
  return {
    dx: Math.min(Math.max(by.dx, -whole.x), Math.max(image.width - right(whole), -whole.x)),
    dy: Math.min(Math.max(by.dy, -whole.y), Math.max(image.height - bottom(whole), -whole.y)),
  }
}

export const moved = <B extends Box>(box: B, { dx, dy }: ImageVector): B => ({ ...box, x: box.x + dx, y: box.y + dy })

/** In the box grown by `slack` on every side. */
export const holds = (box: Box, { x, y }: ImagePoint, slack = 0): boolean =>
  x >= box.x - slack && x <= right(box) + slack && y >= box.y - slack && y <= bottom(box) + slack

/** On the border of the box, give or take `slack`. */
export function isOnBorder(box: Box, at: ImagePoint, slack: number): boolean {
  const inner = { x: box.x + slack, y: box.y + slack, width: box.width - 2 * slack, height: box.height - 2 * slack }
  return holds(box, at, slack) && !(inner.width > 0 && inner.height > 0 && holds(inner, at))
}

/** Whether two boxes share a point, edges included. */
export const touches = (a: Box, b: Box): boolean =>
  a.x <= right(b) && b.x <= right(a) && a.y <= bottom(b) && b.y <= bottom(a)

/** Of what is under the point the smallest, so that a thing before a larger one can be taken hold of; on top at equals. */
export function smallestAt<T extends { box: Box }>(things: readonly T[], at: ImagePoint, slack: number): T | null {
  let best: T | null = null
  for (const thing of things) {
    if (holds(thing.box, at, slack) && (!best || area(thing.box) <= area(best.box))) best = thing
  }
  return best
}
