"""Models as uploaded ONNX files: judged and run in a process of their own, with limits on time and memory."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from karat.errors import Fault
from karat.jobs.compute import ComputeLost
from karat.models.adapters.types import Predictor
from karat.models.errors import ModelHasNoFile, ModelInvalid
from karat.models.ground import Models, OpenModel
from karat.models.settings import Common, OnnxSettings
from karat.models.types import Answered, Item, ModelVersion, OnnxDetails, Question, Said

SESSION = "karat.models.onnx.session"


class OnnxPredictor:
    """A model whose file lies ready."""

    concurrency = 1
    wants_content = True

    def __init__(self, models: Models, version: ModelVersion, path: Path, settings: OnnxSettings, question: Question):
        assert version.details is not None
        self._models = models
        self._details = version.details
        self._version = version
        self._path = path
        self._settings = settings
        self._question = question
        self.batch_size = settings.batch_size
        self.class_names = settings.output.class_names or version.details.class_names or list(question.classes)

    async def connect(self) -> str:
        details = await judge_file(
            self._models, self._path, self._settings, self._question.kind, self._question.classes or None
        )
        tensor = details.inputs[0]
        shape = ", ".join("?" if one is None else str(one) for one in tensor.shape)
        return f"The file loads: opset {details.opset}, {details.n_nodes} operators, input {tensor.name} [{shape}]."

    async def ask(self, items: Sequence[Item]) -> Answered:
        payloads = [
            (one.text if one.text is not None else one.content or b"", (one.media.width or 0, one.media.height or 0))
            for one in items
        ]
        arguments = (
            str(self._path),
            self._version.file_sha256,
            self._settings,
            self._details,
            self._question.kind,
            self._question.classes,
            payloads,
        )
        said: list[Said] = await _bounded(self._models, self._settings, f"{SESSION}:predict", *arguments)
        return Answered(said, None)


async def judge_file(
    models: Models, path: Path, settings: OnnxSettings, kind: str, classes: tuple[str, ...] | None = None
) -> OnnxDetails:
    """What an uploaded file says of itself, if it is a model that can be asked.

    Raises:
        ModelInvalid: with what is wrong, where and what to do.
    """
    found: OnnxDetails = await _bounded(models, settings, f"{SESSION}:judge", str(path), settings, kind, classes)
    return found


@asynccontextmanager
async def file_of(models: Models, tenant_id: UUID, sha256: str) -> AsyncIterator[Path]:
    """A stored file on this machine's disk, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="karat-model-") as folder:
        path = Path(folder) / "model.onnx"
        with path.open("wb") as file:
            async for piece in models.storage.open(tenant_id, sha256):
                await asyncio.to_thread(file.write, piece)
        yield path


async def _bounded(models: Models, settings: OnnxSettings, function: str, *arguments: Any) -> Any:
    try:
        async with asyncio.timeout(settings.timeout_s):
            return await models.compute.run(function, *arguments)
    except TimeoutError:
        message = f"The model took longer than {settings.timeout_s:g} s."
        hint = "Set a smaller batch_size or a longer timeout_s, or run the model behind HTTP on a faster machine."
        raise _invalid("onnx.too_slow", message, "settings.timeout_s", hint) from None
    except ComputeLost:
        message = "The process that ran the model ended: it took too much memory or time."
        hint = "Set a smaller batch_size, or run the model behind HTTP on a machine of its own."
        raise _invalid("onnx.crashed", message, "file", hint) from None


def _invalid(code: str, message: str, where: str, hint: str) -> ModelInvalid:
    return ModelInvalid(faults=[Fault(code=code, message=message, where=where, hint=hint)])


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """The adapter of ONNX files."""

    name: str = "onnx"
    title: str = "An ONNX file that runs here"
    settings: type[Common] | None = OnnxSettings
    kinds: tuple[str, ...] = ("image.class", "text.class", "image.box")
    takes_file: bool = True

    @asynccontextmanager
    async def open(self, models: Models, opened: OpenModel, question: Question) -> AsyncIterator[Predictor]:
        """The file on disk.

        Raises:
            ModelHasNoFile: none was uploaded.
        """
        settings, version = opened.model.settings, opened.version
        assert isinstance(settings, OnnxSettings)
        if version is None or version.file_sha256 is None:
            raise ModelHasNoFile(model_id=opened.model.id)
        async with file_of(models, opened.tenant_id, version.file_sha256) as path:
            yield OnnxPredictor(models, version, path, settings, question)
