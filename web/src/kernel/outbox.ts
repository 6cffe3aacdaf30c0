import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Entry, Journal } from './journal'
import type { TabLocks } from './tabs'

/** How a sending ended. `later` may be tried again as it is; `no` never will be accepted. */
export type Sent =
  | { how: 'yes' }
  | { how: 'later'; why: 'offline' | 'signed-out' | 'trouble' }
  | { how: 'no'; code: string; sentence: string }

export type OutboxState = {
  waiting: Entry[]
  refused: Entry[]
  sending: boolean
  trouble: 'offline' | 'signed-out' | 'trouble' | null
  lastSavedAt: number | null
}

type Setup = {
  journal: Journal
  user: string
  send: (entry: Entry) => Promise<Sent>
  locks: TabLocks
  now?: () => number
}

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 15_000

/**
 * Answers on their way to the server. An entry is in the journal before it is sent and leaves it when the server has
 * acknowledged it; ids are made here, so sending twice is harmless.
 */
export class Outbox {
  readonly state: StoreApi<OutboxState>
  private readonly setup: Setup
  private readonly posting = new Map<string, Entry>()
  private round: Promise<void> | null = null
  private again = false
  private retryMs = FIRST_RETRY_MS
  private timer: ReturnType<typeof setTimeout> | undefined
  private closed = false

  constructor(setup: Setup) {
    this.setup = setup
    this.state = createStore<OutboxState>(() => ({
      waiting: [],
      refused: [],
      sending: false,
      trouble: null,
      lastSavedAt: null,
    }))
  }

  /** Read what an earlier tab left, and send it. */
  async open(): Promise<void> {
    await this.reload()
    void this.drain()
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
  }

  /** Keep an entry, then send it. Resolves when it is kept. */
  async post(entry: Entry): Promise<void> {
    this.posting.set(entry.id, entry)
    this.state.setState(({ waiting }) => ({ waiting: [...waiting, entry] }))
    try {
      await this.setup.journal.post(entry)
    } finally {
      this.posting.delete(entry.id)
    }
    void this.drain()
  }

  /** Resolves when an entry waits no longer: it was sent, refused or taken back. */
  gone(id: string): Promise<void> {
    const waits = ({ waiting }: OutboxState) => waiting.some((entry) => entry.id === id)
    if (!waits(this.state.getState())) return Promise.resolve()
    return new Promise((resolve) => {
      const unsubscribe = this.state.subscribe((state) => {
        if (waits(state)) return
        unsubscribe()
        resolve()
      })
    })
  }

  /** Take back an entry that has not been sent. False when the server has it, or may have it. */
  async recall(id: string): Promise<boolean> {
    await this.round
    if (!this.state.getState().waiting.some((entry) => entry.id === id)) return false
    await this.discard(id)
    return true
  }

  async discard(id: string): Promise<void> {
    await this.setup.journal.remove(id)
    await this.reload()
  }

  /** Send what waits. A call during a round makes one more round, never two at once; both calls end with the last. */
  drain(): Promise<void> {
    if (this.round) this.again = true
    else this.round = this.sendRounds()
    return this.round
  }

  private async sendRounds(): Promise<void> {
    try {
      do {
        this.again = false
        await this.sendAll()
      } while (this.again && !this.closed)
    } finally {
      this.round = null
    }
  }

  private async sendAll(): Promise<void> {
    clearTimeout(this.timer)
    const turn = await this.setup.locks.take(`karat-outbox-${this.setup.user}`)
    if (!turn) {
      // Another tab is sending, ours included: look soon what is left.
      this.retryMs = FIRST_RETRY_MS
      this.retryLater(null)
      return
    }
    try {
      await this.reload()
      this.state.setState({ sending: this.state.getState().waiting.length > 0 })
      for (const entry of this.state.getState().waiting.filter(({ id }) => !this.posting.has(id))) {
        const sent = await this.setup.send(entry)
        if (sent.how === 'later') {
          this.retryLater(sent.why)
          return
        }
        await this.settle(entry, sent)
      }
      this.retryMs = FIRST_RETRY_MS
      this.state.setState({ trouble: null })
    } finally {
      turn.release()
      this.state.setState({ sending: false })
    }
  }

  private async settle(entry: Entry, sent: Exclude<Sent, { how: 'later' }>): Promise<void> {
    const { journal, now = Date.now } = this.setup
    if (sent.how === 'yes') this.state.setState({ lastSavedAt: now() })
    if (sent.how === 'yes' || entry.on_refusal === 'drop') await journal.remove(entry.id)
    else await journal.update({ ...entry, refusal: { code: sent.code, sentence: sent.sentence } })
    await this.reload()
  }

  private retryLater(why: OutboxState['trouble']): void {
    this.state.setState({ trouble: why })
    if (this.closed) return
    this.timer = setTimeout(() => void this.drain(), this.retryMs)
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS)
  }

  private async reload(): Promise<void> {
    const kept = await this.setup.journal.outbox(this.setup.user)
    const isKept = new Set(kept.map(({ id }) => id))
    // An entry that is just being written counts already: the person has handed it in.
    const entries = [...kept, ...[...this.posting.values()].filter(({ id }) => !isKept.has(id))]
    this.state.setState({
      waiting: entries.filter((entry) => !entry.refusal),
      refused: entries.filter((entry) => entry.refusal),
    })
  }
}
