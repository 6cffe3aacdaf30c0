"""What a model said becomes the tasks' predictions, each under the version that said it."""

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from karat.assist import run_store
from karat.assist.floor import above_floor
from karat.database import Transaction
from karat.modalities import as_categorical, kind_named
from karat.models import Said
from karat.tasks import PredictedAnnotation, Project, save_predictions


def is_prediction(project: Project, said: Said) -> bool:
    """Whether anything of the answer can be kept: probabilities, or objects; none of them is an answer too.

    Of objects that all turned out faulty nothing is kept: it would say that the asset is empty.
    """
    if as_categorical(kind_named(project.ontology.kind)) is not None:
        return said.probabilities is not None
    return said.objects is not None and (bool(said.objects) or not said.faults)


async def save(db: Transaction, project: Project, version_id: UUID, rows: Sequence[tuple[UUID, Said]]) -> None:
    """Keep predictions of one version; each takes the place of the task's earlier one."""
    kind, names = kind_named(project.ontology.kind), project.ontology.names
    if not rows:
        return
    if as_categorical(kind) is not None:
        said = [[(one.probabilities or {}).get(name, 0.0) for name in names] for _, one in rows]
        task_ids = [task_id for task_id, _ in rows]
        flat, floored = list(chain(*said)), list(chain(*map(above_floor, said)))
        await run_store.save_said(db, project.id, version_id, task_ids, flat, floored, len(names))
        return
    predicted = [
        (
            task_id,
            [PredictedAnnotation(kind=kind.name, payload=each.payload, score=each.score) for each in one.objects or []],
        )
        for task_id, one in rows
    ]
    await save_predictions(db, project.id, version_id, predicted)
