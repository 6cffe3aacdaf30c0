"""The answers that a verification gives."""

from karat.kit import Record


class VerifiedCheck(Record):
    """One question that was asked of the certificate.

    Attributes:
        name: `form`, `signature`, `key`, `statement`, `plan`, `draw`, `counts`, `losses` (of objects), `bound`, `labels`.
        passed: None when it could not be asked; the sentence says why.
    """

    name: str
    passed: bool | None
    sentence: str


def ask(name: str, answer: bool, sentence: str) -> VerifiedCheck:
    """Passed or failed, whichever the answer is."""
    return passed(name, sentence) if answer else failed(name, f"Not so: {sentence}")


def passed(name: str, sentence: str) -> VerifiedCheck:
    """It was asked, and it is so."""
    return VerifiedCheck(name=name, passed=True, sentence=sentence)


def failed(name: str, sentence: str) -> VerifiedCheck:
    """It was asked, and it is not so."""
    return VerifiedCheck(name=name, passed=False, sentence=sentence)
