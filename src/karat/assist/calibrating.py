"""What people's answers make of a model that came from elsewhere: its probabilities, no surer than they have shown to be."""

from array import array
from itertools import chain
from typing import Any
from uuid import UUID

from karat import jobs
from karat.assist import run_store
from karat.assist.features import LEARNING
from karat.jobs import Compute, Run
from karat.modalities import as_categorical, kind_named
from karat.tasks import Project


async def calibrate(run: Run, compute: Compute, project: Project, model_id: UUID, batch_id: str | None = None) -> None:
    """Set the probabilities that count, from what the model said and people answered, and tell the engine.

    Tasks that people have answered get theirs from the others' answers, as with the model that learns here: a prior must not
    know the evidence. Objects have scores and no probabilities, so of them there is only told that they are there.

    Args:
        batch_id: of the answers after which the engine asked for it.
    """
    names = project.ontology.names
    is_categorical = as_categorical(kind_named(project.ontology.kind)) is not None
    async with run.transaction() as db:
        rows = await run_store.said_of(db, project.id, model_id) if is_categorical else []
    metrics: dict[str, Any] = {}
    flat: array[float] | None = None
    if rows:
        labelled = [at for at, row in enumerate(rows) if row["is_labelled"] and row["label"] in names]
        flat, metrics = await compute.run(
            f"{LEARNING}:calibrate",
            array("f", chain.from_iterable(row["said"] for row in rows)),
            len(names),
            labelled,
            [names.index(rows[at]["label"]) for at in labelled],
            [float(rows[at]["confidence"]) for at in labelled],
            int.from_bytes(project.id.bytes[-4:], "big"),
        )
    async with run.transaction() as db:
        if flat is not None:
            await run_store.set_probabilities(db, [row["id"] for row in rows], flat, len(names))
        bound = await run_store.binding(db, project.id)
        if bound is not None and bound["model_id"] == model_id:
            kept = batch_id or bound["metrics"].get("batch_id")
            await run_store.set_metrics(db, project.id, metrics | ({"batch_id": kept} if kept else {}))
        await jobs.publish(db, "assist.predicted", project_id=project.id)
