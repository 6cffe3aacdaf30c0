"""Pages that are followed to the letter: the files that they show, the changes that they make, the commands that they run.

A block whose first line names a file after the language is that file; a `diff` changes it; `sh follow` is run.
"""

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"^(?P<fence>`{3,4})(?P<language>\w+) (?P<what>\S+)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Page:
    """What a page says to do.

    Attributes:
        files: text by path.
        changes: path and lines of a diff, in order.
        commands: in order.
    """

    files: dict[str, str]
    changes: list[tuple[str, list[str]]]
    commands: list[str]

    def follow(self, root: Path, *, below: str = "") -> None:
        """Write the files and make the changes in this tree; with `below` only those whose path begins so."""
        for name, text in self.files.items():
            if name.startswith(below):
                assert not (root / name).exists(), f"{name} is there already: the page would overwrite it"
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
        for name, lines in self.changes:
            if name.startswith(below):
                (root / name).write_text(_changed((root / name).read_text(), lines, name))


def read_page(path: Path) -> Page:
    """The page, read for what it says to do."""
    page = Page({}, [], [])
    for block in BLOCK.finditer(path.read_text()):
        language, what, text = block["language"], block["what"], block["text"]
        if language == "sh":
            page.commands.extend([text] if what == "follow" else [])
        elif language == "diff":
            page.changes.append((what, text.splitlines()))
        else:
            page.files[what] = text
    return page


def _changed(text: str, lines: list[str], name: str) -> str:
    """The text after a diff, whose parts between lines of `@@` have to fit exactly once each."""
    if "@@" in lines:
        at = lines.index("@@")
        return _changed(_changed(text, lines[:at], name), lines[at + 1 :], name)
    before = "".join(f"{line[1:]}\n" for line in lines if line[:1] in ("", " ", "-"))
    after = "".join(f"{line[1:]}\n" for line in lines if line[:1] in ("", " ", "+"))
    assert text.count(before) == 1, f"what the page changes is not in {name}:\n{before}"
    return text.replace(before, after)
