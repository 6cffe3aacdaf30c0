"""Verifying the certificates of an archive; in the compute process, since repeating a draw and a bound takes its time."""

from collections.abc import Sequence

from karat.quality.verification import verify


def verify_all(documents: Sequence[bytes]) -> list[str | None]:
    """What is wrong with each certificate; None where it holds. Whose key signed it is shown with it, and not judged here:
    the project may have come to where the archive was written as an archive itself.
    """
    found: list[str | None] = []
    for document in documents:
        report = verify(document)
        wrong = [check.sentence for check in report.checks if check.passed is False]
        found.append(wrong[0] if wrong else None)
    return found
