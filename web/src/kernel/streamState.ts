import type { Problem } from '../api/client'
import type { Annotation, NextWork } from '../api/types'
import type { Held } from './held'
import type { Entry } from './journal'

/** Why the last action did not do what was asked; shown beside the work, never over it. */
export type Notice = { code: 'final' | 'lease_ended' | 'trouble' | 'empty'; sentence: string | null }

export type StreamState = {
  status: 'loading' | 'working' | 'waiting' | 'failed'
  current: Held | null
  ahead: Held[]
  /** What was handed in from here, newest last: the way back. */
  sent: { held: Held; entry: Entry }[]
  /** Taken back and not handed in again, newest last: the way forward. */
  withdrawn: { held: Held; annotations: Annotation[] }[]
  waiting: { sentence: string; said: NextWork['waiting_said']; retryAt: number | null } | null
  failure: Problem | null
  notice: Notice | null
  nDone: number
  /** About how many assets this person will have done when everything is. */
  nTotal: number
  draftSaving: boolean
}

export const AT_THE_START: StreamState = {
  status: 'loading',
  current: null,
  ahead: [],
  sent: [],
  withdrawn: [],
  waiting: null,
  failure: null,
  notice: null,
  nDone: 0,
  nTotal: 0,
  draftSaving: false,
}
