"""What the pages about people show: kept pieces, made of cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.fragments import Later, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask

    from portal.directory.queries.cards import Card


def init(app: Flask) -> None:
    """Let templates make lists of people out of cards."""
    app.jinja_env.filters["people_pieces"] = pieces


def pieces(cards: Iterable[Card], me: int) -> list[Piece]:
    """Persons in a list, each with the one thing to do, unless it is oneself."""
    return [_piece(card, card.face.id == me) for card in cards]


def _piece(card: Card, is_me: bool) -> Piece:  # noqa: FBT001 - both are positions of one key
    words: dict[str, Any] = {"card": card, "is_me": is_me}
    return Piece((card.face, card.headline, card.now, card.reason, card.bond, is_me), Later(lambda: words))
