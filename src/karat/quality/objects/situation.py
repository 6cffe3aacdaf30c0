"""What is known about a project of objects, gathered from the database into plain lists."""

from dataclasses import dataclass
from uuid import UUID

from karat.database import Transaction
from karat.quality import store as quality_store
from karat.quality.objects import store
from karat.quality.objects.types import Annotations, Evidence, TaskAnswers
from karat.tasks import Project, Stage


@dataclass(frozen=True, slots=True)
class ObjectSituation:
    """A project's tasks in a fixed order and everything said about them.

    Attributes:
        written: the label on each task as people see it; None where there is none.
        predicted: what a model said, as far as its scores reach the target's, by task index.
        answers: by task index, (annotator index, annotations).
        people: user ids by annotator index.
        verified: what the reference decided, by task index.
    """

    project: Project
    task_ids: list[UUID]
    asset_ids: list[UUID]
    stages: list[Stage]
    written: list[Annotations | None]
    predicted: dict[int, Annotations]
    answers: dict[int, list[tuple[int, Annotations]]]
    people: list[UUID]
    verified: dict[int, Annotations]

    def evidence(self) -> Evidence:
        """What the compute process needs of it; its tasks are those of `answered`."""
        target = self.project.target
        return Evidence(
            kind=self.project.ontology.kind,
            class_names=list(self.project.ontology.names),
            match_overlap=target.match_overlap,
            min_agreement=target.min_agreement,
            n_annotators=len(self.people),
            tasks=[TaskAnswers(answers=self.answers[at], verified=self.verified.get(at)) for at in self.answered],
        )

    @property
    def answered(self) -> list[int]:
        """Indexes of the tasks that annotators have answered."""
        return sorted(self.answers)

    def taken_from_model(self) -> dict[int, Annotations]:
        """Labels that are predictions: with an overlap of 0, where nobody has said anything."""
        if self.project.target.overlap != 0:
            return {}
        return {at: said for at, said in self.predicted.items() if at not in self.answers and at not in self.verified}


async def gather(db: Transaction, project: Project) -> ObjectSituation:
    """Read everything; one snapshot, since a transaction's statements see what was committed before each."""
    rows = await store.tasks_of(db, project.id)
    at = {row["id"]: index for index, row in enumerate(rows)}
    people: dict[UUID, int] = {}
    answers: dict[int, dict[int, Annotations]] = {}
    for row in await quality_store.answers_of(db, project.id):
        if row["task_id"] in at:
            who = people.setdefault(row["user_id"], len(people))
            answers.setdefault(at[row["task_id"]], {})[who] = row["annotations"]
    decided = await quality_store.verified_of(db, project.id)
    return ObjectSituation(
        project=project,
        task_ids=[row["id"] for row in rows],
        asset_ids=[row["asset_id"] for row in rows],
        stages=[Stage(row["stage"]) for row in rows],
        written=[row["annotations"] for row in rows],
        predicted={
            index: _likely(row["predicted"], project.target.min_score)
            for index, row in enumerate(rows)
            if row["predicted"] is not None
        },
        answers={index: sorted(some.items()) for index, some in answers.items()},
        people=list(people),
        verified={at[row["task_id"]]: row["annotations"] for row in decided if row["task_id"] in at},
    )


def _likely(predicted: Annotations, min_score: float) -> Annotations:
    return [{"kind": one["kind"], "payload": one["payload"]} for one in predicted if one["score"] >= min_score]
