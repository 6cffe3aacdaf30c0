import type { Annotation, Asset, Id, NextWork, Project, Stage, SubmissionBody, TaskRow, Work } from '../api/types'
import type { NextWish } from '../api/work'
import { asset, certificate, overview, project } from './fakeProject'
import {
  AUDIT,
  check,
  EXPLANATION,
  EXPORT,
  FAULTS,
  FORMATS,
  HISTORY,
  IMPORT,
  KEY,
  NOW,
  REASONS,
  SESSION,
} from './fakeRecords'

/** A server in memory, for tests and for looking at screens without one. Never part of the built app. */

type Answer = { status: number; body?: unknown }
type Held = { work: Work; state: 'held' | 'submitted' | 'skipped' | 'released'; body: SubmissionBody | null }

const STAGES: Stage[] = ['model', 'people', 'review', 'check', 'done']

export type FakeOptions = {
  nTasks?: number
  kind?: 'image.class' | 'text.class'
  empty?: boolean
  certified?: boolean
  leaseSeconds?: number
}

export class FakeServer {
  readonly project: Project
  readonly assets: Asset[]
  readonly held = new Map<Id, Held>()
  readonly received: { path: string; body: unknown }[] = []
  /** Turn on to answer nothing, as a server that is away. */
  isAway = false
  /** Turn on to answer 401 to everything. */
  isSignedOut = false
  private taken = 0
  private readonly options: Required<FakeOptions>

  constructor(options: FakeOptions = {}) {
    this.options = { nTasks: 40, kind: 'image.class', empty: false, certified: false, leaseSeconds: 120, ...options }
    const isText = this.options.kind === 'text.class'
    const names = isText ? ['book a flight', 'cancel', 'refund', 'weather'] : [...'0123456789']
    this.assets = Array.from({ length: this.options.nTasks }, (_, place) => asset(place, isText))
    this.project = project(this.options, names)
  }

  handle(method: string, path: string, body: unknown): Answer {
    if (this.isAway) return { status: 0 }
    if (this.isSignedOut) return problem(401, 'access.unauthenticated', 'Sign in first.')
    this.received.push({ path: `${method} ${path}`, body })
    const [route = '', search = ''] = path.split('?')
    const parts = route.split('/').filter(Boolean)
    return this.work(method, parts, body) ?? this.read(method, parts, new URLSearchParams(search), body) ?? notFound()
  }

  /** How many answers the server has for a task. */
  submissions(): Held[] {
    return [...this.held.values()].filter(({ state }) => state === 'submitted')
  }

  private work(method: string, [room, id = '', what]: string[], body: unknown): Answer | null {
    if (room === 'projects' && what === 'next') return { status: 200, body: this.next(body as NextWish) }
    if (room !== 'assignments') return null
    const held = this.held.get(id)
    if (!held) return notFound()
    if (what === 'draft') {
      const { seq, annotations } = body as { seq: number; annotations: Annotation[] }
      if (seq < (held.work.draft?.seq ?? 0)) return problem(409, 'draft.stale', 'A newer draft is kept already.')
      held.work = { ...held.work, draft: { seq, annotations } }
      return { status: 200, body: { seq, saved_at: NOW } }
    }
    if (what === 'submission') return this.submit(held, body as SubmissionBody)
    if (what === 'review') {
      held.state = 'submitted'
      return { status: 201, body: {} }
    }
    if (what === 'withdraw') {
      if (held.state !== 'submitted')
        return problem(409, 'submission.final', 'This answer can no longer be taken back.')
      held.state = 'held'
      return { status: 200, body: held.work }
    }
    if (what === 'renew') {
      return held.state === 'released'
        ? problem(409, 'task.lease_ended', 'The time for this task is over.')
        : { status: 200, body: { expires_at: NOW } }
    }
    held.state = what === 'skip' ? 'skipped' : 'released'
    return method === 'POST' ? { status: 204 } : null
  }

  private submit(held: Held, body: SubmissionBody): Answer {
    if (held.state === 'submitted' && held.body?.submission_id === body.submission_id) return { status: 200, body: {} }
    if (held.state === 'released') return problem(409, 'task.lease_ended', 'The time for this task is over.')
    held.state = 'submitted'
    held.body = body
    return { status: 201, body: {} }
  }

  /** Let the lease of an assignment end, as if its time were over. */
  endLease(id: Id): void {
    const held = this.held.get(id)
    if (held) held.state = 'released'
  }

  private next({ count, purpose, known }: NextWish): NextWork {
    const mine = [...this.held.values()].filter(
      ({ work, state }) => state === 'held' && !known.includes(work.assignment_id),
    )
    const items = mine.map(({ work }) => work)
    while (items.length < count && this.taken < this.assets.length && !this.options.empty) {
      const work = this.makeWork(purpose)
      this.held.set(work.assignment_id, { work, state: 'held', body: null })
      items.push(work)
    }
    const remaining = this.assets.length - this.submissions().length
    const waiting = items.length ? null : 'The model is learning from the last answers; new work comes in a moment.'
    return {
      items: items.slice(0, count),
      waiting,
      waiting_said: [],
      retry_after_s: items.length ? null : 5,
      remaining,
    }
  }

  private makeWork(purpose: Work['purpose']): Work {
    const asset = this.assets[this.taken++] as Asset
    const answer = (by: string, name: string) => ({
      submission_id: `s${by}${asset.id}`,
      by,
      annotations: [{ kind: this.options.kind, payload: { label_class: name } }],
      at: NOW,
    })
    const [first = '', second = ''] = this.project.ontology.classes.slice(3, 5).map(({ name }) => name)
    return {
      assignment_id: `w${asset.id}`,
      task_id: `t${asset.id}`,
      project_id: 'p1',
      purpose,
      expires_at: NOW,
      lease_seconds: this.options.leaseSeconds,
      asset,
      draft: null,
      answers: purpose === 'review' ? [answer('A', first), answer('B', second), answer('C', first)] : [],
      predictions: null,
      proposed: null,
      ontology_version_id: 'o1',
      instructions_version: 1,
    }
  }

  private read(method: string, [room, id, what]: string[], search: URLSearchParams, body: unknown): Answer | null {
    const page = (items: unknown[]): Answer => ({
      status: 200,
      body: { items: this.options.empty ? [] : items, next_cursor: null },
    })
    const ok = (value: unknown): Answer => ({ status: 200, body: value })
    if (room === 'session') return method === 'DELETE' ? { status: 204 } : ok(SESSION)
    if (room === 'projects' && !id)
      return method === 'POST' ? { status: 201, body: { ...this.project, ...(body as object) } } : page([this.project])
    if (room === 'projects' && !what) return ok(this.project)
    if (what === 'instructions')
      return ok({ ...this.project.instructions, sections: [], is_current: true, created_at: NOW })
    if (room === 'project-templates') return ok({ items: [] })
    if (what === 'overview') return ok(overview(this.project, this.options))
    if (what === 'tasks')
      return page(this.tasks().filter((task) => !search.get('stage') || task.stage === search.get('stage')))
    if (what === 'certificates') return page(this.options.certified ? [certificate()] : [])
    if (room === 'certificates') return page(this.assets.slice(0, 20).map((asset, at) => check(asset, at)))
    if (room === 'tasks') {
      const task = this.tasks().find((each) => each.id === id)
      return what === 'explanation'
        ? ok({ task_id: id, stage: 'people', ...EXPLANATION })
        : ok({ ...task, project_id: 'p1', facts: {}, history: HISTORY })
    }
    if (room === 'datasets' && what === 'imports')
      return method === 'POST' ? { status: 202, body: IMPORT } : page([IMPORT])
    if (room === 'datasets' && what === 'assets') return page(this.assets)
    if (room === 'datasets') {
      const dataset = {
        id: 'd1',
        name: 'mnist_t10k',
        modality: 'image',
        n_assets: 10_000,
        n_bytes: 3_120_000,
        created_at: NOW,
      }
      return id || method === 'POST' ? ok({ ...dataset, ...((body as object) ?? {}) }) : page([dataset])
    }
    if (room === 'imports') return what === 'faults' ? page(FAULTS) : ok(IMPORT)
    if (room === 'review-reasons') return ok({ items: REASONS })
    if (room === 'formats') return ok({ items: FORMATS })
    if (what === 'exports') return method === 'POST' ? { status: 202, body: EXPORT } : page([EXPORT])
    if (room === 'exports') return ok(EXPORT)
    if (room === 'keys')
      return method === 'POST' ? { status: 201, body: { ...KEY, key: 'test_0192_secret' } } : page([KEY])
    if (room === 'audit') return page(AUDIT)
    if (room === 'jobs') return page([])
    if (room === 'signing-key') return ok({ public_key: 'aa', fingerprint: 'SHA256:6b1f…' })
    return null
  }

  private tasks(): TaskRow[] {
    return this.assets.map((asset, place) => ({
      id: `t${asset.id}`,
      asset,
      stage: STAGES[place % STAGES.length] ?? 'people',
      label: this.project.ontology.classes[place % this.project.ontology.classes.length]?.name ?? null,
      confidence: 0.55 + (place % 45) / 100,
      n_objects: null,
      n_answers: place % 4,
      updated_at: NOW,
    }))
  }
}

const problem = (status: number, code: string, title: string): Answer => ({
  status,
  body: { code, title, status, retryable: false },
})
const notFound = (): Answer => problem(404, 'not_found', 'There is no such thing here.')
