"""Images and texts as the input of an ONNX model, and the way back from its pixels to those of the original."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from karat.errors import Fault
from karat.models.errors import ModelInvalid
from karat.models.settings import OnnxInput
from karat.models.types import TensorInfo

DTYPES: dict[str, type[Any]] = {"float32": np.float32, "float16": np.float16, "float64": np.float64, "uint8": np.uint8}


@dataclass(frozen=True, slots=True)
class Plan:
    """How an image is brought into the input's shape.

    Attributes:
        batch: assets in one call, where the model fixes that; None where any number goes.
    """

    name: str
    dtype: str
    layout: str
    channels: int
    height: int
    width: int
    batch: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the original lies in the input: x' = x * scale_x + left, and likewise y."""

    scale_x: float
    scale_y: float
    left: float
    top: float


def choose_input(inputs: Sequence[TensorInfo], name: str | None) -> TensorInfo:
    """The input that takes the asset.

    Raises:
        ModelInvalid: there are several, or none of that name.
    """
    if name is not None:
        for one in inputs:
            if one.name == name:
                break
        else:
            raise _invalid(
                "onnx.input_unknown",
                f"The model has no input {name!r}.",
                "settings.input.name",
                f"It has {_all(inputs)}.",
            )
        if len(inputs) == 1:
            return one
    if len(inputs) != 1:
        message = f"The model has {len(inputs)} inputs: {_all(inputs)}. Karat fills one, with the asset."
        hint = "Export the model so that an image, or a text, is all that it needs; fix the other inputs in the graph."
        raise _invalid("onnx.inputs", message, "file", hint)
    return inputs[0]


def plan_image(tensor: TensorInfo, wish: OnnxInput) -> Plan:
    """How images become this input.

    Raises:
        ModelInvalid: the input takes no image, or none of the wished size; with the shape that it takes.
    """
    if tensor.type not in DTYPES:
        message = f"The input {said(tensor)} takes no pixels."
        raise _invalid("onnx.input_type", message, "file", f"An image input is one of {', '.join(DTYPES)}.")
    if len(tensor.shape) != 4:
        message = f"The input {said(tensor)} has {len(tensor.shape)} dimensions; an image input has four."
        raise _invalid("onnx.input_shape", message, "file", "Expected [N, 3, height, width] or [N, height, width, 3].")
    layout = wish.layout or _layout(tensor)
    at = {"nchw": (1, 2, 3), "nhwc": (3, 1, 2)}[layout]
    channels, height, width = (tensor.shape[one] for one in at)
    if channels not in (1, 3):
        message = f"The input {said(tensor)} has {channels} channels in the order {layout}; an image has 1 or 3."
        raise _invalid("onnx.input_shape", message, "settings.input.layout", "Set the layout to nchw or nhwc.")
    if wish.colors is not None and (wish.colors == "gray") != (channels == 1):
        message = f"The input {said(tensor)} has {channels} channels, which {wish.colors} has not."
        raise _invalid("onnx.input_shape", message, "settings.input.colors", "gray has 1 channel, rgb and bgr have 3.")
    for values, field in ((wish.mean, "mean"), (wish.std, "std")):
        if len(values) not in (0, 1, channels):
            message = f"{field} has {len(values)} numbers; the input {said(tensor)} has {channels} channels."
            hint = f"Give one number, or {channels}."
            raise _invalid("onnx.input_shape", message, f"settings.input.{field}", hint)
    batch = tensor.shape[0] if isinstance(tensor.shape[0], int) and tensor.shape[0] > 0 else None
    size = [
        _size(tensor, field, one, wished)
        for field, one, wished in (("height", height, wish.height), ("width", width, wish.width))
    ]
    return Plan(tensor.name, tensor.type, layout, int(channels), size[0], size[1], batch)


def prepare(content: bytes, plan: Plan, wish: OnnxInput) -> tuple[NDArray[Any], Placed]:
    """One image as one row of the input, and where it lies in it."""
    with Image.open(io.BytesIO(content)) as opened:
        image = ImageOps.exif_transpose(opened).convert("L" if plan.channels == 1 else "RGB")
    image, placed = _fit(image, plan, wish)
    pixels = np.asarray(image).reshape(plan.height, plan.width, plan.channels)
    if wish.colors == "bgr":
        pixels = pixels[:, :, ::-1]
    if plan.dtype != "uint8":
        mean = np.array(wish.mean or [0.0], dtype=np.float32)
        std = np.array(wish.std or [1.0], dtype=np.float32)
        pixels = ((pixels.astype(np.float32) * np.float32(wish.scale) - mean) / std).astype(DTYPES[plan.dtype])
    if plan.layout == "nchw":
        pixels = pixels.transpose(2, 0, 1)
    return np.ascontiguousarray(pixels), placed


def said(tensor: TensorInfo) -> str:
    """A tensor as people read it: 'images' float32 [N, 3, 224, 224]."""
    shape = ", ".join("?" if one is None else str(one) for one in tensor.shape)
    return f"{tensor.name!r} {tensor.type} [{shape}]"


def _fit(image: Image.Image, plan: Plan, wish: OnnxInput) -> tuple[Image.Image, Placed]:
    x, y = plan.width / image.width, plan.height / image.height
    if wish.resize == "stretch":
        return image.resize((plan.width, plan.height), Image.Resampling.BILINEAR), Placed(x, y, 0, 0)
    scale = min(x, y) if wish.resize == "letterbox" else max(x, y)
    width, height = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    left, top = (plan.width - width) // 2, (plan.height - height) // 2
    fill = wish.pad if plan.channels == 1 else (wish.pad,) * 3
    canvas = Image.new(image.mode, (plan.width, plan.height), fill)
    canvas.paste(image.resize((width, height), Image.Resampling.BILINEAR), (left, top))
    return canvas, Placed(width / image.width, height / image.height, left, top)


def _layout(tensor: TensorInfo) -> str:
    first, last = tensor.shape[1] in (1, 3), tensor.shape[3] in (1, 3)
    if first != last:
        return "nchw" if first else "nhwc"
    message = f"The input {said(tensor)} does not say where its channels are."
    raise _invalid("onnx.input_shape", message, "settings.input.layout", "Set the layout to nchw or nhwc.")


def _size(tensor: TensorInfo, field: str, fixed: int | str | None, wished: int | None) -> int:
    where = f"settings.input.{field}"
    if isinstance(fixed, int) and fixed > 0:
        if wished is not None and wished != fixed:
            message = f"The input {said(tensor)} has a {field} of {fixed}; the settings say {wished}."
            raise _invalid("onnx.input_shape", message, where, f"Set it to {fixed}, or leave it out.")
        return fixed
    if wished is None:
        message = f"The input {said(tensor)} takes any {field}, so it has to be said which."
        raise _invalid("onnx.input_shape", message, where, "Set the size of the images that the model was trained on.")
    return wished


def _all(tensors: Sequence[TensorInfo]) -> str:
    return "; ".join(said(one) for one in tensors[:10]) or "none"


def _invalid(code: str, message: str, where: str, hint: str) -> ModelInvalid:
    return ModelInvalid(faults=[Fault(code=code, message=message, where=where, hint=hint)])
