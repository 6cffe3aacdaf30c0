"""What can go wrong with formats."""

from karat.errors import Invalid


class FormatUnknown(Invalid):
    """There is no such format."""

    code = "format.unknown"


class NotExpressible(Invalid):
    """This format has no place for these annotations; choose another."""

    code = "format.not_expressible"
