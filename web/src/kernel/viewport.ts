import type { Box } from '../geometry/boxes'
import { type ImagePoint, imagePoint, type ScreenPoint, type Size, screenPoint } from '../geometry/points'

/** Where the asset lies in the view: screen = image × scale + offset. The only door between the two sorts of points. */
export type Viewport = { scale: number; x: number; y: number }

const LEAST_SCALE = 0.02
const MOST_SCALE = 64
/** Very small images are not blown up to the whole screen: past this they are only bigger, not clearer. */
const MOST_FIT_SCALE = 16
const MARGIN = 0.96

/** The whole asset, as large as the view allows, in its middle. */
export function fitted(asset: Size, view: Size): Viewport {
  const wanted = Math.min(view.width / asset.width, view.height / asset.height) * MARGIN
  const scale = Math.min(Math.max(wanted, LEAST_SCALE), MOST_FIT_SCALE)
  return { scale, x: (view.width - asset.width * scale) / 2, y: (view.height - asset.height * scale) / 2 }
}

export const toScreen = (at: ImagePoint, view: Viewport): ScreenPoint =>
  screenPoint(at.x * view.scale + view.x, at.y * view.scale + view.y)

export const toImage = (at: ScreenPoint, view: Viewport): ImagePoint =>
  imagePoint((at.x - view.x) / view.scale, (at.y - view.y) / view.scale)

/** Zoom by a factor while the point under the pointer stays where it is. */
export function zoomAt(view: Viewport, at: ScreenPoint, factor: number): Viewport {
  const scale = Math.min(Math.max(view.scale * factor, LEAST_SCALE), MOST_SCALE)
  const fixed = toImage(at, view)
  return { scale, x: at.x - fixed.x * scale, y: at.y - fixed.y * scale }
}

export const pan = (view: Viewport, dx: number, dy: number): Viewport => ({ ...view, x: view.x + dx, y: view.y + dy })

/** Two fingers: what was under each stays under it as far as a zoom without turning can. */
export function pinch(
  view: Viewport,
  from: readonly [ScreenPoint, ScreenPoint],
  to: readonly [ScreenPoint, ScreenPoint],
): Viewport {
  const middle = ([a, b]: readonly [ScreenPoint, ScreenPoint]) => screenPoint((a.x + b.x) / 2, (a.y + b.y) / 2)
  const apart = ([a, b]: readonly [ScreenPoint, ScreenPoint]) => Math.hypot(a.x - b.x, a.y - b.y)
  const [before, after] = [middle(from), middle(to)]
  const zoomed = zoomAt(view, before, apart(to) / Math.max(apart(from), 1))
  return pan(zoomed, after.x - before.x, after.y - before.y)
}

const ROOM = 0.7

/** A part of the asset in the middle of the view, with room around it. */
export function showing({ x, y, width, height }: Box, view: Size): Viewport {
  const wanted = ROOM * Math.min(view.width / Math.max(width, 1), view.height / Math.max(height, 1))
  const scale = Math.min(Math.max(wanted, LEAST_SCALE), MOST_SCALE)
  return { scale, x: view.width / 2 - (x + width / 2) * scale, y: view.height / 2 - (y + height / 2) * scale }
}
