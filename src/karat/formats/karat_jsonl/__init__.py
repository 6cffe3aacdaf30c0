"""Karat JSONL: everything, one JSON object a line."""

from karat.formats.karat_jsonl.format import KARAT_JSONL

__all__ = ["KARAT_JSONL"]
