"""Models: those that learn here, and those that come as files or are asked over HTTP; what they are asked, what they say."""

from karat.models.adapters import ADAPTERS, IN_PROCESS, Predictor, adapter_named
from karat.models.errors import (
    ModelAnswerInvalid,
    ModelFailed,
    ModelHasNoFile,
    ModelInvalid,
    ModelKindDiffers,
    ModelNotAskable,
    ModelNotFound,
    first_fault,
)
from karat.models.ground import CPU_S, MEMORY_BYTES, Models
from karat.models.judging import judge_said
from karat.models.mapping import match_classes
from karat.models.service import (
    check_question,
    ensure_imported_version,
    ensure_version,
    get_model,
    get_version,
    list_models,
    open_model,
)
from karat.models.store import is_model_file, note_error, note_test
from karat.models.types import (
    Answered,
    Item,
    Latency,
    Model,
    ModelTest,
    ModelVersion,
    Object,
    Question,
    Said,
    Sample,
    TestStep,
)

__all__ = [
    "ADAPTERS",
    "CPU_S",
    "IN_PROCESS",
    "MEMORY_BYTES",
    "Answered",
    "Item",
    "Latency",
    "Model",
    "ModelAnswerInvalid",
    "ModelFailed",
    "ModelHasNoFile",
    "ModelInvalid",
    "ModelKindDiffers",
    "ModelNotAskable",
    "ModelNotFound",
    "ModelTest",
    "ModelVersion",
    "Models",
    "Object",
    "Predictor",
    "Question",
    "Said",
    "Sample",
    "TestStep",
    "adapter_named",
    "check_question",
    "ensure_imported_version",
    "ensure_version",
    "first_fault",
    "get_model",
    "get_version",
    "is_model_file",
    "judge_said",
    "list_models",
    "match_classes",
    "note_error",
    "note_test",
    "open_model",
]
