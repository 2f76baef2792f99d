"""Reading profiles, always through the one predicate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, false, intersect, select, union
from sqlalchemy.orm import joinedload

from portal.careers.models import Assignment, Position, Relation
from portal.careers.queries import assignments_of
from portal.core.db import db, get_one, rows, scalars
from portal.core.text import fold
from portal.people.models import Person
from portal.people.queries import NOBODY
from portal.profiles.models import WORDS, FormerName, PersonTerm, ProfileEntry
from portal.profiles.policies import people_for, seeing, sight_of, visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Select

    from portal.core.access import Viewer
    from portal.profiles.policies import Sight

PIECE = re.compile(r'"[^"]*"|[^\s"]+')
MOST_PIECES = 8


@dataclass(frozen=True, slots=True)
class Profile:
    """What one viewer sees of one person."""

    person: Person
    entries: list[ProfileEntry] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    worked_with: list[Assignment] = field(default_factory=list)  # the firms of those positions' assignments
    former_names: list[FormerName] = field(default_factory=list)

    def one(self, name: str) -> ProfileEntry | None:
        """The value of a field that has one."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> list[ProfileEntry]:
        """The values of a field in the person's order."""
        return [entry for entry in self.entries if entry.field == name]


def person_for(viewer: Viewer, public_id: str) -> Person:
    """A person whom the viewer may meet."""
    found = select(Person).where(Person.public_id == public_id, people_for(sight_of(viewer)))
    return get_one(found, NOBODY, **seeing(viewer))


def can_meet(viewer: Viewer, person: Person) -> bool:
    """Whether the viewer gets the person's page at all."""
    found = select(Person.id).where(Person.id == person.id, people_for(sight_of(viewer)))
    return db.session.execute(found, seeing(viewer)).first() is not None


def named(viewer: Viewer, name: str) -> Person | None:
    """The first of those whom the viewer may meet who has exactly this name."""
    if not name:
        return None
    others = Person.id != viewer.person_id
    found = select(Person).where(Person.sort_name == fold(name), people_for(sight_of(viewer)), others)
    return db.session.execute(found.order_by(Person.id).limit(1), seeing(viewer)).scalar_one_or_none()


def photo_for(viewer: Viewer, key: str) -> Person:
    """Whose photo this is, if the viewer may see it."""
    shown = _seen(viewer, ProfileEntry)
    entry = exists(select(ProfileEntry.id).where(ProfileEntry.person_id == Person.id, ProfileEntry.value == key, shown))
    found = select(Person).where(Person.photo == key, people_for(sight_of(viewer)), entry)
    return get_one(found, "There is no such photo.", **seeing(viewer))


def profile_of(person: Person, viewer: Viewer) -> Profile:
    """Everything of the person's profile that this viewer sees; five queries at most."""
    positions = positions_for(viewer, person.id)
    worked_with = assignments_of([each.id for each in positions]) if positions else []
    return Profile(
        person, entries_for(viewer, person.id), positions, relations_for(viewer, person.id), worked_with,
        former_names_for(viewer, person.id),
    )  # fmt: skip


def former_names_for(viewer: Viewer, person_id: int) -> list[FormerName]:
    """The names that a person had, of those that the viewer may know, the last first."""
    shown = _seen(viewer, FormerName)
    found = select(FormerName).where(FormerName.person_id == person_id, shown)
    return scalars(found.order_by(FormerName.until.desc(), FormerName.id.desc()), **seeing(viewer))


def own_former_name(person_id: int, public_id: str) -> FormerName:
    """One of a person's own former names."""
    found = select(FormerName).where(FormerName.public_id == public_id, FormerName.person_id == person_id)
    return get_one(found, "There is no such name.")


def entries_for(viewer: Viewer, person_id: int) -> list[ProfileEntry]:
    """The fields that the viewer sees, in the person's order."""
    shown = _seen(viewer, ProfileEntry)
    found = select(ProfileEntry).where(ProfileEntry.person_id == person_id, shown)
    return scalars(found.order_by(ProfileEntry.field, ProfileEntry.position, ProfileEntry.id), **seeing(viewer))


def positions_for(viewer: Viewer, person_id: int) -> list[Position]:
    """The career as the viewer sees it, the open and the newest first."""
    shown = _seen(viewer, Position)
    found = select(Position).where(Position.person_id == person_id, shown).options(joinedload(Position.organisation))
    newest_first = found.order_by(Position.ends_on.is_not(None), Position.starts_on.desc(), Position.id.desc())
    return scalars(newest_first, **seeing(viewer))


def relations_for(viewer: Viewer, person_id: int) -> list[Relation]:
    """The bonds with the host that the viewer sees, newest first."""
    shown = _seen(viewer, Relation)
    found = select(Relation).where(Relation.person_id == person_id, shown).options(joinedload(Relation.organisation))
    return scalars(found.order_by(Relation.starts_on.desc(), Relation.id.desc()), **seeing(viewer))


def headlines(viewer: Viewer, ids: Iterable[int]) -> dict[int, str]:
    """The headlines of several persons, of those that the viewer sees: for lists."""
    shown = _seen(viewer, ProfileEntry)
    found = select(ProfileEntry.person_id, ProfileEntry.value)
    found = found.where(ProfileEntry.person_id.in_(set(ids)), ProfileEntry.field == "headline", shown)
    return {row.person_id: row.value for row in rows(found, **seeing(viewer))}


def pieces_of(query: str) -> dict[str, str]:
    """What the words and "phrases" of a query look for, to fill in; nothing when one of them has no word to look for."""
    pieces = [WORDS.words_of(piece) for piece in PIECE.findall(query)[:MOST_PIECES]]
    return {f"piece{n}": piece for n, piece in enumerate(pieces)} if all(pieces) else {}


def ids_having(sight: Sight, pieces: int) -> Any:
    """A select of ids: every one of so many pieces is in something of the person's that is seen from there."""
    having = [_having(sight, f"piece{n}") for n in range(pieces)]
    if not having:
        return select(PersonTerm.person_id).where(false())
    # One set of persons: joined one by one, PostgreSQL asks every term of everybody who has the first word.
    return intersect(*having) if len(having) > 1 else having[0]


def _having(sight: Sight, piece: str) -> Select[int]:
    shown = visible_to(sight, PersonTerm.audience, PersonTerm.person_id)
    return select(PersonTerm.person_id).where(WORDS.bound(PersonTerm.id, piece), shown)


def _seen(viewer: Viewer, table: Any) -> ColumnElement[bool]:
    return visible_to(sight_of(viewer), table.audience, table.person_id)


def people_of_firm(organisation_id: int, *, after: int, limit: int) -> list[int]:
    """Persons who name a firm in their career, or whom the host knows through it, in batches by key."""
    named = (
        select(table.person_id.label("person_id")).where(
            table.organisation_id == organisation_id, table.person_id > after
        )
        for table in (Position, Relation, Assignment)
    )
    found = union(*named).subquery()
    return scalars(select(found.c.person_id).order_by(found.c.person_id).limit(limit))
