"""Kinds of annotation on images."""

from karat.modalities.image.whole import IMAGE_CLASS

KINDS = (IMAGE_CLASS,)
