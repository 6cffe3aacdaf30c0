"""Use cases of certificates: list, show, hand out, and what was checked for one."""

import asyncio
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

import asyncpg

from karat import tasks
from karat.database import Transaction
from karat.datasets import ASSET_COLUMNS, describe_asset
from karat.kit import Action, Caller, Page, decode_cursor, encode_cursor, make_page, require
from karat.measure import plan_checks
from karat.quality import check_store
from karat.quality.certificate import SignedCertificate
from karat.quality.documents import AnyCertificate
from karat.quality.errors import CertificateNotFound
from karat.quality.objects.document import SignedLossCertificate
from karat.quality.types import CertificateSummary, CheckedLabel, LookSummary, LossSummary
from karat.storage.doors import Link


async def list_certificates(
    db: Transaction, caller: Caller, project_id: UUID, cursor: str | None, limit: int
) -> Page[CertificateSummary]:
    """The certificates of a project, newest first."""
    require(caller, Action.SEE_QUALITY)
    await tasks.get_project(db, caller, project_id)
    (before,) = decode_cursor(cursor, UUID)
    rows = await check_store.certificates(db, project_id, before, limit + 1)
    return make_page(await asyncio.to_thread(_summaries, rows), limit, lambda one: (one.id,))


async def get_certificate(db: Transaction, caller: Caller, certificate_id: UUID) -> CertificateSummary:
    """One certificate."""
    return (await asyncio.to_thread(_summaries, [await _find(db, caller, certificate_id)]))[0]


async def certificate_file(db: Transaction, caller: Caller, certificate_id: UUID) -> bytes:
    """The signed document; `karat certificate verify` needs nothing else."""
    document: bytes = (await _find(db, caller, certificate_id))["document"]
    return document


async def list_checks(
    db: Transaction, caller: Caller, link: Link, certificate_id: UUID, cursor: str | None, limit: int
) -> Page[CheckedLabel]:
    """What was drawn and checked, in the order of the draw."""
    row = await _find(db, caller, certificate_id)
    (after,) = decode_cursor(cursor, int)
    rows = await db.fetch(
        f"""SELECT f.position, f.task_id, f.label, f.reference_label, f.annotations, f.reference_annotations, f.loss,
            {ASSET_COLUMNS} FROM frozen_label f
        JOIN task t ON t.tenant_id = f.tenant_id AND t.id = f.task_id
        JOIN asset a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id
        WHERE f.draw_id = $1 AND f.position > $2 ORDER BY f.position LIMIT $3""",
        row["draw_id"],
        -1 if after is None else after,
        limit + 1,
    )
    items = [
        CheckedLabel(
            task_id=one["task_id"],
            asset=describe_asset(one, caller, link),
            delivered=one["label"],
            reference=one["reference_label"],
            frozen_annotations=one["annotations"],
            reference_annotations=one["reference_annotations"],
            loss=one["loss"],
            agreed=one["label"] == one["reference_label"] if one["loss"] is None else one["loss"] == 0,
        )
        for one in rows[:limit]
    ]
    return Page(items=items, next_cursor=encode_cursor(rows[limit - 1]["position"]) if len(rows) > limit else None)


async def _find(db: Transaction, caller: Caller, certificate_id: UUID) -> asyncpg.Record:
    require(caller, Action.SEE_QUALITY)
    row = await check_store.find_certificate(db, certificate_id)
    if row is None:
        raise CertificateNotFound(certificate_id=certificate_id)
    return row


def _summaries(rows: Sequence[asyncpg.Record]) -> list[CertificateSummary]:
    """In a thread: reading a document and finding its bounds takes some 30 ms, and others wait for the event loop."""
    return [_summary(row) for row in rows]


def _summary(row: asyncpg.Record) -> CertificateSummary:
    one = check_store.read_document(row)
    return CertificateSummary(
        id=row["id"],  # of a project that was imported, its document names the id that it had before
        project_id=row["project_id"],
        issued_at=one.issued_at,
        statement=one.statement,
        error_upper_bound=one.error_upper_bound,
        target_error=one.target_error,
        confidence=one.confidence,
        method=one.method,
        n_labels=one.n_labels,
        n_checked=one.n_checked,
        n_wrong=one.n_wrong,
        loss=_loss(one),
        attempt=one.attempt,
        reference=one.reference.description,
        simulated=one.people_are_simulated or one.reference.is_simulated,
        sha256=hashlib.sha256(row["document"]).hexdigest(),
        public_key=one.public_key,
        looks=_looks(one),
    )


def _loss(one: AnyCertificate) -> LossSummary | None:
    if isinstance(one, SignedCertificate):
        return None
    return LossSummary(
        kind=one.kind,
        match_overlap=one.match_overlap,
        mean_checked=one.mean_loss_checked,
        n_replaced=one.n_repaired,
    )


def _looks(one: AnyCertificate) -> list[LookSummary]:
    """The plan's looks, with what was found at those that were reached."""
    if not isinstance(one, SignedCertificate):
        return _loss_looks(one)
    reached = [look.n_checked for look in one.looks if look.n_checked <= one.n_checked]
    found = tuple((n, sum(check.verdict == "wrong" for check in one.checks[:n])) for n in reached)
    bounds = _bounds(one.n_labels, one.target_error, one.alpha, one.alpha_spent_before, len(one.verified_before), found)
    return [
        LookSummary(
            n_checked=look.n_checked,
            max_wrong=look.max_wrong,
            n_wrong=found[at][1] if at < len(found) else None,
            error_upper_bound=bounds[at] if at < len(found) else None,
        )
        for at, look in enumerate(one.looks)
    ]


def _loss_looks(one: SignedLossCertificate) -> list[LookSummary]:
    return [
        LookSummary(
            n_checked=look.n_checked,
            max_wrong=None,
            n_wrong=sum(check.loss > 0 for check in one.checks[: look.n_checked]),
            mean_loss=look.mean_loss,
            error_upper_bound=look.error_upper_bound,
        )
        for look in one.looks
    ]


@lru_cache(maxsize=4096)
def _bounds(
    n_labels: int,
    target_error: float,
    alpha: float,
    alpha_spent: float,
    n_known: int,
    found: tuple[tuple[int, int], ...],
) -> tuple[float, ...]:
    """The error's upper bound after each (checked, wrong). A certificate never changes, so neither do its bounds."""
    plan = plan_checks(n_labels, target_error, alpha, alpha_spent=alpha_spent, n_known=n_known)
    return tuple(plan.decision(n_checked, n_wrong).error_upper_bound for n_checked, n_wrong in found)
