"""What the weekly letter tells of the bell: kinds that the member wants weekly, and what was too much for a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.jinja import spelled
from portal.core.parts import LetterPiece
from portal.notifications import kinds, queries

if TYPE_CHECKING:
    from datetime import datetime

    from portal.core.access import Viewer


class Told:
    """Unread notifications that wait for the letter."""

    name, title, order = "told", "For you", 10

    def gather(self, viewer: Viewer, since: datetime, *, told: frozenset[str], limit: int) -> list[LetterPiece]:
        """The newest, each once."""
        found = queries.for_letter(viewer, since, limit)
        return [
            LetterPiece(
                str(row.id), row.title, f"/notifications/{row.public_id}", meta=kinds.type_of(row.kind).label,
                about=row.group_key, place=row.kind, count=row.events,
            )
            for row in found
        ]  # fmt: skip

    def gist(self, pieces: list[LetterPiece]) -> str:
        """ "three replies", or "three notices" when they are of several kinds."""
        of = {piece.place for piece in pieces}
        nouns = kinds.type_of(of.pop()).nouns if len(of) == 1 else ("notice", "notices")
        return spelled(sum(piece.count for piece in pieces), *nouns)

    def readable(self, viewer: Viewer, keys: set[str]) -> set[str]:
        """Those about things that the viewer may still see, and that are still unread."""
        return {str(key) for key in queries.still_for_letter(viewer, {int(key) for key in keys})}
