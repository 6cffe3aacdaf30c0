"""Changing the target of a project that runs, as far as what was done under it allows."""

from karat.database import Transaction
from karat.tasks import routing, setup_store
from karat.tasks.errors import OverlapFixed, TargetFixed
from karat.tasks.types import Phase, Project, QualityTarget, Stage, TargetPatch

# What a certificate states. Chosen after labels were drawn and looked at, it would not hold what it says.
PROMISED = ("error", "confidence", "match_overlap")


async def changed_target(db: Transaction, project: Project, patch: TargetPatch) -> QualityTarget:
    """The target with the changes.

    Raises:
        TargetFixed: labels were drawn for a check already, and the promise would change.
        OverlapFixed: people have answered already, and the number of answers would change.
    """
    changes = {name: getattr(patch, name) for name in patch.model_fields_set}
    for name, value in list(changes.items()):
        if value is None and name not in ("budget", "overlap"):
            del changes[name]  # null where there must be a value: it stays
    target = project.target.model_copy(update=changes)
    if target == project.target:
        return target
    is_promise_changed = any(getattr(target, name) != getattr(project.target, name) for name in PROMISED)
    is_checked = project.phase in (Phase.CHECKING, Phase.CERTIFIED) or await setup_store.has_checks(db, project.id)
    if is_checked and is_promise_changed:
        raise TargetFixed(project_id=project.id, fields=[name for name in PROMISED if name in changes])
    if target.overlap != project.target.overlap:
        if is_checked or await setup_store.count_answers(db, project.id):
            raise OverlapFixed(project_id=project.id, overlap=project.target.overlap)
        await routing.take_back(db, project.id, (Stage.PEOPLE,))
    return target
