"""The table of adapters: every way in which a model can be asked, one file each."""

from collections.abc import Sequence

from karat.models.adapters.http_json import Http
from karat.models.adapters.label_studio import LabelStudio
from karat.models.adapters.onnx_file import OnnxFile
from karat.models.adapters.silent import IMPORT, IN_PROCESS
from karat.models.adapters.types import Adapter, Predictor

ADAPTERS: tuple[Adapter, ...] = (IN_PROCESS, OnnxFile(), Http(), LabelStudio(), IMPORT)


def adapter_named(name: str, adapters: Sequence[Adapter] = ADAPTERS) -> Adapter:
    """The adapter of that name, which a stored model has."""
    return next(one for one in adapters if one.name == name)


__all__ = ["ADAPTERS", "IMPORT", "IN_PROCESS", "Adapter", "Predictor", "adapter_named"]
