/** A point of the asset, in its own pixels; origin at the outer corner of the top-left one. */
export type ImagePoint = { readonly of: 'image'; readonly x: number; readonly y: number }
/** A point of the view, in CSS pixels from its top-left corner. */
export type ScreenPoint = { readonly of: 'screen'; readonly x: number; readonly y: number }
export type Size = { width: number; height: number }

/** Where the asset lies in the view: screen = image × scale + offset. The only door between the two sorts of points. */
export type Viewport = { scale: number; x: number; y: number }

export const imagePoint = (x: number, y: number): ImagePoint => ({ of: 'image', x, y })
export const screenPoint = (x: number, y: number): ScreenPoint => ({ of: 'screen', x, y })

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
