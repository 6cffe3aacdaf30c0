/**
 * The records of `/api` under the names that the app uses. Their shapes come from the server's OpenAPI document
 * (`generated.ts`). Times are ISO 8601 in UTC, probabilities floats.
 */
import type * as server from './generated'

export type {
  AdapterView,
  Annotation,
  Answer,
  ArchiveContents,
  ArchiveMedia,
  Asset,
  Attribute,
  AuditEntry,
  AuthenticatorSetup,
  BucketImport,
  Budget,
  BudgetState,
  ChoreStatus,
  ClonePart,
  Connection,
  ConnectionChange,
  ConnectionKind,
  ConnectionTest,
  Dataset,
  Example,
  Expected,
  Explanation,
  Export,
  Fault,
  Group,
  GroupName,
  HttpSettings,
  Import,
  InstructionsVersion,
  Invitation,
  InvitationState,
  Job,
  JobCounts,
  JobState,
  LabelClass,
  LabelStudioSettings,
  Learnt,
  MadeInvitation,
  Me,
  Member,
  MemberChange,
  Modality,
  Model,
  ModelChange,
  ModelTest,
  ModelVersion,
  NewClone,
  NewConnection,
  NewInvitation,
  NewKey,
  NewModel,
  NewOwnKey,
  NewPilot,
  NewProject,
  NextWork,
  OnnxSettings,
  OntologyVersion,
  OpenInvitation,
  OpenReset,
  Overview,
  OwnSession,
  Passkey,
  PasskeyRequest,
  PendingSecondFactor,
  Phase,
  Pilot,
  PredictedAnnotation,
  PredictionRun,
  Predictions,
  Project,
  ProjectArchive,
  ProjectImport,
  ProjectModel,
  ProjectPatch,
  ProjectTemplate,
  Purpose,
  QualityTarget,
  ReliabilityPoint,
  ResetLink,
  Role,
  Said,
  Scope,
  Section,
  SeriesPoint,
  Session,
  ShownExample,
  ShownSection,
  SignInOptions,
  SignInStep,
  Stage,
  TargetPatch,
  TaskDetail,
  TaskRow,
  TenantSettings,
  Upload,
  UploadFile,
  Verdict,
  Work,
} from './generated'

export type Id = string
export type Page<T> = { items: T[]; next_cursor?: string | null }
export type KindName = string
export type Media = server.MediaView
export type PersonRow = server.PersonSummary
export type TaskEvent = server.HistoryEntry
export type SubmissionBody = server.NewSubmission
export type ReviewBody = server.NewReview
export type ReviewReason = server.karat_tasks_routes_ReasonList_Item
export type ReviewReasonCode = server.ReviewReason
export type Look = server.LookSummary
export type Certificate = server.CertificateSummary
export type Check = server.CheckedLabel
export type Format = server.karat_api_routes_about_FormatList_Item
export type ApiKey = server.Key
export type MadeKey = server.MadeKey
