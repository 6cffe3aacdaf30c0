"""Working off a project: the loop around take, answer, hand in."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from karat_client.errors import Conflict, WaitTimeout
from karat_client.records import Annotation, Purpose, Work
from karat_client.resources.base import Ref

if TYPE_CHECKING:
    from karat_client.resources.projects import Projects
    from karat_client.resources.work import WorkResource

Way = Callable[[Work], str | Annotation | Sequence[Annotation] | None]
TAKEN_AT_ONCE = 10
LOST = frozenset({"task.lease_ended", "task.not_assigned", "task.already_submitted"})
LONGEST_PAUSE_S = 5.0


class Answering:
    """One run over a project."""

    def __init__(
        self, work: "WorkResource", projects: "Projects", project: Ref, way: Way, purposes: tuple[Purpose, ...]
    ) -> None:
        self._work, self._projects, self._project = work, projects, project
        self._way, self._purposes = way, purposes

    def run(self, timeout_s: float | None) -> int:
        """Until the project is certified; how many tasks were answered."""
        began, n_done, pause_s = time.monotonic(), 0, 0.2
        while True:
            n_now, asked_s = self._once()
            n_done += n_now
            if n_now:
                pause_s = 0.2
                continue
            now = self._projects.get(self._project)
            if now.phase == "certified":
                return n_done
            if timeout_s is not None and time.monotonic() - began > timeout_s:
                said = f"The project is {now.phase} after {timeout_s:g} s and {n_done} answers: {now.phase_sentence}"
                raise WaitTimeout(detail=said)
            time.sleep(min(pause_s, asked_s or pause_s))
            pause_s = min(pause_s * 1.5, LONGEST_PAUSE_S)

    def _once(self) -> tuple[int, float | None]:
        """Answer what there is for each purpose; how many, and when the server wants to be asked again."""
        n_done, asked_s = 0, None
        for purpose in self._purposes:
            taken = self._work.next(self._project, TAKEN_AT_ONCE, purpose=purpose)
            asked_s = taken.retry_after_s if asked_s is None else asked_s
            since = time.monotonic()
            for work in taken.items:
                if time.monotonic() - since > work.lease_seconds / 2:
                    self._unless_lost(self._work.renew, work)
                n_done += self._unless_lost(self._answer, work)
        return n_done, asked_s

    def _answer(self, work: Work) -> object:
        answer = self._way(work)
        if answer is None:
            self._work.skip(work)
            return None
        if work.purpose != "review":
            return self._work.submit(work, answer)
        wanted = self._work.annotations(work, answer)
        for one in work.answers:
            if [{"kind": part.kind, "payload": part.payload} for part in one.annotations] == wanted:
                return self._work.review(work, "accept", submission=one.submission_id)
        return self._work.review(work, "fix", answer=answer, reason="wrong_class")

    def _unless_lost(self, do: Callable[[Work], object], work: Work) -> bool:
        """Do it, unless the task went to somebody else meanwhile: then it is theirs."""
        try:
            do(work)
        except Conflict as error:
            if error.code not in LOST:
                raise
            return False
        return True
