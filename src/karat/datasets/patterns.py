"""Patterns over keys, as shells know them."""

import re
from collections.abc import Callable, Sequence

_TOKENS = re.compile(r"(\*\*/|\*\*|\*|\?)")
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path fits one of the patterns; everything does where there are none.

    `*` and `?` stay within a folder, `**` does not. A pattern without a slash is for the name alone. Upper and lower case
    count as the same: cameras write `.JPG`.
    """
    if not patterns:
        return lambda _: True
    whole = [_compiled(one) for one in patterns if "/" in one]
    names = [_compiled(one) for one in patterns if "/" not in one]

    def fits(path: str) -> bool:
        name = path.rpartition("/")[2]
        return any(one.fullmatch(path) for one in whole) or any(one.fullmatch(name) for one in names)

    return fits


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (_MEANING.get(part) or re.escape(part) for part in _TOKENS.split(pattern.removeprefix("/")))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
