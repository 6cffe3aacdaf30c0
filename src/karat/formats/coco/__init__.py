"""COCO instances: boxes as one JSON document, which nearly every detector reads."""

from karat.formats.coco.format import COCO

__all__ = ["COCO"]
