"""What can go wrong with kinds."""

from karat.errors import Invalid, KaratError


class KindUnknown(Invalid):
    """There is no such kind of annotation."""

    code = "kind.unknown"


class KindNotUsable(KaratError):
    """A kind of annotation that an installed package brings cannot be used; Karat does not start without it."""

    code = "kind.not_usable"
