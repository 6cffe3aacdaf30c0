"""How much a request may bring, decided before any of it is held in memory."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from karat.api.problems import BodyTooLarge, answer
from karat.storage.streams import announced_bytes


class BodyLimit:
    """Refuses bodies over the limit: at once where their length is announced, else when that much has come.

    The framework's own limit answers in plain text, and for a route that reads no body only after it has done its work.

    Args:
        streaming: routes that hold no body in memory, and have a limit of their own.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, streaming: Sequence[BaseRoute]) -> None:
        self.app = app
        self._max_bytes = max_bytes
        self._streaming = streaming

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or self._streams(scope):
            await self.app(scope, receive, send)
        elif announced_bytes(scope) > self._max_bytes:
            await answer(BodyTooLarge(max_bytes=self._max_bytes))(scope, receive, send)
        else:
            await self._count(scope, receive, send)

    def _streams(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self._streaming)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        n_bytes, has_begun = 0, False

        async def counted() -> Message:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes <= self._max_bytes:
                return message
            if has_begun:  # too late to say so
                return {"type": "http.disconnect"}
            raise HTTPException(413)  # the one kind of error that comes through the reading of a body as it is

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        await self.app(scope, counted, watched)
