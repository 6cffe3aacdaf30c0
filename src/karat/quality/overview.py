"""Use case of looking: the overview of a project."""

from uuid import UUID

import asyncpg

from karat import tasks
from karat.database import Transaction
from karat.kit import Action, Caller, require, utc_now
from karat.kit.sayings import Words
from karat.modalities import as_object_kind, kind_named
from karat.quality import check_store, overview_store, sayings, store
from karat.quality.types import (
    Activity,
    AnswerCounts,
    ClassCount,
    ErrorState,
    Histogram,
    ModelSummary,
    Need,
    ObjectSummary,
    Overview,
    PersonSummary,
    ReliabilityPoint,
    SeriesPoint,
    StageCounts,
)
from karat.tasks import Phase, PilotState, Project, budget

BASELINE_ANSWERS = 3
MINUTE_S = 60


async def get_overview(db: Transaction, caller: Caller, project_id: UUID) -> Overview:
    """How a project is going.

    Raises:
        ProjectNotFound: no such project in the caller's tenant.
    """
    require(caller, Action.SEE_QUALITY)
    project = await tasks.get_project(db, caller, project_id)
    rounds = await store.rounds(db, project_id)
    stages = StageCounts(**await overview_store.stages(db, project_id))
    last = rounds[-1] if rounds else None
    error = await _error(db, project, last)
    of_objects = as_object_kind(kind_named(project.ontology.kind)) is not None
    classes = await (overview_store.object_classes if of_objects else overview_store.classes)(db, project_id)
    return Overview(
        project_id=project_id,
        at=utc_now(),
        phase=project.phase,
        phase_sentence=project.phase_sentence,
        phase_said=project.phase_said,
        stages=stages,
        answers=await _answers(db, project, certified=error.certified),
        error=error,
        series=[_point(row) for row in rounds],
        beliefs=Histogram(edges=[], counts=[]) if of_objects else await _beliefs(db, project_id),
        reliability=[_reliability(one) for one in (last["facts"].get("reliability", []) if last else [])],
        classes=[ClassCount(name=row["name"], n=row["n"]) for row in classes],
        objects=ObjectSummary(**await overview_store.objects(db, project_id)) if of_objects else None,
        people=[PersonSummary.model_validate(dict(row)) for row in await overview_store.people(db, project_id)],
        model=_model(await store.model_version(db, project_id)),
        activity=Activity(answers_last_minute=await overview_store.answers_since(db, project_id, MINUTE_S)),
        needs=await _needs(db, project, stages),
        budget=await budget.state_of(db, project),
    )


async def _answers(db: Transaction, project: Project, *, certified: bool) -> AnswerCounts:
    counts = await store.count_human_answers(db, project.id)
    human = counts["people"] + counts["checked"] + counts["review"]
    baseline = BASELINE_ANSWERS * project.n_tasks
    told = certified and project.n_tasks > 0
    return AnswerCounts(
        human=human,
        people=counts["people"],
        review=counts["review"],
        check=counts["checked"],
        baseline=baseline,
        saved=1 - human / baseline if told else None,
        saved_vs_one=1 - human / project.n_tasks if told else None,
    )


async def _error(db: Transaction, project: Project, last: asyncpg.Record | None) -> ErrorState:
    estimate = last["expected_error"] if last else None
    draw = await check_store.latest_draw(db, project.id)
    counts = await overview_store.check_counts(db, draw["id"]) if draw else None
    certificates = await check_store.certificates(db, project.id, None, 1)
    document = check_store.read_document(certificates[0]) if certificates else None
    return ErrorState(
        estimate=estimate,
        upper_bound=document.error_upper_bound if document else None,
        confidence=project.target.confidence,
        n_checked=counts["n_checked"] if counts else 0,
        n_wrong=counts["n_wrong"] if counts else 0,
        mean_loss=counts["mean_loss"] if counts else None,
        bound_so_far=draw["upper_bound"] if draw else None,
        certified=project.phase is Phase.CERTIFIED and document is not None,
        certificate_id=certificates[0]["id"] if certificates else None,
    )


async def _beliefs(db: Transaction, project_id: UUID) -> Histogram:
    counts = await overview_store.beliefs(db, project_id)
    edges = [round(at / overview_store.BELIEF_BINS, 6) for at in range(overview_store.BELIEF_BINS + 1)]
    return Histogram(edges=edges, counts=counts)


async def _needs(db: Transaction, project: Project, stages: StageCounts) -> list[Need]:
    needs = []
    if project.pilot is not None and project.pilot.state is PilotState.DONE:
        needs.append(_need("pilot", sayings.NEEDS_START(), 1))
    if (state := await budget.state_of(db, project)) and not state.open and state.room < (project.target.overlap or 1):
        needs.append(_need("budget", sayings.NEEDS_BUDGET(), state.used))
    if stages.review:
        needs.append(_need("review", sayings.NEEDS_REVIEW(), stages.review))
    if project.phase is Phase.CHECKING and stages.check:
        needs.append(_need("check", sayings.NEEDS_CHECK(), stages.check))
    if stages.people and (missing := (project.target.overlap or 1) - await overview_store.people_who_may_label(db)) > 0:
        needs.append(_need("people", sayings.NEEDS_PEOPLE(n=project.target.overlap or 1), missing))
    faults = await overview_store.failed_imports(db, project.id)
    if faults:
        needs.append(_need("import_faults", sayings.NEEDS_IMPORT(), faults))
    waiting = await overview_store.assets_without_task(db, project.id)
    if waiting > 0 and project.phase in (Phase.CHECKING, Phase.CERTIFIED):
        needs.append(_need("assets_waiting", sayings.NEEDS_ASSETS(), waiting))
    return needs


def _need(code: str, words: Words, n: int) -> Need:
    return Need(code=code, sentence=words.text, said=words.said, n=n)


def _point(row: asyncpg.Record) -> SeriesPoint:
    return SeriesPoint(
        answers=row["n_human_answers"],
        expected_error=row["expected_error"],
        changed=row["n_changed"],
        model_accuracy=row["facts"].get("model", {}).get("accuracy"),
        at=row["created_at"],
    )


def _reliability(one: list[float]) -> ReliabilityPoint:
    return ReliabilityPoint(confidence=one[0], accuracy=one[1], n=int(one[2]))


def _model(row: asyncpg.Record | None) -> ModelSummary | None:
    if row is None:
        return None
    return ModelSummary(
        version=row["version"],
        accuracy=row["metrics"].get("accuracy"),
        n_trained_on=row["n_trained_on"],
        at=row["created_at"],
    )
