"""One thing that is wrong with an input."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong, where, and what to do.

    Attributes:
        code: stable, for programs; `image.truncated`.
        where: the row, entry or field, in the sender's own terms.
    """

    code: str
    message: str
    where: str
    hint: str | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f" {self.hint}" if self.hint else "")

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> "Fault":
        """A fault as it travels; what is missing is empty, since an error must always be told."""
        code, message, where = (str(value.get(name, "")) for name in ("code", "message", "where"))
        return cls(code=code, message=message, where=where, hint=value.get("hint"))
