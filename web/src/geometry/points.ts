/** A point of the asset, in its own pixels; origin at the outer corner of the top-left one. */
export type ImagePoint = { readonly of: 'image'; readonly x: number; readonly y: number }
/** A point of the view, in CSS pixels from its top-left corner. */
export type ScreenPoint = { readonly of: 'screen'; readonly x: number; readonly y: number }
/** A way on the asset, in its own pixels. */
export type ImageVector = { readonly dx: number; readonly dy: number }
export type Size = { width: number; height: number }

export const imagePoint = (x: number, y: number): ImagePoint => ({ of: 'image', x, y })
export const screenPoint = (x: number, y: number): ScreenPoint => ({ of: 'screen', x, y })

export const between = (from: ImagePoint, to: ImagePoint): ImageVector => ({ dx: to.x - from.x, dy: to.y - from.y })

/** How far apart two points of the view are. */
export const distance = (a: ScreenPoint, b: ScreenPoint): number => Math.hypot(a.x - b.x, a.y - b.y)

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most)

/** The point of the image that is nearest: its edges are inside. */
export const pointWithin = (at: ImagePoint, image: Size): ImagePoint =>
  imagePoint(clamp(at.x, 0, image.width), clamp(at.y, 0, image.height))
