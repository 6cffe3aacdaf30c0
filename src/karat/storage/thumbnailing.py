"""Making a small picture of a large one; runs in the compute process, where Pillow may meet hostile bytes."""

import io

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
MAX_PIXELS = 80_000_000
QUALITY = 80


def make_thumbnail(data: bytes, edge: int) -> bytes | None:
    """The picture in WebP, its longer side at most `edge` pixels, turned as its EXIF says; None if it is no picture.

    It is drawn anew from the pixels: nothing else that was in the file comes along, no metadata and no second file.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            image.draft("RGB", (2 * edge, 2 * edge))  # of a JPEG only as much is decoded as is needed
            turned = ImageOps.exif_transpose(image)
            small = turned.convert("RGBA" if _has_alpha(turned) else "RGB")
        small.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
        clean = Image.new(small.mode, small.size)
        clean.paste(small)
        stream = io.BytesIO()
        clean.save(stream, "WEBP", quality=QUALITY, method=4)
    except Exception:  # what Pillow raises on damaged files is of many kinds
        return None
    return stream.getvalue()


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
