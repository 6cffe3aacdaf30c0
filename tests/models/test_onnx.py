"""ONNX files: judged by their bytes, asked with images and texts, and every fault told with its place and its fix."""

import gzip
import io
import pickle
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from karat.models.errors import ModelInvalid
from karat.models.onnx import session
from karat.models.onnx.wire import Contents, NotOnnx, read_contents
from karat.models.settings import OnnxInput, OnnxOutput, OnnxSettings
from karat.models.types import Said
from tests.models.made import (
    color_model,
    detector,
    make,
    tensor,
    text_model,
    with_custom_operator,
    with_external_data,
    yolo,
)

COLORS = OnnxSettings(output=OnnxOutput(class_names=["red", "green", "blue"]))


def image(color: Any, size: tuple[int, int] = (50, 40), **more: Any) -> tuple[bytes, tuple[int, int]]:
    stream = io.BytesIO()
    Image.new("RGB", size, color).save(stream, "PNG", **more)
    return stream.getvalue(), size


def judge(folder: Path, content: bytes, wish: OnnxSettings, kind: str = "image.class", **more: Any) -> Any:
    path = folder / "model.onnx"
    path.write_bytes(content)
    return session.judge(str(path), wish, kind, **more)


def faults(folder: Path, content: bytes, wish: OnnxSettings | None = None, kind: str = "image.class") -> list[Any]:
    with pytest.raises(ModelInvalid) as caught:
        judge(folder, content, wish or OnnxSettings(), kind)
    return caught.value.faults


def ask(
    folder: Path, content: bytes, wish: OnnxSettings, kind: str, classes: tuple[str, ...], payloads: list[Any]
) -> list[Said]:
    details = judge(folder, content, wish, kind)
    return session.predict(str(folder / "model.onnx"), str(hash(content)), wish, details, kind, classes, payloads)


def test_a_classifier_tells_the_colors_of_images_of_any_size(tmp_path: Path) -> None:
    pictures = [image("red"), image("#00ff00", (7, 90)), image("blue", (300, 5))]
    said = ask(tmp_path, color_model(), COLORS, "image.class", ("blue", "green", "red", "other"), pictures)
    best = [max(one.probabilities or {}, key=(one.probabilities or {}).__getitem__) for one in said]
    assert best == ["red", "green", "blue"]
    # softmax of 8, 0, 0
    assert said[0].probabilities == pytest.approx({"red": 0.99933, "green": 0.000335, "blue": 0.000335}, abs=1e-5)


def test_a_model_of_one_image_at_a_time_answers_for_many(tmp_path: Path) -> None:
    said = ask(
        tmp_path, color_model(batch=1), COLORS, "image.class", ("red", "green", "blue"), [image("red"), image("blue")]
    )
    assert [max(one.probabilities or {}, key=(one.probabilities or {}).get) for one in said] == ["red", "blue"]  # type: ignore[arg-type]


def test_a_fixed_batch_is_filled_up(tmp_path: Path) -> None:
    pictures = [image("red"), image("blue"), image("red"), image("blue"), image("blue")]
    said = ask(tmp_path, color_model(batch=4), COLORS, "image.class", ("red", "blue"), pictures)
    assert [round((one.probabilities or {})["red"]) for one in said] == [1, 0, 1, 0, 0]


def test_order_of_colors_mean_and_deviation_are_as_said(tmp_path: Path) -> None:
    wish = COLORS.model_copy(update={"input": OnnxInput(colors="bgr")})
    said = ask(tmp_path, color_model(), wish, "image.class", ("red", "blue"), [image("red")])
    assert (said[0].probabilities or {})["blue"] > 0.99
    wish = COLORS.model_copy(update={"input": OnnxInput(mean=[1, 0, 0], std=[0.5, 1, 1])})
    said = ask(tmp_path, color_model(sharp=1), wish, "image.class", ("red", "green", "blue"), [image("black")])
    # red becomes (0 - 1) / 0.5 = -2, the others 0: softmax of -2, 0, 0
    assert (said[0].probabilities or {})["red"] == pytest.approx(np.exp(-2) / (2 + np.exp(-2)), abs=1e-5)


def test_classes_are_matched_by_name_by_map_and_what_the_project_lacks_is_left_out(tmp_path: Path) -> None:
    wish = OnnxSettings(
        class_map={"green": "grass"}, output=OnnxOutput(class_names=[" RED", "green", "blue"], activation="softmax")
    )
    said = ask(tmp_path, color_model(), wish, "image.class", ("red", "grass"), [image("red")])
    assert set(said[0].probabilities or {}) == {"red", "grass"}
    assert sum((said[0].probabilities or {}).values()) == pytest.approx(1)
    with pytest.raises(ModelInvalid) as caught:
        ask(tmp_path, color_model(), COLORS, "image.class", ("cat", "dog", "cow"), [image("red")])
    assert caught.value.faults[0].code == "model.classes_differ"
    assert "cat, dog, cow" in caught.value.faults[0].message


def test_names_that_the_file_brings_are_used(tmp_path: Path) -> None:
    details = judge(tmp_path, color_model(metadata={"names": "{0: 'r', 1: 'g', 2: 'b'}"}), OnnxSettings())
    assert details.class_names == ["r", "g", "b"]
    for hostile in ("__import__('os').system('true')", "[" * 5000, "{0: 'a', 2: 'b'}", "[1, 2, 3]", ""):
        assert judge(tmp_path, color_model(metadata={"names": hostile}), OnnxSettings()).class_names is None


def test_a_text_model_is_asked_with_texts(tmp_path: Path) -> None:
    said = ask(tmp_path, text_model(), OnnxSettings(), "text.class", ("a", "b"), [("one", (0, 0)), ("two", (0, 0))])
    assert [one.probabilities for one in said] == [{"a": 0.5, "b": 0.5}] * 2


BOXES = ([[8, 16, 24, 48], [9, 16, 25, 48], [0, 0, 64, 64], [40, 40, 50, 50]], [0.9, 0.8, 0.7, 0.1], [0, 0, 1, 1])


def test_boxes_come_back_in_pixels_of_the_original_and_the_weak_and_the_double_are_left_out(tmp_path: Path) -> None:
    wish = OnnxSettings(output=OnnxOutput(class_names=["cup", "fork"]))
    (said,) = ask(tmp_path, detector(*BOXES), wish, "image.box", ("fork", "cup"), [image("red", (128, 32))])
    assert [one.payload for one in said.objects or []] == [
        {"label_class": "cup", "x": 16, "y": 8, "width": 32, "height": 16},
        {"label_class": "fork", "x": 0, "y": 0, "width": 128, "height": 32},
    ]
    assert [round(one.score, 3) for one in said.objects or []] == [0.9, 0.7]


@pytest.mark.parametrize(
    ("resize", "expected"),
    [
        # 128 x 32 into 64 x 64: scale 0.5, so 16 rows high and 24 rows of filling above
        ("letterbox", {"x": 16, "y": 0, "width": 32, "height": 32}),
        # scale 2, so 256 wide and 96 columns cut on the left
        ("crop", {"x": (8 + 96) / 2, "y": 8, "width": 8, "height": 16}),
    ],
)
def test_whatever_the_resizing_boxes_find_their_way_back(
    tmp_path: Path, resize: Any, expected: dict[str, float]
) -> None:
    wish = OnnxSettings(input=OnnxInput(resize=resize), output=OnnxOutput(class_names=["cup", "fork"]))
    boxes = [[8, 16, 24, 48]]
    (said,) = ask(tmp_path, detector(boxes, [0.9], [0]), wish, "image.box", ("cup",), [image("red", (128, 32))])
    (found,) = said.objects or []
    assert found.payload == {"label_class": "cup", **expected}


def test_a_yolo_output_is_understood(tmp_path: Path) -> None:
    rows = [[16, 32, 16, 32, 0.9, 0.05], [50, 50, 10, 10, 0.1, 0.6], [16, 33, 16, 32, 0.5, 0.0], [9, 9, 4, 4, 0.1, 0.2]]
    (said,) = ask(tmp_path, yolo(rows), OnnxSettings(), "image.box", ("cup", "fork"), [image("red", (64, 64))])
    assert [(one.payload["label_class"], one.payload["x"], one.payload["y"]) for one in said.objects or []] == [
        ("cup", 8, 16),
        ("fork", 45, 45),
    ]


@pytest.mark.parametrize(
    ("wish", "where", "said"),
    [
        (
            OnnxInput(width=64),
            "settings.input.width",
            "'images' float32 [N, 3, 32, 32] has a width of 32; the settings say 64",
        ),
        (OnnxInput(layout="nhwc"), "settings.input.layout", "has 32 channels in the order nhwc"),
        (OnnxInput(colors="gray"), "settings.input.colors", "has 3 channels"),
        (OnnxInput(mean=[1, 2]), "settings.input.mean", "mean has 2 numbers"),
        (OnnxInput(name="pixels"), "file", "no input 'pixels'"),
    ],
)
def test_a_wrong_input_is_told_with_the_shape_that_is_expected(
    tmp_path: Path, wish: OnnxInput, where: str, said: str
) -> None:
    (fault,) = faults(tmp_path, color_model(), OnnxSettings(input=wish))
    assert said in fault.message
    assert fault.hint
    assert where in (fault.where, "file")


def test_an_input_that_is_no_image_is_told_with_its_shape(tmp_path: Path) -> None:
    from onnx import helper

    flat = make(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        [tensor("x", ["N", 784])],
        [tensor("y", ["N", 10])],
        {"w": np.zeros((784, 10), dtype=np.float32)},
    ).SerializeToString()
    (fault,) = faults(tmp_path, flat)
    assert (fault.code, fault.message) == (
        "onnx.input_shape",
        "The input 'x' float32 [N, 784] has 2 dimensions; an image input has four.",
    )
    (fault,) = faults(tmp_path, color_model("S"))
    assert "takes any height" in fault.message
    (fault,) = faults(tmp_path, color_model(), kind="text.class")
    assert "takes no text" in fault.message


def test_a_shape_inside_the_model_that_does_not_fit_is_told_by_running_it(tmp_path: Path) -> None:
    wish = OnnxSettings(output=OnnxOutput(class_names=["a", "b"]))
    (fault,) = faults(tmp_path, color_model(), wish)
    assert (fault.code, fault.message) == ("onnx.class_names", "The model gives 3 classes; names are listed for 2.")
    with pytest.raises(ModelInvalid):
        judge(tmp_path, color_model(), OnnxSettings(), classes=("a", "b"))


class Boom:
    """A pickle of it runs a program when it is loaded."""

    def __reduce__(self) -> Any:
        return (print, ("a pickle was loaded",))


def torch_like() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("model/data.pkl", pickle.dumps(Boom()))
        archive.writestr("model/data/0", b"\0" * 64)
    return stream.getvalue()


PICKLES = {
    **{f"protocol {number}": pickle.dumps({"w": Boom()}, protocol=number) for number in range(6)},
    "a torch checkpoint": torch_like(),
    "joblib with zlib": zlib.compress(pickle.dumps([Boom()])),
    "joblib with gzip": gzip.compress(pickle.dumps([Boom()])),
}


@pytest.mark.parametrize("content", PICKLES.values(), ids=PICKLES.keys())
def test_a_pickle_is_refused_by_its_content_never_loaded_and_the_way_to_onnx_is_told(
    tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    (fault,) = faults(tmp_path, content)
    assert fault.code == "model.pickle"
    assert "onnx" in str(fault.hint)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "model.not_onnx"),
        (b"hello", "model.not_onnx"),
        (b"<html></html>", "model.not_onnx"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 100, "model.not_onnx"),
        (b"\x1c\0\0\0TFL3" + b"\0" * 100, "model.not_onnx"),
        (b"\x1c\0\0\0ORTM" + b"\0" * 100, "model.not_onnx"),
        (b"\x02\0\0\0\0\0\0\0{}" + b"\0" * 10, "model.not_onnx"),
        (with_external_data(), "onnx.external_data"),
        (with_custom_operator(), "onnx.custom_op"),
        (color_model()[:-20], "model.not_onnx"),
    ],
)
def test_what_is_no_model_that_can_run_here_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    (fault,) = faults(tmp_path, content)
    assert fault.code == code
    assert fault.hint


def test_what_a_file_holds_is_seen_also_inside_branches() -> None:
    contents = read_contents(with_custom_operator())
    assert contents.custom == ["evil.example.Steal"]
    assert contents.n_nodes == 3
    assert read_contents(color_model()).operators == {("", "GlobalAveragePool"), ("", "Flatten"), ("", "MatMul")}


@settings(max_examples=200)
@given(at=st.integers(0, 10_000), value=st.integers(0, 255), cut=st.integers(0, 10_000))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(at: int, value: int, cut: int) -> None:
    whole = bytearray(color_model())
    whole[at % len(whole)] = value
    try:
        found: object = read_contents(bytes(whole[: len(whole) - cut % len(whole)]))
    except NotOnnx as refused:
        found = refused
    assert isinstance(found, Contents | NotOnnx)


def test_graphs_nested_without_end_are_refused() -> None:
    def wrap(number: int, content: bytes) -> bytes:
        size, prefix = len(content), bytearray()
        while size > 0x7F:
            prefix.append(size & 0x7F | 0x80)
            size >>= 7
        return bytes([number << 3 | 2, *prefix, size]) + content

    graph = b""
    for _ in range(200):
        graph = wrap(1, wrap(5, wrap(6, graph)))
    with pytest.raises(NotOnnx, match="nested"):
        read_contents(b"\x08\x08" + wrap(8, b"\x10\x11") + wrap(7, graph))
