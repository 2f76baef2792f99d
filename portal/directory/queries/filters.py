"""What the people page can be filtered by; a filter looks only at what its viewer may see (P1, R22)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select, union

from portal.careers.models import KINDS, Position, Relation
from portal.core import clock
from portal.core.db import db
from portal.core.text import fold
from portal.directory.queries.walk import among
from portal.organisations.models import Organisation, OrganisationAlias
from portal.organisations.queries import hierarchy
from portal.people.models import Person
from portal.profiles.models import ProfileEntry
from portal.profiles.policies import visible_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer

PHASES = ("former", "current")
LONGEST, MOST_SKILLS, MOST_FIRMS = 100, 5, 500
HIGHEST = "\uffff"


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
        return replace(found, relation=found.relation if sound else "", **years)

    @property
    def given(self) -> dict[str, str]:
        """The filters that are set, by the name of their parameter."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}

    @property
    def skill_list(self) -> list[str]:
        """The skills asked for, folded as they are stored."""
        return [folded for skill in self.skills.split(",")[:MOST_SKILLS] if (folded := fold(skill))]


def clauses(viewer: Viewer, filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Where-clauses on `Person`, one for each filter that is set."""
    if filters.relation:
        yield _in_relation(viewer, *filters.relation.partition(":")[::2])
    if filters.organisation or filters.department or filters.year_from or filters.year_to:
        yield _in_position(viewer, filters)
    if filters.place and fold(filters.place):
        yield _has_entry(viewer, "place", _begins(ProfileEntry.folded, fold(filters.place)))
    for skill in filters.skill_list:
        yield _has_entry(viewer, "skill", ProfileEntry.folded == skill)


def _in_relation(viewer: Viewer, kind: str, phase: str) -> ColumnElement[bool]:
    """Common values: asked person by person while the list is walked."""
    found = select(Relation.id).where(Relation.person_id == Person.id, Relation.kind == kind)
    today = clock.today()
    if phase == "former":
        found = found.where(Relation.ends_on <= today)
    elif phase == "current":
        found = found.where(Relation.open_on(today))
    return exists(found.where(visible_to(viewer, Relation.audience, Relation.person_id)).correlate(Person))


def _in_position(viewer: Viewer, filters: Filters) -> ColumnElement[bool]:
    """One position fits the firm, the department and the years."""
    wanted = [visible_to(viewer, Position.audience, Position.person_id)]
    if filters.organisation:
        wanted.append(Position.organisation_id.in_(_organisations(fold(filters.organisation))))
    if filters.department:
        wanted.append(Position.department.in_(_departments(fold(filters.department))))
    wanted.extend(_in_years(filters))
    return among(select(Position.person_id).where(*wanted))


def _in_years(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.year_from:
        yield or_(Position.ends_on.is_(None), Position.ends_on >= date(int(filters.year_from), 1, 1))
    if filters.year_to:
        yield Position.starts_on <= date(int(filters.year_to), 12, 31)
    elif filters.year_from:
        yield Position.starts_on.is_not(None)


def _departments(folded: str) -> list[str]:
    """Every spelling of the departments that begin like this; whose they are is asked afterwards."""
    spelled = db.session.scalars(select(Position.department).where(Position.department != "").distinct())
    return [each for each in spelled if folded and fold(each).startswith(folded)]


def _organisations(folded: str) -> set[int]:
    """Firms whose name or other name begins like this, and all firms below them.

    They are looked up first: no database guesses well how many a beginning stands for.
    """
    named = select(Organisation.id).where(_begins(Organisation.folded_name, folded))
    aliased = select(OrganisationAlias.organisation_id).where(_begins(OrganisationAlias.folded_name, folded))
    found = db.session.scalars(union(named, aliased).limit(MOST_FIRMS))
    return hierarchy().with_those_below(found)


def _has_entry(viewer: Viewer, field: str, fits: ColumnElement[bool]) -> ColumnElement[bool]:
    shown = visible_to(viewer, ProfileEntry.audience, ProfileEntry.person_id)
    return among(select(ProfileEntry.person_id).where(and_(ProfileEntry.field == field, fits, shown)))


def _begins(column: Any, folded: str) -> ColumnElement[bool]:
    between: ColumnElement[bool] = column.between(folded, folded + HIGHEST)
    return between


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1900 <= int(text) <= 2200
