"""Requests that are sent again, and answers that are not Karat's: no server is needed."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from karat_client import (
    AnswerUnreadable,
    ApiError,
    Client,
    ConfigurationMissing,
    ConnectionFailed,
    Invalid,
    KaratError,
    ServerError,
    TooManyRequests,
    Unauthenticated,
)
from karat_client.records import Asset, MediaView
from karat_client.version import __version__
from tests.support.server import RunningServer

KEY = "karat_secret"
DATASET = {
    "id": "018f0000-0000-7000-8000-000000000000",
    "name": "Texts",
    "modality": "text",
    "n_assets": 0,
    "n_bytes": 0,
    "created_at": "2026-01-01T00:00:00Z",
}
Handler = Callable[[httpx.Request], httpx.Response]


class Script:
    """Answers one after the other; the last one stays."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.bodies.append(request.read())
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def ok(body: Any = DATASET, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)


def problem(status: int, code: str = "some.code", *, retryable: bool = False, **more: Any) -> httpx.Response:
    body = {
        "type": f"/errors/{code}",
        "title": "It did not work.",
        "status": status,
        "code": code,
        "retryable": retryable,
    }
    return httpx.Response(status, content=json.dumps(body | more), headers={"content-type": "application/problem+json"})


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses are noted and pass at once."""
    pauses: list[float] = []
    now = [1000.0]

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return pauses


def client_of(script: Handler, **options: Any) -> Client:
    return Client("http://karat.test", KEY, transport=httpx.MockTransport(script), **options)


@pytest.mark.parametrize(
    "passing",
    [
        httpx.Response(429),
        httpx.Response(502, text="<html>bad gateway</html>"),
        httpx.Response(503),
        httpx.Response(504),
        problem(503, "database.unavailable", retryable=True),
        problem(409, "task.claim_raced", retryable=True),
        problem(500, "internal", retryable=True),
        httpx.ConnectError("refused"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("the server went away"),
        httpx.ReadTimeout("slow"),
    ],
    ids=str,
)
def test_what_can_pass_is_tried_again_under_the_same_idempotency_key(
    passing: httpx.Response | Exception, slept: list[float]
) -> None:
    script = Script(passing, passing, ok(status=201))

    assert client_of(script).datasets.create("Texts", "text").name == "Texts"

    keys = [one.headers["idempotency-key"] for one in script.requests]
    assert len(keys) == 3 and len(set(keys)) == 1
    assert len(set(script.bodies)) == 1
    assert len(slept) == 2


def test_every_request_that_creates_has_a_key_of_its_own() -> None:
    script = Script(ok(status=201))
    client = client_of(script)
    client.datasets.create("a", "text")
    client.datasets.create("a", "text")
    client.datasets.get(DATASET["id"])

    keys = [one.headers.get("idempotency-key") for one in script.requests]
    assert keys[0] != keys[1] and keys[2] is None


@pytest.mark.parametrize(
    "final",
    [problem(422), problem(409), problem(404), problem(503, "database.schema_too_new"), problem(500), problem(401)],
    ids=lambda one: str(one.status_code),
)
def test_what_cannot_pass_is_told_at_once(final: httpx.Response, slept: list[float]) -> None:
    script = Script(final)

    with pytest.raises(ApiError) as refused:
        client_of(script).health()

    assert len(script.requests) == 1 and slept == []
    assert refused.value.status == final.status_code
    assert refused.value.code == final.json()["code"]


def test_a_servers_own_failure_is_not_tried_for_ever(slept: list[float]) -> None:
    script = Script(problem(500, "internal", retryable=True))

    with pytest.raises(ServerError):
        client_of(script).health()

    assert len(script.requests) == 3


def test_the_server_says_how_long_to_wait(slept: list[float]) -> None:
    script = Script(httpx.Response(429, headers={"retry-after": "7"}), ok({"status": "ok"}))

    client_of(script).health()

    assert slept == [7.0]


def test_patience_ends(slept: list[float]) -> None:
    script = Script(ok({"status": "ok"}), httpx.Response(503))
    client = client_of(script, retry_for=20)
    client.health()

    with pytest.raises(ServerError) as refused:
        client.health()

    assert refused.value.code == "client.not_available"
    assert 10 < sum(slept) <= 20
    assert slept == sorted(slept) or max(slept) <= 8


def test_an_address_where_nobody_ever_answered_is_not_waited_for_long(slept: list[float]) -> None:
    with pytest.raises(ConnectionFailed, match=r"http://karat\.test"):
        client_of(Script(httpx.ConnectError("refused"))).health()

    assert sum(slept) <= 3


def test_without_retries_everything_is_sent_once(slept: list[float]) -> None:
    script = Script(httpx.Response(429))

    with pytest.raises(TooManyRequests):
        client_of(script, retry_for=0).health()

    assert len(script.requests) == 1 and slept == []


def test_an_upload_that_breaks_off_sends_the_same_bytes_again(slept: list[float]) -> None:
    names = ("dataset_id", "job_id", "source", "name", "state", "error", "finished_at")
    counts = ("rows_read", "rows_total", "n_added", "n_duplicates", "n_faults")
    done = {
        **dict.fromkeys(names),
        **dict.fromkeys(counts, 0),
        "created_at": DATASET["created_at"],
        "id": DATASET["id"],
    }
    done |= {"dataset_id": DATASET["id"], "source": "upload", "name": "a.txt", "state": "queued"}
    script = Script(httpx.WriteError("reset"), ok(done, 202))

    client_of(script).datasets.upload(DATASET["id"], b"some text", filename="a b&c.txt", wait=False)

    assert script.bodies == [b"some text", b"some text"]
    assert script.requests[1].url.params["filename"] == "a b&c.txt"
    assert script.requests[0].headers["idempotency-key"] == script.requests[1].headers["idempotency-key"]


def test_an_error_carries_all_that_the_server_says() -> None:
    faults = [
        {"code": f"c{at}", "message": f"Wrong {at}.", "where": f"row {at}", "hint": "Mend it."} for at in range(9)
    ]
    script = Script(problem(422, "request.malformed", detail="More.", faults=faults, limit=3, hint="Do that."))

    with pytest.raises(Invalid) as refused:
        client_of(script).health()

    error = refused.value
    assert isinstance(error, KaratError)
    assert (error.code, error.title, error.detail, error.hint) == (
        "request.malformed",
        "It did not work.",
        "More.",
        "Do that.",
    )
    assert error.fields == {"limit": 3, "request": "GET /healthz"}
    assert len(error.faults) == 9 and error.faults[0].hint == "Mend it."
    assert "row 0: Wrong 0. Mend it." in str(error) and "4 more" in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>hello</html>", headers={"content-type": "text/html"}),
        httpx.Response(404, text="not found"),
        httpx.Response(200, json=["something", "else"]),
        httpx.Response(200, json={"other": 1}),
        httpx.Response(400, content=b"{", headers={"content-type": "application/problem+json"}),
    ],
)
def test_somebody_else_who_answers_is_no_karat(answer: httpx.Response) -> None:
    with pytest.raises(AnswerUnreadable) as unreadable:
        client_of(Script(answer)).health()

    assert "Check the address" in str(unreadable.value)


def test_a_server_that_sends_on_does_not_get_the_key_there() -> None:
    script = Script(httpx.Response(307, headers={"location": "http://evil.test/"}))

    with pytest.raises(AnswerUnreadable, match=r"http://evil\.test/"):
        client_of(script).health()

    assert [one.url.host for one in script.requests] == ["karat.test"]


def test_a_signed_link_to_another_host_does_not_get_the_key() -> None:
    script = Script(httpx.Response(200, content=b"bytes"))
    media = MediaView(url="https://bucket.test/x?sig=1", media_type="image/png", n_bytes=5)
    given = {"id": DATASET["id"], "external_id": "x", "name": "x", "metadata": {}, "created_at": None}

    assert client_of(script).datasets.read(Asset(media=media, **given)) == b"bytes"  # type: ignore[arg-type]

    assert "authorization" not in script.requests[0].headers


def test_who_asks_is_said_and_the_key_is_shown_nowhere() -> None:
    script = Script(problem(401, "access.unauthenticated"))
    client = client_of(script)

    with pytest.raises(Unauthenticated) as refused:
        client.whoami()

    assert script.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert script.requests[0].headers["user-agent"].startswith(f"karat-client/{__version__} python/")
    assert "KARAT_API_KEY" in str(refused.value)
    assert KEY not in repr(client) + str(refused.value) + repr(refused.value)


@pytest.mark.parametrize(
    ("url", "key", "said"),
    [
        ("", "k", "KARAT_URL"),
        ("localhost:8000", "k", "http://"),
        ("ftp://host", "k", "http://"),
        ("http://user:secret@host", "k", "key goes beside"),
        ("http://host", "", "KARAT_API_KEY"),
        ("http://host", "a\nb", "special character"),
    ],
)
def test_an_address_or_key_that_cannot_be_one_is_told_before_anything_is_sent(
    url: str, key: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KARAT_URL", raising=False)
    monkeypatch.delenv("KARAT_API_KEY", raising=False)

    with pytest.raises(ConfigurationMissing, match=said) as missing:
        Client(url, key)

    assert "secret" not in str(missing.value)


def test_the_environment_says_what_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARAT_URL", "http://karat.test/api/")
    monkeypatch.setenv("KARAT_API_KEY", f" {KEY}\n")
    script = Script(ok({"status": "ok"}))

    with Client(transport=httpx.MockTransport(script)) as client:
        assert client.health().status == "ok"

    assert str(script.requests[0].url) == "http://karat.test/healthz"


def test_pages_that_go_round_end_with_an_error() -> None:
    script = Script(ok({"items": [DATASET], "next_cursor": "again"}))

    with pytest.raises(AnswerUnreadable, match="circle"):
        client_of(script).datasets.list().to_list()


def test_a_wrong_key_is_told_by_the_real_server(server: RunningServer) -> None:
    for key in ("nonsense", server.owner_key[:-4] + "AAAA"):
        with Client(server.url, key) as client:
            with pytest.raises(Unauthenticated) as refused:
                client.whoami()
            with pytest.raises(Unauthenticated):
                client.datasets.upload(DATASET["id"], bytes(20_000_000), filename="large.zip")
        assert refused.value.code == "access.unauthenticated"


def test_the_address_of_a_page_is_no_address_of_a_server(server: RunningServer) -> None:
    with (
        Client(f"{server.url}/projects", server.owner_key, retry_for=0) as client,
        pytest.raises(KaratError) as wrong,
    ):
        client.whoami()

    assert isinstance(wrong.value, AnswerUnreadable | ApiError)
    assert wrong.value.status in (200, 404, 503)  # 503 where the web app is not built


def test_a_closed_port_is_told_within_seconds() -> None:
    began = time.monotonic()

    with Client("http://127.0.0.1:9", KEY) as client, pytest.raises(ConnectionFailed, match=r"127\.0\.0\.1:9"):
        client.whoami()

    assert time.monotonic() - began < 10
