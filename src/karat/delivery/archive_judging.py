"""What rows of an archive may say: answers by their kind, labels by the ontology. Pure."""

import json
from collections.abc import Generator, Iterator
from typing import Any
from uuid import UUID

from karat.delivery.archive_errors import archive_invalid
from karat.delivery.archive_parts import ALL_PARTS, Part
from karat.delivery.archive_reading import Archive
from karat.errors import KaratError
from karat.kit import Fault
from karat.modalities import Annotation, Media, judge, kind_named
from karat.ontology import OntologyVersion

MOST_FOUND = 20
_BY_NAME = {one.name: one for one in ALL_PARTS}
# Parts whose rows say something about the asset of a task, and the columns that do.
_SAYING = {
    "tasks": ("id", ("annotations",)),
    "submissions": ("task_id", ("annotations",)),
    "reviews": ("task_id", ("annotations",)),
    "frozen_labels": ("task_id", ("annotations", "reference_annotations")),
    "predictions": ("task_id", ("annotations",)),
}


def check_rows(archive: Archive, shift: int) -> None:
    """Read every row once, and judge what is said.

    Raises:
        ArchiveInvalid: with the first faults found.
    """
    faults: list[Fault] = []
    for fault in _faults(archive, shift):
        faults.append(fault)
        if len(faults) >= MOST_FOUND:
            break
    if faults:
        raise archive_invalid(*faults)


def _faults(archive: Archive, shift: int) -> Iterator[Fault]:
    version = yield from _ontology(archive, shift)
    if version is None:
        return
    of_task = yield from _tasks(archive, shift, version)
    for name, (key, columns) in _SAYING.items():
        for number, row in _numbered(archive, name, shift):
            where = f"{name}.jsonl, line {number}"
            about = of_task.get(row[key])
            if about is None:
                yield Fault(code="archive.reference", message="It is about no task of the archive.", where=where)
                continue
            for column in columns:
                yield from _said(row[column], about, version, f"{where}, {column}")
    read_already = {"tasks", "assets", "ontology_versions", "project", *_SAYING}
    for part in ALL_PARTS:
        if part.name not in read_already:
            for _ in archive.rows(part, shift):  # unreadable ones raise
                pass


def _tasks(archive: Archive, shift: int, version: OntologyVersion) -> Generator[Fault, None, dict[UUID, Media]]:
    """What each task's asset is."""
    media = _media_of_assets(archive, shift, kind_named(version.kind).modality)
    of_task: dict[UUID, Media] = {}
    for number, row in _numbered(archive, "tasks", shift):
        where = f"tasks.jsonl, line {number}"
        if row["asset_id"] not in media:
            message = "The task is about an asset that is not in the archive."
            yield Fault(code="archive.reference", message=message, where=where)
            continue
        of_task[row["id"]] = media[row["asset_id"]]
        if row["label"] is not None and row["label"] not in version.names:
            message = f"The label {row['label'][:100]!r} is none of the ontology's."
            yield Fault(code="archive.label", message=message, where=where)
    return of_task


def _ontology(archive: Archive, shift: int) -> Generator[Fault, None, OntologyVersion | None]:
    """The version that the project has."""
    rows = [row for _, row in _numbered(archive, "project", shift)]
    if len(rows) != 1:
        yield Fault(code="archive.project", message="It holds not exactly one project.", where="project.jsonl")
        return None
    for number, row in _numbered(archive, "ontology_versions", shift):
        where = f"ontology_versions.jsonl, line {number}"
        try:
            version = OntologyVersion.model_validate({name: row[name] for name in OntologyVersion.model_fields})
            kind_named(version.kind)
        except (ValueError, KaratError) as error:
            yield Fault(code="archive.ontology", message=str(error)[:300], where=where)
            return None
        if version.id == rows[0]["ontology_version_id"]:
            return version
    yield Fault(code="archive.ontology", message="The project's ontology is missing.", where="ontology_versions.jsonl")
    return None


def _media_of_assets(archive: Archive, shift: int, modality: str) -> dict[UUID, Media]:
    return {
        row["id"]: Media(modality=modality, **{name: row[name] for name in ("media_type", "width", "height", "length")})
        for _, row in _numbered(archive, "assets", shift)
    }


def _said(annotations: Any, media: Media, version: OntologyVersion, where: str) -> Iterator[Fault]:
    if annotations is None:
        return
    if not isinstance(annotations, list):
        yield Fault(code="archive.annotations", message="Annotations are a list.", where=where)
        return
    for index, one in enumerate(annotations):
        at = f"{where}.{index}"
        try:
            said = Annotation.model_validate({name: one[name] for name in ("kind", "payload")})
        except (ValueError, TypeError, LookupError):
            yield Fault(code="archive.annotations", message=f"No annotation: {json.dumps(one)[:100]}.", where=at)
            continue
        if said.kind != version.kind:
            message = f"The project asks for {version.kind}, not for {said.kind[:100]!r}."
            yield Fault(code="archive.annotations", message=message, where=at)
            continue
        for fault in judge(said, media, version.vocabulary).faults:
            yield fault.model_copy(update={"where": f"{at}.{fault.where}"})


def _numbered(archive: Archive, name: str, shift: int) -> Iterator[tuple[int, dict[str, Any]]]:
    part: Part = _BY_NAME[name]
    for number, row in enumerate(archive.rows(part, shift), start=1):
        yield number, dict(zip(part.columns, row, strict=True))
