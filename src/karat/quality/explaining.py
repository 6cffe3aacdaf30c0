"""Use case of looking at one task: why it has its label."""

from uuid import UUID

import asyncpg

from karat import tasks
from karat.database import Transaction
from karat.kit import Action, Caller, require
from karat.kit.sayings import Words
from karat.modalities import as_object_kind, kind_named
from karat.quality import overview_store, sayings, store
from karat.quality.explain import explain_belief, explain_objects
from karat.quality.situation import ClassReader
from karat.quality.types import ExplainedObject, Explanation
from karat.tasks import TaskNotFound, Verdict


async def explain(db: Transaction, caller: Caller, task_id: UUID) -> Explanation:
    """Why a task has its label.

    Raises:
        TaskNotFound: no such task in the caller's tenant.
    """
    require(caller, Action.SEE_QUALITY)
    row = await overview_store.explanation(db, task_id)
    if row is None:
        raise TaskNotFound(task_id=task_id)
    project = await tasks.get_project(db, caller, row["project_id"])
    if as_object_kind(kind_named(project.ontology.kind)) is not None:
        return _explain_objects(row)
    names, reader = project.ontology.names, ClassReader(project)
    said = [reader.name(one["annotations"]) for one in await store.answers_to(db, task_id)]
    model, posterior = row["probabilities"], row["posterior"] or row["probabilities"]
    if posterior is None:
        why = sayings.WHY_NOBODY()
        return Explanation(task_id=task_id, stage=row["stage"], posterior={}, sentence=why.text, said=why.said)
    why = _decided(row, explain_belief(names, posterior, model, [label for label in said if label]))
    return Explanation(
        task_id=task_id,
        stage=row["stage"],
        posterior=dict(zip(names, posterior, strict=True)),
        sentence=why.text,
        said=why.said,
    )


def _explain_objects(row: asyncpg.Record) -> Explanation:
    objects = [ExplainedObject.model_validate(one) for one in row["objects"] or []]
    n_predicted = None if row["predicted"] is None else len(row["predicted"])
    why = _decided(row, explain_objects(row["n_answers"] or 0, row["agreement"], objects, n_predicted))
    return Explanation(
        task_id=row["id"],
        stage=row["stage"],
        posterior={},
        objects=objects,
        agreement=row["agreement"],
        sentence=why.text,
        said=why.said,
    )


def _decided(row: asyncpg.Record, evidence: Words) -> Words:
    """Who has settled it, if somebody has; and what was known from the others."""
    if row["is_checked"]:
        return sayings.WHY_CHECKED() + evidence
    return sayings.WHY_REVIEWED() + evidence if row["verdict"] in (Verdict.ACCEPT, Verdict.FIX) else evidence
