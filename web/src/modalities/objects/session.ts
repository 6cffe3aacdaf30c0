import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AnnotationId } from '../../kernel/document'

/** How one looks at the objects of an asset. None of it is part of the answer. */
export type ObjectSession = {
  mode: 'draw' | 'select'
  /** The state of the tool, for cursor and hints. */
  gesture: string
  selection: readonly AnnotationId[]
  hidden: ReadonlySet<AnnotationId>
  locked: ReadonlySet<AnnotationId>
  /** Proposals that were looked at and not taken. */
  dismissed: ReadonlySet<string>
  /** The class that the next object gets. */
  labelClass: string | null
  /** Predictions with a lower score are not shown. */
  threshold: number
  /** Answers that are not shown. */
  muted: ReadonlySet<string>
  /** Of the answers only what the document does not say as well. */
  onlyDifferences: boolean
}

const FRESH = {
  gesture: 'idle',
  selection: [],
  hidden: new Set<string>(),
  locked: new Set<string>(),
  dismissed: new Set<string>(),
  muted: new Set<string>(),
} satisfies Partial<ObjectSession>

export type SessionStore = StoreApi<ObjectSession>

export const newSession = (labelClass: string | null): SessionStore =>
  createStore<ObjectSession>(() => ({ ...FRESH, mode: 'draw', labelClass, threshold: 0.3, onlyDifferences: true }))

/** Another asset: what was said of single objects is over, what was chosen for the work stays. */
export const forNextAsset = (session: SessionStore): void => session.setState(FRESH)

/** The set with the member in it, or without it if it was. */
export function toggled<T>(set: ReadonlySet<T>, members: readonly T[]): ReadonlySet<T> {
  const all = members.every((member) => set.has(member))
  const rest = [...set].filter((each) => !members.includes(each))
  return new Set(all ? rest : [...rest, ...members])
}
