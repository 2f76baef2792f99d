"""Icons out of the Bootstrap-Flask wheel (MIT), each inlined where it is used: the 1.1 MB sprite is never sent."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

SPRITE = "static/bootstrap5/icons/bootstrap-icons.svg"
SYMBOL = re.compile(r'<symbol[^>]*\bviewBox="([^"]+)"[^>]*\bid="([^"]+)"[^>]*>(.*?)</symbol>', re.DOTALL)


def icon(name: str, label: str | None = None) -> Markup:
    """An icon as inline SVG: hidden from screen readers beside words, or named by `label` when it stands alone."""
    return _drawn(name) if label is None else _named(name, label)


def _named(name: str, label: str) -> Markup:
    said = Markup('role="img" aria-label="{}"').format(label)
    return Markup(_drawn(name).replace('aria-hidden="true"', said, 1))  # noqa: S704 - both parts are safe


@cache
def _drawn(name: str) -> Markup:
    view_box, shape = _symbols()[name]
    frame = Markup('<svg class="icon" viewBox="{}" width="16" height="16" aria-hidden="true">{}</svg>')
    return frame.format(view_box, Markup(shape))  # noqa: S704 - the shapes come out of the installed wheel


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    """All symbols of the sprite: name → (viewBox, shapes). Found without importing the package."""
    spec = importlib.util.find_spec("flask_bootstrap")
    if spec is None or spec.origin is None:
        raise RuntimeError("Bootstrap-Flask is not installed; the icons come out of its wheel.")
    sprite = (Path(spec.origin).parent / SPRITE).read_text(encoding="utf-8")
    return {name: (box, " ".join(shape.split())) for box, name, shape in SYMBOL.findall(sprite)}
