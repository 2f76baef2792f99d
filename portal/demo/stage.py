"""What all parts of the loading share: the seed's dice, the clock's moment, and who and what is there already."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from portal.core import clock
from portal.core.tokens import ALPHABET
from portal.demo import sheets
from portal.demo.casting import phase_on
from portal.demo.stations import add_stations

if TYPE_CHECKING:
    from portal.boards.models import Board, Post, Topic
    from portal.demo.scripts import Script
    from portal.demo.sheets import Sheet
    from portal.organisations.models import Organisation
    from portal.people.models import Group, Person

OPENED_DAYS_AGO = 905  # when the portal of this community opened
GRACE = timedelta(minutes=7)  # nothing of the demo is younger than this


@dataclass(slots=True)
class Stage:
    """The community while it is being loaded."""

    seed: int
    now: datetime = field(default_factory=clock.now)
    sheets: list[Sheet] = field(default_factory=list)
    firms: dict[str, Organisation] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)  # by full name
    boards: dict[str, Board] = field(default_factory=dict)  # by the file's name
    topics: list[tuple[Script, Topic]] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)  # oldest first

    def __post_init__(self) -> None:
        self.sheets = sheets.people(self.now.date())
        add_stations(self.sheets, self.dice("stations"), self.now.date())

    def dice(self, purpose: str) -> Random:
        """Dice of their own for each purpose, so that a change in one part leaves the others as they were."""
        return Random(f"{self.seed} {purpose}")

    def days_ago(self, days: float, rng: Random) -> datetime:
        """A waking hour about that many days ago, never in the future."""
        day = (self.now - timedelta(days=days)).date()
        hour = time(rng.randint(6, 21), rng.randint(0, 59), rng.randint(0, 59), tzinfo=self.now.tzinfo)
        return min(datetime.combine(day, hour), self.now - GRACE)

    @property
    def opened_at(self) -> datetime:
        """When the portal opened."""
        return self.now - timedelta(days=OPENED_DAYS_AGO)

    def by_sign_in(self, name: str) -> Person:
        """One of the people with a fixed sign-in."""
        return self.people[next(sheet.name for sheet in self.sheets if sheet.sign_in == name)]

    def marked(self, mark: str) -> list[Person]:
        """Everybody with a mark."""
        return [self.people[sheet.name] for sheet in self.sheets if mark in sheet.marks]

    def members(self) -> list[tuple[Sheet, Person]]:
        """Everybody whom members can meet."""
        pairs = ((sheet, self.people[sheet.name]) for sheet in self.sheets)
        return [(sheet, person) for sheet, person in pairs if person.listed]

    def is_current(self, sheet: Sheet, kind: str) -> bool:
        """Whether a person holds a relation of this kind now."""
        today = self.now.date()
        return any(stay.kind == kind and phase_on(stay, today) == "current" for stay in sheet.relations)


def public_id(rng: Random) -> str:
    """A public id that the seed decides."""
    return "".join(rng.choice(ALPHABET) for _ in range(10))
