"""Kinds that other installed packages bring: the entry points of the group `karat.kinds`."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from karat.kit import Fault, Record
from karat.modalities.errors import KindNotUsable
from karat.modalities.types import CategoricalKind, Kind, ObjectKind

GROUP = "karat.kinds"
METHODS = ("check", "similarity", "merge")
MEND = "Mend the package, or uninstall it."


def installed() -> tuple[EntryPoint, ...]:
    """What the packages of this Python offer, in the order of their names."""
    return tuple(sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value)))


def with_extensions(own: Sequence[Kind[Any]], offered: Iterable[EntryPoint]) -> tuple[Kind[Any], ...]:
    """Our own kinds, then those that are offered.

    One that cannot be used ends the start: work that was stored with it could be neither read nor judged.

    Raises:
        KindNotUsable: with everything that is wrong with it.
    """
    kinds = list(own)
    for point in offered:
        kind = _load(point)
        if faults := [_fault(point, message, MEND) for message in _mistakes(kind, kinds)]:
            raise KindNotUsable(faults=faults)
        kinds.append(kind)
    return tuple(kinds)


def _load(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:  # whatever another package's code does, it is told with that package's name
        message = f"It cannot be imported: {type(error).__name__}: {error}."
        hint = f"{MEND} From karat.modalities it imports the modules, such as karat.modalities.types."
        raise KindNotUsable(faults=[_fault(point, message, hint)]) from error


def _mistakes(kind: Any, others: Sequence[Kind[Any]]) -> Iterator[str]:
    texts = [getattr(kind, field, None) for field in ("name", "modality", "title")]
    if not all(isinstance(text, str) and text for text in texts):
        yield "It needs a name, a modality and a title."
        return
    if not kind.name.startswith(f"{kind.modality}."):
        yield f"Its name {kind.name!r} does not begin with its modality {kind.modality!r} and a dot."
    if any(kind.name == other.name for other in others):
        yield f"There is another kind {kind.name!r}."
    payload = getattr(kind, "payload", None)
    if not (isinstance(payload, type) and issubclass(payload, Record)):
        yield "Its payload is no subclass of karat.kit.Record."
    if missing := [name for name in METHODS if not callable(getattr(kind, name, None))]:
        yield f"It has no method {', '.join(missing)}."
    elif isinstance(kind, CategoricalKind) == isinstance(kind, ObjectKind):
        yield "It needs class_of with either of_class or overlap."


def _fault(point: EntryPoint, message: str, hint: str) -> Fault:
    package = f" of the package {point.dist.name}" if point.dist else ""
    where = f"{point.name} = {point.value}{package}"
    return Fault(code="kind.not_usable", message=message, where=where, hint=hint)
