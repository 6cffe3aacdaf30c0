// Written by build/apiTypes.ts from the server's OpenAPI document. Do not edit.

export type Activity = {
  answers_last_minute: number
}

export type Annotation = {
  kind: string
  payload: Record<string, unknown>
}

export type Answer = {
  submission_id: string
  by: string
  annotations: Annotation[]
  at: string
}

export type AnswerCounts = {
  human: number
  people: number
  review: number
  check: number
  baseline: number
  saved: number | null
  saved_vs_one: number | null
}

export type Asset = {
  id: string
  external_id: string
  name: string
  media: MediaView
  metadata: Record<string, string>
  created_at: string
}

export type AuditEntry = {
  id: string
  at: string
  actor_id: string | null
  actor_name: string | null
  action: string
  subject: string
  data: Record<string, unknown>
  position: number | null
  sealed: boolean
}

export type CertificateSummary = {
  id: string
  project_id: string
  issued_at: string
  statement: string
  error_upper_bound: number
  target_error: number
  confidence: number
  n_labels: number
  n_checked: number
  n_wrong: number
  attempt: number
  reference: string
  simulated: boolean
  sha256: string
  public_key: string
  looks: LookSummary[]
}

export type CheckedLabel = {
  task_id: string
  asset: Asset
  delivered: string
  reference: string | null
  agreed: boolean | null
}

export type ClassCount = {
  name: string
  n: number
}

export type Dataset = {
  id: string
  name: string
  modality: Modality
  n_assets: number
  n_bytes: number
  created_at: string
}

export type Draft = {
  seq: number
  annotations: Annotation[]
}

export type ErrorList = {
  items: karat_api_routes_about_ErrorList_Item[]
}

export type ErrorState = {
  estimate: number | null
  upper_bound: number | null
  confidence: number | null
  n_checked: number
  n_wrong: number
  certified: boolean
  certificate_id: string | null
}

export type Explanation = {
  task_id: string
  stage: Stage
  posterior: Record<string, number>
  sentence: string
}

export type Export = {
  id: string
  project_id: string
  job_id: string | null
  format: string
  state: JobState
  n_labels: number | null
  n_bytes: number | null
  sha256: string | null
  cannot_express: string[]
  error: string | null
  created_at: string
}

export type Fault = {
  code: string
  message: string
  where: string
  hint: string | null
}

export type FormatList = {
  items: karat_api_routes_about_FormatList_Item[]
}

export type HTTPValidationError = {
  detail: ValidationError[]
}

export type Health = {
  status: string
}

export type Histogram = {
  edges: number[]
  counts: number[]
}

export type HistoryEntry = {
  at: string
  what: string
  by_id: string | null
  by_name: string | null
  label: string | null
  detail: string | null
}

export type Import = {
  id: string
  dataset_id: string
  job_id: string | null
  source: ImportSource
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

export type ImportSource = 'upload' | 'folder'

export type Instructions = {
  version: number
  text: string
}

export type Job = {
  id: string
  name: string
  title: string
  state: JobState
  progress: number | null
  total: number | null
  message: string | null
  error: string | null
  attempts: number
  subject_id: string | null
  created_at: string
  finished_at: string | null
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

export type Key = {
  id: string
  user_id: string
  name: string
  role: Role
  prefix: string
  test: boolean
  created_at: string
  last_used_at: string | null
  revoked_at: string | null
}

export type KindList = {
  items: karat_api_routes_about_KindList_Item[]
}

export type LabelClass = {
  name: string
  title: string | null
  color: string | null
  hotkey: string | null
  description: string
}

export type Lease = {
  expires_at: string
}

export type LookSummary = {
  n_checked: number
  max_wrong: number
  n_wrong: number | null
  error_upper_bound: number | null
}

export type MadeKey = {
  id: string
  user_id: string
  name: string
  role: Role
  prefix: string
  test: boolean
  created_at: string
  last_used_at: string | null
  revoked_at: string | null
  key: string
}

export type MediaView = {
  url: string | null
  media_type: string
  width: number | null
  height: number | null
  length: number | null
  text: string | null
  n_bytes: number
}

export type Member = {
  user_id: string
  name: string
  email: string | null
  role: Role
  kind: string
}

export type Modality = 'image' | 'text'

export type ModelSummary = {
  version: number
  accuracy: number | null
  n_trained_on: number
  at: string
}

export type Need = {
  code: string
  sentence: string
  n: number
}

export type NewDataset = {
  name: string
  modality: Modality
}

export type NewExport = {
  format: string
}

export type NewKey = {
  name: string
  role?: Role
  test?: boolean
}

export type NewProject = {
  name: string
  dataset_id: string
  kind: string
  classes: LabelClass[]
  instructions?: string
  target?: QualityTarget
  simulated?: boolean
}

export type NewReview = {
  review_id: string
  verdict: Verdict
  submission_id?: string | null
  annotations?: Annotation[] | null
  reason?: ReviewReason | null
  note?: string | null
  duration_s: number
}

export type NewSubmission = {
  submission_id: string
  annotations: Annotation[]
  ontology_version_id: string
  instructions_version: number
  duration_s: number
}

export type NextRequest = {
  count?: number
  purpose?: Purpose
  known?: string[]
}

export type NextWork = {
  items: Work[]
  waiting: string | null
  retry_after_s: number | null
  remaining: number
}

export type OntologyVersion = {
  id: string
  version: number
  kind: string
  classes: LabelClass[]
}

export type Overview = {
  project_id: string
  at: string
  phase: string
  phase_sentence: string
  stages: StageCounts
  answers: AnswerCounts
  error: ErrorState
  series: SeriesPoint[]
  beliefs: Histogram
  reliability: ReliabilityPoint[]
  classes: ClassCount[]
  people: PersonSummary[]
  model: ModelSummary | null
  activity: Activity
  needs: Need[]
}

export type Page_Asset = {
  items: Asset[]
  next_cursor: string | null
}

export type Page_AuditEntry = {
  items: AuditEntry[]
  next_cursor: string | null
}

export type Page_CertificateSummary = {
  items: CertificateSummary[]
  next_cursor: string | null
}

export type Page_CheckedLabel = {
  items: CheckedLabel[]
  next_cursor: string | null
}

export type Page_Dataset = {
  items: Dataset[]
  next_cursor: string | null
}

export type Page_Export = {
  items: Export[]
  next_cursor: string | null
}

export type Page_Fault = {
  items: Fault[]
  next_cursor: string | null
}

export type Page_Import = {
  items: Import[]
  next_cursor: string | null
}

export type Page_Job = {
  items: Job[]
  next_cursor: string | null
}

export type Page_Key = {
  items: Key[]
  next_cursor: string | null
}

export type Page_Member = {
  items: Member[]
  next_cursor: string | null
}

export type Page_Project = {
  items: Project[]
  next_cursor: string | null
}

export type Page_TaskRow = {
  items: TaskRow[]
  next_cursor: string | null
}

export type PersonSummary = {
  user_id: string
  name: string
  simulated: boolean
  n_answers: number
  accuracy: number | null
  low: number | null
  high: number | null
  median_seconds: number | null
}

export type Phase = 'collecting' | 'routing' | 'checking' | 'certified' | 'review_needed'

export type Project = {
  id: string
  name: string
  dataset_id: string
  state: ProjectState
  phase: Phase
  phase_sentence: string
  ontology: OntologyVersion
  instructions: Instructions
  target: QualityTarget
  simulated: boolean
  n_tasks: number
  created_at: string
}

export type ProjectPatch = {
  name?: string | null
  instructions?: string | null
  state?: ProjectState | null
}

export type ProjectState = 'running' | 'paused' | 'finished'

export type Purpose = 'label' | 'review' | 'check'

export type QualityTarget = {
  error: number
  confidence: number
  max_answers: number
  overlap: number | null
}

export type ReasonList = {
  items: karat_tasks_routes_ReasonList_Item[]
}

export type ReliabilityPoint = {
  confidence: number
  accuracy: number
  n: number
}

export type Review = {
  id: string
  task_id: string
  assignment_id: string
  verdict: Verdict
  at: string
}

export type ReviewReason =
  | 'wrong_class'
  | 'instructions_not_followed'
  | 'instructions_unclear'
  | 'asset_unclear'
  | 'other'

export type Role = 'owner' | 'admin' | 'manager' | 'reviewer' | 'annotator' | 'auditor' | 'service'

export type SavedDraft = {
  seq: number
  saved_at: string
}

export type Seal = {
  format: 'karat.audit.seal/1'
  tenant_id: string
  first_position: number
  last_position: number
  head_sha256: string
  sealed_at: string
  signature: string
}

export type SeriesPoint = {
  answers: number
  expected_error: number | null
  changed: number
  model_accuracy: number | null
  at: string
}

export type Session = {
  user: User
  tenant: Tenant
  role: Role
  actions: string[]
  csrf_token: string
  expires_at: string
  version: string
}

export type SignIn = {
  code: string
}

export type SigningKey = {
  public_key: string
  fingerprint: string
}

export type Skip = {
  reason?: string
}

export type Stage = 'model' | 'people' | 'review' | 'check' | 'done'

export type StageCounts = {
  model: number
  people: number
  review: number
  check: number
  done: number
}

export type Submission = {
  id: string
  task_id: string
  assignment_id: string
  at: string
}

export type TaskDetail = {
  id: string
  asset: Asset
  stage: Stage
  label: string | null
  confidence: number | null
  n_answers: number
  updated_at: string
  project_id: string
  history: HistoryEntry[]
  facts: Record<string, unknown>
}

export type TaskRow = {
  id: string
  asset: Asset
  stage: Stage
  label: string | null
  confidence: number | null
  n_answers: number
  updated_at: string
}

export type Tenant = {
  id: string
  name: string
}

export type User = {
  id: string
  name: string
  email: string | null
}

export type ValidationError = {
  loc: (string | number)[]
  msg: string
  type: string
  input: unknown
  ctx: Record<string, unknown>
}

export type Verdict = 'accept' | 'fix' | 'reject'

export type Work = {
  assignment_id: string
  task_id: string
  project_id: string
  purpose: Purpose
  expires_at: string
  lease_seconds: number
  asset: Asset
  draft: Draft | null
  answers: Answer[]
  ontology_version_id: string
  instructions_version: number
}

export type karat_api_routes_about_ErrorList_Item = {
  code: string
  status: number
  title: string
  retryable: boolean
}

export type karat_api_routes_about_FormatList_Item = {
  name: string
  title: string
  suffix: string
  lossless: boolean
  cannot_express: string[]
}

export type karat_api_routes_about_KindList_Item = {
  name: string
  modality: string
  title: string
}

export type karat_tasks_routes_ReasonList_Item = {
  code: ReviewReason
  title: string
}
