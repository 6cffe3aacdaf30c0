"""Kinds of annotation on texts."""

from karat.modalities.text.whole import TEXT_CLASS

KINDS = (TEXT_CLASS,)
