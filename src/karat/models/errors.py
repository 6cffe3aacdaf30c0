"""What can go wrong with models."""

from typing import Any

from karat.errors import Conflict, Fault, Invalid, KaratError, NotFound, Unavailable


class ModelNotFound(NotFound):
    """There is no such model."""

    code = "model.not_found"


class ModelVersionNotFound(NotFound):
    """The model has no such version."""

    code = "model.version_not_found"


class ModelInvalid(Invalid):
    """The model cannot be used as it is."""

    code = "model.invalid"


class ModelInUse(Conflict):
    """Projects have this model, or tasks bear its predictions."""

    code = "model.in_use"


class ModelNotAskable(Conflict):
    """This model cannot be asked: it learns here by itself, or its predictions come in files."""

    code = "model.not_askable"


class ModelTakesNoFile(Conflict):
    """Files are uploaded for models of the ONNX adapter only."""

    code = "model.takes_no_file"


class ModelHasNoFile(Conflict):
    """The model has no version yet: upload its ONNX file first."""

    code = "model.has_no_file"


class ModelVersionNameTaken(Conflict):
    """The model has a version of that name already."""

    code = "model.version_name_taken"


class ModelKindDiffers(Invalid):
    """The model proposes annotations of another kind than the project asks for."""

    code = "model.kind_differs"


class ModelSecretUnreadable(KaratError):
    """The model's headers cannot be read with this installation's key; enter them again."""

    code = "model.secret_unreadable"


class ModelFailed(Unavailable):
    """The model did not answer."""

    code = "model.failed"
    status = 502

    def __init__(self, detail: str, *, hint: str | None = None, **data: Any) -> None:
        super().__init__(detail, **({"hint": hint} if hint else {}), **data)
        self.hint = hint


class ModelAnswerInvalid(Invalid):
    """The model answered with something else than predictions."""

    code = "model.answer_invalid"

    def __init__(self, detail: str, *, where: str = "answer", hint: str | None = None) -> None:
        super().__init__(detail, faults=[Fault(code=self.code, message=detail, where=where, hint=hint)])
        self.hint = hint


class ModelRefuses(Invalid):
    """The model's server refuses what it is asked."""

    code = "model.refuses"

    def __init__(self, detail: str, *, hint: str | None = None, **data: Any) -> None:
        super().__init__(detail, faults=[Fault(code=self.code, message=detail, where="url", hint=hint)], **data)
        self.hint = hint


def first_fault(error: KaratError, where: str) -> Fault:
    """The error as a fault: the first that it lists, or itself."""
    faults: list[Fault] = getattr(error, "faults", [])
    if faults:
        return faults[0]
    said = error.detail if error.detail and error.detail != error.title() else error.title()
    return Fault(code=error.code, message=said, where=where, hint=getattr(error, "hint", None))
