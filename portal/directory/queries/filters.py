"""What the people page can be filtered by; a filter looks only at what its viewer may see (P1, R22)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Date, Integer, String, and_, bindparam, exists, or_, select, union

from portal.careers.models import KINDS, Position, Relation
from portal.core import clock
from portal.core.db import db
from portal.core.memory import in_request
from portal.core.sets import is_one_of, several
from portal.core.text import fold
from portal.directory.queries.walk import among
from portal.organisations.models import Organisation, OrganisationAlias
from portal.organisations.queries import hierarchy
from portal.people.models import Person
from portal.profiles.models import NAMES, ProfileEntry
from portal.profiles.nicknames import also_called
from portal.profiles.policies import visible_to
from portal.profiles.queries import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement

    from portal.profiles.policies import Sight

PHASES = ("former", "current")
LONGEST, MOST_SKILLS, MOST_FIRMS = 100, 5, 500
HIGHEST = "\uffff"
TODAY: Any = bindparam("today", type_=Date)


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody looks for, as typed; what makes no sense is empty."""

    q: str = ""
    relation: str = ""  # "employee:former", "partner:current", "customer"
    organisation: str = ""
    department: str = ""
    place: str = ""
    skills: str = ""  # several with commas between
    year_from: str = ""
    year_to: str = ""

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> Filters:
        """The filters in the parameters of an address."""
        found = cls(**{each.name: " ".join(typed.get(each.name, "").split())[:LONGEST] for each in fields(cls)})
        kind, _, phase = found.relation.partition(":")
        sound = kind in KINDS and (not phase or phase in PHASES)
        years = {
            name: getattr(found, name) if _is_year(getattr(found, name)) else "" for name in ("year_from", "year_to")
        }
        if all(years.values()):
            years = dict(
                zip(years, sorted(years.values(), key=int), strict=True)
            )  # whichever way round they were typed
        return replace(found, relation=found.relation if sound else "", **years)

    @property
    def given(self) -> dict[str, str]:
        """The filters that are set, by the name of their parameter."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}

    @property
    def skill_list(self) -> list[str]:
        """The skills asked for, folded as they are stored."""
        return [folded for skill in self.skills.split(",")[:MOST_SKILLS] if (folded := fold(skill))]


class Shape(NamedTuple):
    """Which filters there are: what makes one statement another; what they look for is filled in."""

    kind: str
    phase: str
    organisation: bool
    department: bool
    year_from: bool
    year_to: bool
    place: bool
    skills: int
    words: bool
    named: bool  # whether the words may be a name's
    nicknamed: bool  # whether a name may be found by other words than these
    pieces: int  # of the words; without one nothing is found by them


@lru_cache(maxsize=500)
def shape_of(filters: Filters) -> Shape:
    """The shape of what is looked for."""
    kind, _, phase = filters.relation.partition(":")
    return Shape(
        kind, phase, bool(filters.organisation), bool(filters.department), bool(filters.year_from), bool(filters.year_to),
        bool(fold(filters.place)), len(filters.skill_list), bool(filters.q), bool(names_like(filters.q)),
        names_like(filters.q) != NAMES.words_of(filters.q), len(pieces_of(filters.q)),
    )  # fmt: skip


def names_like(query: str) -> str:
    """What the words look for among names; Bob is Robert too."""
    return NAMES.words_of(query, also_called)


def wanted_values(filters: Filters) -> dict[str, Any]:
    """What the filters look for, to fill in; asked once a page, for its list and for what is counted beside it."""
    return in_request(("directory.filters", replace(filters, relation="")), lambda: _values(filters))


def _values(filters: Filters) -> dict[str, Any]:
    place = fold(filters.place)
    words = {"typed": fold(filters.q), "name": names_like(filters.q), **pieces_of(filters.q)}
    values: dict[str, Any] = {"today": clock.today(), **words}
    values |= {f"skill{n}": skill for n, skill in enumerate(filters.skill_list)}
    values |= {"place": place, "place_end": place + HIGHEST} if place else {}
    values |= {"from_day": date(int(filters.year_from), 1, 1)} if filters.year_from else {}
    values |= {"to_day": date(int(filters.year_to), 12, 31)} if filters.year_to else {}
    if filters.organisation:
        values["firms"] = sorted(_organisations(fold(filters.organisation)))
    if filters.department:
        values["departments"] = _departments(fold(filters.department))
    return values


def clauses(sight: Sight, shape: Shape) -> Iterator[ColumnElement[bool]]:
    """Where-clauses on `Person`, one for each filter that is set."""
    if shape.kind:
        yield in_relation(sight, shape.kind, shape.phase)
    if shape.organisation or shape.department or shape.year_from or shape.year_to:
        yield _in_position(sight, shape)
    if shape.place:
        place = ProfileEntry.folded.between(bindparam("place", type_=String), bindparam("place_end", type_=String))
        yield _has_entry(sight, "place", place)
    for n in range(shape.skills):
        yield _has_entry(sight, "skill", ProfileEntry.folded == bindparam(f"skill{n}", type_=String))


def in_relation(sight: Sight, kind: str, phase: str) -> ColumnElement[bool]:
    """Common values: asked person by person while the list is walked."""
    found = select(Relation.id).where(Relation.person_id == Person.id, Relation.kind == kind)
    if phase == "former":
        found = found.where(Relation.ends_on <= TODAY)
    elif phase == "current":
        found = found.where(Relation.open_on(TODAY))
    return exists(found.where(visible_to(sight, Relation.audience, Relation.person_id)).correlate(Person))


def _in_position(sight: Sight, shape: Shape) -> ColumnElement[bool]:
    """One position fits the firm, the department and the years."""
    wanted = [visible_to(sight, Position.audience, Position.person_id)]
    if shape.organisation:
        wanted.append(is_one_of(Position.organisation_id, several("firms", Integer)))
    if shape.department:
        wanted.append(is_one_of(Position.department, several("departments", String)))
    wanted.extend(_in_years(shape))
    return among(select(Position.person_id).where(*wanted))


def _in_years(shape: Shape) -> Iterator[ColumnElement[bool]]:
    if shape.year_from:
        yield or_(Position.ends_on.is_(None), Position.ends_on >= bindparam("from_day", type_=Date))
    if shape.year_to:
        yield Position.starts_on <= bindparam("to_day", type_=Date)
    elif shape.year_from:
        yield Position.starts_on.is_not(None)


def _departments(folded: str) -> list[str]:
    """Every spelling of the departments that begin like this; whose they are is asked afterwards."""
    spelled = db.session.scalars(select(Position.department).where(Position.department != "").distinct())
    return [each for each in spelled if folded and fold(each).startswith(folded)]


def _organisations(folded: str) -> set[int]:
    """Firms whose name or other name begins like this, and all firms below them.

    They are looked up first: no database guesses well how many a beginning stands for.
    """
    named = select(Organisation.id).where(Organisation.folded_name.between(folded, folded + HIGHEST))
    alias = OrganisationAlias.folded_name.between(folded, folded + HIGHEST)
    found = db.session.scalars(
        union(named, select(OrganisationAlias.organisation_id).where(alias)).limit(MOST_FIRMS)
    )  # fmt: skip
    return hierarchy().with_those_below(found)


def _has_entry(sight: Sight, field: str, fits: ColumnElement[bool]) -> ColumnElement[bool]:
    shown = visible_to(sight, ProfileEntry.audience, ProfileEntry.person_id)
    return among(select(ProfileEntry.person_id).where(and_(ProfileEntry.field == field, fits, shown)))


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1900 <= int(text) <= 2200
