"""Pictures that people send."""

from __future__ import annotations

import contextlib
import random
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.core.errors import Invalid
from portal.core.images import square_photo


def drawn(size: tuple[int, int] = (800, 600), kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    target = BytesIO()
    Image.new(mode, size, "red" if mode != "L" else 90).save(target, kind, **options)
    return target.getvalue()


def made(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(square_photo(BytesIO(data))))
    assert picture.format == "WEBP"
    return picture


KINDS = ["JPEG RGB", "JPEG L", "JPEG CMYK", "PNG RGBA", "PNG P", "PNG I;16", "WEBP RGBA", "GIF P"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_picture_becomes_a_square_webp(kind: str) -> None:
    name, mode = kind.split()
    target = BytesIO()
    Image.new(mode, (800, 600)).save(target, name)
    assert made(target.getvalue()).size == (512, 512)


def test_a_small_picture_stays_small() -> None:
    assert made(drawn((100, 60))).size == (60, 60)


def test_place_and_everything_else_that_came_along_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Ada at home"
    exif.get_ifd(0x8825)[2] = (51.0, 27.0, 0.0)
    data = drawn(exif=exif, comment=b"secret")
    assert b"Ada at home" in data
    clean = square_photo(BytesIO(data))
    assert b"EXIF" not in clean
    assert b"Ada at home" not in clean
    assert not Image.open(BytesIO(clean)).getexif()


def test_a_picture_that_lies_on_its_side_is_turned_upright() -> None:
    picture = Image.new("RGB", (200, 200), "blue")
    picture.paste("red", (0, 0, 200, 100))
    exif = Image.Exif()
    exif[0x0112] = 6
    target = BytesIO()
    picture.save(target, "JPEG", exif=exif)
    turned = made(target.getvalue()).convert("RGB")
    assert turned.getpixel((190, 100))[0] > 200, "what was on top is on the right now"  # type: ignore[index]
    assert turned.getpixel((10, 100))[2] > 200  # type: ignore[index]


def test_what_can_be_seen_through_becomes_white() -> None:
    target = BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(target, "PNG")
    assert min(made(target.getvalue()).convert("RGB").getpixel((50, 50))) > 250  # type: ignore[arg-type, type-var]


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (8_001, 10), (10, 8_001), (5_001, 5_000), (2**31 - 1, 2**31 - 1)])
def test_bombs_are_refused_by_their_header(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid):
        square_photo(BytesIO(png_header(*size)))


def test_more_than_8_mb_is_refused_without_reading_on() -> None:
    class Endless(BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size > 0
            self.taken += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(Invalid, match="larger than 8 MB"):
        square_photo(stream)
    assert stream.taken <= 8 * 1024 * 1024 + 1


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


BAD = {
    "empty": b"",
    "words": b"hello",
    "svg": SVG,
    "html": b"<html>",
    "pdf": b"%PDF-1.7 x",
    "gif head": b"GIF89a",
    "cut short": drawn()[:200],
    "jpeg head": b"\xff\xd8\xff\xe0" + b"\0" * 50,
    "bmp": drawn(kind="BMP"),
    "tiff": drawn(kind="TIFF"),
    "icon": drawn(kind="ICO", size=(64, 64)),
    "ppm": drawn(kind="PPM"),
    "lying png": png_header(100, 100),
    "tiny": drawn((4, 4)),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_everything_else_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        square_photo(BytesIO(data))
    assert refused.value.message.endswith(".")


def test_the_first_frame_of_a_moving_picture_is_taken() -> None:
    frames = [Image.new("P", (64, 64), shade) for shade in range(5)]
    target = BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    assert made(target.getvalue()).size == (64, 64)


GOOD = drawn((64, 48))


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.randoms(use_true_random=False))
def test_a_damaged_picture_is_made_or_refused_but_never_breaks(place: int, byte: int, chance: random.Random) -> None:
    damaged = bytearray(GOOD)
    damaged[place] = byte
    for _ in range(chance.randrange(5)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    with contextlib.suppress(Invalid):
        square_photo(BytesIO(bytes(damaged)))
