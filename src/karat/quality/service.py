"""The engine's turn on a project: look at the evidence, then ask the model, ask people, send to review, or check."""

from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from karat import jobs, tasks
from karat.database import Transaction
from karat.jobs import Compute, Event, Run
from karat.kit import new_id
from karat.modalities import as_object_kind, kind_named
from karat.quality import checking, sayings, store
from karat.quality.holding import holds_back
from karat.quality.objects import checking as object_checking
from karat.quality.objects import turn as object_turn
from karat.quality.queueing import enqueue_turn
from karat.quality.situation import Situation, gather
from karat.tasks import Phase, Project, ProjectState, Purpose, Stage, presence, routing

TURNING = "karat.quality.arithmetic"
OPEN_SHARE = 0.1  # of a batch may still be out when the engine goes on, so that people need not wait for it


async def on_work(db: Transaction, events: list[Event]) -> None:
    """Hears that something happened to tasks: takes a turn where a batch or a look is complete."""
    for project_id in {UUID(event.payload["project_id"]) for event in events}:
        if await _is_due(db, project_id):
            await enqueue_turn(db, project_id)


async def on_prediction(db: Transaction, events: list[Event]) -> None:
    """Hears `assist.predicted`: what was asked of the model is there."""
    for project_id in {UUID(event.payload["project_id"]) for event in events}:
        await enqueue_turn(db, project_id)


async def _is_due(db: Transaction, project_id: UUID) -> bool:
    """Whether so few answers are still out that a turn may change something. Cheap: it runs for every few answers."""
    batch = await store.latest_batch(db, project_id)
    if batch is None and await routing.has_free_places(db, project_id, Stage.PEOPLE):
        return False  # every task gets a fixed number of answers, and not all are given yet
    open_labels = await routing.open_places(db, project_id, Stage.PEOPLE)
    if open_labels > (OPEN_SHARE * batch["n_tasks"] if batch else 0):
        # What is left may be for people who are not there: then those who are get something else.
        return batch is not None and await presence.is_starving(db, project_id)
    return not await routing.open_places(db, project_id, Stage.CHECK)


async def look_again(db: Transaction) -> None:
    """Chore: look again at projects that would wait for ever.

    Their turn or training failed or was cancelled, or those who could answer what is open have left.
    """
    stuck = await store.stuck_projects(db)
    starving = [one for one in await presence.waiting_projects(db) if await _is_due(db, one)]
    for project_id in {*stuck, *starving}:
        await enqueue_turn(db, project_id)


class Turn:
    """Handler of `quality.turn`. Safe to run again: every decision is recorded in the transaction that carries it out."""

    def __init__(self, compute: Compute, private_key: Ed25519PrivateKey) -> None:
        self._compute = compute
        self._private_key = private_key

    async def __call__(self, run: Run) -> None:
        project_id = UUID(run.payload["project_id"])
        async with run.transaction() as db:
            project = await tasks.get_project(db, run.caller, project_id)
            if project.state is not ProjectState.RUNNING or project.phase is Phase.CERTIFIED or not project.n_tasks:
                return
        if await holds_back(run, self._compute, project):
            return
        async with run.transaction() as db:
            if project.phase is Phase.CHECKING:
                due = not await routing.open_places(db, project_id, Stage.CHECK)
            else:
                due = await _is_due(db, project_id)
            has_objects = as_object_kind(kind_named(project.ontology.kind)) is not None
            situation = await gather(db, project) if due and not has_objects else None
        if due and has_objects:
            await self._turn_on_objects(run, project)
        elif situation is not None and project.phase is Phase.CHECKING:
            await checking.look(run, self._compute, self._private_key, situation)
        elif situation is not None:
            await self._route(run, situation)

    async def _turn_on_objects(self, run: Run, project: Project) -> None:
        if project.phase is Phase.CHECKING:
            await object_checking.look(run, self._compute, self._private_key, project)
        else:
            await object_turn.route(run, self._compute, project)

    async def _route(self, run: Run, now: Situation) -> None:
        """Close the batch that is complete and decide what follows."""
        fixed_overlap = now.project.target.overlap is not None
        batch_open = now.batch is not None and not now.batch["is_closed"]
        has_evidence = bool(now.answers or now.verified)
        if batch_open and has_evidence and not fixed_overlap and now.batch is not None:
            seen = now.version["metrics"]["batch_id"] if now.version else None
            if seen != str(now.batch["id"]):
                await self._ask_model(run, now, now.batch["id"])
                return
        if fixed_overlap and await self._waits_for_overlap(run, now):
            return
        turn = await self._compute.run(f"{TURNING}:take_turn", now.facts(), batch_open or fixed_overlap)
        async with run.transaction() as db:
            await _collect(db, now)
            if has_evidence:
                await _save(db, now, turn)
            if batch_open or (fixed_overlap and has_evidence):
                counts = await store.count_human_answers(db, now.project.id)
                await store.add_round(
                    db,
                    new_id(),
                    now.project.id,
                    now.batch["id"] if now.batch else None,
                    now.version["id"] if now.version else None,
                    counts["people"] + counts["checked"] + counts["review"],
                    turn.n_changed,
                    turn.expected_error,
                    {"reliability": turn.reliability, "model": _model_facts(now), "because": turn.step.because.text},
                )
            await self._carry_out(db, now, turn, fixed_overlap=fixed_overlap)

    async def _ask_model(self, run: Run, now: Situation, batch_id: UUID) -> None:
        """The answers so far become the labels that the model learns from."""
        turn = await self._compute.run(f"{TURNING}:refresh", now.facts())
        answered = {task for task, _, _ in now.answers} | set(now.verified)
        async with run.transaction() as db:
            await _collect(db, now)
            some = sorted(answered)
            names = now.project.ontology.names
            await routing.set_labels(
                db,
                [now.task_ids[at] for at in some],
                [names[turn.labels[at]] for at in some],
                [turn.confidences[at] for at in some],
            )
            await routing.set_phase(db, now.project.id, Phase.ROUTING, sayings.LEARNING())
            await jobs.publish(db, "quality.model_wanted", project_id=now.project.id, batch_id=batch_id)

    async def _waits_for_overlap(self, run: Run, now: Situation) -> bool:
        async with run.transaction() as db:
            left = await routing.open_places(db, now.project.id, Stage.PEOPLE)
            if left:
                words = tasks.sayings.OVERLAP(n=now.project.target.overlap or 1)
                await routing.set_phase(db, now.project.id, Phase.COLLECTING, words)
        return left > 0

    async def _carry_out(self, db: Transaction, now: Situation, turn: Any, *, fixed_overlap: bool) -> None:
        chosen = [now.task_ids[at] for at in turn.chosen]
        project_id = now.project.id
        if turn.step.action == "ask" and chosen and not fixed_overlap:
            await routing.take_back_leftovers(db, project_id)
            await routing.open_batch(db, project_id, chosen, Purpose.LABEL)
            await routing.set_phase(db, project_id, Phase.ROUTING, turn.step.because)
        elif turn.step.action == "review":
            waiting = await routing.open_places(db, project_id, Stage.REVIEW)
            if waiting or await routing.open_reviews(db, project_id, chosen):
                await routing.set_phase(db, project_id, Phase.REVIEW_NEEDED, turn.step.because)
        elif await routing.open_places(db, project_id, Stage.REVIEW):
            await routing.set_phase(db, project_id, Phase.REVIEW_NEEDED, sayings.LEFT_TO_REVIEW())
        elif not await routing.take_back_unclaimed(db, project_id):
            await routing.set_phase(db, project_id, Phase.CHECKING, turn.step.because)
            await enqueue_turn(db, project_id)


async def _collect(db: Transaction, now: Situation) -> None:
    await routing.collect_answered(db, now.project.id, Stage.PEOPLE, Stage.MODEL)


async def _save(db: Transaction, now: Situation, turn: Any) -> None:
    """Beliefs, labels and skills as this turn sees them."""
    names = now.project.ontology.names
    await store.save_beliefs(db, now.project.id, now.task_ids, turn.posterior, turn.gaps, turn.n_answers, len(names))
    await routing.set_labels(db, now.task_ids, [names[label] for label in turn.labels], turn.confidences)
    await store.save_skills(
        db, now.project.id, [(user, *one) for user, one in zip(now.people, turn.skills, strict=True)]
    )


def _model_facts(now: Situation) -> dict[str, Any]:
    if now.version is None:
        return {}
    return {"version": now.version["version"], "n_trained_on": now.version["n_trained_on"], **now.version["metrics"]}
