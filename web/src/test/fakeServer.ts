import type {
  Annotation,
  Asset,
  Certificate,
  Id,
  NextWork,
  Overview,
  Project,
  Session,
  Stage,
  SubmissionBody,
  TaskRow,
  Work,
} from '../api/types'
import type { NextWish } from '../api/work'

/** A server in memory, for tests and for looking at screens without one. Never part of the built app. */

type Answer = { status: number; body?: unknown }
type Held = { work: Work; state: 'held' | 'submitted' | 'skipped' | 'released'; body: SubmissionBody | null }

const NOW = '2026-11-22T09:30:00Z'
const COLORS = [
  '#4411ff',
  '#eebb88',
  '#cc3377',
  '#22cccc',
  '#770099',
  '#aaee00',
  '#995533',
  '#9999ee',
  '#999900',
  '#aa55ff',
]
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
    this.assets = Array.from({ length: this.options.nTasks }, (_, place) => this.makeAsset(place, isText))
    this.project = {
      id: 'p1',
      name: isText ? 'Intents of customers' : 'Handwritten digits',
      dataset_id: 'd1',
      state: 'running',
      ontology: {
        id: 'o1',
        version: 1,
        kind: this.options.kind,
        classes: names.map((name, place) => ({
          name,
          title: null,
          color: COLORS[place % COLORS.length] ?? '#000000',
          hotkey: isText ? String(place + 1) : name,
          description: isText ? '' : `The digit ${name}, however it is written.`,
        })),
      },
      instructions: {
        version: 1,
        text: '# What to do\n\nChoose the digit that the writer meant.\n\n- A seven may have a bar.\n- A one may have **serifs**.\n\nSkip what cannot be read.',
      },
      target: { error: 0.01, confidence: 0.95, max_answers: 5, overlap: null },
      simulated: !isText,
      n_tasks: 10_000,
      created_at: '2026-11-21T18:00:00Z',
      phase: this.options.certified ? 'certified' : 'routing',
      phase_sentence: this.options.certified
        ? 'The error is at most 1.0 % with 95 % confidence.'
        : 'People answer where the model is least sure; 3,480 labels are not sure enough yet.',
    }
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
    return { items: items.slice(0, count), waiting, retry_after_s: items.length ? null : 5, remaining }
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
      ontology_version_id: 'o1',
      instructions_version: 1,
    }
  }

  private makeAsset(place: number, isText: boolean): Asset {
    const text = isText
      ? ([
          'Could you move my flight to Tuesday?',
          'أريد إلغاء رحلتي من فضلك',
          'Where is my money 🐈‍⬛?',
          'Will it rain in Oslo tomorrow?',
        ][place % 4] ?? '')
      : null
    return {
      id: `a${place}`,
      external_id: `digit-${place}`,
      name: isText ? `row ${place + 1}` : `${String(place).padStart(5, '0')}.png`,
      media: {
        url: isText ? null : `/media/${place}.svg`,
        media_type: isText ? 'text/plain' : 'image/png',
        width: isText ? null : 28,
        height: isText ? null : 28,
        length: text === null ? null : [...text].length,
        text,
        n_bytes: 312,
      },
      metadata: {},
      created_at: NOW,
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
    if (what === 'overview') return ok(this.overview())
    if (what === 'tasks')
      return page(this.tasks().filter((task) => !search.get('stage') || task.stage === search.get('stage')))
    if (what === 'certificates') return page(this.options.certified ? [this.certificate()] : [])
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
      n_answers: place % 4,
      updated_at: NOW,
    }))
  }

  private certificate(): Certificate {
    return {
      id: 'c1',
      project_id: 'p1',
      issued_at: NOW,
      statement: 'Of the 10,000 labels of “Handwritten digits” at most 1.0 % are wrong, with 95 % confidence.',
      error_upper_bound: 0.00988,
      target_error: 0.01,
      confidence: 0.95,
      n_labels: 10_000,
      n_checked: 470,
      n_wrong: 1,
      attempt: 1,
      public_key: 'aa',
      reference: 'simulated expert, error rate 0',
      simulated: true,
      sha256: '3f2a9c1d4b5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8',
      looks: [
        { n_checked: 320, max_wrong: 0, n_wrong: 1, error_upper_bound: 0.0146 },
        { n_checked: 470, max_wrong: 1, n_wrong: 1, error_upper_bound: 0.00988 },
        { n_checked: 640, max_wrong: 2, n_wrong: null, error_upper_bound: null },
      ],
    }
  }

  private overview(): Overview {
    const { certified, empty } = this.options
    const stages = certified
      ? { model: 0, people: 0, review: 0, check: 0, done: 10_000 }
      : { model: 8_612, people: 96, review: 4, check: 0, done: 1_288 }
    return {
      project_id: 'p1',
      at: NOW,
      phase: this.project.phase,
      phase_sentence: this.project.phase_sentence,
      stages,
      answers: {
        human: 1_384,
        people: 1_106,
        review: 8,
        check: 270,
        baseline: 30_000,
        saved: 0.954,
        saved_vs_one: 0.862,
      },
      error: {
        estimate: 0.0123,
        upper_bound: certified ? 0.00988 : null,
        confidence: 0.95,
        n_checked: certified ? 470 : 0,
        n_wrong: certified ? 1 : 0,
        certified,
        certificate_id: certified ? 'c1' : null,
      },
      series: empty
        ? []
        : Array.from({ length: 11 }, (_, at) => ({
            answers: 100 * (at + 1),
            expected_error: 0.42 * Math.exp(-at / 2.6) + 0.006,
            changed: Math.round(900 * Math.exp(-at / 2)),
            model_accuracy: 1 - 0.38 * Math.exp(-at / 3) - 0.01,
            at: NOW,
          })),
      beliefs: {
        edges: Array.from({ length: 21 }, (_, at) => at / 20),
        counts: [0, 0, 0, 0, 2, 4, 9, 14, 22, 31, 44, 52, 61, 83, 97, 120, 164, 310, 890, 8_097],
      },
      reliability: empty
        ? []
        : [0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95].map((confidence, at) => ({
            confidence,
            accuracy: confidence ** 1.2,
            n: 20 + at * at * 14,
          })),
      classes: this.project.ontology.classes.map(({ name }) => ({ name, n: 1_000 })),
      people: empty
        ? []
        : ['Ada', 'Bilal', 'Chiara'].map((name, at) => ({
            user_id: name,
            name,
            simulated: true,
            n_answers: 420 - at * 40,
            accuracy: 0.97 - at * 0.02,
            low: 0.95 - at * 0.025,
            high: 0.985 - at * 0.015,
            median_seconds: 1.4 + at * 0.3,
          })),
      model: empty ? null : { version: 11, accuracy: 0.972, n_trained_on: 1_106, at: NOW },
      activity: { answers_last_minute: 184 },
      needs: empty
        ? []
        : [{ code: 'review.disputed', sentence: '4 assets are disputed and wait for a reviewer.', n: 4 }],
    }
  }
}

const problem = (status: number, code: string, title: string): Answer => ({
  status,
  body: { code, title, status, retryable: false },
})
const notFound = (): Answer => problem(404, 'not_found', 'There is no such thing here.')

const SESSION: Session = {
  user: { id: 'u1', name: 'Owner', email: null },
  tenant: { id: 'n1', name: 'Demo' },
  role: 'owner',
  actions: [
    'tasks.label',
    'tasks.review',
    'work.see',
    'quality.see',
    'work.manage',
    'labels.export',
    'people.see',
    'keys.manage',
    'audit.see',
  ],
  csrf_token: 'csrf',
  expires_at: '2026-11-23T09:30:00Z',
  version: '0.1.0',
}
const REASONS = [
  { code: 'wrong_class', title: 'Another class is right' },
  { code: 'ambiguous', title: 'The asset is ambiguous' },
  { code: 'unreadable', title: 'The asset cannot be read' },
  { code: 'careless', title: 'Answered without looking' },
]
const EXPLANATION = {
  posterior: { '3': 0.71, '8': 0.22, '5': 0.04 },
  sentence:
    'Two people answered 3 and one answered 8; the model leans to 3. That is not sure enough, so another person is asked.',
}
const HISTORY = [
  { at: '2026-11-22T09:12:00Z', what: 'submitted', by_id: 'a', by_name: 'Ada', label: '3', detail: '1.3 s' },
  { at: '2026-11-22T09:18:00Z', what: 'submitted', by_id: 'b', by_name: 'Bilal', label: '8', detail: '2.0 s' },
  { at: '2026-11-22T09:20:00Z', what: 'routed', by_id: null, by_name: null, label: null, detail: 'asked once more' },
]
const IMPORT = {
  id: 'i1',
  dataset_id: 'd1',
  source: 'upload',
  name: 'digits.zip',
  state: 'done',
  rows_read: 10_003,
  rows_total: 10_003,
  n_added: 10_000,
  n_duplicates: 1,
  n_faults: 2,
  error: null,
  created_at: NOW,
  finished_at: NOW,
}
const FAULTS = [
  {
    code: 'image.truncated',
    message: 'The image ends before its data does.',
    where: 'digits/00412.png',
    hint: 'Send it again from the source.',
  },
  { code: 'file.not_an_image', message: 'This is HTML, not an image.', where: 'digits/logo.png', hint: null },
]
const FORMATS = [
  { name: 'karat-jsonl', title: 'Karat JSON Lines', suffix: '.jsonl', lossless: true, cannot_express: [] },
  {
    name: 'csv',
    title: 'CSV',
    suffix: '.csv',
    lossless: false,
    cannot_express: ['beliefs over all classes', 'provenance'],
  },
]
const EXPORT = {
  id: 'e1',
  project_id: 'p1',
  format: 'karat-jsonl',
  state: 'done',
  n_labels: 10_000,
  n_bytes: 4_812_233,
  sha256: '9c1d4b5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f83f2a',
  cannot_express: [],
  error: null,
  created_at: NOW,
}
const KEY = {
  id: 'k1',
  name: 'nightly export',
  role: 'service',
  prefix: 'kar_0192a',
  test: false,
  created_at: NOW,
  last_used_at: null,
  revoked_at: null,
}
const AUDIT = [
  {
    id: '1',
    at: NOW,
    actor_id: 'u1',
    actor_name: 'Owner',
    action: 'project.created',
    subject: 'project 0192',
    data: {},
    sealed: true,
  },
  {
    id: '2',
    at: NOW,
    actor_id: null,
    actor_name: null,
    action: 'certificate.issued',
    subject: 'certificate 0192',
    data: {},
    sealed: false,
  },
]
const check = (asset: Asset, at: number) => ({
  task_id: asset.id,
  asset,
  delivered: '3',
  reference: at === 4 ? '8' : '3',
  agreed: at !== 4,
})
