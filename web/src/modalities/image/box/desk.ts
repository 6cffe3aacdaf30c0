import type { Box } from '../../../geometry/boxes'
import type { ImagePoint, Size } from '../../../geometry/points'
import type { AnnotationId } from '../../../kernel/document'

/** A box that can be taken hold of: one of the document, or one that is only proposed. */
export type Thing = { id: AnnotationId; box: Box; isProposed: boolean }

/** What a gesture shows before it is done. */
export type BoxPreview = {
  /** Boxes of the document, where they would be. */
  placed?: ReadonlyMap<AnnotationId, Box>
  drawn?: Box
  marquee?: Box
  /** Where the keyboard's hand is. */
  crosshair?: ImagePoint
}

/** `draw`: a drag on the image makes a box. `select`: it catches boxes. */
export type BoxMode = 'draw' | 'select'

/** What the box tool may touch. */
export interface BoxDesk {
  image(): Size
  mode(): BoxMode
  /** Space is held down: the hand moves the image. */
  isPanning(): boolean
  /** What is visible and not locked, the lowest first. */
  things(): readonly Thing[]
  selection(): readonly AnnotationId[]
  select(ids: readonly AnnotationId[]): void
  /** Pixels of the original that a hand may be off by. */
  slack(isCoarse: boolean): number
  /** A box of the document must have this size at least, in pixels of the original. */
  smallest(): number
  preview(preview: BoxPreview | null): void
  add(box: Box): void
  place(name: string, boxes: ReadonlyMap<AnnotationId, Box>): void
  pan(dx: number, dy: number): void
  /** The middle of what is to be seen of the image. */
  middle(): ImagePoint
}

/** Smaller ones are slips of the hand. On a screen that is zoomed in a pixel of the original is a size. */
export const isLargeEnough = (box: Box, desk: Pick<BoxDesk, 'smallest'>): boolean =>
  box.width >= desk.smallest() && box.height >= desk.smallest()
