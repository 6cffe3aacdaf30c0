"""What the server answers with. Made by sdk/make_records.py from its OpenAPI document; do not edit.

Times are aware, probabilities between 0 and 1. A word that a newer server adds to a list of words comes through as it is.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from karat_client.faults import Fault

ArchiveMedia = Literal["included", "referenced"]
"""Whether an archive holds the media, or only their hashes, for where they are already."""

ClonePart = Literal["instructions", "target", "pilot"]
"""What a clone takes over beside the kind, the label classes and their attributes."""

ConnectionKind = Literal["s3", "gcs", "azure"]
"""Whose interface the bucket speaks: Amazon S3 and what is compatible with it, Google, Azure."""

ImportMode = Literal["copy", "reference"]
"""Whether what comes from a bucket is copied to the storage of this server, or stays where it is."""

ImportSource = Literal["upload", "folder", "files", "bucket"]
"""Where an import reads from."""

InvitationState = Literal["open", "accepted", "expired", "revoked"]
"""What has become of an invitation."""

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
"""Where a job is."""

Modality = Literal["image", "text"]
"""What the assets of a dataset are."""

Phase = Literal["pilot", "collecting", "routing", "checking", "certified", "review_needed"]
"""What the engine does with a project now."""

PilotState = Literal["waiting", "running", "done", "started"]
"""Where a pilot is: its tasks are being made, people label them, its lead is to decide, the rest is asked for."""

PredictionSource = Literal["model", "file"]
"""Where predictions come from."""

ProjectState = Literal["running", "paused", "finished"]
"""Whether work is given out."""

Purpose = Literal["label", "review", "check"]
"""What an assignment is for."""

ReviewReason = Literal[
    "wrong_class",
    "missed_object",
    "false_object",
    "wrong_place",
    "instructions_not_followed",
    "instructions_unclear",
    "asset_unclear",
    "other",
]
"""Why an answer was fixed or rejected."""

Role = Literal["owner", "admin", "manager", "reviewer", "annotator", "auditor", "service"]
"""What a member of a tenant is there for."""

Scope = Literal["read", "label", "manage", "full", "enrol"]
"""How much of its bearer's role a key or session may use. It only ever narrows."""

Stage = Literal["model", "people", "review", "check", "done"]
"""Where a task is: with the router and its model, with people, in review, in the certificate check, or done."""

Verdict = Literal["accept", "fix", "reject"]
"""What a reviewer decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What goes on right now."""

    answers_last_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterView:
    """A way in which models are asked.

    Attributes:
        settings: JSON schema of a model's settings; None of adapters whose models nobody registers.
    """

    name: str
    title: str
    kinds: tuple[str, ...]
    takes_file: bool
    settings: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One thing that is said about an asset, as it travels: the payload is read by the kind that is named.

    Attributes:
        payload: the kind's own record as JSON.
    """

    kind: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Somebody's answer as a reviewer sees it: by letter, not by name."""

    submission_id: UUID
    by: str
    annotations: tuple[Annotation, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCounts:
    """Human answers and what they are compared with.

    Attributes:
        human: all answers by people: labels, reviews and checks.
        baseline: three answers for every task.
        saved, saved_vs_one: share of the baseline, or of one answer each, that was not needed. None before the end: what
            is not asked yet is not saved.
    """

    human: int
    people: int
    review: int
    check: int
    baseline: int
    saved: float | None = None
    saved_vs_one: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveContents:
    """How much of what an archive holds.

    Attributes:
        n_labels: tasks that had a label.
        n_media: files of assets that are in it; 0 where they are only named.
    """

    n_assets: int
    n_tasks: int
    n_answers: int
    n_reviews: int
    n_labels: int
    n_certificates: int
    n_people: int
    n_media: int
    media_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaView:
    """How to get at an asset's content.

    Attributes:
        url: signed, for this caller, for some minutes; None when the text is here.
        text: the whole text, up to 100,000 characters; longer ones are behind `url`.
        thumbnail_url: of an image: a small WebP of it, for lists.
    """

    url: str | None = None
    thumbnail_url: str | None = None
    media_type: str
    width: int | None = None
    height: int | None = None
    length: int | None = None
    text: str | None = None
    n_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One thing to label."""

    id: UUID
    external_id: str
    name: str
    media: MediaView
    metadata: dict[str, str]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One more thing that is said about an annotation, beside its label class.

    Attributes:
        name: the key in an annotation's `attributes`; never changed by a new title.
        title: what people read instead of the name.
        type: `select` takes one of the options; `checkbox` any number of them, or yes and no where it has none;
            `number` a number; `text` anything that is typed.
        required: an annotation without it is not right.
        minimum: of a number, itself allowed; None where there is none. `maximum` likewise.
        description: when to say what, for annotators; plain text.
        applies_to: names of the label classes that have it; None for all.
    """

    name: str
    title: str | None = None
    type: Literal["select", "checkbox", "number", "text"]
    options: tuple[str, ...] = ()
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    description: str = ""
    applies_to: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the record of the tenant."""

    id: UUID
    at: datetime
    actor_id: UUID | None = None
    actor_name: str | None = None
    action: str
    subject: str
    data: dict[str, Any]
    position: int | None = None
    sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketSecret:
    """What a bucket wants to see; which fields, depends on its kind.

    Attributes:
        access_key_id, secret_access_key, session_token: of S3; the token only with temporary credentials.
        service_account_key: of Google: the JSON file of a service account, as text.
        account_key, sas_token: of Azure, one of the two.
    """

    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    service_account_key: str | None = field(default=None, repr=False)
    account_key: str | None = field(default=None, repr=False)
    sas_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a project may cost. Every human answer counts: labels, reviews and checks.

    Attributes:
        max_answers: human answers.
        max_cost: money, in minor units of the currency; needs a price.
        price: of one answer, in minor units.
        currency: ISO 4217.
    """

    max_answers: int | None = None
    max_cost: int | None = None
    price: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetState:
    """How much of a budget is used.

    Attributes:
        allowed: answers that it pays for.
        used: answers given.
        open: answers that tasks in front of people still want.
        cost: of the answers given, in minor units at the present price; None without a price.
    """

    allowed: int
    used: int
    open: int
    cost: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LossSummary:
    """How the error of objects was measured, and what was found.

    Attributes:
        match_overlap: from which overlap two objects of one class are the same thing.
        mean_checked: mean loss of the checked labels before they were put right.
        n_replaced: checked labels that the reference changed, those without a loss included.
    """

    kind: str
    match_overlap: float
    mean_checked: float
    n_replaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSummary:
    """A look of the plan, and what was found there if it was reached.

    Attributes:
        max_wrong: with which the plan certifies; None where any loss is bounded.
        mean_loss: of the checked labels of objects, before they were put right.
    """

    n_checked: int
    max_wrong: int | None = None
    n_wrong: int | None = None
    mean_loss: float | None = None
    error_upper_bound: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSummary:
    """A certificate as a page shows it; the signed document is behind `/file`.

    Attributes:
        method: how the bound was found.
        n_wrong: checked labels that were wrong; of objects, those with a loss.
        loss: of objects; None where a label is right or wrong.
    """

    id: UUID
    project_id: UUID
    issued_at: datetime
    statement: str
    error_upper_bound: float
    target_error: float
    confidence: float
    method: str
    n_labels: int
    n_checked: int
    n_wrong: int
    loss: LossSummary | None = None
    attempt: int
    reference: str
    simulated: bool
    sha256: str
    public_key: str
    looks: tuple[LookSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLabel:
    """A label that was drawn, and what the reference said.

    Attributes:
        delivered, reference: the class, for kinds whose whole answer is one.
        frozen_annotations, reference_annotations: of objects, before the check and after it.
        loss: of objects.
        agreed: the label was right; of objects, it had no loss.
    """

    task_id: UUID
    asset: Asset
    delivered: str | None = None
    reference: str | None = None
    frozen_annotations: tuple[Annotation, ...] | None = None
    reference_annotations: tuple[Annotation, ...] | None = None
    loss: float | None = None
    agreed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoreStatus:
    """Something that comes round by itself, and how its last round went.

    Attributes:
        last_run_at: a round of an untroubled chore is noted every 15 seconds at most.
        next_run_at: when it is due; a moment that lies in the past says that no server runs, or that it is held up.
        error: of the last round that failed, also when later ones were good: `error_at` says when.
        failures_in_a_row: 0 when the last round was good.
    """

    name: str
    every_s: float
    last_run_at: datetime
    last_duration_s: float
    last_good_at: datetime | None = None
    next_run_at: datetime
    error: str | None = None
    error_at: datetime | None = None
    failures_in_a_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCount:
    """Tasks by believed label, or objects by class."""

    name: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMatch:
    """How the model's classes and the project's meet.

    Attributes:
        matched: the project's class by the model's.
        only_model: classes of the model that the project does not have; what it says of them is left out.
        only_project: classes of the project that the model cannot give.
    """

    matched: dict[str, str]
    only_model: tuple[str, ...]
    only_project: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionTest:
    """What came of asking the bucket.

    Attributes:
        can_list, can_read: None where it did not come to that.
        sample_key: of the object that was read to try it.
        faults: what stands in the way, each with its fix; none when all is well.
    """

    ok: bool
    can_list: bool | None = None
    can_read: bool | None = None
    sample_key: str | None = None
    duration_s: float
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A bucket that the tenant has connected.

    Attributes:
        secret_hint: enough to tell one key from another: `AKIA…7Q2M`.
        n_references: contents that stay in this bucket; while there are any, it cannot be removed.
        test: the latest one.
    """

    id: UUID
    name: str
    kind: ConnectionKind
    bucket: str
    prefix: str
    region: str | None = None
    endpoint: str | None = None
    account: str | None = None
    anonymous: bool
    secret_hint: str | None = None
    n_references: int
    tested_at: datetime | None = None
    test: ConnectionTest | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Assets of one modality."""

    id: UUID
    name: str
    modality: Modality
    n_assets: int
    n_bytes: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Work that is not handed in yet, as autosaved.

    Attributes:
        seq: counts the edits; an older draft never replaces a newer one.
    """

    seq: int
    annotations: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorState:
    """What is known about the share of wrong labels.

    Attributes:
        estimate: what the beliefs claim of themselves; no promise.
        upper_bound: what the certificate bounds, None without one.
        mean_loss: of the checked labels of objects, before they were put right; None before the first look.
        bound_so_far: what can be left after the checks made until the last look, for objects: it holds at any time.
    """

    estimate: float | None = None
    upper_bound: float | None = None
    confidence: float | None = None
    n_checked: int
    n_wrong: int
    mean_loss: float | None = None
    bound_so_far: float | None = None
    certified: bool
    certificate_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An asset of the project's dataset that shows something.

    Attributes:
        caption: what it shows; plain text.
    """

    asset_id: UUID
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Human answers that the rest takes if the first check succeeds. A range of the plan, not of chance.

    Attributes:
        labels: answers that are still to be given.
        checks_low, checks_high: to the plan's first look, and to its last; of objects: without any loss, and of everything.
        cost_low, cost_high: in minor units of the budget's currency, where it names a price.
    """

    labels: int
    checks_low: int
    checks_high: int
    cost_low: int | None = None
    cost_high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedObject:
    """Something that people marked.

    Attributes:
        existence: how likely it is there; the label has what is more likely there than not.
        classes: how likely it is of each class.
        n_marks: people who marked it.
    """

    kind: str
    payload: dict[str, Any]
    existence: float
    classes: dict[str, float]
    n_marks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One sentence as a client can say it in its own words.

    Attributes:
        code: which sentence; stable.
        facts: what it is about. Shares are floats from 0 to 1.
    """

    code: str
    facts: dict[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a task has its label.

    Attributes:
        posterior: per class, for kinds whose whole answer is one.
        objects: every candidate that somebody marked; empty where one person alone has answered.
        agreement: mean F1 of two answers.
        said: the sentence by sentence, for clients that speak otherwise.
    """

    task_id: UUID
    stage: Stage
    posterior: dict[str, float]
    objects: tuple[ExplainedObject, ...] = ()
    agreement: float | None = None
    sentence: str
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file of labels, made by a job.

    Attributes:
        sha256: of the file, once it is done.
        cannot_express: what the format loses, in words; empty means nothing.
    """

    id: UUID
    project_id: UUID
    job_id: UUID | None = None
    format: str
    state: JobState
    n_labels: int | None = None
    n_bytes: int | None = None
    sha256: str | None = None
    cannot_express: tuple[str, ...]
    error: str | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatListItem:
    """One format; `cannot_express` says what is lost in it."""

    name: str
    title: str
    suffix: str
    lossless: bool
    cannot_express: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatList:
    """The formats that labels can be exported in."""

    items: tuple[FormatListItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People who are meant together, as for giving them work."""

    id: UUID
    name: str
    n_members: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupName:
    """A group, by its name."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The server answers."""

    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Counts between edges."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """Something that happened to a task.

    Attributes:
        n_objects: that were said to be there, for kinds of objects.
        annotations: these objects; None where nothing was said of them.
    """

    at: datetime
    what: str
    by_id: UUID | None = None
    by_name: str | None = None
    label: str | None = None
    n_objects: int | None = None
    annotations: tuple[Annotation, ...] | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """A model that speaks Karat's own protocol: docs/reference/model-protocol.md."""

    class_map: dict[str, str] = field(default_factory=dict)
    max_objects: int = 300
    url: str
    batch_size: int = 8
    concurrency: int = 2
    timeout_s: float = 30
    attempts: int = 3
    adapter: Literal["http"] = "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """An import and how far it is.

    Attributes:
        rows_read: files or rows looked at, good and bad.
        n_duplicates: content that the dataset had already; not added again.
        n_faults: rows that could not be taken; each is told with its place and reason.
        connection_id: of the bucket that it reads, and `mode`: whether what it reads stays there.
    """

    id: UUID
    dataset_id: UUID
    job_id: UUID | None = None
    source: ImportSource
    name: str
    state: JobState
    rows_read: int
    rows_total: int | None = None
    n_added: int
    n_duplicates: int
    n_faults: int
    error: str | None = None
    connection_id: UUID | None = None
    mode: ImportMode | None = None
    created_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """What annotators are told; every answer records the version that they saw."""

    version: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownExample:
    """An example with its asset; the link to its content is the reader's own."""

    asset: Asset
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """A section as it is read."""

    title: str
    label_class: str | None = None
    text: str
    good: tuple[ShownExample, ...]
    bad: tuple[ShownExample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionsVersion:
    """One version of a project's instructions, whole. It never changes: every answer tells which one was seen."""

    version: int
    text: str
    sections: tuple[ShownSection, ...]
    is_current: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation without its link."""

    id: UUID
    name: str
    email: str
    role: Role
    groups: tuple[GroupName, ...]
    state: InvitationState
    invited_by: UUID
    invited_by_name: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A background unit of work, as people see it.

    Attributes:
        subject_id: the project, import or export that it works for.
        progress, total: in units of the job's own, rows or tasks; total is None while unknown.
        rate_per_s: units a second, measured over the attempt that runs; None until there are two measurements.
        eta: when it is done at this rate, while it runs.
        error: what went wrong last, also while it is being tried again.
        attempts: since it was enqueued, or since somebody had it tried again.
        retries: how often somebody had it tried again after it had failed for good.
        next_attempt_at: when it is tried again by itself.
        cancel_requested: it ends at its next step.
    """

    id: UUID
    name: str
    title: str
    state: JobState
    progress: int | None = None
    total: int | None = None
    rate_per_s: float | None = None
    eta: datetime | None = None
    message: str | None = None
    error: str | None = None
    attempts: int
    retries: int
    subject_id: UUID | None = None
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None = None
    next_attempt_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCounts:
    """How many jobs are in each state; those that failed for good wait for a decision."""

    queued: int
    running: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key without its secret.

    Attributes:
        personal: it acts as a person, not as a program.
    """

    id: UUID
    user_id: UUID
    name: str
    role: Role
    scope: Scope
    prefix: str
    test: bool
    personal: bool
    bearer: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindListItem:
    """One kind."""

    name: str
    modality: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindList:
    """The kinds of annotation that are registered."""

    items: tuple[KindListItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelClass:
    """One class that a label can have. The rules of `rules.py` say what is right; the record itself takes any text.

    Attributes:
        name: what labels hold; unique within the ontology and never changed by a new title.
        title: what people read instead of the name.
        color: `#rrggbb`.
        hotkey: the one letter or digit that answers with this class.
        description: when to use the class, for annotators; plain text.
        category_id: the number of the class in files that number classes (COCO); None numbers it by its place.
    """

    name: str
    title: str | None = None
    color: str | None = None
    hotkey: str | None = None
    description: str = ""
    category_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelStudioSettings:
    """A model that speaks the protocol of Label Studio's ML backends.

    Attributes:
        media: `link` sends a signed link to an image, which the backend fetches from this server within minutes;
            `inline` the image itself as a data URI.
        bare_score: how sure a choice counts that comes without a score.
    """

    class_map: dict[str, str] = field(default_factory=dict)
    max_objects: int = 300
    url: str
    batch_size: int = 8
    concurrency: int = 2
    timeout_s: float = 30
    attempts: int = 3
    adapter: Literal["label-studio"] = "label-studio"
    media: Literal["link", "inline"] = "link"
    bare_score: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long one asset takes, asked alone, in seconds; of `n` assets."""

    n: int
    p50_s: float
    p95_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What a pilot has shown.

    Attributes:
        agreement: mean over the tasks with two answers or more of how far they agree: 1 the same, 0 nothing in common.
        agreement_at_least: what it is at least over all tasks, with 95 % confidence.
        median_seconds: of an answer.
        expected: None where nothing can honestly be said; `sentence` says why.
        said: the sentence by sentence, as of `Project.phase_said`.
    """

    n_tasks: int
    n_answers: int
    n_people: int
    agreement: float | None = None
    agreement_at_least: float | None = None
    median_seconds: float | None = None
    expected: Expected | None = None
    sentence: str
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """How long an assignment is held."""

    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeInvitation:
    """An invitation with its link, which is shown this once: hand it to the person yourself."""

    id: UUID
    name: str
    email: str
    role: Role
    groups: tuple[GroupName, ...]
    state: InvitationState
    invited_by: UUID
    invited_by_name: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None
    code: str = field(repr=False)
    link: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKey:
    """A key just made; `key` is shown this once and never again."""

    id: UUID
    user_id: UUID
    name: str
    role: Role
    scope: Scope
    prefix: str
    test: bool
    personal: bool
    bearer: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who belongs to the tenant.

    Attributes:
        second_factor: signs in with a passkey, or with an authenticator app beside the password.
        last_used_at: of their newest session or key, to ten minutes; None when they never came.
    """

    user_id: UUID
    name: str
    email: str | None = None
    role: Role
    kind: str
    active: bool = True
    groups: tuple[GroupName, ...]
    second_factor: bool = False
    created_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxInput:
    """How an image becomes the model's input. What is left out is read from the shape of the input.

    Attributes:
        name: of the input, where the model has several.
        layout: order of the dimensions: channels before or after height and width.
        resize: `stretch` to the size; `letterbox` keeps the proportions and fills up; `crop` keeps them and cuts.
        scale: what pixel values 0 … 255 are multiplied by, before the mean is taken off and the rest divided by `std`.
            Inputs of whole numbers get the pixels as they are.
        pad: pixel value that fills up.
    """

    name: str | None = None
    width: int | None = None
    height: int | None = None
    layout: Literal["nchw", "nhwc"] | None = None
    colors: Literal["rgb", "bgr", "gray"] | None = None
    resize: Literal["stretch", "letterbox", "crop"] = "stretch"
    scale: float = 0.00392156862745098
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    pad: int = 114


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxOutput:
    """How the model's outputs are read. What is left out is inferred from their number and shapes.

    Attributes:
        class_names: in the order of the outputs, or of the numbers in `labels`.
        activation: what makes probabilities of the scores of classes: nothing, or softmax; `auto` sees whether they are.
        boxes, scores, labels: names of outputs of a detector that has one for each.
        layout: `separate` as above; `yolo` is one output of box and a score per class (YOLO v8 and later); `rows` is one
            of x1, y1, x2, y2, score, class.
        box: what the four numbers of a box are.
        units: pixels of the input, or shares of it.
        min_score: weaker objects are left out.
        max_overlap: of two boxes of one class that overlap more, the weaker is left out; 1 keeps all.
    """

    class_names: tuple[str, ...] | None = None
    activation: Literal["auto", "softmax", "none"] = "auto"
    boxes: str | None = None
    scores: str | None = None
    labels: str | None = None
    layout: Literal["separate", "yolo", "rows"] | None = None
    box: Literal["xyxy", "xywh", "cxcywh"] | None = None
    units: Literal["pixels", "shares"] = "pixels"
    first_label: int = 0
    min_score: float = 0.25
    max_overlap: float = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxSettings:
    """A model that is an ONNX file, and runs here, on the processor."""

    class_map: dict[str, str] = field(default_factory=dict)
    max_objects: int = 300
    adapter: Literal["onnx"] = "onnx"
    input: OnnxInput = field(default_factory=OnnxInput)
    output: OnnxOutput = field(default_factory=OnnxOutput)
    batch_size: int = 8
    timeout_s: float = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorInfo:
    """An input or output of an ONNX model; a dimension is a number, a name where any length goes, or unknown."""

    name: str
    type: str
    shape: tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxDetails:
    """What an uploaded file says of itself.

    Attributes:
        opset: of the standard operators.
        class_names: that the file brings along, in the order of its outputs.
    """

    producer: str
    opset: int
    n_nodes: int
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    class_names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """One version of a model; every prediction names the one that made it.

    Attributes:
        version: counted from 1.
        name: what its makers call it, where they do.
        file_sha256, n_bytes: of an uploaded file.
        n_trained_on: answers of this installation's people that it learned from.
    """

    id: UUID
    model_id: UUID
    version: int
    name: str | None = None
    file_sha256: str | None = None
    n_bytes: int | None = None
    details: OnnxDetails | None = None
    n_trained_on: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TestStep:
    """One thing that was tried; `ok` is None where it did not come to that."""

    name: str
    ok: bool | None = None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the model said about one asset of a test."""

    asset_id: UUID
    name: str
    duration_s: float
    probabilities: dict[str, float] | None = None
    annotations: tuple[dict[str, Any], ...] | None = None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTest:
    """What came of trying a model.

    Attributes:
        faults: what stands in the way, each with its fix; none when all is well.
    """

    ok: bool
    steps: tuple[TestStep, ...]
    latency: Latency | None = None
    classes: ClassMatch | None = None
    samples: tuple[Sample, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model that the tenant has.

    Attributes:
        adapter: how it is asked; one of `/api/model-adapters`.
        kind: of annotation that it proposes; None of models that learn here, which take their project's.
        settings: None for models that have none.
        header_names: of what is sent along; the values are never shown.
        latest: its newest version.
        n_projects: that have it as their model.
        n_predictions: that it was asked for or that were imported; while there are any, or projects, it cannot be deleted.
        test: the latest one.
        error: what went wrong last, also when later attempts were good: `error_at` says when.
    """

    id: UUID
    name: str
    adapter: str
    kind: str | None = None
    settings: OnnxSettings | HttpSettings | LabelStudioSettings | None = None
    header_names: tuple[str, ...]
    latest: ModelVersion | None = None
    n_projects: int
    n_predictions: int
    tested_at: datetime | None = None
    test: ModelTest | None = None
    error: Fault | None = None
    error_at: datetime | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSummary:
    """The newest version of the project's model; accuracy is out of fold on the asked, thus hard, assets."""

    version: int
    accuracy: float | None = None
    n_trained_on: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that waits for a decision.

    Attributes:
        said: the sentence for clients that speak otherwise.
    """

    code: str
    sentence: str
    said: tuple[Said, ...] = ()
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPilot:
    """Tasks to label before the rest is asked for, so that one sees what the rest will take.

    Attributes:
        n_tasks: drawn at random.
        overlap: people who label each; two or more show how far they agree.
    """

    n_tasks: int = 30
    overlap: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedAnnotation:
    """An annotation that a model proposes.

    Attributes:
        score: how sure the model is, as it says itself; nothing has checked that.
    """

    kind: str
    payload: dict[str, Any]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictions:
    """What a model proposes for an asset, and which version of it."""

    model_version_id: UUID
    model: str
    version: int
    annotations: tuple[PredictedAnnotation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A task that the caller holds now.

    Attributes:
        predictions: of a model, to start from when labelling objects.
        proposed: what the engine would take for the label, to be put right in review and check; None where the caller
            is to judge without knowing it.
    """

    assignment_id: UUID
    task_id: UUID
    project_id: UUID
    purpose: Purpose
    expires_at: datetime
    lease_seconds: int
    asset: Asset
    draft: Draft | None = None
    answers: tuple[Answer, ...] = ()
    predictions: Predictions | None = None
    proposed: tuple[Annotation, ...] | None = None
    ontology_version_id: UUID
    instructions_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextWork:
    """Work to do; when there is none, why, and when to ask again.

    Attributes:
        waiting: why, in English.
        waiting_said: the same sentence by sentence, for clients that speak otherwise.
    """

    items: tuple[Work, ...]
    waiting: str | None = None
    waiting_said: tuple[Said, ...] = ()
    retry_after_s: float | None = None
    remaining: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectSummary:
    """What the labels of objects say.

    Attributes:
        n_labels: tasks with a label; `n_empty` of them say that nothing is there.
        agreement: mean F1 of two answers to a task; None where no task has two.
        n_unsure: tasks whose answers leave the existence or class of something unsure.
    """

    n_labels: int
    n_objects: int
    n_empty: int
    agreement: float | None = None
    n_unsure: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OntologyVersion:
    """One version as stored. It never changes, so whoever has read it may keep it.

    Attributes:
        kind: the kind of annotation that the classes are for; `image.class`.
    """

    id: UUID
    version: int
    kind: str
    classes: tuple[LabelClass, ...]
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an imported project comes from.

    Attributes:
        project_id, tenant_id: as they are there.
        archive_sha256: of the file that was read.
        public_key: of the installation that wrote it; its certificates are signed with the same.
        shift: what was added to every id, see `archive_ids`.
    """

    project_id: UUID
    tenant_id: UUID
    archive_sha256: str
    public_key: str
    karat: str
    exported_at: datetime
    shift: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCounts:
    """Tasks by stage."""

    model: int = 0
    people: int = 0
    review: int = 0
    check: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPoint:
    """The state after a batch."""

    answers: int
    expected_error: float | None = None
    changed: int
    model_accuracy: float | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityPoint:
    """How often the model was right where it was about this sure, against what people said, out of fold."""

    confidence: float
    accuracy: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSummary:
    """A person's work on the project; accuracy with its 95 % interval.

    Attributes:
        detection, false_share, overlap: of objects: share of the things there that they mark, share of their marks where
            nothing is, mean overlap with what was agreed. None where nobody else has said anything of the same.
    """

    user_id: UUID
    name: str
    simulated: bool
    n_answers: int
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    detection: float | None = None
    false_share: float | None = None
    overlap: float | None = None
    median_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The answer to "how is it going?" on one screen.

    Attributes:
        beliefs: tasks by confidence; without edges for kinds of objects, which have no belief per task.
        classes: tasks by label, or objects by class.
        objects: for kinds of objects only.
        budget: what of it is used; None where the project has none.
    """

    project_id: UUID
    at: datetime
    phase: str
    phase_sentence: str
    phase_said: tuple[Said, ...] = ()
    stages: StageCounts
    answers: AnswerCounts
    error: ErrorState
    series: tuple[SeriesPoint, ...]
    beliefs: Histogram
    reliability: tuple[ReliabilityPoint, ...]
    classes: tuple[ClassCount, ...]
    objects: ObjectSummary | None = None
    people: tuple[PersonSummary, ...]
    model: ModelSummary | None = None
    activity: Activity
    needs: tuple[Need, ...]
    budget: BudgetState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """A project's pilot as it is now."""

    n_tasks: int = 30
    overlap: int = 2
    state: PilotState
    learnt: Learnt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionRun:
    """A model that is asked about tasks, or a file of predictions that is read, and how far it is.

    Attributes:
        name: of the model, or of the file.
        model_version_id: of what was said last; a file, or a model that is renewed meanwhile, can bring several.
        n_total: open tasks; None of a file until it was read.
        n_done: tasks asked about, or rows read.
        n_predicted: of them that have a prediction now.
        n_faults: what could not be taken; each is told with its place and reason.
        job_id: cancel it, or have it tried again, by `/api/jobs`; it goes on after the last whole step.
    """

    id: UUID
    project_id: UUID
    model_id: UUID | None = None
    model_version_id: UUID | None = None
    job_id: UUID | None = None
    source: PredictionSource
    name: str
    state: JobState
    n_total: int | None = None
    n_done: int
    n_predicted: int
    n_faults: int
    error: str | None = None
    created_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityTarget:
    """What the delivery must hold, and what it may cost.

    Attributes:
        error: at most this fraction of the labels is wrong.
        confidence: of that statement.
            For kinds of objects: at most this is the mean loss of an asset, 1 - F1 of its matched objects.
        max_answers: people asked per task at most, before a reviewer decides.
        overlap: a fixed number of answers for every task; None lets the router ask only where it pays. Kinds of objects
            have no router: None is 1 for them, and 0 takes a model's predictions as the labels.
        match_overlap: two objects of one class are the same thing if they overlap at least this far.
        min_agreement: tasks whose answers agree less go to review; agreement is the mean F1 of two answers.
        min_score: with an overlap of 0, predicted objects with a lower score are no part of the label.
        budget: when it is used up nobody is asked any more, not even for the check; None for no limit.
    """

    error: float = 0.01
    confidence: float = 0.95
    max_answers: int = 5
    overlap: int | None = None
    match_overlap: float = 0.5
    min_agreement: float = 0.5
    min_score: float = 0.5
    budget: Budget | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A dataset, a question about its assets, and the quality that the answer must have.

    Attributes:
        phase_sentence: what the engine does now and why, in English.
        phase_said: the same sentence by sentence, for clients that speak otherwise; empty where that is not known.
    """

    id: UUID
    name: str
    dataset_id: UUID
    state: ProjectState
    phase: Phase
    phase_sentence: str
    phase_said: tuple[Said, ...] = ()
    ontology: OntologyVersion
    instructions: Instructions
    target: QualityTarget
    pilot: Pilot | None = None
    simulated: bool
    n_tasks: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectArchive:
    """A whole project as a file, made by a job.

    Attributes:
        contents, sha256: once it is done; the hash is of the file.
    """

    id: UUID
    project_id: UUID
    job_id: UUID | None = None
    media: ArchiveMedia
    state: JobState
    contents: ArchiveContents | None = None
    n_bytes: int | None = None
    sha256: str | None = None
    error: str | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectImport:
    """A project that comes in as an archive, read by a job.

    Attributes:
        project_id: of the new project, once it is there; it appears whole or not at all.
        origin: None until the archive was read.
        faults: what was wrong with the archive, with the part and line where it is.
    """

    id: UUID
    name: str
    job_id: UUID | None = None
    state: JobState
    project_id: UUID | None = None
    origin: Origin | None = None
    faults: tuple[Fault, ...] = ()
    error: str | None = None
    created_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectModel:
    """The model of a project.

    Attributes:
        version: the one that was chosen to stay; None where the newest counts.
        accuracy, calibration_error: against what people said about the same tasks, out of fold; None before enough is
            known, and for kinds of objects.
        n_compared: tasks behind these figures.
        n_predicted, n_open: open tasks that have a prediction, and all of them.
        run: the newest.
    """

    model: Model
    version: ModelVersion | None = None
    accuracy: float | None = None
    calibration_error: float | None = None
    n_compared: int
    n_predicted: int
    n_open: int
    run: PredictionRun | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the instructions.

    Attributes:
        title: needed where the section is about no label class.
        label_class: the name of the label class that the section is about; each has one section at most.
        text: plain text.
        good: how it is done.
        bad: what is often taken for it, or done wrong.
    """

    title: str = ""
    label_class: str | None = None
    text: str = ""
    good: tuple[Example, ...] = ()
    bad: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTemplate:
    """A project to start from.

    Attributes:
        name: what a new project gives as its `template`.
        modality: of the datasets that it fits.
        sections: of the instructions; examples are added from one's own data.
    """

    name: str
    title: str
    summary: str
    kind: str
    modality: str
    classes: tuple[LabelClass, ...]
    attributes: tuple[Attribute, ...] = ()
    instructions: str
    sections: tuple[Section, ...]
    target: QualityTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonListItem:
    """One reason."""

    code: ReviewReason
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonList:
    """The listed reasons for a fix or a rejection."""

    items: tuple[ReasonListItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetLink:
    """A link that lets a member set a new password, once; it is shown in this answer only."""

    user_id: UUID
    name: str
    email: str | None = None
    second_factor: bool
    code: str = field(repr=False)
    link: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A decision that was taken."""

    id: UUID
    task_id: UUID
    assignment_id: UUID
    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDraft:
    """The draft is on the server's disk."""

    seq: int
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The signed end of a batch; kept outside the database it is a checkpoint.

    Attributes:
        signature: over the canonical JSON of all other fields, in hexadecimal.
    """

    format: Literal["karat.audit.seal/1"] = "karat.audit.seal/1"
    tenant_id: UUID
    first_position: int
    last_position: int
    head_sha256: str
    sealed_at: datetime
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, a program, or a simulated person, and says which."""

    id: UUID
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """An organisation whose data nobody else sees."""

    id: UUID
    name: str
    slug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in, and what the role allows, so that screens offer nothing that would be refused.

    Attributes:
        scope: `enrol` until the second factor that the tenant asks for is set up; nothing else is allowed before.
    """

    user: User
    tenant: Tenant
    role: Role
    scope: Scope = "full"
    actions: tuple[str, ...]
    csrf_token: str = field(repr=False)
    expires_at: datetime
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """The public key that certificates and audit seals of this installation are verified with."""

    public_key: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Work that was accepted."""

    id: UUID
    task_id: UUID
    assignment_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDetail:
    """A task and everything that led to its label.

    Attributes:
        annotations: the label, for kinds of objects: none of them, and there is nothing on the asset. None without a label.
    """

    id: UUID
    asset: Asset
    stage: Stage
    label: str | None = None
    n_objects: int | None = None
    confidence: float | None = None
    n_answers: int
    updated_at: datetime
    project_id: UUID
    annotations: tuple[Annotation, ...] | None = None
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task in a list.

    Attributes:
        label: the class, for kinds whose whole answer is one; None where there is none.
        n_objects: objects of the label, for kinds of objects; None while there is no label.
    """

    id: UUID
    asset: Asset
    stage: Stage
    label: str | None = None
    n_objects: int | None = None
    confidence: float | None = None
    n_answers: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateList:
    """The templates that there are."""

    items: tuple[ProjectTemplate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSettings:
    """The organisation and its rules of signing in."""

    name: str
    slug: str
    second_factor_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Files on their way, and how much of them has come.

    Attributes:
        n_received: bytes that are here; what was cut off goes on from there.
        import_id: of the import that reads them, once the upload is complete.
        expires_at: when it is forgotten, unless something more comes.
    """

    id: UUID
    dataset_id: UUID
    name: str
    n_files: int
    n_bytes: int
    n_received: int
    import_id: UUID | None = None
    created_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFile:
    """One file of an upload.

    Attributes:
        position: from 0, in the order in which they were announced; names it in addresses.
        offset: how many of its bytes are here: the next part begins there.
    """

    position: int
    name: str
    size: int
    offset: int
