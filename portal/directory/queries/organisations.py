"""Organisations as members know them: who shows that they are there now, and who once was."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import String, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.careers.models import Position
from portal.core import clock
from portal.core.db import get_one, rows
from portal.core.pages import Page, keyset
from portal.core.text import fold
from portal.directory import policies
from portal.directory.queries import cards
from portal.directory.queries.walk import among
from portal.organisations.models import Organisation, OrganisationAlias, OrganisationDomain, OrganisationEvent
from portal.organisations.queries import NO_SUCH
from portal.people.faces import FACE, Face
from portal.people.models import Person
from portal.profiles.policies import seeing, sight_of, visible_to

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from portal.core.access import Viewer
    from portal.core.partial_dates import PartialDate
    from portal.directory.queries.cards import Card
    from portal.profiles.policies import Sight

PAGE_SIZE = 24
_later = aliased(Position)
COUNTED = 50  # people are counted no further than this


class Firm(NamedTuple):
    """An organisation in a list."""

    public_id: str
    name: str
    industry: str
    parent: str | None
    people: int

    @property
    def people_in_words(self) -> str:
        """ "3 people", "50 people or more"."""
        if self.people >= COUNTED:
            return f"{COUNTED} people or more"
        return "1 person" if self.people == 1 else f"{self.people} people"


class Link(NamedTuple):
    """Another organisation, to go to."""

    public_id: str
    name: str


def organisation_for(viewer: Viewer, public_id: str) -> Organisation:
    """An organisation where the viewer can meet somebody, or the host; another one does not exist."""
    below = aliased(Organisation)
    sight = sight_of(viewer)
    group = exists(_met_at(sight, below.id)).where(below.parent_id == Organisation.id)
    known = or_(Organisation.is_host, _somebody(sight), group)
    return get_one(select(Organisation).where(Organisation.public_id == public_id, known), NO_SUCH, **seeing(viewer))


def organisations_page(
    viewer: Viewer, query: str, *, after: str | None = None, before: str | None = None
) -> Page[Firm]:
    """The organisations where the viewer can meet somebody, by name."""
    parent, sight = aliased(Organisation), sight_of(viewer)
    columns = (
        Organisation.public_id,
        Organisation.name,
        Organisation.industry,
        parent.name.label("parent"),
        _people(sight),
    )
    found = select(*columns).outerjoin(parent, parent.id == Organisation.parent_id).where(_somebody(sight))
    if folded := fold(query):
        found = found.where(_called(folded))
    page = keyset(
        found, [Organisation.folded_name, Organisation.id], size=PAGE_SIZE, after=after, before=before, ascending=True,
        **seeing(viewer),
    )  # fmt: skip
    return page.map(lambda row: Firm(row.public_id, row.name, row.industry, row.parent, row.people))


class Told(NamedTuple):
    """Something to know of a firm: another name, a mail domain, what happened to it."""

    what: str  # alias | domain | a kind of event, "was_…" when it is told of the other firm
    name: str
    public_id: str | None = None
    happened: PartialDate | None = None


def told_of(viewer: Viewer, organisation: Organisation) -> list[Told]:
    """Other names, mail domains and history of a firm; the other firms of it are linked where the viewer meets somebody."""
    other = aliased(Organisation)
    event, none = OrganisationEvent, literal(None, String)
    linked = case((exists(_met_at(sight_of(viewer), other.id).correlate(other)), other.public_id), else_=none)
    names = select(
        literal("alias").label("what"), OrganisationAlias.name.label("name"), none.label("public_id"),
        literal(None, event.happened.type).label("happened"),
    ).where(OrganisationAlias.organisation_id == organisation.id)  # fmt: skip
    domains = select(literal("domain"), OrganisationDomain.domain, none, literal(None, event.happened.type))
    domains = domains.where(OrganisationDomain.organisation_id == organisation.id)
    told = select(event.kind, event.name, linked, event.happened).outerjoin(other, other.id == event.other_id)
    told = told.where(event.organisation_id == organisation.id)
    turned = select(literal("was_").concat(event.kind), other.name, linked, event.happened)
    turned = turned.join(other, other.id == event.organisation_id).where(event.other_id == organisation.id)
    # What happened between two records that turned out to be one is no history.
    apart = or_(event.other_id.is_(None), event.other_id != event.organisation_id)
    found: Any = union_all(names, domains, told.where(apart), turned.where(apart))
    listed = [Told(row.what, row.name, row.public_id, row.happened) for row in rows(found, **seeing(viewer))]
    return sorted(listed, key=lambda each: (each.happened.first if each.happened else date.min, each.name))


def related(viewer: Viewer, organisation: Organisation) -> tuple[Link | None, list[Link]]:
    """The firm above, and the firms below where the viewer can meet somebody."""
    columns = (Organisation.public_id, Organisation.name, Organisation.id)
    below = and_(Organisation.parent_id == organisation.id, _somebody(sight_of(viewer)))
    found = select(*columns).where(or_(Organisation.id == organisation.parent_id, below))
    listed = rows(found.order_by(Organisation.folded_name), **seeing(viewer))
    links = {row.id: Link(row.public_id, row.name) for row in listed}
    return links.pop(organisation.parent_id, None), list(links.values())


def people_now(viewer: Viewer, organisation: Organisation, **cursor: Any) -> Page[Card]:
    """Who is there now, by name."""
    return _people_at(viewer, organisation, Position.open_on(clock.today()), cursor)


def people_in_year(viewer: Viewer, organisation: Organisation, year: int, **cursor: Any) -> Page[Card]:
    """Who was there in a year, by name."""
    still = or_(Position.ends_on.is_(None), Position.ends_on >= date(year, 1, 1))
    return _people_at(viewer, organisation, and_(Position.starts_on <= date(year, 12, 31), still), cursor)


def _people_at(viewer: Viewer, firm: Organisation, when: ColumnElement[bool], cursor: dict[str, Any]) -> Page[Card]:
    sight = sight_of(viewer)
    there = _stays(sight, Position.person_id).where(Position.organisation_id == firm.id, when)
    found = select(*FACE).where(policies.findable_by(sight), among(there))
    page = keyset(found, [Person.sort_name, Person.id], size=PAGE_SIZE, ascending=True, **cursor, **seeing(viewer))
    return Page(cards.dress(viewer, map(Face.of, page.items)), page.older, page.newer)


def people_once(viewer: Viewer, organisation: Organisation, **cursor: Any) -> Page[tuple[int, Card]]:
    """Who was there once, with the year of leaving, the last first; who is there again is there now."""
    sight = sight_of(viewer)
    longer = or_(_later.ends_on.is_(None), _later.ends_on > Position.ends_on)
    same_day = and_(_later.ends_on == Position.ends_on, _later.id > Position.id)
    again = exists(
        select(_later.id).where(
            _later.person_id == Position.person_id,
            _later.organisation_id == organisation.id,
            or_(longer, same_day),
            visible_to(sight, _later.audience, _later.person_id),
        )
    )
    left = _stays(sight, *FACE, Position.ends_on).join(Person, Person.id == Position.person_id)
    left = left.where(Position.organisation_id == organisation.id, Position.ends_on <= clock.today(), ~again)
    found = left.where(policies.findable_by(sight))
    page = keyset(found, [Position.ends_on, Position.person_id], size=PAGE_SIZE, **cursor, **seeing(viewer))
    years = [row.ends_on.year for row in page.items]
    return Page(list(zip(years, cards.dress(viewer, map(Face.of, page.items)), strict=True)), page.older, page.newer)


def _stays(sight: Sight, *columns: Any) -> Select[*tuple[Any, ...]]:
    return select(*columns).where(visible_to(sight, Position.audience, Position.person_id))


def _met_at(sight: Sight, organisation_id: Any) -> Select[*tuple[Any, ...]]:
    """The persons whom the viewer can meet at an organisation, now or once."""
    found = _stays(sight, Position.person_id).join(Person, Person.id == Position.person_id)
    return found.where(Position.organisation_id == organisation_id, Person.listed)


def _somebody(sight: Sight) -> ColumnElement[bool]:
    return exists(_met_at(sight, Organisation.id).correlate(Organisation))


def _people(sight: Sight) -> Any:
    """How many persons, counted no further than the page says."""
    some = _met_at(sight, Organisation.id).distinct().limit(COUNTED).correlate(Organisation).subquery()
    return select(func.count()).select_from(some).scalar_subquery().label("people")


def _called(folded: str) -> ColumnElement[bool]:
    by_alias = select(OrganisationAlias.organisation_id).where(_has_word(OrganisationAlias.folded_name, folded))
    return or_(_has_word(Organisation.folded_name, folded), Organisation.id.in_(by_alias))


def _has_word(column: Any, begun: str) -> ColumnElement[bool]:
    return or_(column.startswith(begun, autoescape=True), column.contains(f" {begun}", autoescape=True))
