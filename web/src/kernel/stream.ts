import { createStore, type StoreApi } from 'zustand/vanilla'
import { Problem } from '../api/client'
import type { Annotation, Id, Purpose, ReviewBody, SubmissionBody } from '../api/types'
import { Claims } from './claims'
import { type Command, redo, run, undo } from './document'
import { Drafts } from './drafts'
import { Handover } from './handover'
import { annotationsOf, type Held } from './held'
import { newId } from './ids'
import { Leases } from './leases'
import type { StreamSetup } from './streamSetup'
import { AT_THE_START, type StreamState } from './streamState'
import { StopWatch } from './watch'

/**
 * The flow of work through one tab: what is in hand, what comes next, what was handed in. It claims ahead, keeps every
 * edit before it tells the server, and lets go of what it no longer needs. It knows no kind and no screen.
 */
export class WorkStream {
  readonly state: StoreApi<StreamState>
  private readonly setup: StreamSetup
  private readonly now: () => number
  private readonly watch: StopWatch
  private readonly claims: Claims
  private readonly drafts: Drafts
  private readonly handover: Handover
  private readonly leases: Leases
  private stopped = false

  constructor(setup: StreamSetup) {
    this.setup = setup
    const now = setup.now ?? Date.now
    this.now = now
    this.watch = new StopWatch(now)
    this.state = createStore<StreamState>(() => AT_THE_START)
    this.claims = new Claims(setup, this.state, now, (first) => this.watch.begin(first?.lookedMs ?? 0))
    this.leases = new Leases(setup.api, this.claims, this.state, now)
    this.drafts = new Drafts(setup, this.state, now, this.leases)
    this.handover = new Handover(setup, this.claims, this.drafts, now)
  }

  /** What this person came for. */
  get purposes(): readonly Purpose[] {
    return this.setup.purposes
  }

  async start(): Promise<void> {
    this.leases.start()
    await this.fill()
  }

  /** Leave: untouched work goes back at once, work with edits in it waits for its lease. */
  stop(closing = false): void {
    if (this.stopped) return
    this.stopped = true
    this.leases.stop()
    this.claims.stop()
    this.drafts.stop()
    const { current, ahead } = this.state.getState()
    for (const held of [current, ...ahead]) {
      if (!held) continue
      if (held.seq) held.release()
      else this.claims.giveBack(held, closing)
    }
  }

  /** Claim until enough is in hand. */
  fill(): Promise<void> {
    return this.claims.fill()
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
    this.drafts.keep(edited)
    return true
  }

  // -- handing in ----------------------------------------------------------------------------------------------------

  /** Hand in the document, or `annotations` in its place, and go on without waiting for the server. */
  async submit(annotations?: Annotation[], withdrawn: StreamState['withdrawn'] = []): Promise<void> {
    const { current } = this.state.getState()
    if (!current) return
    const { ontology_version_id, instructions_version } = current.work
    const body: SubmissionBody = {
      submission_id: newId(this.now()),
      annotations: annotations ?? annotationsOf(current.history),
      ontology_version_id,
      instructions_version,
      duration_s: this.watch.ms() / 1000,
    }
    await this.handIn(current, body.submission_id, 'submission', body, withdrawn)
  }

  async review(verdict: Omit<ReviewBody, 'review_id' | 'duration_s'>): Promise<void> {
    const { current } = this.state.getState()
    if (!current) return
    const body: ReviewBody = { ...verdict, review_id: newId(this.now()), duration_s: this.watch.ms() / 1000 }
    await this.handIn(current, body.review_id, 'review', body, [])
  }

  async skip(reason: string): Promise<void> {
    const { current } = this.state.getState()
    if (!current) return
    const entry = this.handover.entry(current, newId(this.now()), 'skip', { reason })
    this.advance()
    await this.handover.give(current, entry)
  }

  private async handIn(
    held: Held,
    id: Id,
    what: 'submission' | 'review',
    body: SubmissionBody | ReviewBody,
    withdrawn: StreamState['withdrawn'],
  ): Promise<void> {
    this.drafts.settle()
    const entry = this.handover.entry(held, id, what, body)
    const { sent, nDone } = this.state.getState()
    const left = { held: { ...held, lookedMs: this.watch.ms() }, entry }
    this.advance()
    // Twenty steps back are plenty, and leases are short.
    this.state.setState({ sent: [...sent, left].slice(-20), nDone: nDone + 1, withdrawn })
    await this.handover.give(held, entry)
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

  private async takeBack(last: StreamState['sent'][number]): Promise<Held | null> {
    try {
      return await this.handover.takeBack(last)
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

  // -- leases --------------------------------------------------------------------------------------------------------

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
