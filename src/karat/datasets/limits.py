"""How much one import may bring."""

from karat.kit import Record

MIB = 2**20


class IngestLimits(Record):
    """Caps that keep one import from filling memory or disk; beyond them there is a fault, never a crash.

    Attributes:
        max_pixels: width times height of one image, judged from its header before anything is decoded. Pillow itself
            stops at 179 million.
        max_ratio: unpacked over packed size of a ZIP entry; judged for entries above one MiB.
    """

    max_assets: int = 1_000_000
    max_total_bytes: int = 100 * 1024 * MIB
    max_asset_bytes: int = 100 * MIB
    max_text_bytes: int = 20 * MIB
    max_pixels: int = 80_000_000
    max_ratio: int = 200


DEFAULT_LIMITS = IngestLimits()
