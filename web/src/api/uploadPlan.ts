import { Problem } from './client'
import type { Picked } from './picked'
import type { Fault, Id, UploadFile } from './types'

/** One file of an upload: where the server counts it, and how much of it has arrived. */
export type Row = { name: string; size: number; sent: number; position: number; isOnItsWay: boolean }

/** Where an upload is. `held` is stopped by the person or by an outage, and can go on. */
export type UploadingState = 'announcing' | 'sending' | 'held' | 'complete' | 'failed' | 'cancelled'

export type Snapshot = {
  state: UploadingState
  name: string
  rows: readonly Row[]
  nDone: number
  nBytes: number
  nSent: number
  /** Bytes a second over the last few seconds; null until it is known. */
  rate: number | null
  cause: unknown
  /** How many files stand in the way: the upload can go on without them. */
  nRefused: number
  /** How many would be left then. */
  nOthers: number
  /** Names of those that were left out. */
  leftOut: readonly string[]
  importId: Id | null
}

/** Files that an upload cannot have: of those chosen, and of those that were announced already. */
export type Refusal = { picked: readonly Picked[]; positions: readonly number[] }

export type Plan = {
  rows: Row[]
  blobs: Map<number, File>
  /** Not announced yet. */
  fresh: Picked[]
  /** Announced, not all there, and not among the files chosen now. */
  lost: UploadFile[]
}

/**
 * What is left to do of an upload, given what the server knows of it and the files at hand. A file is known again by name
 * and size. One that has arrived whole is not needed any more.
 */
export function planned(known: readonly UploadFile[], picked: readonly Picked[], without: ReadonlySet<number>): Plan {
  const left = new Map(picked.map((each) => [keyOf(each.name, each.file.size), each]))
  const plan: Plan = { rows: [], blobs: new Map(), fresh: [], lost: [] }
  for (const file of known) {
    const key = keyOf(file.name, file.size)
    const same = left.get(key)
    left.delete(key)
    if (without.has(file.position)) continue
    if (!same && file.offset < file.size) {
      plan.lost.push(file)
      continue
    }
    plan.rows.push(rowOf(file, file.position, file.offset))
    if (same) plan.blobs.set(file.position, same.file)
  }
  plan.fresh = [...left.values()]
  return plan
}

export const rowOf = ({ name, size }: { name: string; size: number }, position: number, sent = 0): Row => ({
  name,
  size,
  sent,
  position,
  isOnItsWay: false,
})

/** The chosen files that the server refused, by their places in what was announced. */
export function refusedOf(part: readonly Picked[], data: Record<string, unknown>): Refusal | null {
  const places = new Set(Array.isArray(data.refused) ? data.refused.map(Number) : [])
  const picked = part.filter((_, at) => places.has(at))
  return picked.length ? { picked, positions: [] } : null
}

export const lostFault = ({ name }: { name: string }): Fault => ({
  code: 'upload.file_missing',
  message: 'It belongs to this upload and was not among the files chosen now.',
  where: name,
  hint: 'Choose the same files again, or leave it out.',
})

export const unreadableFault = ({ name }: { name: string }): Fault => ({
  code: 'upload.file_unreadable',
  message: 'It was moved, deleted or changed after it had been chosen.',
  where: name,
  hint: 'Choose the files again, or leave it out.',
})

/** What files that are not at hand amount to; of many, the first are named. */
export function problemOf(...faults: Fault[]): Problem {
  const title = 'Files of this upload are not at hand.'
  return new Problem(422, { code: 'upload.files_not_at_hand', title, faults: faults.slice(0, MOST_NAMED) })
}

export const countOf = ({ picked, positions }: Refusal): number => positions.length || picked.length

/** Whether the browser can still read it: files are moved, deleted and unplugged while they wait. */
export const isReadable = (part: Blob): Promise<boolean> =>
  part
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    )

const MOST_NAMED = 20

const keyOf = (name: string, size: number) => `${size} ${name}`
