"""What the examples of the pages speak of: photos, a certificate, the labels that it is about, its issuer's key."""

import io
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from karat.formats import DeliveredLabel, format_named, write
from karat.kit import new_id, utc_now
from karat.kit.signing import public_key_of
from karat.modalities import Annotation
from karat.quality.certificate import AssetLabel, Attempt, Named, Origin, Reference, certify, sign

N_LABELS = 200


def write_examples(folder: Path) -> None:
    """`photos/`, `certificate.json`, `labels.jsonl`, `issuer.key`."""
    (folder / "photos").mkdir()
    for at in range(3):
        stream = io.BytesIO()
        Image.new("RGB", (32, 24), (80 * at, 40, 200)).save(stream, "PNG")
        (folder / "photos" / f"{at}.png").write_bytes(stream.getvalue())
    write_certificate(folder)


def write_certificate(folder: Path) -> None:
    """A certificate over 200 labels of which the check found none wrong, and its delivery."""
    key = Ed25519PrivateKey.generate()
    labels = [AssetLabel(UUID(int=at + 1), (_annotation("cat" if at % 3 else "dog"),)) for at in range(N_LABELS)]
    terms = Attempt(target_error=0.05, alpha=0.05, seed="a seed of the tests")
    by_asset = {label.asset_id: label for label in labels}
    drawn = terms.drawn(by_asset, terms.plan(N_LABELS).looks[0].n_checked)
    origin = Origin(
        id=new_id(),
        tenant=Named(id=new_id(), name="Tests"),
        project=Named(id=new_id(), name="Pets"),
        issued_at=utc_now(),
        ontology_version_id=None,
        reference=Reference(description="somebody who knows", is_simulated=True),
        people_are_simulated=True,
    )
    certificate = certify(origin, terms, labels, [by_asset[asset] for _, asset in drawn], public_key_of(key))
    (folder / "certificate.json").write_bytes(sign(certificate, key))
    (folder / "issuer.key").write_text(public_key_of(key))
    delivered = (
        DeliveredLabel(asset_id=label.asset_id, name=f"{label.asset_id}.png", annotations=label.annotations)
        for label in labels
    )
    (folder / "labels.jsonl").write_bytes(b"".join(write(delivered, format_named("karat-jsonl"))))


def _annotation(label_class: str) -> Annotation:
    return Annotation(kind="image.class", payload={"label_class": label_class})
