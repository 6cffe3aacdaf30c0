"""Before the engine's turn: is there something that holds it back? A pilot that runs or is to be judged, or a budget.

Also opens what a fixed overlap asks for where that could not be done when the tasks were made.
"""

from karat.database import Transaction
from karat.jobs import Compute, Run
from karat.kit.sayings import Words
from karat.modalities import as_object_kind, kind_named
from karat.quality import check_store, overview_store, sayings
from karat.tasks import BudgetState, Learnt, Phase, PilotState, Project, Stage, budget, pilots, routing, setup_store

LEARNING = "karat.quality.piloting:learn"
PLANNING = "karat.quality.piloting:least_checks"


async def holds_back(run: Run, compute: Compute, project: Project) -> bool:
    """Whether the engine waits: for a pilot, for its lead, for money, or for answers that it has just asked for."""
    if project.pilot is not None and project.pilot.state is not PilotState.STARTED:
        await _pilot(run, compute, project)
        return True
    if project.phase in (Phase.PILOT, Phase.COLLECTING):
        async with run.transaction() as db:
            if await pilots.ask_rest(db, project):
                return True
    return project.target.budget is not None and await _is_used_up(run, compute, project)


async def _pilot(run: Run, compute: Compute, project: Project) -> None:
    pilot = project.pilot
    assert pilot is not None
    async with run.transaction() as db:
        if pilot.state is PilotState.WAITING:
            await pilots.begin(db, project, pilot)
        waits = await routing.open_places(db, project.id, Stage.PEOPLE)
        if pilot.state is PilotState.DONE or waits:
            return
        rows = await setup_store.pilot_answers(db, project.id)
    people = {user: at for at, user in enumerate(dict.fromkeys(row["user_id"] for row in rows))}
    tasks = {task: at for at, task in enumerate(dict.fromkeys(row["task_id"] for row in rows))}
    answers = [
        (tasks[row["task_id"]], people[row["user_id"]], row["annotations"], float(row["duration_s"])) for row in rows
    ]
    learnt = Learnt.model_validate(
        await compute.run(LEARNING, project.ontology.kind, answers, project.n_tasks, project.target.model_dump())
    )
    async with run.transaction() as db:
        await pilots.finish(db, project, learnt)


async def _is_used_up(run: Run, compute: Compute, project: Project) -> bool:
    """Whether nothing more can be asked and nothing is awaited; says so, and what is missing for the certificate."""
    async with run.transaction() as db:
        state = await budget.state_of(db, project)
        if state is None or state.open or state.room >= (project.target.overlap or 1):
            return False
        if project.phase is Phase.CHECKING and not (missing := await _unchecked(db, project)):
            return False  # everything drawn is checked: the engine looks at it, which costs nothing
    if project.phase is not Phase.CHECKING:
        missing = await _least_checks(compute, project)
    async with run.transaction() as db:
        await routing.explain_phase(db, project.id, used_up(state, missing))
    return True


def used_up(state: BudgetState, n_missing: int) -> Words:
    """What is used, and what the certificate still needs."""
    allowed = state.allowed
    used = sayings.USED_UP_ALMOST(n=allowed, n_left=state.room) if state.room else sayings.USED_UP(n=allowed)
    return used + sayings.CHECKS_MISSING(n=n_missing)


async def _unchecked(db: Transaction, project: Project) -> int:
    draw = await check_store.latest_draw(db, project.id)
    if draw is None:
        return 0
    counts = await overview_store.check_counts(db, draw["id"])
    return int(draw["n_drawn"] - counts["n_checked"])


async def _least_checks(compute: Compute, project: Project) -> int:
    has_objects = as_object_kind(kind_named(project.ontology.kind)) is not None
    target = project.target
    n: int = await compute.run(PLANNING, project.n_tasks, target.error, target.confidence, has_objects)
    return n
