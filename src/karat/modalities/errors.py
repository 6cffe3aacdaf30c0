"""What can go wrong with kinds."""

from karat.errors import Invalid


class KindUnknown(Invalid):
    """There is no such kind of annotation."""

    code = "kind.unknown"
