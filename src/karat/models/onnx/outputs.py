"""What the outputs of an ONNX model say: probabilities of classes, or boxes with scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from karat.errors import Fault
from karat.models.errors import ModelInvalid
from karat.models.mapping import match_class, match_classes, no_class_meets
from karat.models.onnx.inputs import Placed, said
from karat.models.settings import OnnxOutput, OnnxSettings
from karat.models.types import Object, Said, TensorInfo

Array = NDArray[Any]
FLOATS = ("float32", "float16", "float64")
MIN_SIDE = 0.5  # of a box, in pixels of the original, after it was cut at the image's edge


@dataclass(frozen=True, slots=True)
class Names:
    """The classes of a model in the order of its outputs, and the project's class for each; None where there is none."""

    own: list[str]
    meant: list[str | None]


def names_for(own: Sequence[str] | None, n: int, classes: Sequence[str], class_map: Mapping[str, str]) -> Names:
    """Whose names the outputs have: as listed, or the project's in order if there are as many.

    Raises:
        ModelInvalid: another number than listed, or nothing that the project has.
    """
    if own is None:
        if n != len(classes):
            message = f"The model gives {n} classes, the project has {len(classes)}, and nothing says which is which."
            hint = "List the model's classes in the order of its outputs: settings.output.class_names."
            raise ModelInvalid(faults=[_fault("onnx.class_names", message, "settings.output.class_names", hint)])
        own = classes
    if len(own) != n:
        message = f"The model gives {n} classes; names are listed for {len(own)}."
        hint = "List one name for each, in the order of the outputs."
        raise ModelInvalid(faults=[_fault("onnx.class_names", message, "settings.output.class_names", hint)])
    if not match_classes(own, classes, class_map).matched:
        raise ModelInvalid(faults=[no_class_meets(own, classes)])
    return Names(list(own), [match_class(one, classes, class_map) for one in own])


def choose_scores(outputs: Sequence[TensorInfo], wish: OnnxOutput) -> TensorInfo:
    """The output that has a number for each class.

    Raises:
        ModelInvalid: it is not clear which, or there is none.
    """
    if wish.scores is not None:
        return named(outputs, wish.scores, "scores")
    able = [one for one in outputs if one.type in FLOATS and len(one.shape) != 1]
    if len(able) == 1:
        return able[0]
    likely = [one for one in able if "prob" in one.name.lower() or "logit" in one.name.lower()]
    if len(likely) == 1:
        return likely[0]
    message = f"It is not clear which output has the classes: {'; '.join(map(said, outputs))}."
    hint = "Name it in settings.output.scores. For scikit-learn, export with options={'zipmap': False}."
    raise ModelInvalid(faults=[_fault("onnx.outputs", message, "settings.output.scores", hint)])


def read_classes(
    scores: Array, settings: OnnxSettings, own: Sequence[str] | None, classes: Sequence[str]
) -> list[Said]:
    """Probabilities of the project's classes, a row for each asset.

    Raises:
        ModelInvalid: the output has another shape, or other classes.
    """
    rows = np.asarray(scores, dtype=np.float64)
    rows = rows.reshape(rows.shape[0], -1) if rows.ndim > 1 and all(one == 1 for one in rows.shape[2:]) else rows
    if rows.ndim != 2 or rows.shape[1] < 2:
        message = f"The output has the shape {list(scores.shape)}; one number for each class is expected: [N, classes]."
        raise ModelInvalid(faults=[_fault("onnx.output_shape", message, "settings.output.scores", None)])
    names = names_for(own, rows.shape[1], classes, settings.class_map)
    return [_class_row(row, names, settings.output.activation) for row in rows]


def _class_row(row: Array, names: Names, activation: str) -> Said:
    if not np.isfinite(row).all():
        return Said(faults=[_fault("prediction.not_finite", "The model gives no numbers for this asset.", "", None)])
    is_share = bool((row >= -1e-4).all() and abs(row.sum() - 1) < 1e-2)
    if activation == "softmax" or (activation == "auto" and not is_share):
        row = np.exp(row - row.max())
    row = np.clip(row, 0, None)
    found: dict[str, float] = {}
    for share, meant in zip(row, names.meant, strict=True):
        if meant is not None:
            found[meant] = found.get(meant, 0.0) + float(share)
    total = sum(found.values())
    if total <= 1e-9 * max(float(row.sum()), 1e-9):
        message = "The model is sure that it is a class which the project does not have."
        return Said(faults=[_fault("prediction.other_class", message, "", None)])
    return Said(probabilities={name: share / total for name, share in found.items()})


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes of one asset in the input's pixels: corners (n, 4), scores (n,), class numbers (n,)."""

    corners: Array
    scores: Array
    labels: Array


def layout_of(outputs: Sequence[TensorInfo], wish: OnnxOutput) -> str:
    """How the outputs tell of boxes.

    Raises:
        ModelInvalid: their number or shape fits nothing that is known.
    """
    if wish.layout is not None:
        return wish.layout
    if len(outputs) >= 3 or wish.boxes is not None:
        return "separate"
    if len(outputs) == 1 and len(outputs[0].shape) == 3:
        return "rows" if outputs[0].shape[2] == 6 else "yolo"
    message = f"The outputs tell of boxes in no way that is known: {'; '.join(map(said, outputs))}."
    hint = (
        "Known: three outputs boxes, scores, labels; one [N, 4 + classes, boxes] (YOLO); one [N, boxes, 6]."
        " Or set settings.output.layout."
    )
    raise ModelInvalid(faults=[_fault("onnx.outputs", message, "settings.output.layout", hint)])


def split_boxes(values: Mapping[str, Array], outputs: Sequence[TensorInfo], wish: OnnxOutput) -> list[Boxes]:
    """The boxes of each asset of a batch, as the model gives them.

    Raises:
        ModelInvalid: the outputs have other shapes than their layout has.
    """
    layout = layout_of(outputs, wish)
    if layout == "separate":
        return _separate(values, outputs, wish)
    whole = np.asarray(values[outputs[0].name], dtype=np.float64)
    if whole.ndim != 3:
        raise _shape(outputs[0].name, whole, "three dimensions")
    if layout == "rows":
        if whole.shape[2] != 6:
            raise _shape(outputs[0].name, whole, "[N, boxes, 6]")
        return [Boxes(_corners(one[:, :4], wish.box or "xyxy"), one[:, 4], one[:, 5].astype(np.int64)) for one in whole]
    if whole.shape[1] < 5:
        raise _shape(outputs[0].name, whole, "[N, 4 + classes, boxes]")
    found = []
    for one in whole.transpose(0, 2, 1):
        labels = one[:, 4:].argmax(axis=1)
        found.append(Boxes(_corners(one[:, :4], wish.box or "cxcywh"), one[:, 4:].max(axis=1), labels))
    return found


def _separate(values: Mapping[str, Array], outputs: Sequence[TensorInfo], wish: OnnxOutput) -> list[Boxes]:
    chosen = {field: _pick(outputs, getattr(wish, field), field) for field in ("boxes", "scores", "labels")}
    boxes, scores, labels = (np.asarray(values[chosen[one]]) for one in ("boxes", "scores", "labels"))
    if boxes.ndim == 2:  # torchvision's detectors answer without a dimension for the batch
        boxes, scores, labels = boxes[None], scores[None], labels[None]
    if boxes.ndim != 3 or boxes.shape[2] != 4:
        raise _shape(chosen["boxes"], boxes, "[N, boxes, 4]")
    for name, one in ((chosen["scores"], scores), (chosen["labels"], labels)):
        if one.shape != boxes.shape[:2]:
            raise _shape(name, one, f"{list(boxes.shape[:2])}, a number for each box")
    return [
        Boxes(_corners(box.astype(np.float64), wish.box or "xyxy"), score.astype(np.float64), label.astype(np.int64))
        for box, score, label in zip(boxes, scores, labels, strict=True)
    ]


def _pick(outputs: Sequence[TensorInfo], wish: str | None, field: str) -> str:
    if wish is not None:
        return named(outputs, wish, field).name
    likely = [one.name for one in outputs if field.rstrip("es") in one.name.lower() or field[:-1] in one.name.lower()]
    if len(likely) == 1:
        return likely[0]
    message = f"It is not clear which output has the {field}: {'; '.join(map(said, outputs))}."
    hint = f"Name it in settings.output.{field}."
    raise ModelInvalid(faults=[_fault("onnx.outputs", message, f"settings.output.{field}", hint)])


def named(outputs: Sequence[TensorInfo], name: str, field: str) -> TensorInfo:
    """The output of that name.

    Raises:
        ModelInvalid: there is none.
    """
    for one in outputs:
        if one.name == name:
            return one
    hint = f"It has {'; '.join(map(said, outputs))}."
    fault = _fault("onnx.output_unknown", f"The model has no output {name!r}.", f"settings.output.{field}", hint)
    raise ModelInvalid(faults=[fault])


def read_boxes(
    found: Boxes,
    settings: OnnxSettings,
    names: Names,
    placed: Placed,
    frame: tuple[int, int],
    original: tuple[int, int],
) -> Said:
    """Objects of one asset in pixels of the original, the surest first.

    Args:
        frame, original: (width, height) of the input and of the image.
    """
    wish = settings.output
    labels = found.labels - wish.first_label
    keep = np.isfinite(found.corners).all(axis=1) & (found.scores >= wish.min_score)
    keep &= (labels >= 0) & (labels < len(names.own))
    meant = np.array([one is not None for one in names.meant])
    keep[keep] = meant[labels[keep]]
    corners, scores, labels = found.corners[keep], np.clip(found.scores[keep], 0, 1), labels[keep]
    if wish.units == "shares":
        corners = corners * np.array([*frame, *frame])
    corners = (corners - np.array([placed.left, placed.top] * 2)) / np.array([placed.scale_x, placed.scale_y] * 2)
    corners = np.clip(corners, 0, np.array([*original, *original]))
    order = _suppress(corners, scores, labels, wish.max_overlap)
    objects = []
    for at in order:
        left, top, right, bottom = (float(edge) for edge in corners[at])
        if right - left >= MIN_SIDE and bottom - top >= MIN_SIDE:
            box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
            objects.append(Object({"label_class": names.meant[labels[at]], **box}, float(scores[at])))
    return Said(objects=objects)


def _suppress(corners: Array, scores: Array, labels: Array, max_overlap: float) -> list[int]:
    """Indexes of what stays, the surest first: of boxes of one class that overlap too much only the surest."""
    area = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    left = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while len(left):
        first, left = left[0], left[1:]
        kept.append(int(first))
        inner = np.minimum(corners[left, 2:], corners[first, 2:]) - np.maximum(corners[left, :2], corners[first, :2])
        shared = np.clip(inner, 0, None).prod(axis=1)
        overlap = shared / np.maximum(area[left] + area[first] - shared, 1e-9)
        left = left[(overlap <= max_overlap) | (labels[left] != labels[first])]
    return kept


def _corners(boxes: Array, form: str) -> Array:
    """Any form of box as x1, y1, x2, y2."""
    first, second = boxes[:, :2], boxes[:, 2:]
    if form == "xywh":
        return np.concatenate([first, first + second], axis=1)
    if form == "cxcywh":
        return np.concatenate([first - second / 2, first + second / 2], axis=1)
    return boxes


def _shape(name: str, value: Array, expected: str) -> ModelInvalid:
    message = f"The output {name!r} has the shape {list(value.shape)}; {expected} is expected."
    return ModelInvalid(faults=[_fault("onnx.output_shape", message, "settings.output.layout", None)])


def _fault(code: str, message: str, where: str, hint: str | None) -> Fault:
    return Fault(code=code, message=message, where=where, hint=hint)
