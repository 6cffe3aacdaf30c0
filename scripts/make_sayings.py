"""Write contract/sayings.json: every sentence of the server about sample facts, which the web app must be able to say.

.venv/bin/python scripts/make_sayings.py
"""

import json
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import karat
from karat.kit.sayings import Fact, Saying

PATH = Path(__file__).parents[1] / "contract" / "sayings.json"
COUNTS = (1, 1234)


def sayings() -> list[Saying]:
    """Every sentence of every capability, by its code."""
    modules = [one.name for one in pkgutil.walk_packages(karat.__path__, "karat.") if one.name.endswith(".sayings")]
    found = [one for name in modules for one in vars(import_module(name)).values() if isinstance(one, Saying)]
    return sorted(found, key=lambda one: one.code)


def contract() -> str:
    """The file: a case for one of whatever is counted, and one for many."""
    cases: list[dict[str, Any]] = []
    for saying in sayings():
        for n in COUNTS:
            facts = {name: _sample(how, n) for name, how in saying.places().items()}
            case = {"code": saying.code, "facts": facts, "english": saying(**facts).text}
            if case not in cases:
                cases.append(case)
    return json.dumps({"cases": cases}, indent=1, ensure_ascii=False) + "\n"


def _sample(how: str, n: int) -> Fact:
    if how.endswith("%"):
        return 0.01234
    if how.endswith(("f", "g")):
        return 0.87641
    return n if how else "“heron” <b>"


if __name__ == "__main__":
    PATH.write_text(contract())
