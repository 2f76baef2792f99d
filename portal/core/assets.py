"""Styles, scripts and pictures: bundled at start, named by their content, kept by browsers for a year."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import abort, current_app, make_response, request, url_for

from portal.core.brand import brand_css, normal

if TYPE_CHECKING:
    from flask import Flask, Response

STATIC = Path(__file__).resolve().parents[2] / "static"
STYLES_FIRST = ("tokens.css", "base.css", "layout.css")
YEAR = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """Bytes ready to send; `packed` is gzip, or empty when that saves nothing."""

    body: bytes
    packed: bytes
    content_type: str
    digest: str


@dataclass(slots=True)
class Shelf:
    """All assets by name, and when their newest source was written."""

    assets: dict[str, Asset]
    written: float


def init(app: Flask) -> None:
    """Bundle now, and give the templates `asset_url` and `brand_url`."""
    app.extensions["assets"] = Shelf(_bundle(), _newest())
    app.add_url_rule("/assets/<digest>/<name>", "assets", send)
    app.jinja_env.globals.update(asset_url=asset_url, brand_url=brand_url)


def asset_url(name: str) -> str:
    """The address of "portal.css", "portal.js" or a file of static/img, good for a year."""
    return url_for("assets", digest=_shelf().assets[name].digest, name=name)


def brand_url(accent: str) -> str:
    """The address of the accent's style sheet; it carries the colour, so any worker can answer it."""
    return url_for("assets", digest=_brand(normal(accent)).digest, name="brand.css")


def send(digest: str, name: str) -> Response:
    """Answer an asset: for a year if the address is of this content, without caching if it is of an older one."""
    asset = _brand("#" + digest[:6]) if name == "brand.css" else _shelf().assets.get(name)
    if asset is None:
        abort(404)
    packed = bool(asset.packed) and request.accept_encodings.quality("gzip") > 0
    response = make_response(asset.packed if packed else asset.body)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Type"] = asset.content_type
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = YEAR if digest == asset.digest else "no-cache"
    response.set_etag(asset.digest + ("-gzip" if packed else ""))
    response.make_conditional(request)
    return response


send.is_public = True  # type: ignore[attr-defined]  # as `core.web.public` marks it: a sign-in page has styles too


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions["assets"]
    if current_app.debug and (written := _newest()) != shelf.written:
        shelf.assets, shelf.written = _bundle(), written
    return shelf


@lru_cache(maxsize=64)
def _brand(accent: str) -> Asset:
    asset = _made(brand_css(accent).encode(), ".css")
    return Asset(asset.body, asset.packed, asset.content_type, f"{normal(accent)[1:]}-{asset.digest}")


def _bundle() -> dict[str, Asset]:
    pictures = {
        path.name: _made(path.read_bytes(), path.suffix)
        for path in sorted((STATIC / "img").iterdir())
        if path.is_file()
    }
    return {"portal.css": _made(styles().encode(), ".css"), "portal.js": _made(scripts().encode(), ".js"), **pictures}


def styles() -> str:
    """All style sheets in order: tokens, base, layout, components, print."""
    folder = STATIC / "css"
    first = (folder / name for name in STYLES_FIRST)
    files = [*first, *sorted((folder / "components").glob("*.css")), folder / "print.css"]
    return "\n".join(squeeze_css(path.read_text(encoding="utf-8")) for path in files)


def scripts() -> str:
    """All scripts, alphabetically; each is a function of its own that runs at once."""
    return "\n".join(squeeze_js(path.read_text(encoding="utf-8")) for path in sorted((STATIC / "js").glob("*.js")))


def squeeze_css(text: str) -> str:
    """Without comments and idle white space."""
    text = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    text = re.sub(r"\s*([{};,>])\s*", r"\1", text).replace(": ", ":").replace(";}", "}")
    return re.sub(r"(?<![\w.])0\.", ".", text).strip()


def squeeze_js(text: str) -> str:
    """Without indentation, blank lines and comments that stand on lines of their own."""
    text = re.sub(r"^\s*/\*.*?\*/\s*$", "", text, flags=re.DOTALL | re.MULTILINE)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _made(body: bytes, suffix: str) -> Asset:
    packed = gzip.compress(body, 9, mtime=0)
    kind = TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    return Asset(body, packed if len(packed) < len(body) * 0.9 else b"", kind, hashlib.sha256(body).hexdigest()[:12])


def _newest() -> float:
    return max((path.stat().st_mtime for path in STATIC.rglob("*") if path.is_file()), default=0)
