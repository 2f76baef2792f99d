"""Pieces of pages that many requests share, rendered once a process and kept under everything they show.

A kept piece must depend on nothing but its key and the words it is given: no viewer, no request. The tokens of its
forms are put in afresh each time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import current_app, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal.core import once
from portal.core.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from flask import Flask

CSRF_HERE, ONCE_HERE = "csrf--goes--here", "once--goes--here"
INDENTED = re.compile(r">\s*\n\s*<")  # white space between tags; in text, also of code, < and > are escaped
_pieces: Memory[tuple[Hashable, ...], str] = Memory(6000)


def init(app: Flask) -> None:
    """Let templates keep pieces, and leave room in them for the tokens of the day."""
    app.jinja_env.globals.update(kept=kept, kept_each=kept_each, csrf_token=csrf_token, once_key=once_key)


class Later(NamedTuple):
    """A word of a kept piece that is worked out only when the piece is made."""

    make: Callable[[], Any]


class Piece(NamedTuple):
    """A row of a list as a kept piece: the key says everything it shows, `words` are made when the piece is."""

    key: tuple[Any, ...]
    words: Later


def kept(template: str, key: tuple[Hashable, ...], **words: Any) -> Markup:
    """The piece that this template makes of these words, from memory if it was made before under this key."""
    return _with_tokens(_pieces_of(template)((template, *key), words))


def kept_each(template: str, pieces: Iterable[Piece], **more: Any) -> Markup:
    """The pieces of a list, one after the other; the template has each one's words as `it`, and what they share."""
    shared, made = tuple(more.values()), _pieces_of(template)
    return _with_tokens(
        "\n".join([made((template, shared, *piece.key), {"it": piece.words, **more}) for piece in pieces])
    )


def _pieces_of(template: str) -> Callable[[tuple[Hashable, ...], dict[str, Any]], str]:
    """What makes or remembers a piece of a template; one asks once for a whole list."""
    if current_app.debug:
        return lambda _key, words: _render(template, words)
    return lambda key, words: _pieces.get(key, lambda: _render(template, words))


def _with_tokens(piece: str) -> Markup:
    if CSRF_HERE in piece:
        piece = piece.replace(CSRF_HERE, csrf_token())
    if ONCE_HERE in piece:
        piece = piece.replace(ONCE_HERE, once_key())
    return Markup(piece)  # noqa: S704 - rendered by a template that escapes


def csrf_token() -> str:
    """The session's token for forms; inside a kept piece, the place where it goes."""
    if g.get("keeping"):
        return CSRF_HERE
    if "csrf_of_page" not in g:
        g.csrf_of_page = generate_csrf()
    token: str = g.csrf_of_page
    return token


def once_key() -> str:
    """A one-time key, one a page: two forms of a page have different addresses, which are part of the key."""
    if g.get("keeping"):
        return ONCE_HERE
    if "once_key_of_page" not in g:
        g.once_key_of_page = once.new_key()
    key: str = g.once_key_of_page
    return key


def _render(template: str, words: dict[str, Any]) -> str:
    outer, g.keeping = g.get("keeping", False), True
    words = {name: word.make() if isinstance(word, Later) else word for name, word in words.items()}
    try:
        return INDENTED.sub(">\n<", current_app.jinja_env.get_template(template).render(words))
    finally:
        g.keeping = outer
