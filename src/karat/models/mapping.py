"""Which class of the project a model means by a class of its own."""

from collections.abc import Mapping, Sequence

from karat.errors import Fault
from karat.models.types import ClassMatch


def match_class(name: str, classes: Sequence[str], class_map: Mapping[str, str]) -> str | None:
    """The project's class: as the map says, else of the same name, capitals and surrounding space aside."""
    wanted = class_map.get(name, name)
    if wanted in classes:
        return wanted
    folded = [one for one in classes if one.strip().casefold() == wanted.strip().casefold()]
    return folded[0] if len(folded) == 1 else None


def match_classes(names: Sequence[str], classes: Sequence[str], class_map: Mapping[str, str]) -> ClassMatch:
    """How all classes of a model meet those of a project."""
    found = {name: match_class(name, classes, class_map) for name in names}
    matched = {name: one for name, one in found.items() if one is not None}
    return ClassMatch(
        matched=matched,
        only_model=[name for name, one in found.items() if one is None],
        only_project=[one for one in classes if one not in matched.values()],
    )


def no_class_meets(names: Sequence[str], classes: Sequence[str]) -> Fault:
    """The fault of a model that has no class in common with the project."""
    message = f"The model's classes are {_some(names)}; the project's are {_some(classes)}: none is the same."
    hint = "Say in the model's settings which is which: class_map has the project's class by the model's."
    return Fault(code="model.classes_differ", message=message, where="settings.class_map", hint=hint)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(name[:50] for name in names[:8])
    return f"{shown} … ({len(names)})" if len(names) > 8 else shown or "not known"
