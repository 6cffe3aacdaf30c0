"""Karat's own protocol: one POST of assets, one answer of predictions. docs/reference/model-protocol.md tells it whole."""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from karat.errors import Fault
from karat.modalities import KINDS
from karat.models.adapters.remote import Remote, text_of
from karat.models.adapters.types import Predictor
from karat.models.errors import ModelAnswerInvalid
from karat.models.ground import Models, OpenModel
from karat.models.settings import Common, HttpSettings
from karat.models.types import Answered, Item, Object, Question, Said

PROTOCOL = "karat.predict/1"
SEE = "See docs/reference/model-protocol.md."


class HttpPredictor:
    """A model behind our protocol."""

    wants_content = True
    class_names: list[str] | None = None

    def __init__(self, remote: Remote, settings: HttpSettings, question: Question) -> None:
        self._remote = remote
        self._url = settings.url
        self._question = question
        self.batch_size = settings.batch_size
        self.concurrency = settings.concurrency

    async def connect(self) -> str:
        answered = await self._post([], attempts=1)
        name = f", version {answered.version}" if answered.version else ""
        return f"The model answers{name}."

    async def ask(self, items: Sequence[Item]) -> Answered:
        return await self._post(items)

    async def _post(self, items: Sequence[Item], attempts: int | None = None) -> Answered:
        body = {
            "protocol": PROTOCOL,
            "kind": self._question.kind,
            "classes": list(self._question.classes),
            "items": [_sent(one) for one in items],
        }
        return read_answer(await self._remote.call("POST", self._url, body, attempts=attempts), items)


def read_answer(answer: Any, items: Sequence[Item]) -> Answered:
    """The predictions of an answer, in the order of the items.

    Raises:
        ModelAnswerInvalid: it has another form, or leaves an asset out.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("predictions"), list):
        raise ModelAnswerInvalid("The answer has no list `predictions`.", where="predictions", hint=SEE)
    found: dict[str, Said] = {}
    for at, one in enumerate(answer["predictions"]):
        where = f"predictions.{at}"
        if not isinstance(one, dict) or not isinstance(one.get("id"), str):
            raise ModelAnswerInvalid("A prediction has no `id`.", where=where, hint=SEE)
        found[one["id"]] = _said(one, where)
    missing = [item.key for item in items if item.key not in found]
    if missing:
        message = f"The answer says nothing about {len(missing)} of {len(items)} assets, {missing[0]} first."
        raise ModelAnswerInvalid(message, where="predictions", hint="Every item needs a prediction of its id.")
    return Answered([found[item.key] for item in items], text_of(answer.get("model_version")) or None)


def _said(one: dict[str, Any], where: str) -> Said:
    if "error" in one:
        message = f"The model says: {text_of(one['error']) or 'it failed'}"
        return Said(faults=[Fault(code="prediction.failed", message=message, where="error")])
    if isinstance(shares := one.get("probabilities"), dict):
        if not all(_is_number(share) for share in shares.values()):
            raise ModelAnswerInvalid("A probability is no number.", where=f"{where}.probabilities", hint=SEE)
        return Said(probabilities={name: float(share) for name, share in shares.items()})
    if isinstance(objects := one.get("annotations"), list):
        return Said(objects=[_object(each, f"{where}.annotations.{at}") for at, each in enumerate(objects)])
    raise ModelAnswerInvalid("A prediction has neither `probabilities` nor `annotations`.", where=where, hint=SEE)


def _object(one: Any, where: str) -> Object:
    if not isinstance(one, dict) or not isinstance(one.get("payload"), dict) or not _is_number(one.get("score")):
        raise ModelAnswerInvalid("An annotation has no `payload`, or no number as its `score`.", where=where, hint=SEE)
    return Object(one["payload"], float(one["score"]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sent(item: Item) -> dict[str, Any]:
    if item.text is not None:
        return {"id": item.key, "media_type": item.media.media_type, "text": item.text}
    content = base64.b64encode(item.content or b"").decode()
    size = {"width": item.media.width, "height": item.media.height}
    return {"id": item.key, "media_type": item.media.media_type, **size, "content_base64": content}


@dataclass(frozen=True, slots=True)
class Http:
    """The adapter of Karat's own protocol."""

    name: str = "http"
    title: str = "Asked over HTTP, in Karat's own protocol"
    settings: type[Common] | None = HttpSettings
    kinds: tuple[str, ...] = tuple(kind.name for kind in KINDS)
    takes_file: bool = False

    @asynccontextmanager
    async def open(self, models: Models, opened: OpenModel, question: Question) -> AsyncIterator[Predictor]:
        """A client of the model's server."""
        settings = opened.model.settings
        assert isinstance(settings, HttpSettings)
        async with Remote(models.guard, settings, opened.headers) as remote:
            yield HttpPredictor(remote, settings, question)
