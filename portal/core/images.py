"""Pictures that people send: checked before they are unpacked, then made anew, without anything that came along."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from portal.core.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS, LONGEST_SIDE, SHORTEST_SIDE = 25_000_000, 8_000, 16
SIDE = 512
QUALITY = 82


def square_photo(stream: BinaryIO, centre: tuple[float, float] = (0.5, 0.5), share: float = 1.0) -> bytes:
    """A photo of a person as WebP, square, at most 512 pixels wide; anything but a picture is `Invalid`.

    `share` is how much of the largest square is kept, `centre` where it lies: (0, 0) is top left, (1, 1) bottom right.
    """
    data = stream.read(MOST_BYTES + 1)
    if not data:
        raise Invalid("Please choose a picture first.")
    if len(data) > MOST_BYTES:
        raise Invalid("That picture is larger than 8 MB. Please choose a smaller one.")
    try:
        return _square(data, centre, share)
    except Invalid:
        raise
    except Exception as error:  # decoders fail in every way there is on what is no picture
        raise Invalid("That file is not a picture we can read. Please send a JPG, PNG, WebP or GIF.") from error


def _square(data: bytes, centre: tuple[float, float], share: float) -> bytes:
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        width, height = picture.size  # from the header: nothing is unpacked yet
        if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
            raise Invalid("That picture has more than 25 megapixels or 8,000 pixels a side. Please make it smaller.")
        if min(width, height) < SHORTEST_SIDE:
            raise Invalid("That picture is too small to see anything on it.")
        picture.draft("RGB", (2 * SIDE, 2 * SIDE))
        kept = _part(ImageOps.exif_transpose(picture), centre, share)
        side = min(SIDE, *kept.size)
        return _encoded(_flat(kept).resize((side, side), Image.Resampling.LANCZOS))


def _part(picture: Image.Image, centre: tuple[float, float], share: float) -> Image.Image:
    side = max(SHORTEST_SIDE, round(min(picture.size) * share))
    left, top = (round((whole - side) * where) for whole, where in zip(picture.size, centre, strict=True))
    return picture.crop((left, top, left + side, top + side))


def _flat(picture: Image.Image) -> Image.Image:
    """In plain colours, on white where one could see through."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _encoded(picture: Image.Image) -> bytes:
    """Only the pixels: a new picture has no EXIF, no place, no profile, no comment."""
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    target = BytesIO()
    clean.save(target, "WEBP", quality=QUALITY, method=4, exif=b"")
    return target.getvalue()
