"""What the weekly letter tells of people: whom one may have worked with, who is new in kept searches and old firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.jinja import spelled
from portal.core.parts import LetterPiece
from portal.directory import queries

if TYPE_CHECKING:
    from datetime import datetime

    from portal.core.access import Viewer

COWORKERS, NEWCOMERS, MATCHES = 3, 3, 3


class _OfPeople:
    """What the parts share: a piece is a person, told while the member may meet them."""

    def readable(self, viewer: Viewer, keys: set[str]) -> set[str]:
        """Those whom the viewer may meet now."""
        return {str(key) for key in queries.still_met(viewer, {int(key) for key in keys})}


class Coworkers(_OfPeople):
    """People who were at the same firm at the same time, as far as the member sees."""

    name, title, order = "coworkers", "You may have worked with them", 40

    def gist(self, pieces: list[LetterPiece]) -> str:
        """ "two people from Acme"."""
        firms = {piece.place for piece in pieces}
        whence = f"from {firms.pop()}" if len(firms) == 1 else "you may know"
        return f"{spelled(len(pieces), 'person', 'people')} {whence}"

    def gather(self, viewer: Viewer, since: datetime, *, told: frozenset[str], limit: int) -> list[LetterPiece]:
        """Those who shared most with the member, none twice."""
        found = queries.unmet_coworkers(viewer, told=_persons(told), limit=min(limit, COWORKERS))
        return [
            LetterPiece(
                str(card.face.id), card.face.name, f"/people/{card.face.public_id}",
                text=card.headline or card.now, meta=card.reason, about=f"person:{card.face.id}", place=firm,
            )
            for card, firm in found
        ]  # fmt: skip


class Newcomers(_OfPeople):
    """Members who came since the last letter, of firms where the member was."""

    name, title, order = "newcomers", "New here, from your old firms", 50

    def gist(self, pieces: list[LetterPiece]) -> str:
        """ "one person who is new here"; a subject may name the firm already, for coworkers."""
        return spelled(len(pieces), "person who is new here", "people who are new here")

    def gather(self, viewer: Viewer, since: datetime, *, told: frozenset[str], limit: int) -> list[LetterPiece]:
        """The newest first."""
        ids = _persons(told)
        found = [row for row in queries.newcomers(viewer, since, NEWCOMERS) if row.face_id not in ids]
        return [
            LetterPiece(
                str(row.face_id), row.face_name, f"/people/{row.face_public_id}", meta=f"Of {row.firm}",
                about=f"person:{row.face_id}", place=row.firm,
            )
            for row in found[:limit]
        ]  # fmt: skip


class KeptSearches(_OfPeople):
    """Who is new in the searches that the member keeps."""

    name, title, order = "searches", "New in your kept searches", 45

    def gist(self, pieces: list[LetterPiece]) -> str:
        """ "two people in your kept searches"."""
        return f"{spelled(len(pieces), 'person', 'people')} in your kept searches"

    def gather(self, viewer: Viewer, since: datetime, *, told: frozenset[str], limit: int) -> list[LetterPiece]:
        """Some of each search, none twice."""
        known, pieces = set(_persons(told)), []
        for saved in queries.saved_searches(viewer):
            fresh = [
                row
                for row in queries.new_matches(viewer, saved, since, MATCHES + len(known))
                if row.face_id not in known
            ]
            for row in fresh[:MATCHES]:
                known.add(row.face_id)
                pieces.append(LetterPiece(
                    str(row.face_id), row.face_name, f"/people/{row.face_public_id}", meta=f"Found by “{saved.name}”",
                    about=f"person:{row.face_id}",
                ))  # fmt: skip
        return pieces[:limit]


def _persons(told: frozenset[str]) -> frozenset[int]:
    return frozenset(int(about.removeprefix("person:")) for about in told if about.startswith("person:"))
