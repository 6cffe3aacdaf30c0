"""Cells that a spreadsheet would run as a formula, made harmless and back.

Excel, LibreOffice and Google Sheets evaluate a cell that begins with one of `= + - @`, with a tab or a line break
before it, or with the full-width form of one. Such a cell gets an apostrophe in front, which spreadsheets take as *this
is text*; a cell that begins with an apostrophe gets one more, so that taking one away always gives back what was there.

Source: OWASP, CSV Injection.
"""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def disarm(cell: str) -> str:
    """The cell as a spreadsheet may see it."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell


def rearm(cell: str) -> str:
    """The cell as it was before `disarm`."""
    return cell.removeprefix("'")
