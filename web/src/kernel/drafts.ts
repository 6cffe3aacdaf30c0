import type { StoreApi } from 'zustand/vanilla'
import { Problem } from '../api/client'
import { annotationsOf, type Held } from './held'
import type { Leases } from './leases'
import type { StreamSetup } from './streamSetup'
import type { StreamState } from './streamState'

const DELAY_MS = 800
const RETRY_MS = 5_000

/** Keeps every edit of the asset in hand: in this browser at once, with the server a moment later. */
export class Drafts {
  private timer: ReturnType<typeof setTimeout> | undefined
  private stopped = false

  constructor(
    private readonly setup: StreamSetup,
    private readonly state: StoreApi<StreamState>,
    private readonly now: () => number,
    private readonly leases: Leases,
  ) {}

  keep(held: Held): void {
    void this.write(held)
    this.later(DELAY_MS)
  }

  /** In this browser only. Resolves when it is kept. */
  async write({ work, seq, history }: Held): Promise<void> {
    const { user, journal } = this.setup
    await journal.keepDraft({ assignment_id: work.assignment_id, user_id: user, seq, history, at: this.now() })
  }

  /** The answer itself is on its way: no draft needs to be sent. */
  settle(): void {
    clearTimeout(this.timer)
  }

  /** Send what was not sent, and no more after that. */
  stop(): void {
    this.stopped = true
    if (this.state.getState().current && this.state.getState().draftSaving) void this.send()
  }

  private async send(): Promise<void> {
    this.settle()
    const { current } = this.state.getState()
    if (!current?.seq) return
    const { assignment_id } = current.work
    try {
      await this.setup.api.saveDraft(assignment_id, current.seq, annotationsOf(current.history))
      if (this.state.getState().current?.seq === current.seq) this.state.setState({ draftSaving: false })
    } catch (cause) {
      const isOver = cause instanceof Problem && (cause.status === 404 || cause.status === 409)
      if (isOver && cause.code !== 'draft.stale') this.leases.markEnded(assignment_id)
      else if (cause instanceof Problem && cause.isOutage && !this.stopped) this.later(RETRY_MS)
    }
  }

  private later(ms: number): void {
    this.settle()
    this.timer = setTimeout(() => void this.send(), ms)
  }
}
