"""Use cases of assist: learn from what people said, and predict every task."""

import hashlib
from uuid import UUID

from karat import jobs, tasks
from karat.assist import run_store, store
from karat.assist.calibrating import calibrate
from karat.assist.features import LEARNING, dataset_features
from karat.database import Transaction
from karat.datasets import get_dataset
from karat.jobs import Compute, Event, Run
from karat.kit import new_id
from karat.storage import Storage

ADAPTER = "in-process"


async def on_model_wanted(db: Transaction, events: list[Event]) -> None:
    """Hears `quality.model_wanted`: a batch is answered, the model may learn."""
    for event in events:
        project_id, batch_id = UUID(event.payload["project_id"]), event.payload["batch_id"]
        await jobs.enqueue(
            db,
            "assist.train",
            subject_id=project_id,
            dedupe_key=f"train:{project_id}",
            title="Learn from the answers",
            project_id=project_id,
            batch_id=batch_id,
        )


class Train:
    """Handler of `assist.train`: a new version of the project's model, and its predictions. Safe to run again.

    A model that was chosen for the project does not learn here: its probabilities are calibrated on the answers instead.
    """

    def __init__(self, storage: Storage, compute: Compute) -> None:
        self._storage = storage
        self._compute = compute

    async def __call__(self, run: Run) -> None:
        project_id = UUID(run.payload["project_id"])
        async with run.transaction() as db:
            project = await tasks.get_project(db, run.caller, project_id)
            bound = await run_store.binding(db, project_id)
        if bound is not None and bound["adapter"] != ADAPTER:
            await calibrate(run, self._compute, project, bound["model_id"], run.payload["batch_id"])
            return
        async with run.transaction() as db:
            dataset = await get_dataset(db, run.caller, project.dataset_id)
            rows = await store.tasks_to_learn(db, project_id)
        features = await dataset_features(run, self._storage, self._compute, dataset, [row["asset_id"] for row in rows])
        names = project.ontology.names
        labelled = [at for at, row in enumerate(rows) if row["is_labelled"] and row["label"] in names]
        labels = [names.index(rows[at]["label"]) for at in labelled]
        confidences = [float(rows[at]["confidence"]) for at in labelled]
        seed = int.from_bytes(project_id.bytes[-4:], "big")
        flat, metrics = await self._compute.run(
            f"{LEARNING}:fit",
            features.matrix,
            features.shape,
            features.neighbours,
            labelled,
            labels,
            confidences,
            len(names),
            seed,
        )
        digest = hashlib.sha256(repr([(str(rows[at]["id"]), rows[at]["label"]) for at in labelled]).encode()).digest()
        async with run.transaction() as db:
            model_id = await _model_of(db, project_id, project.name)
            latest = await store.latest_version(db, model_id)
            version_id = new_id()
            await store.add_version(
                db,
                version_id,
                model_id,
                1 + (latest["version"] if latest else 0),
                len(labelled),
                digest,
                seed,
                metrics | {"batch_id": run.payload["batch_id"], "extractor": features.extractor},
            )
            await store.replace_predictions(db, project_id, version_id, [row["id"] for row in rows], flat, len(names))
            await jobs.publish(db, "assist.predicted", project_id=project_id, model_version_id=version_id)


async def _model_of(db: Transaction, project_id: UUID, project_name: str) -> UUID:
    model_id = await store.project_model(db, project_id)
    if model_id is None:
        model_id = new_id()
        await store.add_project_model(db, project_id, model_id, f"Model of {project_name}"[:200], ADAPTER)
    return model_id
