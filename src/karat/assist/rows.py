"""One line of a file of predictions: read, held to its form, and told with its place where it is wrong."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from karat.assist.types import PredictedRow
from karat.errors import Fault
from karat.models import Object, Question, Said

FORM = "docs/how-to/use-your-own-model.md shows the form of a line."


def read_row(line: bytes, where: str) -> PredictedRow | list[Fault]:
    """The row, or everything that is wrong with its form."""
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError):
        return [_fault("prediction.malformed", "The line is not JSON.", where, FORM)]
    try:
        row = PredictedRow.model_validate(value)
    except ValidationError as error:
        return [
            _fault("prediction.malformed", one["msg"], _at(where, one["loc"]), FORM)
            for one in error.errors(include_url=False, include_input=False)[:5]
        ]
    if (row.external_id is None) == (row.asset_id is None):
        return [_fault("prediction.asset", "A row names its asset by external_id or by asset_id.", where, FORM)]
    n_said = sum(one is not None for one in (row.probabilities, row.label_class, row.annotations))
    if n_said != 1:
        message = "A row has one of probabilities, label_class or annotations."
        return [_fault("prediction.malformed", message, where, FORM)]
    if row.label_class is not None and row.score is None:
        message = "A label_class without a score says nothing about how sure it is."
        return [_fault("prediction.score", message, f"{where}: score", "Give a score from 0 to 1, or probabilities.")]
    return row


def said_by(row: PredictedRow, question: Question, is_categorical: bool) -> Said:
    """What the row says, in the form of the project's kind; not judged yet."""
    if is_categorical and row.annotations is None:
        if row.probabilities is not None:
            return Said(probabilities=row.probabilities)
        return Said(probabilities=_spread(str(row.label_class), float(row.score or 0), question.classes))
    if not is_categorical and row.annotations is not None:
        for at, one in enumerate(row.annotations):
            if one.kind not in (None, question.kind):
                message = f"The annotation is of the kind {one.kind[:100] if one.kind else ''!r}."
                hint = f"This project asks for {question.kind}."
                return Said(faults=[_fault("kind.not_in_project", message, f"annotations.{at}.kind", hint)])
        return Said(objects=[Object(one.payload, one.score) for one in row.annotations])
    wanted = "probabilities, or label_class and score" if is_categorical else "annotations"
    message = f"Predictions of {question.kind} have {wanted}."
    return Said(faults=[_fault("prediction.wrong_kind", message, "", FORM)])


def _spread(name: str, score: float, classes: Sequence[str]) -> dict[str, float]:
    """The score for the class, the rest evenly for the others."""
    others = [one for one in classes if one != name]
    if not others:
        return {name: 1.0}
    return dict.fromkeys(others, (1 - score) / len(others)) | {name: score}


def _at(where: str, place: tuple[int | str, ...]) -> str:
    path = ".".join(map(str, place))
    return f"{where}: {path}" if path else where


def _fault(code: str, message: str, where: str, hint: str | None) -> Fault:
    return Fault(code=code, message=message, where=where, hint=hint)
