// Written by build/apiTypes.ts from the server's OpenAPI document. Do not edit.

export type Acceptance = {
  code: string
  name?: string | null
  password?: string | null
  passkey?: NewPasskeyAnswer | null
}

export type Activity = {
  answers_last_minute: number
}

export type AdapterView = {
  name: string
  title: string
  kinds: string[]
  takes_file: boolean
  settings: Record<string, unknown> | null
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

export type ArchiveContents = {
  n_assets: number
  n_tasks: number
  n_answers: number
  n_reviews: number
  n_labels: number
  n_certificates: number
  n_people: number
  n_media: number
  media_bytes: number
}

export type ArchiveMedia = 'included' | 'referenced'

export type Asset = {
  id: string
  external_id: string
  name: string
  media: MediaView
  metadata: Record<string, string>
  created_at: string
}

export type Attribute = {
  name: string
  title: string | null
  type: 'select' | 'checkbox' | 'number' | 'text'
  options: string[]
  required: boolean
  minimum: number | null
  maximum: number | null
  description: string
  applies_to: string[] | null
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

export type AuthenticatorCode = {
  code: string
}

export type AuthenticatorSetup = {
  secret: string
  otpauth_uri: string
  qr_code: string
}

export type BindModel = {
  model_id: string
  version_id?: string | null
  predict?: boolean
}

export type BucketImport = {
  connection_id: string
  prefix?: string
  patterns?: string[]
  manifest?: string | null
  mode?: ImportMode
}

export type BucketSecret = {
  access_key_id?: string | null
  secret_access_key?: string | null
  session_token?: string | null
  service_account_key?: string | null
  account_key?: string | null
  sas_token?: string | null
}

export type Budget = {
  max_answers: number | null
  max_cost: number | null
  price: number | null
  currency: string | null
}

export type BudgetState = {
  allowed: number
  used: number
  open: number
  cost: number | null
  currency: string | null
}

export type CertificateSummary = {
  id: string
  project_id: string
  issued_at: string
  statement: string
  error_upper_bound: number
  target_error: number
  confidence: number
  method: string
  n_labels: number
  n_checked: number
  n_wrong: number
  loss: LossSummary | null
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
  delivered: string | null
  reference: string | null
  frozen_annotations: Annotation[] | null
  reference_annotations: Annotation[] | null
  loss: number | null
  agreed: boolean | null
}

export type ChoreStatus = {
  name: string
  every_s: number
  last_run_at: string
  last_duration_s: number
  last_good_at: string | null
  next_run_at: string
  error: string | null
  error_at: string | null
  failures_in_a_row: number
}

export type ClassCount = {
  name: string
  n: number
}

export type ClassMatch = {
  matched: Record<string, string>
  only_model: string[]
  only_project: string[]
}

export type ClonePart = 'instructions' | 'target' | 'pilot'

export type Connection = {
  id: string
  name: string
  kind: ConnectionKind
  bucket: string
  prefix: string
  region: string | null
  endpoint: string | null
  account: string | null
  anonymous: boolean
  secret_hint: string | null
  n_references: number
  tested_at: string | null
  test: ConnectionTest | null
  created_at: string
}

export type ConnectionChange = {
  name?: string | null
  prefix?: string | null
  region?: string | null
  endpoint?: string | null
  anonymous?: boolean | null
  secret?: BucketSecret | null
}

export type ConnectionKind = 's3' | 'gcs' | 'azure'

export type ConnectionTest = {
  ok: boolean
  can_list: boolean | null
  can_read: boolean | null
  sample_key: string | null
  duration_s: number
  faults: Fault[]
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
  mean_loss: number | null
  bound_so_far: number | null
  certified: boolean
  certificate_id: string | null
}

export type Example = {
  asset_id: string
  caption: string
}

export type Expected = {
  labels: number
  checks_low: number
  checks_high: number
  cost_low: number | null
  cost_high: number | null
}

export type ExplainedObject = {
  kind: string
  payload: Record<string, unknown>
  existence: number
  classes: Record<string, number>
  n_marks: number
}

export type Explanation = {
  task_id: string
  stage: Stage
  posterior: Record<string, number>
  objects: ExplainedObject[]
  agreement: number | null
  sentence: string
  said: Said[]
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

export type FileToUpload = {
  name: string
  size: number
}

export type FilesToUpload = {
  files: FileToUpload[]
}

export type FormatList = {
  items: karat_api_routes_about_FormatList_Item[]
}

export type Group = {
  id: string
  name: string
  n_members: number
  created_at: string
}

export type GroupName = {
  id: string
  name: string
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
  n_objects: number | null
  annotations: Annotation[] | null
  detail: string | null
}

export type HttpSettings = {
  class_map: Record<string, string>
  max_objects: number
  url: string
  batch_size: number
  concurrency: number
  timeout_s: number
  attempts: number
  adapter: 'http'
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
  connection_id: string | null
  mode: ImportMode | null
  created_at: string
  finished_at: string | null
}

export type ImportMode = 'copy' | 'reference'

export type ImportSource = 'upload' | 'folder' | 'files' | 'bucket'

export type Instructions = {
  version: number
  text: string
}

export type InstructionsVersion = {
  version: number
  text: string
  sections: ShownSection[]
  is_current: boolean
  created_at: string
}

export type Invitation = {
  id: string
  name: string
  email: string
  role: Role
  groups: GroupName[]
  state: InvitationState
  invited_by: string
  invited_by_name: string
  created_at: string
  expires_at: string
  accepted_at: string | null
  revoked_at: string | null
}

export type InvitationState = 'open' | 'accepted' | 'expired' | 'revoked'

export type Job = {
  id: string
  name: string
  title: string
  state: JobState
  progress: number | null
  total: number | null
  rate_per_s: number | null
  eta: string | null
  message: string | null
  error: string | null
  attempts: number
  retries: number
  subject_id: string | null
  cancel_requested: boolean
  created_at: string
  started_at: string | null
  next_attempt_at: string | null
  finished_at: string | null
}

export type JobCounts = {
  queued: number
  running: number
  failed: number
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

export type Key = {
  id: string
  user_id: string
  name: string
  role: Role
  scope: Scope
  prefix: string
  test: boolean
  personal: boolean
  bearer: string
  created_at: string
  expires_at: string | null
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
  category_id: number | null
}

export type LabelStudioSettings = {
  class_map: Record<string, string>
  max_objects: number
  url: string
  batch_size: number
  concurrency: number
  timeout_s: number
  attempts: number
  adapter: 'label-studio'
  media: 'link' | 'inline'
  bare_score: number
}

export type Latency = {
  n: number
  p50_s: number
  p95_s: number
}

export type Learnt = {
  n_tasks: number
  n_answers: number
  n_people: number
  agreement: number | null
  agreement_at_least: number | null
  median_seconds: number | null
  expected: Expected | null
  sentence: string
  said: Said[]
}

export type Lease = {
  expires_at: string
}

export type LinkCode = {
  code: string
}

export type LookSummary = {
  n_checked: number
  max_wrong: number | null
  n_wrong: number | null
  mean_loss: number | null
  error_upper_bound: number | null
}

export type LossSummary = {
  kind: string
  match_overlap: number
  mean_checked: number
  n_replaced: number
}

export type MadeInvitation = {
  id: string
  name: string
  email: string
  role: Role
  groups: GroupName[]
  state: InvitationState
  invited_by: string
  invited_by_name: string
  created_at: string
  expires_at: string
  accepted_at: string | null
  revoked_at: string | null
  code: string
  link: string
}

export type MadeKey = {
  id: string
  user_id: string
  name: string
  role: Role
  scope: Scope
  prefix: string
  test: boolean
  personal: boolean
  bearer: string
  created_at: string
  expires_at: string | null
  last_used_at: string | null
  revoked_at: string | null
  key: string
}

export type Me = {
  user_id: string
  name: string
  email: string | null
  role: Role
  groups: GroupName[]
  tenant_name: string
  tenant_slug: string
  password_changed_at: string | null
  authenticator: boolean
  recovery_codes_left: number
  passkeys: Passkey[]
  passkeys_possible: boolean
  second_factor_required: boolean
}

export type MediaView = {
  url: string | null
  thumbnail_url: string | null
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
  active: boolean
  groups: GroupName[]
  second_factor: boolean
  created_at: string
  last_used_at: string | null
}

export type MemberChange = {
  name?: string | null
  email?: string | null
  role?: Role | null
  active?: boolean | null
  group_ids?: string[] | null
}

export type Modality = 'image' | 'text'

export type Model = {
  id: string
  name: string
  adapter: string
  kind: string | null
  settings: OnnxSettings | HttpSettings | LabelStudioSettings | null
  header_names: string[]
  latest: ModelVersion | null
  n_projects: number
  n_predictions: number
  tested_at: string | null
  test: ModelTest | null
  error: Fault | null
  error_at: string | null
  created_at: string
}

export type ModelChange = {
  name?: string | null
  settings?: OnnxSettings | HttpSettings | LabelStudioSettings | null
  headers?: Record<string, string> | null
}

export type ModelSummary = {
  version: number
  accuracy: number | null
  n_trained_on: number
  at: string
}

export type ModelTest = {
  ok: boolean
  steps: TestStep[]
  latency: Latency | null
  classes: ClassMatch | null
  samples: Sample[]
  faults: Fault[]
}

export type ModelTrial = {
  project_id?: string | null
  version_id?: string | null
  n?: number
}

export type ModelVersion = {
  id: string
  model_id: string
  version: number
  name: string | null
  file_sha256: string | null
  n_bytes: number | null
  details: OnnxDetails | null
  n_trained_on: number
  created_at: string
}

export type Need = {
  code: string
  sentence: string
  said: Said[]
  n: number
}

export type NewArchive = {
  media?: ArchiveMedia
}

export type NewClone = {
  name: string
  parts?: ClonePart[]
  dataset_id?: string | null
}

export type NewConnection = {
  name: string
  kind: ConnectionKind
  bucket: string
  prefix?: string
  region?: string | null
  endpoint?: string | null
  account?: string | null
  anonymous?: boolean
  secret?: BucketSecret | null
}

export type NewDataset = {
  name: string
  modality: Modality
}

export type NewExport = {
  format: string
}

export type NewGroup = {
  name: string
}

export type NewInvitation = {
  name: string
  email: string
  role?: Role
  group_ids?: string[]
  days?: number
}

export type NewKey = {
  name: string
  role?: Role
  test?: boolean
  scope?: 'read' | 'label' | 'manage' | 'full'
  expires_at?: string | null
}

export type NewModel = {
  name: string
  kind: string
  settings: OnnxSettings | HttpSettings | LabelStudioSettings
  headers?: Record<string, string> | null
}

export type NewOwnKey = {
  name: string
  test?: boolean
  scope?: 'read' | 'label' | 'manage' | 'full'
  expires_at?: string | null
}

export type NewPasskeyAnswer = {
  token: string
  credential: string
  name?: string
}

export type NewPilot = {
  n_tasks?: number
  overlap?: number
}

export type NewProject = {
  name: string
  dataset_id: string
  template?: string | null
  kind?: string | null
  classes?: LabelClass[]
  attributes?: Attribute[]
  instructions?: string
  sections?: Section[]
  target?: QualityTarget
  pilot?: NewPilot | null
  simulated?: boolean
}

export type NewResetLink = {
  second_factor?: boolean
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

export type NewRun = {
  only_new?: boolean
}

export type NewSubmission = {
  submission_id: string
  annotations: Annotation[]
  ontology_version_id: string
  instructions_version: number
  duration_s: number
}

export type NewUpload = {
  dataset_id: string
  name: string
  files: FileToUpload[]
}

export type NextRequest = {
  count?: number
  purpose?: Purpose
  known?: string[]
}

export type NextWork = {
  items: Work[]
  waiting: string | null
  waiting_said: Said[]
  retry_after_s: number | null
  remaining: number
}

export type ObjectSummary = {
  n_labels: number
  n_objects: number
  n_empty: number
  agreement: number | null
  n_unsure: number
}

export type OnnxDetails = {
  producer: string
  opset: number
  n_nodes: number
  inputs: TensorInfo[]
  outputs: TensorInfo[]
  class_names: string[] | null
}

export type OnnxInput = {
  name: string | null
  width: number | null
  height: number | null
  layout: 'nchw' | 'nhwc' | null
  colors: 'rgb' | 'bgr' | 'gray' | null
  resize: 'stretch' | 'letterbox' | 'crop'
  scale: number
  mean: number[]
  std: number[]
  pad: number
}

export type OnnxOutput = {
  class_names: string[] | null
  activation: 'auto' | 'softmax' | 'none'
  boxes: string | null
  scores: string | null
  labels: string | null
  layout: 'separate' | 'yolo' | 'rows' | null
  box: 'xyxy' | 'xywh' | 'cxcywh' | null
  units: 'pixels' | 'shares'
  first_label: number
  min_score: number
  max_overlap: number
}

export type OnnxSettings = {
  class_map: Record<string, string>
  max_objects: number
  adapter: 'onnx'
  input: OnnxInput
  output: OnnxOutput
  batch_size: number
  timeout_s: number
}

export type OntologyVersion = {
  id: string
  version: number
  kind: string
  classes: LabelClass[]
  attributes: Attribute[]
}

export type OpenInvitation = {
  tenant_name: string
  tenant_slug: string
  name: string
  email: string
  role: Role
  invited_by_name: string
  expires_at: string
  passkeys: boolean
}

export type OpenReset = {
  tenant_name: string
  tenant_slug: string
  name: string
  email: string | null
  second_factor: boolean
  expires_at: string
}

export type Organisation = {
  organisation?: string | null
}

export type Origin = {
  project_id: string
  tenant_id: string
  archive_sha256: string
  public_key: string
  karat: string
  exported_at: string
  shift: string
}

export type Overview = {
  project_id: string
  at: string
  phase: string
  phase_sentence: string
  phase_said: Said[]
  stages: StageCounts
  answers: AnswerCounts
  error: ErrorState
  series: SeriesPoint[]
  beliefs: Histogram
  reliability: ReliabilityPoint[]
  classes: ClassCount[]
  objects: ObjectSummary | null
  people: PersonSummary[]
  model: ModelSummary | null
  activity: Activity
  needs: Need[]
  budget: BudgetState | null
}

export type OwnSession = {
  id: string
  device: string
  created_at: string
  last_used_at: string
  expires_at: string
  second_factor: boolean
  current: boolean
}

export type OwnSessions = {
  items: OwnSession[]
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

export type Page_ChoreStatus = {
  items: ChoreStatus[]
  next_cursor: string | null
}

export type Page_Connection = {
  items: Connection[]
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

export type Page_Group = {
  items: Group[]
  next_cursor: string | null
}

export type Page_Import = {
  items: Import[]
  next_cursor: string | null
}

export type Page_Invitation = {
  items: Invitation[]
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

export type Page_ModelVersion = {
  items: ModelVersion[]
  next_cursor: string | null
}

export type Page_Model = {
  items: Model[]
  next_cursor: string | null
}

export type Page_PredictionRun = {
  items: PredictionRun[]
  next_cursor: string | null
}

export type Page_ProjectArchive = {
  items: ProjectArchive[]
  next_cursor: string | null
}

export type Page_ProjectImport = {
  items: ProjectImport[]
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

export type Page_UploadFile = {
  items: UploadFile[]
  next_cursor: string | null
}

export type Page_Upload = {
  items: Upload[]
  next_cursor: string | null
}

export type Passkey = {
  id: string
  name: string
  rp_id: string
  backed_up: boolean
  created_at: string
  last_used_at: string | null
}

export type PasskeyAnswer = {
  token: string
  credential: string
}

export type PasskeyChange = {
  name: string
}

export type PasskeyRequest = {
  token: string
  options: Record<string, unknown>
  expires_at: string
}

export type PasswordChange = {
  current?: string | null
  'new': string
}

export type PasswordSignIn = {
  email: string
  password: string
  organisation?: string | null
}

export type PendingSecondFactor = {
  token: string
  expires_at: string
}

export type PersonSummary = {
  user_id: string
  name: string
  simulated: boolean
  n_answers: number
  accuracy: number | null
  low: number | null
  high: number | null
  detection: number | null
  false_share: number | null
  overlap: number | null
  median_seconds: number | null
}

export type Phase = 'pilot' | 'collecting' | 'routing' | 'checking' | 'certified' | 'review_needed'

export type Pilot = {
  n_tasks: number
  overlap: number
  state: PilotState
  learnt: Learnt | null
}

export type PilotState = 'waiting' | 'running' | 'done' | 'started'

export type PredictedAnnotation = {
  kind: string
  payload: Record<string, unknown>
  score: number
}

export type PredictionRun = {
  id: string
  project_id: string
  model_id: string | null
  model_version_id: string | null
  job_id: string | null
  source: PredictionSource
  name: string
  state: JobState
  n_total: number | null
  n_done: number
  n_predicted: number
  n_faults: number
  error: string | null
  created_at: string
  finished_at: string | null
}

export type PredictionSource = 'model' | 'file'

export type Predictions = {
  model_version_id: string
  model: string
  version: number
  annotations: PredictedAnnotation[]
}

export type Project = {
  id: string
  name: string
  dataset_id: string
  state: ProjectState
  phase: Phase
  phase_sentence: string
  phase_said: Said[]
  ontology: OntologyVersion
  instructions: Instructions
  target: QualityTarget
  pilot: Pilot | null
  simulated: boolean
  n_tasks: number
  created_at: string
}

export type ProjectArchive = {
  id: string
  project_id: string
  job_id: string | null
  media: ArchiveMedia
  state: JobState
  contents: ArchiveContents | null
  n_bytes: number | null
  sha256: string | null
  error: string | null
  created_at: string
}

export type ProjectImport = {
  id: string
  name: string
  job_id: string | null
  state: JobState
  project_id: string | null
  origin: Origin | null
  faults: Fault[]
  error: string | null
  created_at: string
  finished_at: string | null
}

export type ProjectModel = {
  model: Model
  version: ModelVersion | null
  accuracy: number | null
  calibration_error: number | null
  n_compared: number
  n_predicted: number
  n_open: number
  run: PredictionRun | null
}

export type ProjectPatch = {
  name?: string | null
  instructions?: string | null
  sections?: Section[] | null
  target?: TargetPatch | null
  state?: ProjectState | null
}

export type ProjectState = 'running' | 'paused' | 'finished'

export type ProjectTemplate = {
  name: string
  title: string
  summary: string
  kind: string
  modality: string
  classes: LabelClass[]
  attributes: Attribute[]
  instructions: string
  sections: Section[]
  target: QualityTarget
}

export type Proof = {
  password?: string | null
  code?: string | null
}

export type Purpose = 'label' | 'review' | 'check'

export type QualityTarget = {
  error: number
  confidence: number
  max_answers: number
  overlap: number | null
  match_overlap: number
  min_agreement: number
  min_score: number
  budget: Budget | null
}

export type Readiness = {
  status: string
  checks: string[]
  runner: string
}

export type ReasonList = {
  items: karat_tasks_routes_ReasonList_Item[]
}

export type RecoveryCodes = {
  codes: string[]
}

export type ReliabilityPoint = {
  confidence: number
  accuracy: number
  n: number
}

export type Renewal = {
  days?: number
}

export type Reset = {
  code: string
  password: string
}

export type ResetLink = {
  user_id: string
  name: string
  email: string | null
  second_factor: boolean
  code: string
  link: string
  expires_at: string
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
  | 'missed_object'
  | 'false_object'
  | 'wrong_place'
  | 'instructions_not_followed'
  | 'instructions_unclear'
  | 'asset_unclear'
  | 'other'

export type Role = 'owner' | 'admin' | 'manager' | 'reviewer' | 'annotator' | 'auditor' | 'service'

export type Said = {
  code: string
  facts: Record<string, number | string>
}

export type Sample = {
  asset_id: string
  name: string
  duration_s: number
  probabilities: Record<string, number> | null
  annotations: Record<string, unknown>[] | null
  faults: Fault[]
}

export type SavedDraft = {
  seq: number
  saved_at: string
}

export type Scope = 'read' | 'label' | 'manage' | 'full' | 'enrol'

export type Seal = {
  format: 'karat.audit.seal/1'
  tenant_id: string
  first_position: number
  last_position: number
  head_sha256: string
  sealed_at: string
  signature: string
}

export type SecondFactor = {
  token: string
  code: string
}

export type Section = {
  title: string
  label_class: string | null
  text: string
  good: Example[]
  bad: Example[]
}

export type SelfChange = {
  name?: string | null
  email?: string | null
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
  scope: Scope
  actions: string[]
  csrf_token: string
  expires_at: string
  version: string
}

export type ShownExample = {
  asset: Asset
  caption: string
}

export type ShownSection = {
  title: string
  label_class: string | null
  text: string
  good: ShownExample[]
  bad: ShownExample[]
}

export type SignIn = {
  code: string
}

export type SignInOptions = {
  organisation_wanted: boolean
  passkeys: boolean
}

export type SignInStep = {
  session: Session | null
  second_factor: PendingSecondFactor | null
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

export type TargetPatch = {
  error?: number | null
  confidence?: number | null
  max_answers?: number | null
  overlap?: number | null
  match_overlap?: number | null
  min_agreement?: number | null
  min_score?: number | null
  budget?: Budget | null
}

export type TaskDetail = {
  id: string
  asset: Asset
  stage: Stage
  label: string | null
  n_objects: number | null
  confidence: number | null
  n_answers: number
  updated_at: string
  project_id: string
  annotations: Annotation[] | null
  history: HistoryEntry[]
}

export type TaskRow = {
  id: string
  asset: Asset
  stage: Stage
  label: string | null
  n_objects: number | null
  confidence: number | null
  n_answers: number
  updated_at: string
}

export type TemplateList = {
  items: ProjectTemplate[]
}

export type Tenant = {
  id: string
  name: string
  slug: string
}

export type TenantChange = {
  name?: string | null
  second_factor_required?: boolean | null
}

export type TenantSettings = {
  name: string
  slug: string
  second_factor_required: boolean
}

export type TensorInfo = {
  name: string
  type: string
  shape: (number | string | null)[]
}

export type TestStep = {
  name: string
  ok: boolean | null
  message: string
}

export type Upload = {
  id: string
  dataset_id: string
  name: string
  n_files: number
  n_bytes: number
  n_received: number
  import_id: string | null
  created_at: string
  expires_at: string | null
}

export type UploadFile = {
  position: number
  name: string
  size: number
  offset: number
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
  predictions: Predictions | null
  proposed: Annotation[] | null
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
