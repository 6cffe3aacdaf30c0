import { createStore, type StoreApi } from 'zustand/vanilla'
import { Problem } from '../api/client'
import type { Annotation, Asset, Id, NextWork, Purpose, ReviewBody, SubmissionBody } from '../api/types'
import type { WorkApi } from '../api/work'
import { type Command, redo, run, undo } from './document'
import { annotationsOf, type Held, hold } from './held'
import { newId } from './ids'
import type { Entry, Journal } from './journal'
import { Leases } from './leases'
import type { Outbox } from './outbox'
import { AT_THE_START, type StreamState } from './streamState'
import type { TabLocks } from './tabs'
import { StopWatch } from './watch'

type Setup = {
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

const AHEAD = 3
/** The server takes no longer list. */
const MOST_KNOWN = 50
const LOCK = 'karat-assignment-'
const DRAFT_DELAY_MS = 800
const TICK_MS = 5_000
const SOON_S = 1
const LONGEST_PAUSE_MS = 30_000
/** Between two batches the engine thinks for a few seconds: so often it is asked at its own pace. */
const SOON_ROUNDS = 6

/**
 * The flow of work through one tab: what is in hand, what comes next, what was handed in. It claims ahead, keeps every
 * edit before it tells the server, and lets go of what it no longer needs. It knows no kind and no screen.
 */
export class WorkStream {
  readonly state: StoreApi<StreamState>
  private readonly setup: Setup
  private readonly now: () => number
  private filling: Promise<void> | null = null
  private fillAgain = false
  private emptyRounds = 0
  private readonly leases: Leases
  private readonly watch: StopWatch
  private draftTimer: ReturnType<typeof setTimeout> | undefined
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private tickTimer: ReturnType<typeof setInterval> | undefined
  private stopped = false

  constructor(setup: Setup) {
    this.setup = setup
    this.now = setup.now ?? Date.now
    this.watch = new StopWatch(this.now)
    this.state = createStore<StreamState>(() => AT_THE_START)
    this.leases = new Leases(setup.api, this.now, (assignment) => this.markEnded(assignment))
  }

  async start(): Promise<void> {
    this.tickTimer = setInterval(() => void this.tick(), TICK_MS)
    await this.fill()
  }

  /** Leave: untouched work goes back at once, work with edits in it waits for its lease. */
  stop(closing = false): void {
    if (this.stopped) return
    this.stopped = true
    clearInterval(this.tickTimer)
    clearTimeout(this.retryTimer)
    const { current, ahead } = this.state.getState()
    if (current && this.state.getState().draftSaving) void this.saveDraft()
    for (const held of [current, ...ahead]) {
      if (!held) continue
      if (!held.seq) void this.setup.api.release(held.work.assignment_id, { closing }).catch(() => {})
      held.release()
    }
  }

  /** A hand moved: the person is here. */
  touch(): void {
    this.leases.touch()
  }

  setVisible(visible: boolean): void {
    if (!visible) {
      this.watch.pause()
      return
    }
    this.touch()
    this.watch.go()
    void this.setup.outbox.drain()
  }

  // -- editing -------------------------------------------------------------------------------------------------------

  run(command: Command): void {
    this.edit((held) => run(held.history, command))
  }

  /** Undo an edit; with none left, take the last submission back. */
  async undo(): Promise<void> {
    if (!this.edit((held) => undo(held.history))) await this.back()
  }

  /** Redo an edit; with none left, hand in again what was taken back. */
  async redo(): Promise<void> {
    if (this.edit((held) => redo(held.history))) return
    const { current, withdrawn } = this.state.getState()
    const last = withdrawn.at(-1)
    if (last && current?.work.task_id === last.held.work.task_id) {
      await this.submit(last.annotations, withdrawn.slice(0, -1))
    }
  }

  private edit(change: (held: Held) => Held['history']): boolean {
    const { current } = this.state.getState()
    if (!current) return false
    this.touch()
    const history = change(current)
    if (history === current.history) return false
    const edited = { ...current, history, seq: current.seq + 1 }
    this.state.setState({ current: edited, draftSaving: true, notice: null })
    const { user, journal } = this.setup
    const assignment_id = edited.work.assignment_id
    void journal.keepDraft({ assignment_id, user_id: user, seq: edited.seq, history, at: this.now() })
    clearTimeout(this.draftTimer)
    this.draftTimer = setTimeout(() => void this.saveDraft(), DRAFT_DELAY_MS)
    return true
  }

  private async saveDraft(): Promise<void> {
    clearTimeout(this.draftTimer)
    const { current } = this.state.getState()
    if (!current?.seq) return
    try {
      await this.setup.api.saveDraft(current.work.assignment_id, current.seq, annotationsOf(current.history))
      if (this.state.getState().current?.seq === current.seq) this.state.setState({ draftSaving: false })
    } catch (cause) {
      const isOver = cause instanceof Problem && (cause.status === 404 || cause.status === 409)
      if (isOver && cause.code !== 'draft.stale') this.markEnded(current.work.assignment_id)
      else if (cause instanceof Problem && cause.isOutage && !this.stopped) {
        this.draftTimer = setTimeout(() => void this.saveDraft(), TICK_MS)
      }
    }
  }

  // -- handing in ----------------------------------------------------------------------------------------------------

  /** Hand in the document, or `annotations` in its place, and go on without waiting for the server. */
  async submit(annotations?: Annotation[], withdrawn: StreamState['withdrawn'] = []): Promise<void> {
    const { current } = this.state.getState()
    if (!current) return
    const { ontology_version_id, instructions_version, assignment_id } = current.work
    const body: SubmissionBody = {
      submission_id: newId(this.now()),
      annotations: annotations ?? annotationsOf(current.history),
      ontology_version_id,
      instructions_version,
      duration_s: this.watch.ms() / 1000,
    }
    await this.handIn(current, body.submission_id, `/assignments/${assignment_id}/submission`, body, withdrawn)
  }

  async review(verdict: Omit<ReviewBody, 'review_id' | 'duration_s'>): Promise<void> {
    const { current } = this.state.getState()
    if (!current) return
    const body: ReviewBody = { ...verdict, review_id: newId(this.now()), duration_s: this.watch.ms() / 1000 }
    await this.handIn(current, body.review_id, `/assignments/${current.work.assignment_id}/review`, body, [])
  }

  async skip(reason: string): Promise<void> {
    const { current } = this.state.getState()
    if (!current) return
    const id = newId(this.now())
    const entry = this.entry(current, id, `/assignments/${current.work.assignment_id}/skip`, { reason }, 'drop')
    this.advance()
    await this.post(current, entry)
  }

  private async handIn(
    held: Held,
    id: Id,
    path: string,
    body: SubmissionBody | ReviewBody,
    withdrawn: StreamState['withdrawn'],
  ): Promise<void> {
    clearTimeout(this.draftTimer)
    const entry = this.entry(held, id, path, body, 'keep')
    const { sent, nDone } = this.state.getState()
    const left = { held: { ...held, lookedMs: this.watch.ms() }, entry }
    this.advance()
    // Twenty steps back are plenty, and leases are short.
    this.state.setState({ sent: [...sent, left].slice(-20), nDone: nDone + 1, withdrawn })
    await this.post(held, entry)
  }

  /** Until the server has the answer it takes the work for held: it stays ours, so that no other tab shows it again. */
  private async post(held: Held, entry: Entry): Promise<void> {
    const { outbox } = this.setup
    const posting = outbox.post(entry)
    void outbox.gone(entry.id).then(held.release)
    await posting
    void this.fill()
  }

  private entry(held: Held, id: Id, path: string, body: unknown, onRefusal: Entry['on_refusal']): Entry {
    const { user, project } = this.setup
    const { assignment_id } = held.work
    const at = this.now()
    return {
      id,
      user_id: user,
      project_id: project,
      assignment_id,
      path,
      body,
      at,
      on_refusal: onRefusal,
      refusal: null,
    }
  }

  private advance(): void {
    this.touch()
    const [current = null, ...ahead] = this.state.getState().ahead
    this.watch.begin(current?.lookedMs ?? 0)
    const status = current ? 'working' : this.state.getState().waiting ? 'waiting' : 'loading'
    this.state.setState({ current, ahead, status, notice: null, draftSaving: false })
  }

  /** Take the last submission back and show it again, as long as nothing was built on it. */
  async back(): Promise<void> {
    const { sent, nDone } = this.state.getState()
    const last = sent.at(-1)
    if (!last) return
    const restored = await this.takeBack(last)
    if (!restored) return
    const { current, ahead, withdrawn } = this.state.getState()
    const lookedMs = this.watch.ms()
    this.watch.begin(restored.lookedMs)
    const annotations =
      'annotations' in (last.entry.body as object) ? (last.entry.body as SubmissionBody).annotations : []
    this.state.setState({
      status: 'working',
      current: restored,
      ahead: current ? [{ ...current, lookedMs }, ...ahead] : ahead,
      sent: sent.slice(0, -1),
      withdrawn: [...withdrawn, { held: restored, annotations: annotations ?? [] }],
      nDone: nDone - 1,
      notice: null,
      draftSaving: false,
    })
  }

  private async takeBack({ held, entry }: StreamState['sent'][number]): Promise<Held | null> {
    const { api, journal, locks, outbox, user } = this.setup
    const { assignment_id } = held.work
    try {
      const work = (await outbox.recall(entry.id)) ? held.work : await api.withdraw(assignment_id)
      const { seq, history } = held
      await journal.keepDraft({ assignment_id, user_id: user, seq, history, at: this.now() })
      const lock = await locks.take(LOCK + assignment_id)
      return { ...held, work, release: lock?.release ?? (() => {}) }
    } catch (cause) {
      const isFinal = cause instanceof Problem && cause.status === 409
      const sentence = cause instanceof Problem ? cause.message : null
      this.state.setState(({ sent }) => ({
        notice: { code: isFinal ? 'final' : 'trouble', sentence },
        sent: isFinal ? sent.slice(0, -1) : sent,
      }))
      return null
    }
  }

  // -- claiming ------------------------------------------------------------------------------------------------------

  /** Claim until enough is in hand. A call while claiming claims once more, for what was used up meanwhile. */
  fill(): Promise<void> {
    if (this.filling) this.fillAgain = true
    else this.filling = this.claimRounds()
    return this.filling
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
      this.receive(fresh, next.waiting ?? '', fresh.length || !next.items.length ? next.retry_after_s : SOON_S)
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause
      const status = this.state.getState().current ? 'working' : 'failed'
      this.state.setState({ failure: cause, status })
      if (cause.retryable) this.retryIn(TICK_MS)
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
    let last: NextWork = { items: [], waiting: null, retry_after_s: null, remaining: 0 }
    for (const purpose of purposes) {
      const next = await api.next(project, { count: wanted, purpose, known: [...known].slice(-MOST_KNOWN) })
      if (next.items.length) return next
      last = { ...next, waiting: last.waiting ?? next.waiting, retry_after_s: last.retry_after_s ?? next.retry_after_s }
    }
    return last
  }

  private async takeHold(items: Held['work'][]): Promise<Held[]> {
    const { journal, locks, outbox, prefetch } = this.setup
    const { current, ahead } = this.state.getState()
    const known = new Set([current, ...ahead].map((held) => held?.work.assignment_id))
    for (const entry of outbox.state.getState().waiting) known.add(entry.assignment_id)
    const fresh: Held[] = []
    for (const work of items) {
      if (known.has(work.assignment_id)) continue
      const lock = await locks.take(LOCK + work.assignment_id)
      if (!lock) continue
      prefetch(work.asset)
      fresh.push(hold(work, await journal.draft(work.assignment_id), lock.release))
    }
    return fresh
  }

  private receive(fresh: Held[], waiting: string, retryAfterS: number | null): void {
    if (this.stopped) {
      for (const held of fresh) {
        void this.setup.api.release(held.work.assignment_id).catch(() => {})
        held.release()
      }
      return
    }
    const state = this.state.getState()
    const [first = null, ...rest] = [...(state.current ? [state.current] : []), ...state.ahead, ...fresh]
    if (first !== state.current) this.watch.begin(first?.lookedMs ?? 0)
    const isEmpty = fresh.length === 0
    // Answers that come while there is work in hand say nothing about how long the person will have to wait.
    this.emptyRounds = isEmpty && !first ? this.emptyRounds + 1 : 0
    // After the first few, each empty answer doubles the pause, so that a page left open on finished work hardly asks.
    const doublings = Math.max(this.emptyRounds - SOON_ROUNDS, 0)
    const pauseMs = retryAfterS === null ? null : Math.min(retryAfterS * 1000 * 2 ** doublings, LONGEST_PAUSE_MS)
    const retryAt = isEmpty && pauseMs !== null ? this.now() + pauseMs : null
    if (isEmpty && pauseMs !== null) this.retryIn(pauseMs)
    this.state.setState({
      current: first,
      ahead: rest,
      status: first ? 'working' : 'waiting',
      waiting: isEmpty ? { sentence: waiting, retryAt } : null,
    })
  }

  private retryIn(ms: number): void {
    if (!this.stopped) this.retryTimer = setTimeout(() => void this.fill(), Math.max(ms, 500))
  }

  // -- leases --------------------------------------------------------------------------------------------------------

  private async tick(): Promise<void> {
    const { current, ahead } = this.state.getState()
    const held = [...(current ? [current] : []), ...ahead].filter(({ leaseEnded }) => !leaseEnded)
    if ((await this.leases.tick(held)) === 'idle') this.letGoAhead()
  }

  private letGoAhead(): void {
    for (const held of this.state.getState().ahead) {
      void this.setup.api.release(held.work.assignment_id).catch(() => {})
      held.release()
    }
    this.state.setState({ ahead: [] })
  }

  private markEnded(assignment: Id): void {
    const { current, ahead } = this.state.getState()
    ahead.find((held) => held.work.assignment_id === assignment)?.release()
    this.state.setState({ ahead: ahead.filter((held) => held.work.assignment_id !== assignment) })
    if (current?.work.assignment_id !== assignment) return
    this.state.setState({ current: { ...current, leaseEnded: true }, notice: { code: 'lease_ended', sentence: null } })
  }

  /** Leave a task whose lease is over and go on with the next. */
  async leaveEnded(): Promise<void> {
    const { current } = this.state.getState()
    if (!current?.leaseEnded) return
    await this.setup.journal.forgetDraft(current.work.assignment_id)
    current.release()
    this.advance()
    await this.fill()
  }

  /** Milliseconds that the current asset has been looked at; hidden tabs do not count. */
  lookedMs(): number {
    return this.watch.ms()
  }
}
