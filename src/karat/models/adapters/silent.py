"""Models that are not asked: they learn from answers here, or what they said comes in files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from karat.modalities import KINDS
from karat.models.adapters.types import Predictor
from karat.models.errors import ModelNotAskable
from karat.models.ground import Models, OpenModel
from karat.models.settings import Common
from karat.models.types import Question


@dataclass(frozen=True, slots=True)
class Silent:
    """An adapter that has nothing to ask."""

    name: str
    title: str
    settings: type[Common] | None = None
    kinds: tuple[str, ...] = tuple(kind.name for kind in KINDS)
    takes_file: bool = False

    @asynccontextmanager
    async def open(self, models: Models, opened: OpenModel, question: Question) -> AsyncIterator[Predictor]:
        """Nothing to open.

        Raises:
            ModelNotAskable: always.
        """
        raise ModelNotAskable(model_id=opened.model.id, adapter=self.name)
        yield


IN_PROCESS = Silent("in-process", "Learns here, from the answers of a project's people")
IMPORT = Silent("import", "Predictions that come in files")
