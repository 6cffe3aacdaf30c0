"""Taking, saving, handing in, judging, passing on."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from karat_client import Annotation, Client, Conflict, Invalid, LabelClass, NotAllowed, WaitTimeout
from karat_client.records import Answer, Project, Work
from karat_client.resources.answering import Answering
from karat_client.resources.work import WorkResource
from tests.sdk.conftest import text_project, until
from tests.support.server import RunningServer


def take(client: Client, project: Project, **wish: object) -> Work:
    until(lambda: client.tasks.list(project, stage="people").first())
    return client.work.next(project, **wish).items[0]  # type: ignore[arg-type]


def test_a_task_is_taken_saved_and_handed_in(client: Client) -> None:
    project = text_project(client, 2)
    work = take(client, project)
    assert client.datasets.read(work.asset).startswith(b"number ")

    assert client.work.draft(work, "a", seq=1).seq == 1
    (again,) = client.work.next(project).items
    assert again.draft is not None and again.draft.annotations[0].payload == {"label_class": "a"}
    assert client.work.next(project, known=[work]).items[0].task_id != work.task_id
    handed_in = client.work.submit(work, "b", duration_s=2)

    assert handed_in.task_id == work.task_id
    detail = client.tasks.get(handed_in.task_id)
    assert detail.n_answers == 1
    assert "submitted" in {entry.what for entry in detail.history}
    assert client.tasks.explain(detail).task_id == work.task_id


def test_handing_in_twice_counts_once_and_something_else_is_refused(client: Client) -> None:
    work = take(client, project := text_project(client, 1))
    submission = uuid4()

    first = client.work.submit(work, "a", submission_id=submission)

    assert client.work.submit(work, "a", submission_id=submission) == first
    with pytest.raises(Conflict) as differs:
        client.work.submit(work, "b", submission_id=submission)
    assert differs.value.code == "submission.differs"
    with pytest.raises(Conflict) as again:
        client.work.submit(work, "a")
    assert again.value.code == "task.already_submitted"
    assert client.projects.overview(project).answers.people == 1


def test_an_answer_that_is_not_right_is_refused_with_every_fault(client: Client) -> None:
    work = take(client, text_project(client, 1))

    with pytest.raises(Invalid) as wrong:
        client.work.submit(work, [Annotation(kind="text.class", payload={"label_class": name}) for name in "xy"])

    assert wrong.value.code == "annotations.invalid"
    assert [fault.where for fault in wrong.value.faults][:2] == [
        "annotations.0.payload.label_class",
        "annotations.1.payload.label_class",
    ]
    assert "'y'" in str(wrong.value) and "label_class.unknown" in {fault.code for fault in wrong.value.faults}


def test_work_is_renewed_given_back_passed_on_and_taken_back(client: Client) -> None:
    project = text_project(client, 2)
    first = take(client, project)
    assert client.work.renew(first).expires_at >= first.expires_at
    client.work.release(first)
    client.work.release(first)
    again = take(client, project)
    client.work.submit(again, "a")
    assert client.work.withdraw(again).task_id == again.task_id
    client.work.skip(again, "unclear")
    with pytest.raises(Conflict):
        client.work.submit(again, "a")


def test_everything_that_a_project_asks_is_answered_until_it_is_certified(client: Client) -> None:
    project = text_project(client, 3, overlap=None)
    assert {"wrong_class", "other"} <= {one.code for one in client.work.reasons()}

    answered = client.work.answer_all(project, lambda _: "b", timeout=90)

    assert answered >= 3
    assert {label.label_class for label in client.projects.labels(project, certified=True)} == {"b"}


@pytest.mark.parametrize(("mine", "verdict"), [("a", "accept"), ("b", "fix")])
def test_in_a_review_the_answer_that_agrees_is_accepted_and_otherwise_mine_replaces_it(
    client: Client, mine: str, verdict: str
) -> None:
    project = text_project(client, 1)
    client.work.skip(take(client, project))
    until(lambda: client.tasks.list(project, stage="review").first())
    work = client.work.next(project, purpose="review").items[0]
    given = Annotation(kind="text.class", payload={"label_class": "a"})
    work = replace(work, answers=(Answer(submission_id=uuid4(), by="A", annotations=(given,), at=work.expires_at),))
    sent: list[tuple[object, ...]] = []
    resource = WorkResource(client.work._transport, client.projects)
    resource.review = lambda *args, **kwargs: sent.append((args[1], kwargs))  # type: ignore[method-assign, assignment]

    Answering(resource, client.projects, project, lambda _: mine, ("review",))._answer(work)

    wanted = {"submission": work.answers[0].submission_id} if mine == "a" else {"answer": "b", "reason": "wrong_class"}
    assert sent == [(verdict, wanted)]


def test_what_the_way_gives_none_for_is_passed_on(client: Client) -> None:
    project = text_project(client, 1)
    seen = []

    with pytest.raises(WaitTimeout, match="The project is"):
        client.work.answer_all(project, seen.append, purposes=("label",), timeout=0)

    until(lambda: client.tasks.list(project).first().stage != "people" or not seen)  # type: ignore[union-attr]


def test_reviews_are_sent_as_they_are_meant(client: Client) -> None:
    project = text_project(client, 1)
    client.work.skip(take(client, project))
    until(lambda: client.tasks.list(project, stage="review").first())
    work = client.work.next(project, purpose="review").items[0]

    with pytest.raises(Invalid) as wrong:
        client.work.review(work, "fix", answer="a")
    assert wrong.value.code == "review.invalid"
    done = client.work.review(work, "fix", answer="a", reason="asset_unclear", note="cannot tell")

    assert (done.task_id, done.verdict) == (work.task_id, "fix")


def test_a_key_may_only_what_its_role_may(client: Client, server: RunningServer) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    made = client.keys.create("labels only", role="annotator", expires_at=tomorrow)
    assert made.expires_at == tomorrow
    assert made.key not in repr(made)
    with Client(server.url, made.key) as annotator:
        assert annotator.whoami().role == "annotator"
        with pytest.raises(NotAllowed) as refused:
            annotator.audit.list().first()
        assert refused.value.code == "access.not_allowed"
        assert "whoami" in str(refused.value)
    client.keys.revoke(made)
    assert next(one for one in client.keys.list() if one.id == made.id).revoked_at is not None


def test_eight_threads_ask_at_once(client: Client) -> None:
    projects = [text_project(client, 1) for _ in range(2)]

    with ThreadPoolExecutor(8) as pool:
        names = [*pool.map(lambda at: client.projects.get(projects[at % 2]).id, range(64))]

    assert names == [projects[at % 2].id for at in range(64)]


def test_a_project_is_changed_listed_watched_and_linked(client: Client, server: RunningServer) -> None:
    dataset = client.datasets.create("Texts", "text")
    classes = [LabelClass(name="a", title="First", hotkey="f"), "b"]
    project = client.projects.create("Old", dataset, kind="text.class", classes=classes, instructions="Look.")

    changed = client.projects.change(project, name="New", instructions="Look twice.", state="paused")

    assert (changed.name, changed.instructions.version, changed.state) == ("New", 2, "paused")
    assert changed.ontology.classes[0].title == "First"
    assert project.id in {one.id for one in client.projects.list()}
    watching = client.projects.watch(project)
    assert next(watching).project_id == project.id
    watching.close()
    assert client.projects.link(project) == f"{server.url}/projects/{project.id}"


def test_what_the_house_knows_is_told(client: Client) -> None:
    assert client.health().status == "ok"
    assert "image.class" in {one.name for one in client.kinds()}
    assert {"karat-jsonl", "csv"} <= {one.name for one in client.exports.formats()}
    assert client.members.list().first() is not None
    client.keys.revoke(client.keys.create("short"))
    newest = client.audit.list().first()
    assert newest and newest.action.startswith("key.")
    until(lambda: client.audit.list().first().sealed)  # type: ignore[union-attr]
    assert client.audit.checkpoint().signature
    assert client.certificates.signing_key().public_key
