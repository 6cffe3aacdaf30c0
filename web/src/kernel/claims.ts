import type { StoreApi } from 'zustand/vanilla'
import { Problem } from '../api/client'
import type { Id, NextWork } from '../api/types'
import { type Held, hold } from './held'
import type { StreamSetup } from './streamSetup'
import type { StreamState } from './streamState'

const AHEAD = 3
/** The server takes no longer list. */
const MOST_KNOWN = 50
const LOCK = 'karat-assignment-'
const SOON_S = 1
const RETRY_MS = 5_000
const LONGEST_PAUSE_MS = 30_000
/** Between two batches the engine thinks for a few seconds: so often it is asked at its own pace. */
const SOON_ROUNDS = 6

/** Takes work before it is needed, media included, one tab at a time, and looks again when there was none. */
export class Claims {
  private filling: Promise<void> | null = null
  private fillAgain = false
  private emptyRounds = 0
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private stopped = false

  constructor(
    private readonly setup: StreamSetup,
    private readonly state: StoreApi<StreamState>,
    private readonly now: () => number,
    /** Another asset is in hand now, or none. */
    private readonly onFirst: (first: Held | null) => void,
  ) {}

  /** Claim no more; what is on its way is given back when it comes. */
  stop(): void {
    this.stopped = true
    clearTimeout(this.retryTimer)
  }

  /** Claim until enough is in hand. A call while claiming claims once more, for what was used up meanwhile. */
  fill(): Promise<void> {
    if (this.filling) this.fillAgain = true
    else this.filling = this.claimRounds()
    return this.filling
  }

  /** Keep an assignment to this tab; null when another tab shows it. */
  lock(assignment: Id): Promise<{ release: () => void } | null> {
    return this.setup.locks.take(LOCK + assignment)
  }

  /** Let somebody else have this work. */
  giveBack(held: Held, closing = false): void {
    void this.setup.api.release(held.work.assignment_id, { closing }).catch(() => {})
    held.release()
  }

  private async claimRounds(): Promise<void> {
    try {
      do {
        this.fillAgain = false
        await this.claim()
      } while (this.fillAgain)
    } finally {
      this.filling = null
    }
  }

  private async claim(): Promise<void> {
    clearTimeout(this.retryTimer)
    const { current, ahead } = this.state.getState()
    const wanted = AHEAD + 1 - ahead.length - (current ? 1 : 0)
    if (wanted <= 0 || this.stopped) return
    try {
      const next = await this.ask(wanted)
      const fresh = await this.takeHold(next.items)
      const { current: first, ahead: others, nDone } = this.state.getState()
      const nHeld = (first ? 1 : 0) + others.length + fresh.length
      this.state.setState({ failure: null, nTotal: nDone + nHeld + next.remaining })
      this.receive(fresh, next, fresh.length || !next.items.length ? next.retry_after_s : SOON_S)
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause
      const status = this.state.getState().current ? 'working' : 'failed'
      this.state.setState({ failure: cause, status })
      if (cause.retryable) this.retryIn(RETRY_MS)
    }
  }

  /** Ask for work of each purpose in turn until there is some. */
  private async ask(wanted: number): Promise<NextWork> {
    const { api, journal, project, purposes, locks, user } = this.setup
    const { current, ahead } = this.state.getState()
    const mine = [current, ...ahead].flatMap((held) => (held ? [held.work.assignment_id] : []))
    const leaving = (await journal.outbox(user)).map(({ assignment_id }) => assignment_id)
    // What is here, in other tabs or on its way need not come again.
    const known = new Set([...mine, ...leaving, ...(await locks.held(LOCK))])
    let last: NextWork = { items: [], waiting: null, waiting_said: [], retry_after_s: null, remaining: 0 }
    for (const purpose of purposes) {
      const next = await api.next(project, { count: wanted, purpose, known: [...known].slice(-MOST_KNOWN) })
      if (next.items.length) return next
      const { waiting, waiting_said } = last.waiting === null ? next : last
      last = { ...next, waiting, waiting_said, retry_after_s: last.retry_after_s ?? next.retry_after_s }
    }
    return last
  }

  private async takeHold(items: Held['work'][]): Promise<Held[]> {
    const { journal, outbox } = this.setup
    const { current, ahead } = this.state.getState()
    const known = new Set([current, ...ahead].map((held) => held?.work.assignment_id))
    for (const entry of outbox.state.getState().waiting) known.add(entry.assignment_id)
    const fresh: Held[] = []
    for (const work of items) {
      if (known.has(work.assignment_id)) continue
      const lock = await this.lock(work.assignment_id)
      if (!lock) continue
      fresh.push(hold(work, await journal.draft(work.assignment_id), lock.release))
    }
    return fresh
  }

  private receive(fresh: Held[], { waiting, waiting_said }: NextWork, retryAfterS: number | null): void {
    if (this.stopped) {
      for (const held of fresh) this.giveBack(held)
      return
    }
    const state = this.state.getState()
    const [first = null, ...rest] = [...(state.current ? [state.current] : []), ...state.ahead, ...fresh]
    if (first !== state.current) this.onFirst(first)
    const isEmpty = fresh.length === 0
    // Answers that come while there is work in hand say nothing about how long the person will have to wait.
    this.emptyRounds = isEmpty && !first ? this.emptyRounds + 1 : 0
    const pauseMs = retryAfterS === null ? null : this.pauseMs(retryAfterS)
    const retryAt = isEmpty && pauseMs !== null ? this.now() + pauseMs : null
    if (isEmpty && pauseMs !== null) this.retryIn(pauseMs)
    this.state.setState({
      current: first,
      ahead: rest,
      status: first ? 'working' : 'waiting',
      waiting: isEmpty ? { sentence: waiting ?? '', said: waiting_said, retryAt } : null,
    })
    // Not before: media that belong to nothing in the state are let go of at its next change.
    for (const { work } of fresh) this.setup.prefetch(work.asset)
  }

  /** After the first few, each empty answer doubles the pause, so that a page left open on finished work hardly asks. */
  private pauseMs(retryAfterS: number): number {
    const doublings = Math.max(this.emptyRounds - SOON_ROUNDS, 0)
    return Math.min(retryAfterS * 1000 * 2 ** doublings, LONGEST_PAUSE_MS)
  }

  private retryIn(ms: number): void {
    if (!this.stopped) this.retryTimer = setTimeout(() => void this.fill(), Math.max(ms, 500))
  }
}
