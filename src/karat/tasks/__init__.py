"""The work: projects, tasks, who holds them, what was handed in, how it was judged."""

from karat.tasks import budget, pilots, presence, routing, sayings, setup_store
from karat.tasks.budget import BudgetState
from karat.tasks.departures import on_members_changed
from karat.tasks.errors import ProjectNotFound, TaskNotFound
from karat.tasks.leases import expire_leases
from karat.tasks.predictions import save_predictions
from karat.tasks.projects import (
    create_project,
    enqueue_fill,
    fill,
    fill_after_import,
    get_project,
    get_task,
    list_projects,
)
from karat.tasks.types import (
    STAGE_OF,
    Expected,
    Learnt,
    NewProject,
    Phase,
    PilotState,
    Project,
    ProjectState,
    Purpose,
    QualityTarget,
    Stage,
    TaskDetail,
)
from karat.tasks.work_types import PredictedAnnotation, Verdict

__all__ = [
    "STAGE_OF",
    "BudgetState",
    "Expected",
    "Learnt",
    "NewProject",
    "Phase",
    "PilotState",
    "PredictedAnnotation",
    "Project",
    "ProjectNotFound",
    "ProjectState",
    "Purpose",
    "QualityTarget",
    "Stage",
    "TaskDetail",
    "TaskNotFound",
    "Verdict",
    "budget",
    "create_project",
    "enqueue_fill",
    "expire_leases",
    "fill",
    "fill_after_import",
    "get_project",
    "get_task",
    "list_projects",
    "on_members_changed",
    "pilots",
    "presence",
    "routing",
    "save_predictions",
    "sayings",
    "setup_store",
]
