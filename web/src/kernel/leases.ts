import type { StoreApi } from 'zustand/vanilla'
import { Problem } from '../api/client'
import type { Id } from '../api/types'
import type { WorkApi } from '../api/work'
import type { Claims } from './claims'
import type { StreamState } from './streamState'

/** After this long without a hand on the keys leases are no longer renewed: somebody else may be waiting for the work. */
const IDLE_MS = 10 * 60_000
const TICK_MS = 5_000

/** Keeps leases alive while a person works, lets go of what nobody will look at, and notices when a lease is over. */
export class Leases {
  private touchedAt: number
  private renewedAt: number
  private timer: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly api: WorkApi,
    private readonly claims: Claims,
    private readonly state: StoreApi<StreamState>,
    private readonly now: () => number,
  ) {
    this.touchedAt = now()
    this.renewedAt = now()
  }

  start(): void {
    this.timer = setInterval(() => void this.tick(), TICK_MS)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** A hand moved: the person is here. */
  touch(): void {
    this.touchedAt = this.now()
  }

  /** The lease of this work is over: what was ahead is dropped, what is in hand says so. */
  markEnded(assignment: Id): void {
    const { current, ahead } = this.state.getState()
    ahead.find((held) => held.work.assignment_id === assignment)?.release()
    this.state.setState({ ahead: ahead.filter((held) => held.work.assignment_id !== assignment) })
    if (current?.work.assignment_id !== assignment) return
    this.state.setState({ current: { ...current, leaseEnded: true }, notice: { code: 'lease_ended', sentence: null } })
  }

  /** Renew what is due, three times in each lease so that one lost request does no harm. */
  private async tick(): Promise<void> {
    const { current, ahead } = this.state.getState()
    const held = [...(current ? [current] : []), ...ahead].filter(({ leaseEnded }) => !leaseEnded)
    const shortest = Math.min(...held.map(({ work }) => work.lease_seconds))
    if (!held.length || this.now() - this.renewedAt <= (shortest * 1000) / 3) return
    if (this.now() - this.touchedAt > IDLE_MS) {
      this.letGoAhead()
      return
    }
    this.renewedAt = this.now()
    await Promise.all(held.map(({ work }) => this.renew(work.assignment_id)))
  }

  private letGoAhead(): void {
    for (const held of this.state.getState().ahead) this.claims.giveBack(held)
    this.state.setState({ ahead: [] })
  }

  private async renew(assignment: Id): Promise<void> {
    try {
      await this.api.renew(assignment)
    } catch (cause) {
      // Anything else, an outage included, is for the next tick: the lease may well still run.
      if (cause instanceof Problem && (cause.status === 409 || cause.status === 404)) this.markEnded(assignment)
    }
  }
}
