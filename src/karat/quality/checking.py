"""The random check: freeze the labels, draw, look, repair, certify; or go back to routing with a fresh draw to come."""

import secrets
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from karat import audit, tasks
from karat.database import Transaction
from karat.jobs import Compute, Run
from karat.kit import new_id, utc_now
from karat.kit.signing import public_key_of
from karat.quality import check_store, sayings
from karat.quality.certificate import Attempt, Named, Origin, Reference, sign
from karat.quality.claims import certified_words, claim_of
from karat.quality.drawing import draw_next
from karat.quality.queueing import enqueue_turn
from karat.quality.situation import ClassReader, Situation, gather
from karat.tasks import Phase, Project, Purpose, Stage, routing

CERTIFYING = "karat.quality.certifying"


async def look(run: Run, compute: Compute, private_key: Ed25519PrivateKey, now: Situation) -> None:
    """Take the next step of the check; called when no check is out."""
    async with run.transaction() as db:
        draw = await check_store.latest_draw(db, now.project.id)
    if draw is None or draw["state"] != "checking":
        await _begin(run, compute, now, 1 + (draw["attempt"] if draw else 0))
        return
    async with run.transaction() as db:
        await _note_references(db, draw, now)
        rows = await check_store.frozen(db, draw["id"])
        if unchecked := [row["task_id"] for row in rows if row["position"] is not None and not row["reference_label"]]:
            await routing.open_batch(db, now.project.id, unchecked, Purpose.CHECK)
            return
    terms = _terms(now.project, draw, now.alpha_spent, rows)
    checked = sorted((row for row in rows if row["position"] is not None), key=lambda row: row["position"])
    n_wrong = sum(row["reference_label"] != row["label"] for row in checked)
    outcome, next_n = await compute.run(
        f"{CERTIFYING}:decide", terms, len(rows), len(checked), n_wrong, now.can_ask_more()
    )
    async with run.transaction() as db:
        await check_store.lock_checks(db, now.project.id)
        if (await gather(db, now.project)).verified != now.verified:  # a check was taken back while this was reckoned
            await enqueue_turn(db, now.project.id)
            return
        if outcome == "continue":
            await draw_next(db, compute, CERTIFYING, draw["id"], terms, rows, len(checked), next_n, now.project.id)
            words = sayings.LOOKED(n_wrong=n_wrong, n_checked=len(checked), n_next=next_n)
            await routing.set_phase(db, now.project.id, Phase.CHECKING, words)
        elif outcome == "failed":
            await _fail(db, now, draw["id"], len(checked), n_wrong)
        else:
            await _certify(run, db, compute, private_key, now, draw, terms, rows, checked)


async def _begin(run: Run, compute: Compute, now: Situation, attempt: int) -> None:
    """Freeze and hash what is delivered, and only then make the seed of the draw."""
    names, reader = now.project.ontology.names, ClassReader(now.project)
    # What the reference said after the turn before is right already; beliefs do not know of it yet.
    said = {at: names[label] for at, label in now.verified.items()}
    delivered = [said.get(at, label) for at, label in enumerate(now.written)]
    if None in delivered:  # of tasks that were made while the turn before was reckoning
        async with run.transaction() as db:
            await routing.set_phase(db, now.project.id, Phase.ROUTING, sayings.NEW_TASKS())
            await enqueue_turn(db, now.project.id)
        return
    frozen = [
        (task, label, said.get(at))
        for at, (task, label) in enumerate(zip(now.task_ids, delivered, strict=True))
        if label is not None
    ]
    digest = await compute.run(
        f"{CERTIFYING}:digest",
        [(asset, reader.payload(row[1])) for asset, row in zip(now.asset_ids, frozen, strict=True)],
    )
    seed = secrets.token_hex(16)
    draw_id = new_id()
    async with run.transaction() as db:
        if await routing.take_back_unclaimed(db, now.project.id):
            return  # somebody took an answer back just now; the turn after theirs begins
        spent = now.alpha_spent
        terms = _attempt(now.project, seed, attempt, spent, [now.asset_ids[at] for at in sorted(now.verified)])
        alpha, first = await compute.run(f"{CERTIFYING}:first_look", terms, len(frozen))
        await check_store.add_draw(db, draw_id, now.project.id, attempt, seed, alpha, len(frozen), digest)
        await check_store.freeze(db, draw_id, frozen)
        sure = [now.task_ids[at] for at in said]
        await routing.set_labels(db, sure, list(said.values()), [1.0] * len(sure))
        rows = await check_store.frozen(db, draw_id)
        await audit.record(
            db, run.caller, "labels.frozen", now.project.id, n_labels=len(frozen), labels_sha256=digest, attempt=attempt
        )
        await draw_next(db, compute, CERTIFYING, draw_id, terms, rows, 0, first, now.project.id)
        await routing.set_phase(db, now.project.id, Phase.CHECKING, sayings.FROZEN(n=first))


async def _note_references(db: Transaction, draw: asyncpg.Record, now: Situation) -> None:
    names = now.project.ontology.names
    some = sorted(now.verified)
    await check_store.note_reference(
        db, draw["id"], [now.task_ids[at] for at in some], [names[now.verified[at]] for at in some]
    )


async def _fail(db: Transaction, now: Situation, draw_id: UUID, n_checked: int, n_wrong: int) -> None:
    """Back to routing: what was checked is known now, and a fresh draw will spend what is left of alpha."""
    await check_store.set_draw_state(db, draw_id, "failed")
    await routing.collect_answered(db, now.project.id, Stage.CHECK, Stage.MODEL)
    words = sayings.CHECK_FAILED(n_wrong=n_wrong, n_checked=n_checked)
    await routing.set_phase(db, now.project.id, Phase.ROUTING, words)
    await tasks.enqueue_fill(db, now.project.id)
    await enqueue_turn(db, now.project.id)


async def _certify(
    run: Run,
    db: Transaction,
    compute: Compute,
    private_key: Ed25519PrivateKey,
    now: Situation,
    draw: asyncpg.Record,
    terms: Attempt,
    rows: list[asyncpg.Record],
    checked: list[asyncpg.Record],
) -> None:
    project, reader = now.project, ClassReader(now.project)
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
        [(row["asset_id"], reader.payload(row["label"])) for row in rows],
        [(row["asset_id"], reader.payload(row["reference_label"])) for row in checked],
        public_key_of(private_key),
    )
    await check_store.add_certificate(db, origin.id, project.id, draw["id"], sign(certificate, private_key))
    await check_store.set_draw_state(db, draw["id"], "certified")
    await routing.set_labels(
        db, [row["task_id"] for row in checked], [row["reference_label"] for row in checked], [1.0] * len(checked)
    )
    await routing.collect_answered(db, project.id, Stage.CHECK, Stage.DONE)
    await routing.finish_tasks(db, project.id)
    claim = claim_of(certificate) | {"n_left": certificate.wrong_left_upper_bound}
    await routing.set_phase(db, project.id, Phase.CERTIFIED, certified_words(certificate, sayings.CERTIFIED(**claim)))
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


async def reference_of(db: Transaction, project: Project) -> Reference:
    """Who the reference was, in words: names, how many each checked, and how many each had decided before."""
    rows = await check_store.reference_people(db, project.id)
    parts = []
    for row in rows:
        counts = [f"{row['n_checked']:,} checked"] if row["n_checked"] else []
        counts += [f"{row['n_given']:,} labelled or reviewed before"] if row["n_given"] else []
        parts.append(f"{row['name']} ({', '.join(counts)})")
    is_simulated = any(row["kind"] == "simulated" for row in rows)
    return Reference(description=" and ".join(parts) or "nobody", is_simulated=is_simulated)


def _terms(project: Project, draw: asyncpg.Record, spent: float, rows: list[asyncpg.Record]) -> Attempt:
    """The terms of a draw that runs: what was verified before it has a reference and no place in it."""
    before = [row["asset_id"] for row in rows if row["position"] is None and row["reference_label"] is not None]
    return _attempt(project, draw["seed"], draw["attempt"], spent, before)


def _attempt(project: Project, seed: str, number: int, spent: float, verified: list[UUID]) -> Attempt:
    return Attempt(
        target_error=project.target.error,
        alpha=round(1 - project.target.confidence, 12),
        seed=seed,
        number=number,
        alpha_spent_before=spent,
        verified_before=tuple(sorted(verified)),
    )
