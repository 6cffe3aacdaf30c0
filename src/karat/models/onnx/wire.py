"""As much of protobuf's wire format as it takes to see what is in an ONNX file before any library loads it.

Source: protobuf.dev, Encoding; the field numbers are those of onnx.proto.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST = 64
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
# Operators that come with the runtime; all others would need code of somebody else.
KNOWN_DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})
STANDARD = frozenset({"", "ai.onnx"})


class NotOnnx(ValueError):
    """The bytes are no ONNX model."""


@dataclass
class Contents:
    """What was found in a file.

    Attributes:
        operators: (domain, name) of every node, also in the bodies of branches, loops and functions.
        functions: (domain, name) of those that the file defines itself.
        external: names of tensors whose values lie in other files.
        opset: version by domain.
    """

    ir_version: int = 0
    producer: str = ""
    n_nodes: int = 0
    operators: set[tuple[str, str]] = field(default_factory=set)
    functions: set[tuple[str, str]] = field(default_factory=set)
    external: list[str] = field(default_factory=list)
    opset: dict[str, int] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def custom(self) -> list[str]:
        """Operators that neither the runtime nor the file itself brings."""
        others = self.operators - self.functions
        return sorted(f"{domain}.{name}" for domain, name in others if domain not in KNOWN_DOMAINS)


def read_contents(data: bytes) -> Contents:
    """See what an ONNX file holds.

    Raises:
        NotOnnx: it is none.
    """
    found = Contents()
    graphs = []
    for number, value in _fields(memoryview(data)):
        if number == 1:
            found.ir_version = _int(value)
        elif number == 2:
            found.producer = _text(value)[:100]
        elif number == 7:
            graphs.append(_bytes(value))
        elif number == 8:
            domain, version = _opset(_bytes(value))
            found.opset[domain] = version
        elif number == 14:
            _entry(_bytes(value), found.metadata)
        elif number == 25:
            _function(_bytes(value), found)
    if len(graphs) != 1 or not found.opset or not 1 <= found.ir_version <= 1000:
        raise NotOnnx("it has no graph, no operator set or no version")
    _graph(graphs[0], found, 0)
    if not found.n_nodes:
        raise NotOnnx("its graph is empty")
    return found


Value = int | memoryview


def _fields(data: memoryview) -> Iterator[tuple[int, Value]]:
    """The fields of a message: their numbers and values."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if not number:
            raise NotOnnx("a field has the number 0")
        if kind == VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == BYTES:
            size, at = _varint(data, at)
        elif kind in {FIXED32, FIXED64}:
            size = 4 if kind == FIXED32 else 8
        else:
            raise NotOnnx(f"a field has the type {kind}")
        if size > len(data) - at:
            raise NotOnnx("a field ends behind the file")
        yield number, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise NotOnnx("a number ends behind the file")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise NotOnnx("a number is too long")


def _graph(data: memoryview, found: Contents, depth: int) -> None:
    if depth > DEEPEST:
        raise NotOnnx("its graphs are nested too deeply")
    for number, value in _fields(data):
        if number == 1:
            _node(_bytes(value), found, depth)
        elif number == 5:
            _tensor(_bytes(value), found)
        elif number == 15:
            _sparse(_bytes(value), found)


def _node(data: memoryview, found: Contents, depth: int) -> None:
    name = domain = ""
    for number, value in _fields(data):
        if number == 4:
            name = _text(value)
        elif number == 7:
            domain = _text(value)
        elif number == 5:
            _attribute(_bytes(value), found, depth)
    found.n_nodes += 1
    found.operators.add((domain, name))


def _attribute(data: memoryview, found: Contents, depth: int) -> None:
    for number, value in _fields(data):
        if number in {5, 10}:
            _tensor(_bytes(value), found)
        elif number in {6, 11}:
            _graph(_bytes(value), found, depth + 1)
        elif number in {22, 23}:
            _sparse(_bytes(value), found)


def _tensor(data: memoryview, found: Contents) -> None:
    name, is_external = "", False
    for number, value in _fields(data):
        if number == 8 and isinstance(value, memoryview):
            name = _text(value)
        elif number == 13 or (number == 14 and value == 1):
            is_external = True
    if is_external:
        found.external.append(name)


def _sparse(data: memoryview, found: Contents) -> None:
    for number, value in _fields(data):
        if number in {1, 2}:
            _tensor(_bytes(value), found)


def _function(data: memoryview, found: Contents) -> None:
    name = domain = ""
    for number, value in _fields(data):
        if number == 1:
            name = _text(value)
        elif number == 10:
            domain = _text(value)
        elif number == 7:
            _node(_bytes(value), found, 0)
    found.functions.add((domain, name))


def _opset(data: memoryview) -> tuple[str, int]:
    domain, version = "", 0
    for number, value in _fields(data):
        if number == 1:
            domain = _text(value)
        elif number == 2:
            version = _int(value)
    return domain, version


def _entry(data: memoryview, into: dict[str, str]) -> None:
    parts = {number: _text(value) for number, value in _fields(data) if number in {1, 2}}
    into[parts.get(1, "")] = parts.get(2, "")


def _int(value: Value) -> int:
    if isinstance(value, memoryview):
        raise NotOnnx("a number is expected where a text stands")
    return value


def _bytes(value: Value) -> memoryview:
    if isinstance(value, int):
        raise NotOnnx("a message is expected where a number stands")
    return value


def _text(value: Value) -> str:
    try:
        return bytes(_bytes(value)).decode()
    except UnicodeDecodeError:
        raise NotOnnx("a name is no text") from None
