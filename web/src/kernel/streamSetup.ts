import type { Asset, Id, Purpose } from '../api/types'
import type { WorkApi } from '../api/work'
import type { Journal } from './journal'
import type { Outbox } from './outbox'
import type { TabLocks } from './tabs'

/** What a stream of work is given: the server, what this browser keeps, and for whom. */
export type StreamSetup = {
  api: WorkApi
  journal: Journal
  outbox: Outbox
  locks: TabLocks
  user: Id
  project: Id
  /** What this person came for, most wanted first. */
  purposes: readonly Purpose[]
  prefetch: (asset: Asset) => void
  now?: () => number
}
