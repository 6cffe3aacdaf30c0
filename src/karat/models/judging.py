"""Holding what a model says to what can be said: classes of the project, probabilities that are some, objects in the asset."""

import math
from collections.abc import Mapping

from karat.errors import Fault
from karat.modalities import Annotation, Media, judge
from karat.models.mapping import match_class
from karat.models.types import Object, Question, Said

MOST_FAULTS = 20  # of one asset
ROUNDING = 0.02  # that probabilities may be away from adding up to 1


def judge_said(said: Said, question: Question, media: Media, class_map: Mapping[str, str], max_objects: int) -> Said:
    """What of an answer can be kept, in the project's own classes; the rest becomes faults."""
    faults = list(said.faults)
    probabilities, objects = None, None
    if said.probabilities is not None:
        probabilities = _probabilities(said.probabilities, question, class_map, faults)
    elif said.objects is not None:
        objects = _objects(said.objects, question, media, class_map, max_objects, faults)
    return Said(probabilities, objects, faults[:MOST_FAULTS])


def _probabilities(
    given: Mapping[str, float], question: Question, class_map: Mapping[str, str], faults: list[Fault]
) -> dict[str, float] | None:
    wrong = [name for name, share in given.items() if not (math.isfinite(share) and 0 <= share <= 1)]
    if wrong:
        message = f"The probability of {wrong[0][:100]!r} is {given[wrong[0]]}."
        faults.append(_fault("prediction.probability", message, "probabilities", "Give numbers from 0 to 1."))
        return None
    total = math.fsum(given.values())
    if abs(total - 1) > ROUNDING:
        message = f"The probabilities add up to {total:g}."
        hint = "They have to add up to 1: apply softmax to what the model gives."
        faults.append(_fault("prediction.sum", message, "probabilities", hint))
        return None
    found: dict[str, float] = {}
    for name, share in given.items():
        meant = match_class(name, question.classes, class_map)
        if meant is not None:
            found[meant] = found.get(meant, 0.0) + share
        elif share > 0:
            faults.append(_unknown(name, question, f"probabilities.{name[:100]}"))
    known = math.fsum(found.values())
    if known <= 0:
        return None
    return {name: share / known for name, share in found.items()}


def _objects(
    given: list[Object],
    question: Question,
    media: Media,
    class_map: Mapping[str, str],
    max_objects: int,
    faults: list[Fault],
) -> list[Object]:
    kept = []
    if len(given) > max_objects:
        message = f"The model sees {len(given)} objects; the {max_objects} with the best scores are kept."
        hint = "Raise max_objects in the model's settings, or have the model leave out weak ones."
        faults.append(_fault("prediction.too_many", message, "annotations", hint))
        given = sorted(given, key=lambda one: -one.score if math.isfinite(one.score) else 0.0)[:max_objects]
    for at, one in enumerate(given):
        where = f"annotations.{at}"
        if not (math.isfinite(one.score) and 0 <= one.score <= 1):
            message = f"The score is {one.score}."
            faults.append(_fault("prediction.score", message, f"{where}.score", "Give a number from 0 to 1."))
            continue
        payload = dict(one.payload)
        name = payload.get("label_class")
        if isinstance(name, str):
            meant = match_class(name, question.classes, class_map)
            if meant is None:
                faults.append(_unknown(name, question, f"{where}.payload.label_class"))
                continue
            payload["label_class"] = meant
        found = judge(Annotation(kind=question.kind, payload=payload), media, question.vocabulary).faults
        found = [one for one in found if not (question.for_people and one.code == "attribute.missing")]
        faults += [fault.model_copy(update={"where": f"{where}.{fault.where}"}) for fault in found]
        if not found:
            kept.append(Object(payload, float(one.score)))
    return kept


def _unknown(name: str, question: Question, where: str) -> Fault:
    shown = ", ".join(question.classes[:20]) + (" …" if len(question.classes) > 20 else "")
    hint = f"The project has {shown}. Say in the model's settings (class_map) which of them is meant."
    return _fault("prediction.class_unknown", f"The project has no label class {name[:100]!r}.", where, hint)


def _fault(code: str, message: str, where: str, hint: str | None) -> Fault:
    return Fault(code=code, message=message, where=where, hint=hint)
