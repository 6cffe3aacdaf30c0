"""Kinds of annotation on images."""

from karat.modalities.image.box import IMAGE_BOX
from karat.modalities.image.whole import IMAGE_CLASS

KINDS = (IMAGE_CLASS, IMAGE_BOX)
