"""The work itself: take a task, save, hand in, judge, pass on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from karat_client.records import (
    Annotation,
    Lease,
    NextWork,
    Purpose,
    ReasonList,
    ReasonListItem,
    Review,
    ReviewReason,
    SavedDraft,
    Submission,
    Verdict,
    Work,
)
from karat_client.resources.answering import Answering, Way
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.resources.projects import Projects
from karat_client.transport import Transport

Answer = str | Annotation | Sequence[Annotation]
"""A label class for the whole asset, an annotation, or several."""

Held = Work | UUID | str
"""Work that was taken, or the id of its assignment."""


class WorkResource(Resource):
    """Tasks as their annotators and reviewers see them."""

    def __init__(self, transport: Transport, projects: Projects) -> None:
        super().__init__(transport)
        self._projects = projects
        self._kinds: dict[UUID, str] = {}

    def next(self, project: Ref, count: int = 1, *, purpose: Purpose = "label", known: Sequence[Held] = ()) -> NextWork:
        """Take the next tasks; each is held for you until its lease ends.

        Args:
            count: 1 to 10.
            purpose: `label`, `review` or `check`.
            known: what you hold already and need not be sent again.

        Returns:
            The work; if there is none, why, and when to ask again.
        """
        body = {"count": count, "purpose": purpose, "known": [_held(one) for one in known]}
        return self._call("POST", "/api/projects/{project_id}/next", NextWork, body=body, project_id=id_of(project))

    def submit(
        self, work: Work, answer: Answer, *, duration_s: float = 0.0, submission_id: UUID | None = None
    ) -> Submission:
        """Hand in an answer. Under the same `submission_id` it can be sent twice and counts once.

        Args:
            answer: a label class, an annotation, or several.
            duration_s: seconds that were worked on it.

        Raises:
            Invalid: with every fault found, not only the first.
            Conflict: the lease is over (`task.lease_ended`), or it was handed in already.
        """
        body = {
            "submission_id": submission_id or uuid4(),
            "annotations": self.annotations(work, answer),
            "ontology_version_id": work.ontology_version_id,
            "instructions_version": work.instructions_version,
            "duration_s": duration_s,
        }
        path = "/api/assignments/{assignment_id}/submission"
        return self._call("POST", path, Submission, body=body, assignment_id=_held(work))

    def draft(self, work: Work, answer: Answer, seq: int) -> SavedDraft:
        """Save work that is not finished; `seq` counts its edits, and an older draft never replaces a newer one."""
        body = {"seq": seq, "annotations": self.annotations(work, answer)}
        return self._call(
            "PUT", "/api/assignments/{assignment_id}/draft", SavedDraft, body=body, assignment_id=_held(work)
        )

    def review(
        self,
        work: Work,
        verdict: Verdict,
        *,
        submission: UUID | str | None = None,
        answer: Answer | None = None,
        reason: ReviewReason | None = None,
        note: str | None = None,
        duration_s: float = 0.0,
        review_id: UUID | None = None,
    ) -> Review:
        """Judge the answers to a task.

        Args:
            verdict: `accept` one of the answers, `fix` it by your own, or `reject` all.
            submission: the answer that is accepted or fixed; `work.answers` has them.
            answer: yours, for a fix.
            reason: needed for a fix and a rejection; `reasons()` lists them.
        """
        body = {
            "review_id": review_id or uuid4(),
            "verdict": verdict,
            "submission_id": submission,
            "annotations": None if answer is None else self.annotations(work, answer),
            "reason": reason,
            "note": note,
            "duration_s": duration_s,
        }
        path = "/api/assignments/{assignment_id}/review"
        return self._call("POST", path, Review, body=body, assignment_id=_held(work))

    def reasons(self) -> tuple[ReasonListItem, ...]:
        """The reasons that a fix or a rejection can give."""
        return self._call("GET", "/api/review-reasons", ReasonList).items

    def skip(self, work: Held, reason: str = "") -> None:
        """Pass a task on; it does not come to you again."""
        path = "/api/assignments/{assignment_id}/skip"
        self._call("POST", path, type(None), body={"reason": reason}, assignment_id=_held(work))

    def release(self, work: Held) -> None:
        """Give a task back unworked."""
        self._call("POST", "/api/assignments/{assignment_id}/release", type(None), assignment_id=_held(work))

    def renew(self, work: Held) -> Lease:
        """Hold a task longer."""
        return self._call("POST", "/api/assignments/{assignment_id}/renew", Lease, assignment_id=_held(work))

    def withdraw(self, work: Held) -> Work:
        """Take a submitted answer back to change it, while nothing was built on it."""
        return self._call("POST", "/api/assignments/{assignment_id}/withdraw", Work, assignment_id=_held(work))

    def answer_all(
        self,
        project: Ref,
        way: Way,
        *,
        purposes: Sequence[Purpose] = ("label", "review", "check"),
        timeout: float | None = None,
    ) -> int:
        """Answer whatever the project asks, until it is certified; how many tasks that were.

        In a review the first answer that agrees with yours is accepted; if none does, yours replaces them.

        Args:
            way: gives the answer to a task, or None to pass it on.
            purposes: what to work on; all three need a role that may label and review.

        Raises:
            WaitTimeout: it is not certified after so many seconds.
        """
        return Answering(self, self._projects, project, way, tuple(purposes)).run(timeout)

    def annotations(self, work: Work, answer: Answer) -> list[dict[str, Any]]:
        """An answer as annotations of the project's kind."""
        if isinstance(answer, str):
            return [{"kind": self._kind(work), "payload": {"label_class": answer}}]
        several = [answer] if isinstance(answer, Annotation) else answer
        return [{"kind": one.kind, "payload": one.payload} for one in several]

    def _kind(self, work: Work) -> str:
        """What the project asks for. An ontology version never changes, so it is asked for once."""
        if work.ontology_version_id not in self._kinds:
            ontology = self._projects.get(work.project_id).ontology
            self._kinds[ontology.id] = ontology.kind
            self._kinds.setdefault(work.ontology_version_id, ontology.kind)
        return self._kinds[work.ontology_version_id]


def _held(work: Held) -> str:
    return str(work.assignment_id if isinstance(work, Work) else work)
