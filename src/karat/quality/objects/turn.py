"""The engine's turn on a project of objects: collect answers, agree, send what stays unsure to review, then check."""

from collections.abc import Sequence
from typing import Any

from karat import tasks
from karat.database import Transaction
from karat.jobs import Compute, Run
from karat.kit import new_id
from karat.quality import sayings
from karat.quality import store as quality_store
from karat.quality.objects import store
from karat.quality.objects.situation import ObjectSituation, gather
from karat.quality.objects.types import Agreed, Annotations
from karat.quality.queueing import enqueue_turn
from karat.tasks import Phase, Project, Purpose, Stage, routing

CONSENSUS = "karat.quality.objects.consensus"
LABELLING = "karat.quality.objects.labelling"


async def route(run: Run, compute: Compute, project: Project) -> None:
    """Take the next step of a project whose labels are not frozen."""
    async with run.transaction() as db:
        if await _is_collecting(db, project) or await _is_in_review(db, project):
            return
        now = await gather(db, project)
        if await _asks_for_labels(db, now):
            return
    agreed = await compute.run(f"{CONSENSUS}:agree", now.evidence())
    labels, classes, confidences = await compute.run(
        f"{LABELLING}:choose_labels", project.ontology.kind, now.verified, now.answered, agreed, now.taken_from_model()
    )
    async with run.transaction() as db:
        if await routing.open_places(db, project.id, Stage.PEOPLE):
            return  # somebody took an answer back just now; the turn after theirs goes on
        await routing.collect_answered(db, project.id, Stage.PEOPLE, Stage.MODEL)
        await _save(db, now, agreed, labels, classes, confidences)
        chosen = [
            now.task_ids[at]
            for at, one in zip(now.answered, agreed.tasks, strict=True)
            if one.needs_review and at not in now.verified and now.stages[at] is not Stage.REVIEW
        ]
        await _go_on(db, project, await routing.open_reviews(db, project.id, chosen))


async def _is_collecting(db: Transaction, project: Project) -> bool:
    """Whether answers are still awaited; says so."""
    waiting = await routing.open_places(db, project.id, Stage.PEOPLE)
    if waiting:
        words = tasks.sayings.OVERLAP(n=project.target.overlap or 1)
        await routing.set_phase(db, project.id, Phase.COLLECTING, words)
    return waiting > 0


async def _is_in_review(db: Transaction, project: Project) -> bool:
    """Whether reviewers still decide what the last consensus sent them: nothing new is known before they have."""
    return project.phase is Phase.REVIEW_NEEDED and await routing.open_places(db, project.id, Stage.REVIEW) > 0


async def _asks_for_labels(db: Transaction, now: ObjectSituation) -> bool:
    """Put tasks in front of people that nobody and no model has said anything about, or wait for the model."""
    project, overlap = now.project, now.project.target.overlap
    if overlap == 0 and not now.predicted:
        await routing.set_phase(db, project.id, Phase.COLLECTING, sayings.PREDICTIONS_AWAITED())
        return True
    known = {*now.answers, *now.verified, *now.taken_from_model()}
    bare = [
        now.task_ids[at]
        for at, stage in enumerate(now.stages)
        if at not in known and stage in (Stage.MODEL, Stage.DONE)
    ]
    if not bare:
        return False
    await routing.open_batch(db, project.id, bare, Purpose.LABEL, wanted=max(overlap or 1, 1))
    words = tasks.sayings.OVERLAP(n=overlap) if overlap else sayings.NOT_PREDICTED()
    await routing.set_phase(db, project.id, Phase.COLLECTING, words)
    return True


async def _save(
    db: Transaction,
    now: ObjectSituation,
    agreed: Agreed,
    labels: dict[int, Annotations],
    classes: dict[int, list[str]],
    confidences: dict[int, float | None],
) -> None:
    """Consensus, labels and skills as this turn sees them, and the round."""
    project = now.project
    await store.save_consensus(db, project.id, [now.task_ids[at] for at in now.answered], agreed.tasks)
    await store.save_skills(db, project.id, list(zip(now.people, agreed.skills, strict=True)))
    some = sorted(labels)
    await routing.set_annotations(
        db,
        [now.task_ids[at] for at in some],
        [labels[at] for at in some],
        [classes[at] for at in some],
        [confidences[at] for at in some],
    )
    batch = await quality_store.latest_batch(db, project.id)
    version = await quality_store.model_version(db, project.id)
    counts = await quality_store.count_human_answers(db, project.id)
    await quality_store.add_round(
        db,
        new_id(),
        project.id,
        batch["id"] if batch else None,
        version["id"] if version else None,
        counts["people"] + counts["checked"] + counts["review"],
        sum(now.written[at] != labels[at] for at in some),
        _mean([one.expected_loss for one in agreed.tasks]),
        {"agreement": _mean([one.agreement for one in agreed.tasks]), "n_unsure": _n_unsure(agreed)},
    )


async def _go_on(db: Transaction, project: Project, n_chosen: int) -> None:
    waiting = await routing.open_places(db, project.id, Stage.REVIEW)
    if waiting:
        words = sayings.UNSURE_OBJECTS(n=n_chosen) if n_chosen else sayings.LEFT_TO_REVIEW()
        await routing.set_phase(db, project.id, Phase.REVIEW_NEEDED, words)
    elif not await routing.take_back_unclaimed(db, project.id):
        await routing.set_phase(db, project.id, Phase.CHECKING, sayings.LABELLED())
        await enqueue_turn(db, project.id)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if known else None


def _n_unsure(agreed: Any) -> int:
    return sum(one.needs_review for one in agreed.tasks)
