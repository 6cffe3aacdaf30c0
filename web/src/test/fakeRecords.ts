import type { Asset, Session } from '../api/types'

/** What the server in memory answers, whatever is asked of it. */

export const NOW = '2026-11-22T09:30:00Z'

export const SESSION: Session = {
  user: { id: 'u1', name: 'Owner', email: null },
  tenant: { id: 'n1', name: 'Demo', slug: 'demo' },
  role: 'owner',
  scope: 'full',
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
export const REASONS = [
  { code: 'wrong_class', title: 'Another class is right' },
  { code: 'ambiguous', title: 'The asset is ambiguous' },
  { code: 'unreadable', title: 'The asset cannot be read' },
  { code: 'careless', title: 'Answered without looking' },
]
export const EXPLANATION = {
  posterior: { '3': 0.71, '8': 0.22, '5': 0.04 },
  sentence:
    'Two people answered 3 and one answered 8; the model leans to 3. That is not sure enough, so another person is asked.',
}
export const HISTORY = [
  { at: '2026-11-22T09:12:00Z', what: 'submitted', by_id: 'a', by_name: 'Ada', label: '3', detail: '1.3 s' },
  { at: '2026-11-22T09:18:00Z', what: 'submitted', by_id: 'b', by_name: 'Bilal', label: '8', detail: '2.0 s' },
  { at: '2026-11-22T09:20:00Z', what: 'routed', by_id: null, by_name: null, label: null, detail: 'asked once more' },
]
export const IMPORT = {
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
export const FAULTS = [
  {
    code: 'image.truncated',
    message: 'The image ends before its data does.',
    where: 'digits/00412.png',
    hint: 'Send it again from the source.',
  },
  { code: 'file.not_an_image', message: 'This is HTML, not an image.', where: 'digits/logo.png', hint: null },
]
export const FORMATS = [
  { name: 'karat-jsonl', title: 'Karat JSON Lines', suffix: '.jsonl', lossless: true, cannot_express: [] },
  {
    name: 'csv',
    title: 'CSV',
    suffix: '.csv',
    lossless: false,
    cannot_express: ['beliefs over all classes', 'provenance'],
  },
]
export const EXPORT = {
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
export const KEY = {
  id: 'k1',
  name: 'nightly export',
  role: 'service',
  prefix: 'kar_0192a',
  test: false,
  created_at: NOW,
  last_used_at: null,
  revoked_at: null,
}
export const AUDIT = [
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
export const check = (asset: Asset, at: number) => ({
  task_id: asset.id,
  asset,
  delivered: '3',
  reference: at === 4 ? '8' : '3',
  agreed: at !== 4,
})
