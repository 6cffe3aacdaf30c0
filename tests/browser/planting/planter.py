"""Sends texts that try to be scripts, each with a mark of its own, and remembers which field brought which mark."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.browser.planting.fields import Field
from tests.support.world import Person, World

IMAGE = "<img src=x data-xss onerror=window.__xss=1>"
SCRIPT = "\"'><script data-xss>window.__xss=1</script>"
REST = (
    "</title></textarea><iframe data-xss srcdoc='<script>parent.__xss=1</script>'></iframe>"
    " [link](javascript:window.__xss=1) <a data-xss href=javascript:window.__xss=1>click</a>"
    " {{constructor.constructor('window.__xss=1')()}} ![x](x onerror=window.__xss=1)"
)
NO_SPACE = "<svg/onload=window.__xss=1//data-xss>"
# The strongest that a field takes. What stands without a mark in it is put behind the mark.
FORMS = (
    "{mark}" + IMAGE + SCRIPT + REST,
    "{mark}" + IMAGE + SCRIPT,
    "{mark}" + IMAGE,
    "{mark}" + NO_SPACE + "@example.org",
    "{mark}" + NO_SPACE,
)
# Patterns of letters, digits and some marks, none of which means anything to a page.
HARMLESS = {r"^[A-Za-z0-9][A-Za-z0-9._-]{1,221}$", r"^[A-Za-z0-9._-]+$", r"^[A-Z]{3}$"}
MARK = re.compile(r"x\d{3}s")


@dataclass
class Screen:
    """Where marks are to be seen.

    Attributes:
        steps: what is pressed there, one after the other, by its accessible name as a pattern.
        who: looks at it; the owner, unless it is somebody's own.
    """

    name: str
    path: str
    steps: tuple[str, ...] = ()
    who: Person | None = None


@dataclass
class Planter:
    """What was planted so far.

    Attributes:
        refused: fields whose attack no valid request may carry: the server was asked and said no.
        doubts: where it said yes, or no for another reason.
    """

    world: World
    fields: dict[str, Field]
    marks: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    @property
    def owner(self) -> Person:
        """Who plants."""
        return self.world.owner

    def text(self, name: str, form: str | None = None, most: int = 600) -> str:
        """An attack for a field; with a form, its `{attack}` is replaced.

        Args:
            name: as the document has it, `POST /api/groups name`; or words of one's own, for what comes in files.
            most: as many characters, where the document does not say.
        """
        if name not in self.fields:
            assert not name.startswith(("POST /", "PUT /", "PATCH /")), f"there is no such field: {name}"
        known = self.fields.get(name) or Field("", "", name, 500)
        mark = self._mark(name)
        for one in FORMS:
            attack = one.replace("{mark}", mark)
            text = form.replace("{attack}", attack) if form else attack
            if len(text) <= (known.max_length or most) and re.search(known.pattern or "", text):
                return text
        raise AssertionError(f"no attack fits into {name}")

    def plain(self, name: str, form: str) -> str:
        """An attack without a space and without quotes, for addresses and the like, where `{attack}` stands."""
        return form.replace("{attack}", self._mark(name) + NO_SPACE)

    async def refuse(self, name: str, method: str, path: str, body: Any, sender: Person | None = None) -> None:
        """The server takes no attack in this field, and finds fault with nothing else."""
        assert name in self.fields, name
        answer = await (sender or self.owner).call(method, path, json=body)
        is_no = 400 <= answer.status_code < 500
        field = re.findall(r"[a-z_]+", re.sub(r"<\w+>", "", name))[-1].rstrip("s")
        if not is_no or field not in answer.text or len(answer.json().get("faults", [])) > 1:
            self.doubts.append(f"{name}: {answer.status_code} {answer.text}")
        self.refused[name] = answer.status_code

    async def change(self, path: str, **body: Any) -> Any:
        """A PATCH that must succeed."""
        answer = await self.owner.call("PATCH", path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def impossible(self) -> set[str]:
        """Fields whose own pattern keeps out whatever could become markup."""
        return {name for name, one in self.fields.items() if one.pattern in HARMLESS}

    def _mark(self, name: str) -> str:
        mark = f"x{len(self.marks):03}s"
        self.marks[mark] = name
        return mark
