"""What a file that is no ONNX model probably is, by its first bytes: nothing of it is loaded, a pickle least of all."""

import io
import json
import pickletools
import zipfile
import zlib

from karat.errors import Fault

HEAD = 4096
PYTORCH = (
    "Export it to ONNX where it was trained: torch.onnx.export(model.eval(), example_input, 'model.onnx', dynamo=False), "
    "and upload that file."
)
SCIKIT = (
    "Export it to ONNX where it was trained: skl2onnx.to_onnx(model, example_row, options={'zipmap': False}), and upload"
    " that file."
)
KERAS = "Export it to ONNX where it was trained: python -m tf2onnx.convert --keras model.keras --output model.onnx."
PICKLED = "Loading a pickle runs whatever program is inside; Karat never does."


def what_it_is(data: bytes) -> Fault | None:
    """The fault of a file of a known other kind; None where nothing is recognised."""
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    if _is_pickle(data):
        return _pickle("a Python pickle", f"{PYTORCH} For scikit-learn: {SCIKIT}")
    if _inflated_is_pickle(data):
        return _pickle("a compressed Python pickle, as joblib writes it", SCIKIT)
    if data.startswith(b"\x89HDF\r\n"):
        return _other("a Keras or HDF5 file", KERAS)
    if data[4:8] == b"TFL3":
        return _other("a TensorFlow Lite file", "python -m tf2onnx.convert --tflite model.tflite --output model.onnx.")
    if data[4:8] == b"ORTM":
        return _other("a model in onnxruntime's own format", "Upload the .onnx file that it was made from.")
    if _is_safetensors(data):
        return _other("a safetensors file: weights without the model that uses them", PYTORCH)
    return None


def _archive(data: bytes) -> Fault:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        names = []
    if any(name.endswith((".pkl", ".pickle")) for name in names):
        return _pickle("a PyTorch checkpoint, which is a pickle in a ZIP", PYTORCH)
    if any(name.endswith("config.json") for name in names) and any(name.endswith(".h5") for name in names):
        return _other("a Keras file", KERAS)
    if any(name.endswith(".npy") for name in names):
        return _other("a NumPy archive", "Upload the .onnx file of the model itself.")
    if onnx := [name for name in names if name.endswith(".onnx")]:
        return _other("a ZIP", f"Unpack it and upload {onnx[0][:100]} alone.")
    return _other("a ZIP", "Upload the .onnx file itself, not packed.")


def _is_pickle(data: bytes) -> bool:
    """Protocol 2 and later begin with their number; older ones are read operation by operation, and nothing is run."""
    if data[:1] == b"\x80" and len(data) > 1 and data[1] <= 5:
        return True
    try:
        operations = [one.name for one, _, _ in _some_operations(data)]
    except Exception:  # whatever the reader trips over: then it is none
        return False
    return bool(operations) and operations[-1] == "STOP" and len(operations) > 1


def _some_operations(data: bytes) -> list[tuple[pickletools.OpcodeInfo, object, int | None]]:
    found = []
    for one in pickletools.genops(io.BytesIO(data)):
        found.append(one)
        if len(found) >= 10_000:
            break
    return found


def _inflated_is_pickle(data: bytes) -> bool:
    if data[:1] == b"\x78" or data[:2] == b"\x1f\x8b":
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data[: 1 << 20], HEAD)
        except zlib.error:
            return False
        return head[:1] == b"\x80"
    return data[:3] in {b"BZh", b"\xfd7z"} or data[:4] == b"\x04\x22\x4d\x18"  # joblib's other compressions


def _is_safetensors(data: bytes) -> bool:
    size = int.from_bytes(data[:8], "little")
    if not (2 <= size <= len(data) - 8) or data[8:9] != b"{" or size > 100 << 20:
        return False
    try:
        json.loads(data[8 : 8 + size])
    except ValueError:
        return False
    return True


def _pickle(what: str, hint: str) -> Fault:
    return Fault(code="model.pickle", message=f"The file is {what}. {PICKLED}", where="file", hint=hint)


def _other(what: str, hint: str) -> Fault:
    return Fault(code="model.not_onnx", message=f"The file is {what}, not an ONNX model.", where="file", hint=hint)
