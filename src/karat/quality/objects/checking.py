"""The check of labels that are objects: freeze, draw, have them put right, look, and certify when the bound is good enough.

Checking never fails: it goes on until the mean loss that can be left is within the target, at worst until the reference has
seen everything.
"""

import secrets
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from karat import audit
from karat.database import Transaction
from karat.jobs import Compute, Run
from karat.kit import new_id, utc_now
from karat.kit.sayings import Words
from karat.kit.signing import public_key_of
from karat.quality import check_store, sayings
from karat.quality.certificate import Attempt, Named, Origin, sign
from karat.quality.checking import reference_of
from karat.quality.claims import certified_words, claim_of
from karat.quality.drawing import draw_next
from karat.quality.objects import store
from karat.quality.objects.document import LossTerms
from karat.quality.objects.reading import classes_of, object_kind, spell
from karat.quality.objects.situation import ObjectSituation, gather
from karat.quality.objects.types import Annotations
from karat.quality.queueing import enqueue_turn
from karat.tasks import Phase, Project, Purpose, Stage, routing

CERTIFYING = "karat.quality.objects.certifying"


async def look(run: Run, compute: Compute, private_key: Ed25519PrivateKey, project: Project) -> None:
    """Take the next step of the check; called when no check is out."""
    async with run.transaction() as db:
        now = await gather(db, project)
        draw = await check_store.latest_draw(db, project.id)
    if draw is None:
        await _begin(run, compute, now)
        return
    async with run.transaction() as db:
        await _note_references(db, draw["id"], now)
        rows = await store.frozen(db, draw["id"])
        if unchecked := [row["task_id"] for row in _drawn(rows) if row["reference_annotations"] is None]:
            await routing.open_batch(db, project.id, unchecked, Purpose.CHECK)
            return
    terms, checked = _terms(project, draw["seed"], rows), _drawn(rows)
    decision = await compute.run(
        f"{CERTIFYING}:decide",
        terms,
        [(row["asset_id"], row["annotations"]) for row in checked],
        [(row["asset_id"], row["reference_annotations"]) for row in checked],
    )
    async with run.transaction() as db:
        await check_store.lock_checks(db, project.id)
        if (await gather(db, project)).verified != now.verified:  # a check was taken back while this was reckoned
            await enqueue_turn(db, project.id)
            return
        task_ids = [row["task_id"] for row in checked]
        await store.note_losses(db, draw["id"], task_ids, decision.losses, decision.error_upper_bound)
        if decision.outcome == "certified":
            await _certify(run, db, compute, private_key, project, draw, terms, rows)
            return
        await store.note_look(db, draw["id"], len(checked))
        await draw_next(
            db, compute, CERTIFYING, draw["id"], terms, rows, len(checked), decision.next_n_checked, project.id
        )
        words = sayings.LOOKED_AT_LOSS(
            n_checked=len(checked),
            mean_loss=decision.mean_loss,
            bound=decision.error_upper_bound,
            n_next=decision.next_n_checked,
        )
        await routing.set_phase(db, project.id, Phase.CHECKING, words)


async def _begin(run: Run, compute: Compute, now: ObjectSituation) -> None:
    """Freeze and hash what is delivered, and only then make the seed of the draw."""
    project, kind = now.project, object_kind(now.project.ontology.kind)
    # What the reference said after the turn before is right already; the consensus does not know of it yet.
    said = {at: spell(kind, label) for at, label in now.verified.items()}
    frozen: list[tuple[UUID, Annotations, Annotations | None]] = []
    for at, task_id in enumerate(now.task_ids):
        label = said.get(at, now.written[at])
        if label is None:
            await _go_back(run, project, sayings.NEW_TASKS())
            return
        frozen.append((task_id, label, said.get(at)))
    digest = await compute.run(
        f"{CERTIFYING}:digest", [(asset, row[1]) for asset, row in zip(now.asset_ids, frozen, strict=True)]
    )
    seed, draw_id = secrets.token_hex(16), new_id()
    async with run.transaction() as db:
        if await routing.take_back_unclaimed(db, project.id):
            await routing.set_phase(db, project.id, Phase.COLLECTING, sayings.TAKEN_BACK())
            return
        await check_store.add_draw(db, draw_id, project.id, 1, seed, _alpha(project), len(frozen), digest)
        await store.freeze(db, draw_id, frozen)
        sure = sorted(said)
        await routing.set_annotations(
            db,
            [now.task_ids[at] for at in sure],
            [said[at] for at in sure],
            [classes_of(kind, said[at]) for at in sure],
            [1.0] * len(sure),
        )
        await audit.record(
            db, run.caller, "labels.frozen", project.id, n_labels=len(frozen), labels_sha256=digest, attempt=1
        )
        rows = await store.frozen(db, draw_id)
        terms = _terms(project, seed, rows)
        first = await compute.run(f"{CERTIFYING}:first_look", terms)
        await draw_next(db, compute, CERTIFYING, draw_id, terms, rows, 0, first, project.id)
        await routing.set_phase(db, project.id, Phase.CHECKING, sayings.FROZEN(n=first))


async def _go_back(run: Run, project: Project, words: Words) -> None:
    async with run.transaction() as db:
        await routing.set_phase(db, project.id, Phase.COLLECTING, words)
        await enqueue_turn(db, project.id)


async def _note_references(db: Transaction, draw_id: UUID, now: ObjectSituation) -> None:
    kind, some = object_kind(now.project.ontology.kind), sorted(now.verified)
    said = [spell(kind, now.verified[at]) for at in some]
    await store.note_reference(db, draw_id, [now.task_ids[at] for at in some], said)


async def _certify(
    run: Run,
    db: Transaction,
    compute: Compute,
    private_key: Ed25519PrivateKey,
    project: Project,
    draw: asyncpg.Record,
    terms: LossTerms,
    rows: list[asyncpg.Record],
) -> None:
    checked, kind = _drawn(rows), object_kind(project.ontology.kind)
    assert db.tenant_id is not None
    origin = Origin(
        id=new_id(),
        tenant=Named(id=db.tenant_id, name=await check_store.tenant_name(db)),
        project=Named(id=project.id, name=project.name),
        issued_at=utc_now(),
        ontology_version_id=project.ontology.id,
        reference=await reference_of(db, project),
        people_are_simulated=project.simulated,
    )
    certificate = await compute.run(
        f"{CERTIFYING}:draw_up",
        origin,
        terms,
        [(row["asset_id"], row["annotations"]) for row in rows],
        [(row["asset_id"], row["reference_annotations"]) for row in checked],
        await store.looks(db, draw["id"]),
        public_key_of(private_key),
    )
    await check_store.add_certificate(db, origin.id, project.id, draw["id"], sign(certificate, private_key))
    await check_store.set_draw_state(db, draw["id"], "certified")
    await routing.set_annotations(
        db,
        [row["task_id"] for row in checked],
        [row["reference_annotations"] for row in checked],
        [classes_of(kind, row["reference_annotations"]) for row in checked],
        [1.0] * len(checked),
    )
    await routing.collect_answered(db, project.id, Stage.CHECK, Stage.DONE)
    await routing.finish_tasks(db, project.id)
    words = certified_words(certificate, sayings.CERTIFIED_OBJECTS(**claim_of(certificate)))
    await routing.set_phase(db, project.id, Phase.CERTIFIED, words)
    await audit.record(
        db,
        run.caller,
        "certificate.issued",
        origin.id,
        project_id=str(project.id),
        n_checked=certificate.n_checked,
        n_wrong=certificate.n_wrong,
        delivered_sha256=certificate.delivered_sha256,
    )


def _drawn(rows: list[asyncpg.Record]) -> list[asyncpg.Record]:
    """What was drawn, in the order of the draw."""
    return sorted((row for row in rows if row["position"] is not None), key=lambda row: int(row["position"]))


def _terms(project: Project, seed: str, rows: list[asyncpg.Record]) -> LossTerms:
    """The terms of the draw: what was verified before it has a reference and no place in it."""
    known = [row["asset_id"] for row in rows if row["position"] is None and row["reference_annotations"] is not None]
    attempt = Attempt(
        target_error=project.target.error, alpha=_alpha(project), seed=seed, verified_before=tuple(sorted(known))
    )
    return LossTerms(
        attempt=attempt,
        kind=project.ontology.kind,
        match_overlap=project.target.match_overlap,
        n_labels=len(rows),
    )


def _alpha(project: Project) -> float:
    return round(1 - project.target.confidence, 12)
