import type { MessageDescriptor } from '@lingui/core'
import type { ComponentType } from 'react'
import type { Asset, Fault, KindName, LabelClass, Modality } from '../api/types'
import type { Box } from '../geometry/boxes'
import type { Command, Document } from '../kernel/document'
import type { ObjectEditor } from './objects/types'
import type { Vocabulary } from './vocabulary'

/** What a kind may ask of the asset when it checks a payload. */
export type MediaFacts = {
  modality: Modality
  media_type: string
  width: number | null
  height: number | null
  /** In Unicode code points. */
  length: number | null
}

/** The rules of one kind; the same as on the server, held to it by the cases in `contract/`. */
export interface Kind<P> {
  readonly name: KindName
  readonly modality: Modality
  /** The payload in this shape, or every fault of it. */
  read(raw: unknown): { payload: P } | { faults: Fault[] }
  check(payload: P, media: MediaFacts, vocabulary: Vocabulary): Fault[]
  /** How far two places are the same, whatever is said of them; only where an annotation has a place. */
  overlap?(a: P, b: P): number
  /** 1 the same … 0 nothing in common. */
  similarity(a: P, b: P): number
  merge(payloads: readonly P[], weights: readonly number[]): P
}

/** The view of an asset, without what was said about it. It stays while assets come and go, and shows each from its start. */
export type AssetView = ComponentType<{ asset: Asset; zoom: ZoomSlot }>

/** Where a view leaves its zoom functions, so that keys and buttons outside can use them. */
export type ZoomSlot = {
  current: { in: () => void; out: () => void; fit: () => void; show?: (part: Box) => void } | null
}

/** How a kind that answers with one class is worked with: what the workspace shows and what its keys do. */
export interface ClassEditor {
  readonly answers: 'class'
  readonly title: MessageDescriptor
  readonly hint: MessageDescriptor
  readonly kind: Pick<Kind<unknown>, 'name' | 'modality'>
  readonly View: AssetView
  /** Answer with this class. */
  choose(labelClass: string): Command
  /** The class that the document says, if it says one. */
  chosen(document: Document): string | null
  /** What keeps this document from being handed in: nothing is an empty list. */
  faults(document: Document, classes: readonly LabelClass[]): Fault[]
  /** A whole answer is one key: handing in needs no second one. */
  readonly answersAtOnce: boolean
}

export type Editor = ClassEditor | ObjectEditor
