/** The records of `/api`, field for field as the server sends them. Times are ISO 8601 in UTC, probabilities floats. */

export type Id = string
export type Role = 'owner' | 'admin' | 'manager' | 'reviewer' | 'annotator' | 'auditor' | 'service'
export type Page<T> = { items: T[]; next_cursor: string | null }

export type Session = {
  user: { id: Id; name: string; email: string | null }
  tenant: { id: Id; name: string }
  role: Role
  actions: string[]
  csrf_token: string
  expires_at: string
  version: string
}

export type Modality = 'image' | 'text'
export type Dataset = {
  id: Id
  name: string
  modality: Modality
  n_assets: number
  n_bytes: number
  created_at: string
}
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
export type Import = {
  id: Id
  dataset_id: Id
  source: 'upload' | 'folder'
  name: string
  state: JobState
  rows_read: number
  rows_total: number | null
  n_added: number
  n_duplicates: number
  n_faults: number
  error: string | null
  created_at: string
  finished_at: string | null
}
export type Fault = { code: string; message: string; where: string; hint?: string | null }

export type Media = {
  url: string | null
  media_type: string
  width: number | null
  height: number | null
  text: string | null
  n_bytes: number
}
export type Asset = {
  id: Id
  external_id: string
  name: string
  media: Media
  metadata: Record<string, string>
  created_at: string
}

export type KindName = 'image.class' | 'text.class'
export type LabelClass = {
  name: string
  title?: string | null
  color: string
  hotkey: string | null
  description: string
}
export type OntologyVersion = { id: Id; version: number; kind: KindName; classes: LabelClass[] }
export type QualityTarget = { error: number; confidence: number; max_answers: number; overlap: number | null }
export type Phase = 'collecting' | 'routing' | 'checking' | 'certified' | 'review_needed'
export type Project = {
  id: Id
  name: string
  dataset_id: Id
  state: 'running' | 'paused' | 'finished'
  ontology: OntologyVersion
  instructions: { version: number; text: string }
  target: QualityTarget
  simulated: boolean
  n_tasks: number
  created_at: string
  phase: Phase
  phase_sentence: string
}
export type NewProject = {
  name: string
  dataset_id: Id
  kind: KindName
  classes: LabelClass[]
  instructions: string
  target: QualityTarget
}

export type Stage = 'model' | 'people' | 'review' | 'check' | 'done'
export type SeriesPoint = {
  answers: number
  expected_error: number | null
  changed: number
  model_accuracy: number | null
  at: string
}
export type ReliabilityPoint = { confidence: number; accuracy: number; n: number }
export type PersonRow = {
  user_id: Id
  name: string
  n_answers: number
  accuracy: number | null
  low: number | null
  high: number | null
  median_seconds: number | null
}
export type Overview = {
  project_id: Id
  at: string
  stages: Record<Stage, number>
  answers: {
    human: number
    people: number
    review: number
    check: number
    baseline: number
    saved: number | null
    saved_vs_one: number | null
  }
  error: {
    estimate: number | null
    upper_bound: number | null
    confidence: number | null
    n_checked: number
    n_wrong: number
    certified: boolean
    certificate_id: Id | null
  }
  series: SeriesPoint[]
  beliefs: { edges: number[]; counts: number[] }
  reliability: ReliabilityPoint[]
  classes: { name: string; n: number }[]
  people: PersonRow[]
  model: { version: number; accuracy: number | null; n_trained_on: number; at: string } | null
  activity: { answers_last_minute: number }
  needs: { code: string; sentence: string; n: number }[]
}
export type TaskRow = {
  id: Id
  asset: Asset
  stage: Stage
  label: string | null
  confidence: number | null
  n_answers: number
  updated_at: string
}
export type TaskEvent = {
  at: string
  what: 'submitted' | 'reviewed' | 'checked' | 'routed'
  by: { user_id: Id; name: string } | null
  label: string | null
  detail: string | null
}
export type TaskDetail = TaskRow & { posterior: Record<string, number>; explanation: string; history: TaskEvent[] }

export type Annotation = { kind: KindName; payload: { label_class: string } }
export type Purpose = 'label' | 'review' | 'check'
export type Answer = { submission_id: Id; by: string; annotations: Annotation[]; at: string }
export type Work = {
  assignment_id: Id
  task_id: Id
  project_id: Id
  purpose: Purpose
  expires_at: string
  lease_seconds: number
  asset: Asset
  prediction: { label: string; confidence: number; model_version: number } | null
  draft: { annotations: Annotation[]; seq: number } | null
  answers: Answer[]
  ontology_version_id: Id
  instructions_version: number
}
export type NextWork = { items: Work[]; waiting: string | null; retry_after_s: number | null; remaining: number }
export type SubmissionBody = {
  submission_id: Id
  annotations: Annotation[]
  ontology_version_id: Id
  instructions_version: number
  duration_s: number
}
export type Verdict = 'accept' | 'fix' | 'reject'
export type ReviewBody = {
  review_id: Id
  verdict: Verdict
  submission_id: Id | null
  annotations: Annotation[] | null
  reason: string | null
  note: string | null
  duration_s: number
}
export type ReviewReason = { code: string; title: string }

export type Look = {
  n_checked: number
  max_wrong: number
  n_wrong: number | null
  error_upper_bound: number | null
}
export type Certificate = {
  id: Id
  project_id: Id
  issued_at: string
  statement: string
  error_upper_bound: number
  target_error: number
  confidence: number
  n_labels: number
  n_checked: number
  n_wrong: number
  reference: string
  simulated: boolean
  sha256: string
  looks: Look[]
}
export type Check = { task_id: Id; asset: Asset; delivered: string; reference: string; agreed: boolean }
export type Format = { name: string; title: string; suffix: string; lossless: boolean; cannot_express: string[] }
export type Export = {
  id: Id
  project_id: Id
  format: string
  state: JobState
  n_labels: number | null
  n_bytes: number | null
  sha256: string | null
  cannot_express: string[]
  error: string | null
  created_at: string
}

export type Job = {
  id: Id
  name: string
  title: string
  state: JobState
  progress: number | null
  total: number | null
  message: string | null
  error: string | null
  project_id: Id | null
  created_at: string
  finished_at: string | null
}
export type ApiKey = {
  id: Id
  name: string
  role: Role
  prefix: string
  test: boolean
  created_at: string
  last_used_at: string | null
  revoked_at: string | null
}
export type Member = {
  user_id: Id
  name: string
  email: string | null
  role: Role
  kind: 'person' | 'service' | 'simulated'
}
export type AuditEntry = {
  id: Id
  at: string
  actor: { user_id: Id; name: string } | null
  action: string
  subject: string
  data: Record<string, unknown>
  sealed: boolean
}
