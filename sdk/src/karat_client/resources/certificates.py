"""Certificates: how many of the delivered labels can be wrong, signed."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

import httpx

from karat_client.downloads import Promise, download
from karat_client.listing import Listing
from karat_client.progress import Wanted, sink_of
from karat_client.records import CertificateSummary, CheckedLabel, SigningKey
from karat_client.resources.base import Ref, Resource, id_of


class Certificates(Resource):
    """Signed statements about labels."""

    def list(self, project: Ref) -> Listing[CertificateSummary]:
        """The certificates of a project, newest first."""
        path = "/api/projects/{project_id}/certificates"
        return self._listing("GET", path, CertificateSummary, project_id=id_of(project))

    def get(self, certificate: Ref) -> CertificateSummary:
        """One certificate."""
        path = "/api/certificates/{certificate_id}"
        return self._call("GET", path, CertificateSummary, certificate_id=id_of(certificate))

    def checks(self, certificate: Ref) -> Listing[CheckedLabel]:
        """What was drawn and checked for it, in the order of the draw."""
        path = "/api/certificates/{certificate_id}/checks"
        return self._listing("GET", path, CheckedLabel, certificate_id=id_of(certificate))

    def download(self, certificate: Ref, target: str | os.PathLike[str], *, progress: Wanted = False) -> Path:
        """Fetch the signed document, and keep it if it is the one that the server names.

        That it came whole is checked here; that it is true, by `karat certificate verify FILE --labels LABELS
        --public-key KEY`, which needs neither the server nor this client.

        Args:
            target: a file, or a folder to put it into.
        """
        summary = self.get(certificate)
        path = Path(target)
        path = path / f"karat-certificate-{summary.id}.json" if path.is_dir() else path

        def open_(headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
            where = "/api/certificates/{certificate_id}/file"
            return self._transport.open("GET", where, headers=headers, certificate_id=str(summary.id))

        promise = Promise(summary.sha256, None)
        return download(open_, promise, path, self._transport.backoff, sink_of(progress))

    def link(self, certificate: CertificateSummary) -> str:
        """Where people find the certificate, its checks, and how to verify it: in the web app."""
        return f"{self._transport.url}/projects/{certificate.project_id}/quality"

    def signing_key(self) -> SigningKey:
        """The public key of the installation: ask for it once, by a way you trust, and pin it when verifying."""
        return self._call("GET", "/api/signing-key", SigningKey)
