"""What the compute process does for ONNX models: judge a file, and ask it. Nothing of a file runs before it was judged."""

import ast
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from PIL import Image

from karat.errors import Fault
from karat.models.errors import ModelInvalid
from karat.models.onnx.inputs import Placed, choose_input, plan_image, prepare, said
from karat.models.onnx.outputs import Names, choose_scores, names_for, read_boxes, read_classes, split_boxes
from karat.models.onnx.sniff import what_it_is
from karat.models.onnx.wire import NotOnnx, read_contents
from karat.models.settings import OnnxSettings
from karat.models.types import OnnxDetails, Said, TensorInfo

Payload = tuple[bytes | str, tuple[int, int]]
TYPES = {"float": "float32", "double": "float64"}
SYNTHETIC = ("Karat", (64, 48))
_open: dict[str, ort.InferenceSession] = {}


def judge(path: str, settings: OnnxSettings, kind: str, classes: tuple[str, ...] | None = None) -> OnnxDetails:
    """Whether a file is a model that can be asked for annotations of a kind, found by asking it.

    Args:
        classes: of the project; without one whatever the model gives is taken.

    Raises:
        ModelInvalid: with what is wrong, where and what to do.
    """
    data = Path(path).read_bytes()
    if fault := what_it_is(data):
        raise ModelInvalid(faults=[fault])
    try:
        contents = read_contents(data)
    except (NotOnnx, RecursionError) as error:
        message = f"The file is not an ONNX model: {error}."
        raise _invalid("model.not_onnx", message, "Upload a .onnx file, whole.") from None
    if contents.external:
        names = ", ".join(one[:60] for one in contents.external[:5])
        message = f"{len(contents.external)} of the model's tensors lie in other files: {names}."
        hint = "Save it as one file: onnx.save_model(model, 'model.onnx', save_as_external_data=False)."
        raise _invalid("onnx.external_data", message, hint)
    if contents.custom:
        message = f"The model needs operators that onnxruntime does not have: {', '.join(contents.custom[:10])}."
        hint = "Export it with standard operators (ai.onnx, ai.onnx.ml) only."
        raise _invalid("onnx.custom_op", message, hint)
    session = _load(data)
    standard = max((version for domain, version in contents.opset.items() if domain in {"", "ai.onnx"}), default=0)
    details = OnnxDetails(
        producer=contents.producer,
        opset=standard,
        n_nodes=contents.n_nodes,
        inputs=[_info(one) for one in session.get_inputs()],
        outputs=[_info(one) for one in session.get_outputs()],
        class_names=_class_names(contents.metadata),
    )
    _ask(session, details, settings, kind, classes, [_synthetic(kind)])
    return details


def predict(
    path: str,
    sha256: str,
    settings: OnnxSettings,
    details: OnnxDetails,
    kind: str,
    classes: tuple[str, ...],
    payloads: list[Payload],
) -> list[Said]:
    """What a judged file says about some assets.

    Raises:
        ModelInvalid: the settings do not fit the file.
    """
    if sha256 not in _open:
        _open.clear()
        _open[sha256] = _load(Path(path).read_bytes())
    return _ask(_open[sha256], details, settings, kind, classes, payloads)


def _ask(
    session: ort.InferenceSession,
    details: OnnxDetails,
    settings: OnnxSettings,
    kind: str,
    classes: tuple[str, ...] | None,
    payloads: list[Payload],
) -> list[Said]:
    tensor = choose_input(details.inputs, settings.input.name)
    if kind.startswith("text."):
        rows, places, batch = *_texts(tensor, payloads), None
    else:
        plan = plan_image(tensor, settings.input)
        made = [prepare(bytes(content), plan, settings.input) for content, _ in payloads if isinstance(content, bytes)]
        rows, places, batch = np.stack([row for row, _ in made]), [one for _, one in made], plan.batch
    found: list[Said] = []
    step = batch or len(payloads)
    for start in range(0, len(payloads), step):
        some = rows[start : start + step]
        n = len(some)
        if batch and n < batch:
            some = np.concatenate([some, np.repeat(some[-1:], batch - n, axis=0)])
        values = _run(session, details, tensor, some)
        if kind.endswith(".class"):
            found += _classes(values, details, settings, classes)[:n]
        else:
            frame = (rows.shape[3], rows.shape[2]) if plan.layout == "nchw" else (rows.shape[2], rows.shape[1])
            part = list(zip(places[start : start + n], (one[1] for one in payloads[start : start + n]), strict=True))
            found += _boxes(values, details, settings, classes, frame, part)
    return found


def _run(
    session: ort.InferenceSession, details: OnnxDetails, tensor: TensorInfo, rows: "np.ndarray[Any, Any]"
) -> dict[str, Any]:
    try:
        values = session.run(None, {tensor.name: rows})
    except Exception as error:  # onnxruntime's errors have no family of their own
        message = (
            f"The model fails on an input of shape {list(rows.shape)}; its input is {said(tensor)}: {_first(error)}"
        )
        hint = "Set settings.input to what the model was trained on."
        raise _invalid("onnx.run_failed", message, hint, "settings.input") from None
    return dict(zip((one.name for one in details.outputs), values, strict=True))


def _classes(
    values: dict[str, Any], details: OnnxDetails, settings: OnnxSettings, classes: tuple[str, ...] | None
) -> list[Said]:
    output = choose_scores(details.outputs, settings.output)
    scores = np.asarray(values[output.name])
    own = settings.output.class_names or details.class_names
    if classes is None:
        n = scores.shape[1] if scores.ndim > 1 else 0
        classes = tuple(own or [str(one) for one in range(n)])
        settings = settings.model_copy(update={"class_map": {}})
    return read_classes(scores, settings, own, classes)


def _boxes(
    values: dict[str, Any],
    details: OnnxDetails,
    settings: OnnxSettings,
    classes: tuple[str, ...] | None,
    frame: tuple[int, int],
    part: Sequence[tuple[Placed, tuple[int, int]]],
) -> list[Said]:
    own = settings.output.class_names or details.class_names
    answers = split_boxes(values, details.outputs, settings.output)
    if len(answers) < len(part):
        message = f"The model answers for {len(answers)} images when it is asked about {len(part)}."
        raise _invalid("onnx.output_shape", message, "Set batch_size to 1.", "settings.batch_size")
    names = _box_names(values, details, own, classes, settings)
    return [
        read_boxes(one, settings, names, placed, frame, original)
        for one, (placed, original) in zip(answers, part, strict=False)
    ]


def _box_names(
    values: dict[str, Any],
    details: OnnxDetails,
    own: list[str] | None,
    classes: tuple[str, ...] | None,
    settings: OnnxSettings,
) -> Names:
    """A detector's class numbers; only where there is an output for each class their number is known."""
    first = np.asarray(values[details.outputs[0].name])
    n_given = first.shape[1] - 4 if len(details.outputs) == 1 and first.ndim == 3 and first.shape[2] != 6 else None
    known = own or (list(classes) if classes is not None else None)
    n = n_given if n_given is not None else len(known or ["0"])
    if known is None:
        known = [str(one) for one in range(n)]
    return names_for(known, n, classes or tuple(known), settings.class_map if classes is not None else {})


def _texts(tensor: TensorInfo, payloads: list[Payload]) -> tuple["np.ndarray[Any, Any]", list[Placed]]:
    if tensor.type != "string" or len(tensor.shape) not in (1, 2):
        message = f"The input {said(tensor)} takes no text."
        hint = (
            "Export the model with its tokenizer, so that the input is a text: string [N] or [N, 1]. A model that needs one"
            " outside runs behind HTTP."
        )
        raise _invalid("onnx.input_type", message, hint)
    texts = np.array([str(text) for text, _ in payloads], dtype=object)
    return (texts if len(tensor.shape) == 1 else texts[:, None]), []


def _load(data: bytes) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = max(1, (os.cpu_count() or 2) // 2)
    options.log_severity_level = 4
    try:
        return ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no family of their own
        message = f"onnxruntime {ort.__version__} cannot load the model: {_first(error)}"
        hint = "Run onnx.checker.check_model on it; export it with an older opset if that is what it says."
        raise _invalid("onnx.not_loadable", message, hint) from None


def _info(one: Any) -> TensorInfo:
    kind = str(one.type).removeprefix("tensor(").removesuffix(")")
    shape = [part if isinstance(part, int | str) or part is None else str(part) for part in one.shape or []]
    return TensorInfo(name=one.name, type=TYPES.get(kind, kind), shape=shape)


def _class_names(metadata: dict[str, str]) -> list[str] | None:
    """`names` of the file's own notes, a list or a mapping from numbers, as detectors are exported with."""
    try:
        names = ast.literal_eval(metadata.get("names", "")[:1_000_000])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if isinstance(names, dict) and set(names) == set(range(len(names))):
        names = [names[at] for at in range(len(names))]
    is_good = isinstance(names, list) and names and all(isinstance(one, str) and one.strip() for one in names)
    return [one.strip()[:200] for one in names] if is_good else None


def _synthetic(kind: str) -> Payload:
    text, size = SYNTHETIC
    if kind.startswith("text."):
        return text, (0, 0)
    stream = io.BytesIO()
    Image.new("RGB", size, (114, 114, 114)).save(stream, "PNG")
    return stream.getvalue(), size


def _first(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rsplit(" : ", 1)[-1][:300]


def _invalid(code: str, message: str, hint: str, where: str = "file") -> ModelInvalid:
    return ModelInvalid(faults=[Fault(code=code, message=message, where=where, hint=hint)])
