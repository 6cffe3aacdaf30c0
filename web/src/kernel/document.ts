import { applyPatches, type Draft, enablePatches, type Patch, produceWithPatches } from 'immer'

enablePatches()

export type AnnotationId = string

/** What the kernel knows of an annotation: that it has a kind. What the payload means is the kind's affair. */
export type PlainAnnotation = { id: AnnotationId; kind: string; payload: unknown }

/** The work on one asset: plain records by id. Selection, hover and zoom are not part of it. */
export type Document = Readonly<Record<AnnotationId, PlainAnnotation>>

/** A named change of the document. `patch` may edit its argument and must depend on nothing else. */
export type Command = { name: string; patch: (document: Draft<Record<AnnotationId, PlainAnnotation>>) => void }

/** A command that has been run, as data: it can be undone, stored and sent. */
export type Change = { name: string; patch: Patch[]; inverse: Patch[]; origin: 'local' | 'remote' }

/** A document with the way that led to it. */
export type History = { document: Document; done: Change[]; undone: Change[] }

export const EMPTY: History = { document: {}, done: [], undone: [] }

/** A document that was made elsewhere: there is nothing to undo in it. */
export function historyOf(annotations: PlainAnnotation[]): History {
  return { ...EMPTY, document: Object.fromEntries(annotations.map((each) => [each.id, each])) }
}

/** Run a command. One that changes nothing leaves no trace, so that undo always does something visible. */
export function run(history: History, command: Command, origin: Change['origin'] = 'local'): History {
  const [document, patch, inverse] = produceWithPatches(history.document, command.patch)
  if (!patch.length) return history
  return { document, done: [...history.done, { name: command.name, patch, inverse, origin }], undone: [] }
}

/** Take back the last change made here; changes that came from elsewhere are not ours to undo. */
export function undo(history: History): History {
  const change = history.done.at(-1)
  if (change?.origin !== 'local') return history
  return {
    document: applyPatches(history.document, change.inverse),
    done: history.done.slice(0, -1),
    undone: [change, ...history.undone],
  }
}

export function redo(history: History): History {
  const [change, ...undone] = history.undone
  if (!change) return history
  return { document: applyPatches(history.document, change.patch), done: [...history.done, change], undone }
}

export const canUndo = (history: History): boolean => history.done.at(-1)?.origin === 'local'
export const canRedo = (history: History): boolean => history.undone.length > 0
