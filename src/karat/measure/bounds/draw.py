"""Which labels are checked: a draw that anybody can repeat with pencil, paper and SHA-256."""

from hashlib import sha256


def draw_checks(n_labels: int, n: int, seed: str) -> tuple[int, ...]:
    """The first `n` positions of a random order of 0 … n_labels - 1, uniform and without replacement.

    Position i is ranked by the SHA-256 of the UTF-8 text `{seed}:{i}`, smallest digest first. The order depends on no
    library and no version of one, so an auditor repeats it in any language. A larger `n` extends the same order: looks
    of a sequential plan are prefixes of each other.

    Args:
        n_labels: size of the frozen list of labels that is drawn from.
        n: how many; more than there are gives all of them.
        seed: made *after* the labels were frozen and not before, else the labels could be fitted to the draw.
    """
    prefix = sha256(f"{seed}:".encode())

    def rank(position: int) -> bytes:
        digest = prefix.copy()
        digest.update(str(position).encode())
        return digest.digest()

    return tuple(sorted(range(n_labels), key=rank)[:n])
