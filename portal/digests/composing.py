"""A member's letter out of what the features give: fair to each part, ten things at most, each told once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from portal.core import clock, parts, settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.core.access import Viewer
    from portal.core.parts import LetterPart, LetterPiece
    from portal.digests.models import WeeklyLetter

FIRST_LOOKS_BACK, LOOKS_BACK = timedelta(days=7), timedelta(days=28)
SUBJECT = 110  # characters


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a letter with what it tells."""

    part: LetterPart
    pieces: list[LetterPiece]

    @property
    def title(self) -> str:
        """Its heading."""
        return self.part.title


@dataclass(frozen=True, slots=True)
class Letter:
    """What a member would read; without sections there is none."""

    sections: list[Section]
    since: datetime

    @property
    def subject(self) -> str:
        """What is in it: "Three replies and two people from Acme"."""
        gists = [section.part.gist(section.pieces) for section in self.sections]
        words = " and ".join(gists[:2])
        words = words if len(words) <= SUBJECT else gists[0]
        return words[:1].upper() + words[1:]

    @property
    def told(self) -> list[list[str]]:
        """Each piece as a letter remembers it: part, key, and what it is about."""
        return [[section.part.name, piece.key, piece.about] for section in self.sections for piece in section.pieces]


def compose(viewer: Viewer, earlier: list[WeeklyLetter]) -> Letter:
    """The letter to this member now, after those earlier ones."""
    since = _since(earlier)
    told = frozenset(about for letter in earlier for _, _, about in letter.pieces if about)
    most, seen, gathered = settings.get("letter_items"), set[str](), []
    for part in every_part():
        pieces = part.gather(viewer, since, told=told, limit=most)
        gathered.append(Section(part, [piece for piece in pieces if _is_new(piece, seen)]))
    return Letter(_fairly(gathered, most), since)


def unreadable(viewer: Viewer, told: Iterable[list[str]]) -> bool:
    """Whether something of a letter may not be seen by this member any more (M1)."""
    keys: dict[str, set[str]] = {}
    for name, key, _ in told:
        keys.setdefault(name, set()).add(key)
    known = {part.name: part for part in every_part()}
    return any(name not in known or wanted - known[name].readable(viewer, wanted) for name, wanted in keys.items())


def every_part() -> list[LetterPart]:
    """The parts in their order."""
    return sorted(parts.every("letter_parts"), key=lambda part: part.order)


def _is_new(piece: LetterPiece, seen: set[str]) -> bool:
    """Whether nothing before was about the same; from now on it is."""
    known = piece.about in seen
    if piece.about:
        seen.add(piece.about)
    return not known


def _fairly(gathered: list[Section], most: int) -> list[Section]:
    """One piece of each part in turn until the letter is full."""
    longest = max((len(section.pieces) for section in gathered), default=0)
    turns = [(turn, place) for turn in range(longest) for place, each in enumerate(gathered) if turn < len(each.pieces)]
    shares = [sum(1 for _, place in turns[:most] if place == number) for number in range(len(gathered))]
    return [
        Section(each.part, each.pieces[:share]) for each, share in zip(gathered, shares, strict=True) if share
    ]  # fmt: skip


def _since(earlier: list[WeeklyLetter]) -> datetime:
    """Since the last letter, but not longer than some weeks."""
    now = clock.now()
    return max(earlier[0].made_at, now - LOOKS_BACK) if earlier else now - FIRST_LOOKS_BACK
