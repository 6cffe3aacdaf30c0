"""What people give to commands: records out of options and files, and things by their names."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

from karat.cli.shell import opened

if TYPE_CHECKING:
    from pydantic import BaseModel

    from karat.errors import KaratError

STDIN = Path("-")
R = TypeVar("R", bound="BaseModel")


class Named(Protocol):
    """Something that has an id and a name."""

    @property
    def id(self) -> UUID: ...

    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Named)


def record_of(kind: type[R], values: Mapping[str, Any]) -> R:
    """A record of what was given.

    Raises:
        InputInvalid: with everything that is wrong with it, each with its place.
    """
    from pydantic import ValidationError

    from karat.cli.errors import InputInvalid
    from karat.errors import Fault

    try:
        return kind.model_validate(values)
    except ValidationError as error:
        found = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors(include_url=False)]
        raise InputInvalid(faults=[Fault(code="malformed", message=said, where=at) for at, said in found]) from None


def json_of(path: Path | None) -> dict[str, Any]:
    """The object in a JSON file, of standard input where the file is `-`; empty without a file.

    Raises:
        FileUnreadable: it cannot be read.
        SettingsUnreadable: it holds something else.
    """
    from karat.cli.errors import SettingsUnreadable

    if path is None:
        return {}
    try:
        found = json.loads(bytes_of(path))
    except ValueError as error:
        raise SettingsUnreadable(file=path) from error
    if not isinstance(found, dict):
        raise SettingsUnreadable(file=path)
    return found


def text_of(path: Path | None) -> str | None:
    """The text in a file, of standard input where the file is `-`.

    Raises:
        FileUnreadable: it cannot be read, or is no text.
    """
    from karat.cli.errors import FileUnreadable

    if path is None:
        return None
    try:
        return bytes_of(path).decode()
    except UnicodeDecodeError as error:
        raise FileUnreadable(file=path, reason="it is no UTF-8 text") from error


def bytes_of(path: Path) -> bytes:
    """What a file holds, or standard input where it is `-`."""
    if path == STDIN:
        return sys.stdin.buffer.read()
    with opened(path) as stream:
        return stream.read()


def without_none(**values: Any) -> dict[str, Any]:
    """What was given; None says nothing."""
    return {name: value for name, value in values.items() if value is not None}


def the_one(items: Iterable[N], wanted: str, missing: "Callable[[], KaratError]") -> N:
    """The thing of this id or name.

    Raises:
        NameAmbiguous: several have the name.
    """
    from karat.cli.errors import NameAmbiguous

    found = [one for one in items if wanted in (str(one.id), one.name)]
    if not found:
        raise missing()
    if len(found) > 1:
        raise NameAmbiguous(name=wanted, ids=[one.id for one in found])
    return found[0]
