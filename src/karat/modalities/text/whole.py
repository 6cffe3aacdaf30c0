"""`text.class`: one label class for the whole text."""

from karat.modalities.whole import WholeAssetClass

TEXT_CLASS = WholeAssetClass(modality="text", title="Class of the text")
