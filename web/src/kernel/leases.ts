import { Problem } from '../api/client'
import type { Id } from '../api/types'
import type { WorkApi } from '../api/work'
import type { Held } from './held'

/** After this long without a hand on the keys leases are no longer renewed: somebody else may be waiting for the work. */
const IDLE_MS = 10 * 60_000

/** Keeps leases alive while a person works, and notices when one is over. */
export class Leases {
  private touchedAt: number
  private renewedAt: number

  constructor(
    private readonly api: WorkApi,
    private readonly now: () => number,
    private readonly onEnded: (assignment: Id) => void,
  ) {
    this.touchedAt = now()
    this.renewedAt = now()
  }

  /** A hand moved: the person is here. */
  touch(): void {
    this.touchedAt = this.now()
  }

  /** Renew what is due, three times in each lease so that one lost request does no harm. */
  async tick(held: Held[]): Promise<'idle' | 'kept'> {
    const shortest = Math.min(...held.map(({ work }) => work.lease_seconds))
    if (!held.length || this.now() - this.renewedAt <= (shortest * 1000) / 3) return 'kept'
    if (this.now() - this.touchedAt > IDLE_MS) return 'idle'
    this.renewedAt = this.now()
    await Promise.all(held.map(({ work }) => this.renew(work.assignment_id)))
    return 'kept'
  }

  private async renew(assignment: Id): Promise<void> {
    try {
      await this.api.renew(assignment)
    } catch (cause) {
      // Anything else, an outage included, is for the next tick: the lease may well still run.
      if (cause instanceof Problem && (cause.status === 409 || cause.status === 404)) this.onEnded(assignment)
    }
  }
}
