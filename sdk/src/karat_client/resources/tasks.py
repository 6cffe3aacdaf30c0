"""Tasks: one asset each, and what is known about its label."""

from karat_client.listing import Listing
from karat_client.records import Explanation, Stage, TaskDetail, TaskRow
from karat_client.resources.base import Ref, Resource, id_of


class Tasks(Resource):
    """What became of every asset of a project."""

    def list(
        self,
        project: Ref,
        *,
        stage: Stage | None = None,
        label: str | None = None,
        min_confidence: float | None = None,
        max_confidence: float | None = None,
    ) -> Listing[TaskRow]:
        """The tasks of a project, newest first, by stage, label and confidence."""
        query = {
            "stage": stage,
            "label": label,
            "min_confidence": min_confidence,
            "max_confidence": max_confidence,
        }
        return self._listing("GET", "/api/projects/{project_id}/tasks", TaskRow, query=query, project_id=id_of(project))

    def get(self, task: Ref) -> TaskDetail:
        """One task and what led to its label."""
        return self._call("GET", "/api/tasks/{task_id}", TaskDetail, task_id=id_of(task))

    def explain(self, task: Ref) -> Explanation:
        """Why a task has its label."""
        return self._call("GET", "/api/tasks/{task_id}/explanation", Explanation, task_id=id_of(task))
