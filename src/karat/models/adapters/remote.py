"""Asking over HTTP: through the guard, with caps on time and size, and again where that can help."""

import asyncio
import json
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from karat.models.errors import ModelAnswerInvalid, ModelFailed, ModelRefuses
from karat.models.settings import RemoteSettings
from karat.outbound import Caps, Guard, OutboundFailed

if TYPE_CHECKING:
    from karat.outbound.fetching import GuardedClient

MAX_ANSWER_BYTES = 64 << 20
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 15.0
# Where asking again can help: too early, too often, or the server is broken just now.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
HINTS = {
    400: "It does not understand the question: does it speak the protocol of the adapter?",
    401: "It wants credentials: set the model's headers, Authorization say.",
    403: "It does not let this server in: check the model's headers.",
    404: "Nothing is at this address: check its path.",
    405: "Its address takes no POST: check its path.",
    413: "The question is too large for it: set a smaller batch_size.",
    422: "It does not understand the question: does it speak the protocol of the adapter?",
    429: "It is asked too often: set a smaller concurrency.",
    500: "It has failed; its own log says why.",
}


class Remote:
    """The server of a model."""

    def __init__(self, guard: Guard, settings: RemoteSettings, headers: dict[str, str]) -> None:
        self._settings = settings
        self._headers = headers
        wait = settings.timeout_s
        caps = Caps(connect_s=min(wait, 10), first_byte_s=wait, total_s=wait, max_bytes=MAX_ANSWER_BYTES)
        self._client: GuardedClient = guard.client(caps)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def call(self, method: str, url: str, body: object = None, *, attempts: int | None = None) -> Any:
        """The JSON that the server answers with.

        Raises:
            OutboundRefused: this server does not go there.
            OutboundFailed, ModelFailed: no answer, after all attempts.
            ModelRefuses: it does not take the question, whenever it is asked.
            ModelAnswerInvalid: the answer is no JSON.
        """
        left = attempts or self._settings.attempts
        pause = FIRST_PAUSE_S
        while True:
            left -= 1
            try:
                return await self._once(method, url, body)
            except (OutboundFailed, ModelFailed) as error:
                if not error.retryable or left <= 0:
                    raise
                pause = max(pause, min(float(error.data.get("retry_after_s", 0)), LONGEST_PAUSE_S))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _once(self, method: str, url: str, body: object) -> Any:
        headers = {"Accept": "application/json", **self._headers}
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
            headers = {"Content-Type": "application/json"} | headers
        answer = await self._client.request(method, url, content=content, headers=headers)
        status = answer.status_code
        if status in PASSING:
            later = answer.headers.get("retry-after", "")
            wait = {"retry_after_s": int(later)} if later.isdecimal() and len(later) < 6 else {}
            raise ModelFailed(
                f"The model's server answers with {status}.", hint=HINTS.get(status), answered=status, **wait
            )
        if not 200 <= status < 300:
            raise ModelRefuses(f"The model's server answers with {status}.", hint=HINTS.get(status), answered=status)
        try:
            return json.loads(answer.content)
        except (ValueError, RecursionError):
            hint = "Does the address lead to the model itself, or to a page for people?"
            raise ModelAnswerInvalid("The answer is not JSON.", hint=hint) from None


def text_of(value: object, most: int = 200) -> str:
    """A text of an answer, in case it is one."""
    return value[:most] if isinstance(value, str) else ""
