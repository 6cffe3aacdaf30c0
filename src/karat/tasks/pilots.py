"""The pilot of a project: some tasks are labelled first, and the rest waits until the lead has seen what they showed."""

from uuid import UUID

from karat import audit, jobs
from karat.database import Transaction
from karat.kit import Action, Caller, new_id, require
from karat.kit.sayings import Words
from karat.tasks import budget, projects, routing, sayings, setup_store
from karat.tasks.errors import NoPilot
from karat.tasks.store import lock_project
from karat.tasks.types import Learnt, Phase, Pilot, PilotState, Project, Stage


async def start_project(db: Transaction, caller: Caller, project_id: UUID) -> Project:
    """End the pilot, also before all of it is answered: what nobody holds goes back, and the engine asks for the rest.

    Raises:
        ProjectNotFound.
        NoPilot: there is none, or it was ended before.
    """
    require(caller, Action.MANAGE_WORK)
    await lock_project(db, project_id)
    project = await projects.get_project(db, caller, project_id)
    if project.pilot is None or project.pilot.state is PilotState.STARTED:
        raise NoPilot(project_id=project_id)
    await routing.take_back(db, project_id, (Stage.PEOPLE,))
    await setup_store.set_pilot(db, project_id, PilotState.STARTED)
    await routing.set_phase(db, project_id, Phase.COLLECTING, sayings.PILOT_STARTED())
    await audit.record(db, caller, "project.started", project_id, pilot=project.pilot.state)
    await jobs.publish(db, "tasks.project_changed", project_id=project_id)
    return await projects.get_project(db, caller, project_id)


async def begin(db: Transaction, project: Project, pilot: Pilot) -> None:
    """Put the tasks of the pilot in front of people."""
    row = await setup_store.find_pilot(db, project.id)
    assert row is not None
    n = pilot.n_tasks
    if (room := await budget.room(db, project.id)) is not None:
        n = min(n, room // pilot.overlap)
    n_drawn = await setup_store.begin_pilot(db, project.id, new_id(), n, pilot.overlap, row["seed"])
    await setup_store.set_pilot(db, project.id, PilotState.RUNNING)
    await routing.set_phase(db, project.id, Phase.PILOT, sayings.PILOT_RUNS(n_tasks=n_drawn, n_people=pilot.overlap))


async def finish(db: Transaction, project: Project, learnt: Learnt) -> None:
    """The pilot is answered: tell what it has shown, and wait for the lead."""
    await routing.collect_answered(db, project.id, Stage.PEOPLE, Stage.MODEL)
    await setup_store.set_pilot(db, project.id, PilotState.DONE, learnt.model_dump(mode="json"))
    await routing.set_phase(db, project.id, Phase.PILOT, Words(text=learnt.sentence, said=learnt.said))


async def ask_rest(db: Transaction, project: Project) -> int:
    """Open the tasks that wait for a fixed number of answers and that nobody was asked about, as the budget allows."""
    overlap = project.target.overlap
    if not overlap:
        return 0
    room = await budget.room(db, project.id)
    n_opened = await setup_store.ask_rest(db, project.id, overlap, None if room is None else room // overlap)
    if n_opened:
        await routing.set_phase(db, project.id, Phase.COLLECTING, sayings.OVERLAP(n=overlap))
    return n_opened
