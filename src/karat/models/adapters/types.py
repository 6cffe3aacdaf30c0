"""What every adapter offers."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from karat.models.ground import Models, OpenModel
from karat.models.settings import Common
from karat.models.types import Answered, Item, Question


class Predictor(Protocol):
    """A model that is open for questions of one kind.

    Attributes:
        batch_size, concurrency: assets in one question, and questions at once, at most.
        wants_content: assets come with their bytes; else with a link to them.
        class_names: the model's own, where they are known before it has said anything.
    """

    @property
    def batch_size(self) -> int: ...
    @property
    def concurrency(self) -> int: ...
    @property
    def wants_content(self) -> bool: ...
    @property
    def class_names(self) -> list[str] | None: ...

    async def connect(self) -> str:
        """See that the model is there, without an asset; what was found, in one sentence.

        Raises:
            ModelFailed, ModelRefuses, ModelInvalid, ModelAnswerInvalid, OutboundRefused, OutboundFailed.
        """
        ...

    async def ask(self, items: Sequence[Item]) -> Answered:
        """What the model says about these assets, as it says it.

        Raises:
            ModelFailed, ModelRefuses, ModelInvalid, ModelAnswerInvalid, OutboundRefused, OutboundFailed.
        """
        ...


class Adapter(Protocol):
    """One way in which models are asked.

    Attributes:
        settings: None for models that nobody registers: they come of learning here or of imports.
        kinds: of annotation that it can bring.
        takes_file: its versions are uploaded files.
    """

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def settings(self) -> type[Common] | None: ...
    @property
    def kinds(self) -> tuple[str, ...]: ...
    @property
    def takes_file(self) -> bool: ...

    def open(self, models: Models, opened: OpenModel, question: Question) -> AbstractAsyncContextManager[Predictor]:
        """The model, ready to be asked, until the block ends."""
        ...
