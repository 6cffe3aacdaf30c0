"""What a certificate claims, for people: its own statement, and the same for those who read another language."""

from karat.kit.sayings import Fact, Words
from karat.quality import sayings
from karat.quality.certificate import CertifiedLabels


def claim_of(one: CertifiedLabels) -> dict[str, Fact]:
    """The figures of a certificate's first sentence."""
    return {
        "n_labels": one.n_labels,
        "bound": one.error_upper_bound,
        "target": one.target_error,
        "confidence": one.confidence,
    }


def certified_words(one: CertifiedLabels, claim: Words) -> Words:
    """The certificate's own statement; in other languages what it claims, who checked, and whether people were simulated."""
    reference = one.reference.description
    if one.n_checked:
        words = claim + sayings.CHECKED(n_checked=one.n_checked, reference=reference)
    else:
        words = claim + sayings.ALL_BY_REFERENCE(reference=reference)
    words = words + sayings.SIMULATED() if one.people_are_simulated else words
    return words.model_copy(update={"text": one.statement})
