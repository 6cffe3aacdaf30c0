"""Use cases of instructions: whether sections are right, and reading a version whole."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.datasets import describe_asset
from karat.kit import Action, Caller, Fault, require
from karat.ontology import OntologyVersion
from karat.storage.doors import Link
from karat.tasks import setup_store, store
from karat.tasks.errors import InstructionsInvalid, InstructionsNotFound, ProjectNotFound
from karat.tasks.instruction_types import InstructionsVersion, Section, ShownExample, ShownSection


async def check_sections(
    db: Transaction, dataset_id: UUID, ontology: OntologyVersion, sections: Sequence[Section]
) -> None:
    """Refuse sections that cannot be shown.

    Raises:
        InstructionsInvalid: with every fault found: a label class that is not in the ontology, an asset that is not in the
            dataset, a section about nothing.
    """
    asked = {one.asset_id for section in sections for one in (*section.good, *section.bad)}
    known = await setup_store.assets_among(db, dataset_id, asked)
    if faults := list(_faults(sections, ontology.names, known)):
        raise InstructionsInvalid(faults=faults)


async def get_instructions(
    db: Transaction, caller: Caller, link: Link, project_id: UUID, version: int | None
) -> InstructionsVersion:
    """A version of the instructions, the current one if none is named.

    Raises:
        ProjectNotFound, InstructionsNotFound.
    """
    require(caller, Action.SEE_WORK)
    project = await store.find_project(db, project_id)
    if project is None:
        raise ProjectNotFound(project_id=project_id)
    current: int = project["instructions_version"]
    row = await setup_store.instructions(db, project_id, version or current)
    if row is None:
        raise InstructionsNotFound(version=version, newest=current)
    sections = [Section.model_validate(one) for one in row["sections"]]
    wanted = {one.asset_id for section in sections for one in (*section.good, *section.bad)}
    assets = {one["asset_id"]: one for one in await setup_store.assets(db, wanted)}
    return InstructionsVersion(
        version=row["version"],
        text=row["text"],
        sections=[_shown(one, assets, caller, link) for one in sections],
        is_current=row["version"] == current,
        created_at=row["created_at"],
    )


def as_stored(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """The sections as JSON."""
    return [one.model_dump(mode="json") for one in sections]


def _shown(section: Section, assets: dict[UUID, asyncpg.Record], caller: Caller, link: Link) -> ShownSection:
    good, bad = (
        [
            ShownExample(asset=describe_asset(assets[one.asset_id], caller, link), caption=one.caption)
            for one in examples
            if one.asset_id in assets
        ]
        for examples in (section.good, section.bad)
    )
    return ShownSection(title=section.title, label_class=section.label_class, text=section.text, good=good, bad=bad)


def _faults(sections: Sequence[Section], names: Sequence[str], known: set[UUID]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for index, section in enumerate(sections):
        where = f"sections.{index}"
        if section.label_class is None and not section.title.strip():
            message = "The section has neither a title nor a label class that it is about."
            yield Fault(code="section.nameless", message=message, where=where, hint="Give it a title.")
        if section.label_class is not None:
            yield from _class_faults(section.label_class, names, first, index)
        if not (section.text.strip() or section.good or section.bad):
            message = "The section says nothing: it has no text and no example."
            yield Fault(code="section.empty", message=message, where=where, hint="Leave it out.")
        yield from _example_faults(section, known, where)


def _class_faults(name: str, names: Sequence[str], first: dict[str, int], index: int) -> Iterator[Fault]:
    where = f"sections.{index}.label_class"
    if name not in names:
        message = f"The ontology has no label class {name!r}."
        hint = f"It has {', '.join(names[:20])}{' …' if len(names) > 20 else ''}."
        yield Fault(code="label_class.unknown", message=message, where=where, hint=hint)
    elif name in first:
        message = f"Section {first[name] + 1} is about this label class already."
        yield Fault(code="label_class.repeated", message=message, where=where, hint="Put the two together.")
    first.setdefault(name, index)


def _example_faults(section: Section, known: set[UUID], where: str) -> Iterator[Fault]:
    seen: set[UUID] = set()
    for side, examples in (("good", section.good), ("bad", section.bad)):
        for index, one in enumerate(examples):
            at = f"{where}.{side}.{index}.asset_id"
            if one.asset_id not in known:
                message = "The project's dataset has no such asset."
                yield Fault(code="asset.not_found", message=message, where=at, hint="Choose one of its assets.")
            elif one.asset_id in seen:
                message = "The section shows this asset already."
                yield Fault(code="example.repeated", message=message, where=at, hint="Once will do.")
            seen.add(one.asset_id)
