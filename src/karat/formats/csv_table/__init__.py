"""CSV: one row an asset, for spreadsheets."""

from karat.formats.csv_table.format import CSV

__all__ = ["CSV"]
