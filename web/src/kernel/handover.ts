import type { Id } from '../api/types'
import type { Claims } from './claims'
import type { Drafts } from './drafts'
import type { Held } from './held'
import type { Entry } from './journal'
import type { StreamSetup } from './streamSetup'
import type { StreamState } from './streamState'

/** Gives what was done to the outbox, and gets it back while nothing was built on it. */
export class Handover {
  constructor(
    private readonly setup: StreamSetup,
    private readonly claims: Claims,
    private readonly drafts: Drafts,
    private readonly now: () => number,
  ) {}

  entry(held: Held, id: Id, what: 'submission' | 'review' | 'skip', body: unknown): Entry {
    const { user, project } = this.setup
    const { assignment_id } = held.work
    return {
      id,
      user_id: user,
      project_id: project,
      assignment_id,
      path: `/assignments/${assignment_id}/${what}`,
      body,
      at: this.now(),
      on_refusal: what === 'skip' ? 'drop' : 'keep',
      refusal: null,
    }
  }

  /** Until the server has the answer it takes the work for held: it stays ours, so that no other tab shows it again. */
  async give(held: Held, entry: Entry): Promise<void> {
    const { outbox } = this.setup
    const posting = outbox.post(entry)
    void outbox.gone(entry.id).then(held.release)
    await posting
    void this.claims.fill()
  }

  /**
   * The work as it was when it was handed in, in hand again.
   *
   * @throws Problem when the server keeps it (409), or does not answer.
   */
  async takeBack({ held, entry }: StreamState['sent'][number]): Promise<Held> {
    const { api, outbox } = this.setup
    const { assignment_id } = held.work
    const work = (await outbox.recall(entry.id)) ? held.work : await api.withdraw(assignment_id)
    await this.drafts.write(held)
    const lock = await this.claims.lock(assignment_id)
    return { ...held, work, release: lock?.release ?? (() => {}) }
  }
}
