"""The digits of the demo: ten thousand real handwritten ones with their labels, from `samples/`.

`pack` needs numpy and OpenCV and is called in the compute process only.
"""

import zipfile
from pathlib import Path

from karat.errors import NotFound

SAMPLE = Path(__file__).parents[3] / "samples" / "mnist_t10k" / "mnist_t10k.npz"
CLASSES = tuple("0123456789")
PACK = "karat.demo.digits:pack"
INSTRUCTIONS = """Which digit is written here?

Press the key of the digit: 0 to 9. Choose what the writer most likely meant, even if it is badly written.

- A 7 may have a bar through its stem; a 1 has none.
- A 4 is open at the top or closed; a 9 has a closed loop and a stem.
- Pass a picture on (S) only if nothing can be made out at all."""


class SampleMissing(NotFound):
    """The sample images are not here; the demo needs a source checkout of Karat."""

    code = "demo.sample_missing"


def asset_name(index: int) -> str:
    """The file name of the digit at an index; it tells nothing about its label."""
    return f"digit-{index:05d}.png"


def asset_index(name: str) -> int:
    """The index behind a file name."""
    return int(name.removeprefix("digit-").removesuffix(".png"))


def pack(sample: str, target: str, most: int | None) -> list[int]:
    """Write the digits, or the first of them, as PNG files into a ZIP to upload; their labels, which stay outside."""
    import cv2
    import numpy as np

    with np.load(sample, allow_pickle=False) as data:
        images, labels = data["images"][:most], data["labels"][:most]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for index, image in enumerate(images):
            _, png = cv2.imencode(".png", image)
            archive.writestr(asset_name(index), png.tobytes())
    return [int(label) for label in labels]
