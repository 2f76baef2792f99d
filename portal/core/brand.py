"""The host's accent, made readable: text and buttons keep at least 4.5 : 1, in light and dark, whatever is set."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

Rgb = tuple[float, float, float]

DEFAULT_ACCENT = "#0e5a63"
INK, PAPER, NIGHT = "#201c19", "#fdfcfa", "#181614"
# What accent-coloured text may lie on; the same values as in static/css/tokens.css.
LIGHT_GROUNDS = ("#ffffff", PAPER, "#f6f3ee", "#ece7df")
DARK_GROUNDS = (NIGHT, "#201d1a", "#2c2824", "#262220")
READABLE = 4.6  # a little over 4.5, for rounding
HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)


@lru_cache(maxsize=64)
def brand_css(accent: str) -> str:
    """The style sheet that sets the accent roles, for a colour like "#0e5a63" (else the default's)."""
    light, dark = _light(normal(accent)), _dark(normal(accent))
    plain = "".join(f"--{role}:{colour};" for role, colour in light.items())
    both = "".join(f"--{role}:light-dark({colour},{dark[role]});" for role, colour in light.items())
    return f":root{{{plain}}}@supports (color:light-dark(#000,#fff)){{:root{{{both}}}}}"


@dataclass(frozen=True, slots=True)
class Contrast:
    """How readable the accent is somewhere: the colour that is used there, the worst ratio of its grounds."""

    where: str
    colour: str
    ratio: float
    is_changed: bool  # another shade than the one that was chosen


def readability(accent: str) -> list[Contrast]:
    """How readable an accent is as text and on buttons, in light and dark."""
    accent = normal(accent)
    light, dark = _light(accent), _dark(accent)
    used = [
        ("Links on light pages", light["brand"], [*LIGHT_GROUNDS, light["brand-soft"]]),
        ("Links on dark pages", dark["brand"], [*DARK_GROUNDS, dark["brand-soft"]]),
        ("Words on buttons, light", light["fill"], [light["on-fill"]]),
        ("Words on buttons, dark", dark["fill"], [dark["on-fill"]]),
    ]
    return [Contrast(where, colour, min(contrast(colour, ground) for ground in grounds), colour != accent)
            for where, colour, grounds in used]  # fmt: skip


def normal(accent: str) -> str:
    """Six hexadecimal digits behind a #, in small letters; anything else becomes the default accent."""
    match = HEX.fullmatch(accent.strip())
    if match is None:
        return DEFAULT_ACCENT
    digits = match[1].lower()
    return "#" + (digits if len(digits) > 3 else "".join(char * 2 for char in digits))


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _light(accent: str) -> dict[str, str]:
    lightness, chroma, angle = _to_lch(accent)
    soft = _to_hex(0.955, min(chroma, 0.014), angle)
    text = _until_readable(min(lightness, 0.6), chroma, angle, (*LIGHT_GROUNDS, soft), -0.01)
    bright = lightness > 0.75 and chroma > 0.08 and contrast(accent, INK) >= 7  # keeps itself on buttons, under ink
    fill = accent if bright else text
    fill_lightness = _to_lch(fill)[0]
    return {
        "brand": text,
        "brand-soft": soft,
        "brand-line": _to_hex(0.84, min(chroma, 0.06), angle),
        "fill": fill,
        "fill-strong": _to_hex(fill_lightness - 0.05, chroma, angle),
        "on-fill": INK if bright else "#ffffff",
    }


def _dark(accent: str) -> dict[str, str]:
    lightness, chroma, angle = _to_lch(accent)
    chroma = min(chroma, 0.12)
    soft = _to_hex(0.28, min(chroma, 0.025), angle)
    text = _until_readable(max(lightness, 0.76), chroma, angle, (*DARK_GROUNDS, soft), 0.01)
    return {
        "brand": text,
        "brand-soft": soft,
        "brand-line": _to_hex(0.42, min(chroma, 0.06), angle),
        "fill": text,
        "fill-strong": _to_hex(min(_to_lch(text)[0] + 0.05, 0.97), chroma, angle),
        "on-fill": NIGHT,
    }


def _until_readable(lightness: float, chroma: float, angle: float, grounds: tuple[str, ...], step: float) -> str:
    """Darken or lighten until the colour is readable on every ground."""
    while 0 < lightness < 1:
        colour = _to_hex(lightness, chroma, angle)
        if min(contrast(colour, ground) for ground in grounds) >= READABLE:
            return colour
        lightness += step
    return INK if step < 0 else "#ffffff"


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _undo_gamma(red), _undo_gamma(green), _undo_gamma(blue)


def _undo_gamma(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _to_lch(colour: str) -> tuple[float, float, float]:
    """OKLCH (Björn Ottosson's OKLab in polar form): lightness 0–1, chroma, angle in radians."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _to_hex(lightness: float, chroma: float, angle: float) -> str:
    """The nearest colour a screen can show: chroma gives way, hue and lightness stay."""
    while chroma > 0:
        channels = _to_rgb(lightness, chroma, angle)
        if all(-0.001 <= channel <= 1.001 for channel in channels):
            return _hex(channels)
        chroma -= 0.004
    return _hex(_to_rgb(lightness, 0, angle))


def _to_rgb(lightness: float, chroma: float, angle: float) -> Rgb:
    a, b = chroma * math.cos(angle), chroma * math.sin(angle)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _hex(linear: Rgb) -> str:
    return "#" + "".join(f"{round(min(max(_gamma(value), 0), 1) * 255):02x}" for value in linear)


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * float(value ** (1 / 2.4)) - 0.055
