"""Label Studio's protocol for ML backends: /health, /setup and /predict, its labelling configuration and its results.

Source: HumanSignal, label-studio-ml-backend, `api.py` and `model.py`; Label Studio documentation, "Write your own ML
backend". Positions are percentages of the image there, and pixels here.
"""

import base64
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from karat.errors import Fault
from karat.models.adapters.remote import Remote, text_of
from karat.models.adapters.types import Predictor
from karat.models.errors import ModelAnswerInvalid
from karat.models.ground import Models, OpenModel
from karat.models.settings import Common, LabelStudioSettings
from karat.models.types import Answered, Item, Object, Question, Said

FROM_NAME = "label"
TURN = 0.5  # degrees that a rectangle may be turned and still count as upright
EDGE = 0.5  # percent that a rectangle may reach over the image's edge by rounding; it is cut there


def labelling_config(kind: str, classes: Sequence[str]) -> str:
    """The XML by which Label Studio would ask the same question."""
    source = "text" if kind.startswith("text.") else "image"
    shown = f'<{source.capitalize()} name="{source}" value="${source}"/>'
    if kind.endswith(".class"):
        options = "".join(f"<Choice value={quoteattr(name)}/>" for name in classes)
        asked = f'<Choices name="{FROM_NAME}" toName="{source}" choice="single">{options}</Choices>'
    else:
        options = "".join(f"<Label value={quoteattr(name)}/>" for name in classes)
        asked = f'<RectangleLabels name="{FROM_NAME}" toName="{source}">{options}</RectangleLabels>'
    return f"<View>{shown}{asked}</View>"


class LabelStudioPredictor:
    """An ML backend."""

    class_names: list[str] | None = None

    def __init__(self, remote: Remote, settings: LabelStudioSettings, question: Question, project: str) -> None:
        self._remote = remote
        self._settings = settings
        self._base = settings.url.rstrip("/")
        self._question = question
        self._project = project
        self._config = labelling_config(question.kind, question.classes)
        self._is_set_up = False
        self.batch_size = settings.batch_size
        self.concurrency = settings.concurrency
        self.wants_content = settings.media == "inline" or question.kind.startswith("text.")

    async def connect(self) -> str:
        health = await self._remote.call("GET", f"{self._base}/health", attempts=1)
        if not isinstance(health, dict) or text_of(health.get("status")).upper() not in {"UP", "OK"}:
            hint = "Is this the address of an ML backend? Its /health answers with the status UP."
            raise ModelAnswerInvalid("/health does not say that the backend is up.", where="health", hint=hint)
        version = await self._set_up()
        name = text_of(health.get("model_class"))
        return f"The backend{f' {name}' if name else ''} is up{f', version {version}' if version else ''}."

    async def ask(self, items: Sequence[Item]) -> Answered:
        if not self._is_set_up:
            await self._set_up()
        body = {
            "tasks": [{"id": at, "data": self._data(one)} for at, one in enumerate(items)],
            "project": self._project,
            "label_config": self._config,
            "params": {"login": None, "password": None, "context": None},
        }
        answer = await self._remote.call("POST", f"{self._base}/predict", body)
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(items):
            n = len(results) if isinstance(results, list) else 0
            raise ModelAnswerInvalid(f"/predict gives {n} results for {len(items)} tasks.", where="results")
        said = [
            self._said(one, item, f"results.{at}") for at, (one, item) in enumerate(zip(results, items, strict=True))
        ]
        versions = [text_of(one.get("model_version")) for one in results if isinstance(one, dict)]
        named = [one for one in [*versions, text_of(answer.get("model_version"))] if one]
        return Answered(said, named[0] if named else None)

    async def _set_up(self) -> str:
        body = {
            "project": self._project,
            "schema": self._config,
            "hostname": "",
            "access_token": "",
            "extra_params": None,
        }
        answer = await self._remote.call("POST", f"{self._base}/setup", body)
        self._is_set_up = True
        return text_of(answer.get("model_version")) if isinstance(answer, dict) else ""

    def _data(self, item: Item) -> dict[str, str]:
        if item.text is not None:
            return {"text": item.text}
        if item.content is None:
            return {"image": item.url or ""}
        return {"image": f"data:{item.media.media_type};base64,{base64.b64encode(item.content).decode()}"}

    def _said(self, one: Any, item: Item, where: str) -> Said:
        """One result; a list of several predictions, newest first, counts by its first."""
        if isinstance(one, list):
            one = one[0] if one else {"result": []}
        if not isinstance(one, dict) or not isinstance(one.get("result"), list):
            raise ModelAnswerInvalid("A result has no list `result`.", where=where)
        regions = [region for region in one["result"] if isinstance(region, dict)]
        if self._question.kind.endswith(".class"):
            return self._choices(regions, one)
        return _rectangles(regions, item)

    def _choices(self, regions: list[dict[str, Any]], whole: dict[str, Any]) -> Said:
        """Probabilities from choices with scores; what is missing to 1 goes to the other classes evenly."""
        shares: dict[str, float] = {}
        for region in regions:
            value = region.get("value")
            chosen = value.get("choices") if isinstance(value, dict) else None
            if region.get("type") != "choices" or not isinstance(chosen, list):
                continue
            score = _score(region.get("score"), whole.get("score"))
            for name in chosen:
                shares[text_of(name)] = self._settings.bare_score if score is None else score
        if not shares:
            fault = Fault(code="prediction.empty", message="The backend chooses nothing.", where="result")
            return Said(faults=[fault])
        total = math.fsum(shares.values())
        if total > 1:
            return Said(probabilities={name: share / total for name, share in shares.items()})
        mapped = {self._settings.class_map.get(name, name) for name in shares}
        others = [name for name in self._question.classes if name not in mapped]
        if not others:
            return Said(probabilities={name: share / total for name, share in shares.items()} if total else None)
        return Said(probabilities=dict.fromkeys(others, (1 - total) / len(others)) | shares)


def _score(*given: Any) -> float | None:
    for one in given:
        if isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 1:
            return float(one)
    return None


def _rectangles(regions: list[dict[str, Any]], item: Item) -> Said:
    width, height = item.media.width or 0, item.media.height or 0
    objects, faults = [], []
    for at, region in enumerate(regions):
        where, value = f"result.{at}", region.get("value")
        if region.get("type") != "rectanglelabels":
            kind = text_of(region.get("type"), 60) or "no type"
            faults.append(_fault("prediction.wrong_type", f"A result is {kind}, not rectanglelabels.", where))
            continue
        value = value if isinstance(value, dict) else {}
        numbers = [float(value[name]) for name in ("x", "y", "width", "height") if _is_finite(value.get(name))]
        names = value.get("rectanglelabels")
        if not isinstance(names, list) or not names or len(numbers) != 4:
            faults.append(_fault("prediction.malformed", "A rectangle lacks its position or its label.", where))
            continue
        turned = value.get("rotation")
        if _is_finite(turned) and abs((float(turned or 0) + 180) % 360 - 180) > TURN:
            faults.append(_fault("prediction.turned", "A rectangle is turned; boxes are upright.", where))
            continue
        x, y, w, h = numbers
        left, right = (_at_edge(edge) * width / 100 for edge in (x, x + w))
        top, bottom = (_at_edge(edge) * height / 100 for edge in (y, y + h))
        box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        score = _score(region.get("score"), value.get("score"))
        objects.append(Object({"label_class": text_of(names[0]), **box}, 1.0 if score is None else score))
    return Said(objects=objects, faults=faults)


def _at_edge(percent: float) -> float:
    """What rounding put a little outside is on the edge; what is far outside stays there, and is told."""
    return min(max(percent, 0.0), 100.0) if -EDGE <= percent <= 100 + EDGE else percent


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _fault(code: str, message: str, where: str) -> Fault:
    return Fault(code=code, message=message, where=where)


@dataclass(frozen=True, slots=True)
class LabelStudio:
    """The adapter of Label Studio's ML backends."""

    name: str = "label-studio"
    title: str = "An ML backend of Label Studio"
    settings: type[Common] | None = LabelStudioSettings
    kinds: tuple[str, ...] = ("image.class", "text.class", "image.box")
    takes_file: bool = False

    @asynccontextmanager
    async def open(self, models: Models, opened: OpenModel, question: Question) -> AsyncIterator[Predictor]:
        """A client of the backend. It tells projects apart by `ID.TIME`, so ours has one of that form."""
        settings = opened.model.settings
        assert isinstance(settings, LabelStudioSettings)
        project = f"{opened.model.id.int % 1_000_000_007}.{int(opened.model.created_at.timestamp())}"
        async with Remote(models.guard, settings, opened.headers) as remote:
            yield LabelStudioPredictor(remote, settings, question, project)
