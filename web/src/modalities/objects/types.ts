import type { MessageDescriptor } from '@lingui/core'
import type { ComponentType } from 'react'
import type { Annotation, Asset, LabelClass } from '../../api/types'
import type { Box } from '../../geometry/boxes'
import type { ImageVector } from '../../geometry/points'
import type { Document } from '../../kernel/document'
import type { AssetView, Kind, ZoomSlot } from '../kind'
import type { AttributeValues } from '../vocabulary'
import type { ObjectWork } from './work'

/** What every kind of objects says of one of them. */
export type ObjectPayload = { readonly label_class: string; readonly attributes: AttributeValues }

/** An object that somebody else proposes: a model with its score, or an annotator whose answer is judged. */
export type Proposal = {
  id: string
  annotation: Annotation
  score: number | null
  /** The annotator's letter, to be shown; letters come again where there are many. */
  by: string | null
  /** The answer that it is of. */
  answer: string | null
}

/** What the keys of the workspace ask of the hand on the asset. Each says whether it had a use for it. */
export type Hand = {
  arrow(by: ImageVector): boolean
  confirm(): boolean
  cancel(): boolean
  startByKeys(): void
}
export type HandSlot = { current: Hand | null }

export type BenchProps = {
  asset: Asset
  zoom: ZoomSlot
  hand: HandSlot
  objects: ObjectWork
  document: Document
  proposals: readonly Proposal[]
  classes: readonly LabelClass[]
  /** It is only looked at: nothing is drawn, moved or said. */
  readOnly?: boolean
}

/** How a kind of which an asset can have any number is worked with. */
export interface ObjectEditor {
  readonly answers: 'objects'
  readonly kind: Kind<ObjectPayload>
  readonly title: MessageDescriptor
  readonly hint: MessageDescriptor
  /** The asset alone. */
  readonly View: AssetView
  /** The asset and what is marked on it, under the hand. */
  readonly Bench: ComponentType<BenchProps>
  bounds(payload: ObjectPayload): Box
  /** All of them as far along the way as they can go together. */
  translated(payloads: readonly ObjectPayload[], by: ImageVector, asset: Asset): ObjectPayload[]
  /** Its size in few signs. */
  size(payload: ObjectPayload): string
}
