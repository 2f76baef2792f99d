"""Small pictures that some members show instead of a face: hills, water, cranes and stacked boxes, drawn by the seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from portal.core.db import db
from portal.demo.stage import Stage
from portal.profiles.models import ProfileEntry
from portal.profiles.photos import keep_photo

SIDE, DRAWN = 320, 640  # drawn twice as large, so that edges are smooth
MOST = 28
Colour = tuple[int, int, int]
Motif = Callable[[ImageDraw.ImageDraw, Random, Colour, Colour, Colour], None]
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((249, 226, 196), (226, 148, 116)), ((205, 224, 232), (120, 156, 178)), ((252, 236, 200), (232, 178, 92)),
    ((214, 222, 206), (134, 160, 130)), ((226, 214, 230), (150, 128, 168)), ((238, 222, 212), (178, 120, 106)),
)  # fmt: skip
INKS: tuple[Colour, ...] = ((44, 54, 66), (92, 52, 38), (36, 70, 66), (70, 46, 74), (58, 60, 44))


def add_pictures(stage: Stage) -> None:
    """A picture for some of those who would have one."""
    rng = stage.dice("pictures")
    people = stage.marked("photo")
    for at, person in enumerate(rng.sample(people, min(MOST, len(people)))):
        key = keep_photo(BytesIO(picture(rng, MOTIFS[at % len(MOTIFS)])))
        person.photo = key
        db.session.add(ProfileEntry(person_id=person.id, field="photo", value=key, audience="members"))
    db.session.flush()


def picture(rng: Random, motif: Motif) -> bytes:
    """One picture, as PNG."""
    light, deep = rng.choice(SKIES)
    image = Image.new("RGB", (DRAWN, DRAWN), light)
    draw = ImageDraw.Draw(image)
    for line in range(DRAWN):
        draw.line((0, line, DRAWN, line), fill=_between(light, deep, line / DRAWN))
    motif(draw, rng, light, deep, rng.choice(INKS))
    out = BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _hills(draw: ImageDraw.ImageDraw, rng: Random, light: Colour, deep: Colour, ink: Colour) -> None:
    _sun(draw, rng, light)
    for layer in range(4):
        height, wave, shift = 300 + layer * 80, rng.uniform(0.006, 0.014), rng.uniform(0, 6)
        points = [(x, height + 42 * math.sin(x * wave + shift)) for x in range(0, DRAWN + 1, 4)]
        draw.polygon([*points, (DRAWN, DRAWN), (0, DRAWN)], fill=_between(deep, ink, (layer + 1) / 4.5))


def _water(draw: ImageDraw.ImageDraw, rng: Random, light: Colour, deep: Colour, ink: Colour) -> None:
    _sun(draw, rng, light)
    draw.rectangle((0, 380, DRAWN, DRAWN), fill=_between(deep, ink, 0.55))
    for _ in range(26):
        x, y, wide = rng.randint(-40, DRAWN), rng.randint(395, DRAWN), rng.randint(40, 170)
        draw.rounded_rectangle((x, y, x + wide, y + 6), 3, fill=_between(deep, light, rng.random()))


def _crane(draw: ImageDraw.ImageDraw, rng: Random, light: Colour, deep: Colour, ink: Colour) -> None:
    _sun(draw, rng, light)
    draw.rectangle((0, 540, DRAWN, DRAWN), fill=_between(deep, ink, 0.7))
    x, arm = rng.randint(190, 330), rng.choice((-1, 1))
    draw.line((x - 60, 545, x - 20, 190), fill=ink, width=18)
    draw.line((x + 60, 545, x + 20, 190), fill=ink, width=18)
    draw.line((x - 50 * arm, 205, x + 290 * arm, 180), fill=ink, width=16)
    draw.line((x, 110, x + 240 * arm, 184), fill=ink, width=6)
    draw.line((x, 110, x, 205), fill=ink, width=14)
    draw.line((x + 190 * arm, 190, x + 190 * arm, 330), fill=ink, width=5)
    draw.rectangle((x + 190 * arm - 48, 330, x + 190 * arm + 48, 380), fill=_between(ink, light, 0.35))


def _boxes(draw: ImageDraw.ImageDraw, rng: Random, light: Colour, deep: Colour, ink: Colour) -> None:
    for column in range(5):
        for row in range(rng.randint(2, 5)):
            x, y = 30 + column * 118, 520 - row * 92
            draw.rounded_rectangle((x, y, x + 108, y + 82), 6, fill=_between(ink, light, rng.uniform(0.05, 0.75)))
            for rib in range(1, 5):
                draw.line((x + rib * 22, y + 12, x + rib * 22, y + 70), fill=_between(ink, deep, 0.4), width=3)
    draw.rectangle((0, 606, DRAWN, DRAWN), fill=ink)


def _sun(draw: ImageDraw.ImageDraw, rng: Random, light: Colour) -> None:
    x, y, size = rng.randint(120, 520), rng.randint(100, 260), rng.randint(50, 96)
    draw.ellipse((x - size, y - size, x + size, y + size), fill=_between(light, (255, 255, 255), 0.55))


MOTIFS: tuple[Motif, ...] = (_hills, _crane, _water, _boxes)
