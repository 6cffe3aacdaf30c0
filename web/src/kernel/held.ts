import type { Annotation, Work } from '../api/types'
import { type History, historyOf, type PlainAnnotation } from './document'
import type { StoredDraft } from './journal'

/** An assignment that this tab holds, with what has been done on it. */
export type Held = {
  work: Work
  history: History
  /** Of the last edit; the server keeps the highest. */
  seq: number
  /** Milliseconds that the asset has been looked at, without the current stretch. */
  lookedMs: number
  leaseEnded: boolean
  release: () => void
}

/** The document as the server stores it: without the ids that only this editor needs. */
export const annotationsOf = (history: History): Annotation[] =>
  Object.values(history.document).map(({ kind, payload }) => ({ kind, payload }) as Annotation)

/** Annotations as a document keeps them. */
export const withIds = (annotations: Annotation[]): PlainAnnotation[] =>
  annotations.map((annotation, place) => ({ id: String(place), ...annotation }))

/**
 * Begin where the work was left: the newer of what this browser kept and what the server kept; without either with what is
 * proposed to be put right.
 */
export function hold(work: Work, stored: StoredDraft | undefined, release: () => void): Held {
  const seq = Math.max(stored?.seq ?? 0, work.draft?.seq ?? 0)
  const isLocalNewer = stored && stored.seq >= (work.draft?.seq ?? 0)
  const history = isLocalNewer ? stored.history : historyOf(withIds(work.draft?.annotations ?? work.proposed ?? []))
  return { work, history, seq, lookedMs: 0, leaseEnded: false, release }
}
