"""`image.class`: one label class for the whole image."""

from karat.modalities.whole import WholeAssetClass

IMAGE_CLASS = WholeAssetClass(modality="image", title="Class of the image")
