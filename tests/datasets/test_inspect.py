import io
import struct
import zipfile
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from karat.datasets.inspect import IMAGE_FORMATS, Facts, inspect
from karat.datasets.limits import IngestLimits
from karat.kit import Fault

SIZE = (21, 13)
SCRIPT = b"<script>alert(1)</script>"


def picture(pil_format: str, size: tuple[int, int] = SIZE, **options: Any) -> bytes:
    image = Image.effect_noise(size, 90).convert("RGB")
    out = io.BytesIO()
    image.save(out, pil_format, **options)
    return out.getvalue()


def facts(data: bytes, modality: str = "image") -> Facts:
    found = inspect(data, modality, "here")
    assert isinstance(found, Facts), found
    return found


def fault(data: bytes, modality: str = "image", limits: IngestLimits | None = None) -> str:
    found = inspect(data, modality, "row 7", limits or IngestLimits())
    assert isinstance(found, Fault), found
    assert found.where == "row 7"
    return found.code


@pytest.mark.parametrize(("media_type", "pil_format"), IMAGE_FORMATS.items())
def test_each_kind_of_image_is_known_by_its_content(media_type: str, pil_format: str) -> None:
    media = facts(picture(pil_format)).media
    assert (media.media_type, media.width, media.height) == (media_type, *SIZE)


def test_a_progressive_photo_and_a_large_noisy_one_end_where_they_end() -> None:
    assert facts(picture("JPEG", (300, 200), progressive=True, quality=95)).media.width == 300
    assert facts(picture("JPEG", (800, 600), quality=99)).media.width == 800
    assert facts(picture("WEBP", (77, 55), lossless=True)).media.width == 77


def test_only_the_first_frame_of_an_animation_counts_and_the_others_are_told() -> None:
    frames = [Image.new("RGB", SIZE, color) for color in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    found = facts(out.getvalue())
    assert (found.n_frames, found.media.width) == (3, SIZE[0])


@pytest.mark.parametrize(("orientation", "shown"), [(1, SIZE), (3, SIZE), (6, SIZE[::-1]), (8, SIZE[::-1]), (99, SIZE)])
def test_width_and_height_are_those_of_the_picture_as_a_camera_turned_it(
    orientation: int, shown: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = facts(picture("JPEG", exif=exif))
    assert (found.media.width, found.media.height) == shown
    assert found.orientation == (orientation if orientation <= 8 else 1)


@pytest.mark.parametrize("pil_format", IMAGE_FORMATS.values())
def test_a_file_that_is_cut_short_anywhere_is_refused(pil_format: str) -> None:
    data = picture(pil_format)
    for length in range(0, len(data) - 1, max(1, len(data) // 40)):
        assert fault(data[:length]) in {"file.empty", "image.truncated", "image.damaged", "image.wrong_type"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "image.markup"),
        (b'\xef\xbb\xbf \n<?xml version="1.0"?><svg/>', "image.markup"),
        (b"<!DOCTYPE html><html></html>", "image.markup"),
        (b"<ScRiPt>alert(1)</sCrIpT>", "image.markup"),
        (b"%PDF-1.7\n", "image.wrong_type"),
        (b"PK\x03\x04rest", "image.wrong_type"),
        (b"II*\x00\x08\x00\x00\x00", "image.wrong_type"),
        (b"\x7fELF", "image.wrong_type"),
        (b"not an image", "image.wrong_type"),
        (b"\x00" * 100, "image.wrong_type"),
        (b"", "file.empty"),
    ],
)
def test_what_is_no_image_is_refused_whatever_its_name_says(data: bytes, code: str) -> None:
    assert fault(data) == code


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


@pytest.mark.parametrize("pil_format", IMAGE_FORMATS.values())
@pytest.mark.parametrize("tail", [SCRIPT, b"<!doctype html>", b"%PDF-1.4", zipped()])
def test_an_image_with_another_file_behind_it_is_refused(pil_format: str, tail: bytes) -> None:
    assert fault(picture(pil_format, (64, 64)) + tail) == "image.polyglot"


def test_an_image_with_a_script_among_its_first_bytes_is_refused() -> None:
    assert fault(picture("JPEG", comment=SCRIPT)) == "image.polyglot"
    assert fault(picture("GIF", comment=SCRIPT)) == "image.polyglot"


def test_harmless_bytes_behind_an_image_are_let_be() -> None:
    assert facts(picture("JPEG") + b"\0" * 100).media.width == SIZE[0]


def bomb(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    assert fault(bomb(*size)) == "image.too_many_pixels"


def test_limits_are_exact() -> None:
    data = picture("PNG")
    assert isinstance(inspect(data, "image", "", IngestLimits(max_pixels=21 * 13, max_asset_bytes=len(data))), Facts)
    assert fault(data, limits=IngestLimits(max_pixels=21 * 13 - 1)) == "image.too_many_pixels"
    assert fault(data, limits=IngestLimits(max_asset_bytes=len(data) - 1)) == "file.too_large"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_to_an_image_raises(data: st.DataObject) -> None:
    good = bytearray(SAMPLES[data.draw(st.sampled_from(sorted(SAMPLES)))])
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(inspect(bytes(good), "image", ""), Facts | Fault)


SAMPLES = {pil_format: picture(pil_format) for pil_format in IMAGE_FORMATS.values()}


def test_a_text_is_told_with_its_length_in_code_points_and_without_a_byte_order_mark() -> None:
    found = facts("\ufeffGrüße 🐈‍⬛".encode(), "text")
    assert found.text == "Grüße 🐈‍⬛"
    assert found.media.length == len("Grüße 🐈‍⬛") == 9


def test_a_text_that_looks_like_markup_is_a_text() -> None:
    assert facts(SCRIPT, "text").text == SCRIPT.decode()
    assert facts(b"BMW drives", "text").media.media_type == "text/plain"


def test_ten_megabytes_of_text_are_taken_and_more_than_the_limit_is_not() -> None:
    assert facts(b"x" * 10_000_000, "text").media.length == 10_000_000
    assert fault(b"x" * 11, "text", IngestLimits(max_text_bytes=10)) == "text.too_long"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "text.empty"),
        (b" \n\t", "text.empty"),
        (b"a\0b", "text.nul"),
        (b"caf\xe9", "text.encoding"),
        ("hello".encode("utf-16"), "text.encoding"),
        (b"%PDF-1.4 text", "text.wrong_type"),
        (picture("PNG"), "text.wrong_type"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, code: str) -> None:
    assert fault(data, "text") == code
