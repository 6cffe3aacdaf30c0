/**
 * The records of `/api` under the names that the app uses. Their shapes come from the server's OpenAPI document
 * (`generated.ts`). Times are ISO 8601 in UTC, probabilities floats.
 */
import type * as server from './generated'

export type {
  AdapterView,
  Annotation,
  Answer,
  Asset,
  Attribute,
  AuditEntry,
  AuthenticatorSetup,
  BucketImport,
  ChoreStatus,
  Connection,
  ConnectionChange,
  ConnectionKind,
  ConnectionTest,
  Dataset,
  Explanation,
  Export,
  Fault,
  Group,
  GroupName,
  HttpSettings,
  Import,
  Invitation,
  InvitationState,
  Job,
  JobCounts,
  JobState,
  LabelClass,
  LabelStudioSettings,
  MadeInvitation,
  Me,
  Member,
  MemberChange,
  Modality,
  Model,
  ModelChange,
  ModelTest,
  ModelVersion,
  NewConnection,
  NewInvitation,
  NewKey,
  NewModel,
  NewOwnKey,
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
  PredictedAnnotation,
  PredictionRun,
  Predictions,
  Project,
  ProjectModel,
  Purpose,
  QualityTarget,
  ReliabilityPoint,
  ResetLink,
  Role,
  Scope,
  SeriesPoint,
  Session,
  SignInOptions,
  SignInStep,
  Stage,
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
