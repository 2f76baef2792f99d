"""Who worked with me: people who were at the same organisation at the same time, as far as I may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Float, and_, bindparam, case, cast, func, literal, or_, select, union_all

from portal.careers.models import Position
from portal.core import clock
from portal.core.db import db, is_sqlite, rows
from portal.core.memory import Memory
from portal.core.pages import Page
from portal.directory import overlaps
from portal.directory.overlaps import Stay
from portal.directory.queries import cards
from portal.organisations.queries import hierarchy
from portal.people.models import Person
from portal.people.queries import connected_ids
from portal.profiles.policies import people_for, visible_to

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from portal.core.access import Viewer
    from portal.directory.queries.cards import Card

PAGE_SIZE, MOST = 24, 300
FRESH_MINUTES = 10
EPOCH = date(1970, 1, 1)
JULIAN_EPOCH = 2_440_587.5


@dataclass(frozen=True, slots=True)
class Mine:
    """The viewer's own stays, and how far everybody's positions had come when they were read."""

    stays: tuple[Stay, ...]
    newest_position: int


_ranking: Memory[Any, tuple[int, ...]] = Memory(2000)


def coworkers(viewer: Viewer, limit: int) -> list[Card]:
    """The people who worked with the viewer most, each with the reason; at most three statements."""
    return coworkers_page(viewer, size=limit).items


def coworkers_page(viewer: Viewer, *, size: int = PAGE_SIZE, after: str | None = None) -> Page[Card]:
    """People who worked with the viewer, ranked, each with the reason."""
    mine = _mine(viewer)
    ranked = _ranked(viewer, mine) if mine.stays else ()
    start = _place_after(ranked, after)
    shown = cards.with_stays(viewer, ranked[start : start + size])
    for card in shown:
        card.reason = reason(mine.stays, card)
    rest = ranked[start + size :]
    return Page([card for card in shown if card.reason], str(ranked[start + size - 1]) if rest else None)


def shared_with(viewer: Viewer, person_id: int) -> str:
    """What the viewer and one person have in common at work, in words; nothing when they never met there."""
    mine, found = _mine(viewer), cards.with_stays(viewer, [person_id])
    return reason(mine.stays, found[0]) if found and mine.stays else ""


def unmet_coworkers(viewer: Viewer, *, told: frozenset[int], limit: int) -> list[tuple[Card, str]]:
    """The first of the ranking who are not connected to the viewer and were not told before: each with reason and firm."""
    mine = _mine(viewer)
    ranked = [each for each in (_ranked(viewer, mine) if mine.stays else ()) if each not in told]
    known = connected_ids(viewer.person_id or 0) if ranked else set()
    shown = []
    for card in cards.with_stays(viewer, [each for each in ranked if each not in known][: 2 * limit]):
        if pairs := _closest_firm(mine.stays, card):
            card.reason = _sentence(pairs)
            shown.append((card, _firm(pairs)))
    return shown[:limit]


def reason(mine: tuple[Stay, ...], card: Card) -> str:
    """ "14 months together at Acme, Billing": the firm where two people shared the most, told by its parent."""
    pairs = _closest_firm(mine, card)
    return _sentence(pairs) if pairs else ""


def _closest_firm(mine: tuple[Stay, ...], card: Card) -> list[Any]:
    firms: dict[int, list[Any]] = defaultdict(list)
    for shown in card.stays:
        for own in mine:
            if _family(own) == _family(shown.stay) and (shared := overlaps.overlap(own, shown.stay)):
                firms[_family(own)].append((shared.likely * overlaps.closeness(own, shown.stay), shared, own, shown))
    return max(firms.values(), key=lambda pairs: sum(pair[0] for pair in pairs), default=[])


def _firm(pairs: list[Any]) -> str:
    """The firm's name; its parent's when the two were at different parts of it."""
    _, _, own, shown = max(pairs, key=lambda pair: pair[0])
    same = all(pair[2].organisation_id == pair[3].stay.organisation_id for pair in pairs)
    return str(shown.firm if same else hierarchy().name(own.organisation_id, shown.firm))


def _sentence(pairs: list[Any]) -> str:
    closest = max(pairs, key=lambda pair: pair[0])
    _, _, own, shown = closest
    words = overlaps.in_words(overlaps.together(pair[1] for pair in pairs))
    firm = _firm(pairs)
    if own.department and own.department == shown.stay.department:
        return f"{words} at {firm}, {own.department}"
    near = own.site and own.site == shown.stay.site
    return f"{words} at {firm}" + (f" in {own.site}" if near else "")


_OWN = (
    select(
        Position.organisation_id, Position.start, Position.end, Position.department, Position.site,
        select(func.max(Position.id)).scalar_subquery().label("newest"),
    )
    .where(Position.person_id == bindparam("me"))
    .order_by(Position.id)
)  # fmt: skip


def _mine(viewer: Viewer) -> Mine:
    found = rows(_OWN, me=viewer.person_id)
    stays = tuple(
        Stay(row.organisation_id, row.start, row.end, row.department, row.site)
        for row in found
        if row.start is not None and row.start.first <= clock.today()
    )
    return Mine(stays, found[0].newest if found else 0)


def _ranked(viewer: Viewer, mine: Mine) -> tuple[int, ...]:
    """The persons in order; remembered for some minutes, but what a page shows of them is always read anew."""
    slot = int(clock.now().timestamp()) // (60 * FRESH_MINUTES)
    return _ranking.get((viewer, mine, slot), lambda: tuple(db.session.scalars(_rank(viewer, mine))))


def _rank(viewer: Viewer, mine: Mine) -> Select[*tuple[Any, ...]]:
    """Shared days weighed by closeness, summed per person; then who was there last."""
    by_firm: dict[int, list[Stay]] = defaultdict(list)
    for stay in mine.stays:
        by_firm[_family(stay)].append(stay)
    parts = [_at_firm(viewer, firm, stays) for firm, stays in by_firm.items()]
    found = (parts[0] if len(parts) == 1 else union_all(*parts)).subquery()
    score, last = func.sum(found.c.score), func.max(found.c.last)
    ranked = select(found.c.person_id).join(Person, Person.id == found.c.person_id)
    ranked = ranked.where(
        people_for(viewer), Person.remembered_at.is_(None), found.c.person_id != viewer.person_id, found.c.score > 0
    )
    return ranked.group_by(found.c.person_id).order_by(score.desc(), last.desc(), found.c.person_id).limit(MOST)


def _at_firm(viewer: Viewer, firm: int, stays: list[Stay]) -> Select[*tuple[Any, ...]]:
    shared = sum((_weighed(stay) for stay in stays), literal(0.0, Float))
    ends = func.coalesce(Position.ends_on, clock.today())
    found = select(Position.person_id, shared.label("score"), ends.label("last"))
    return found.where(
        Position.organisation_id.in_(hierarchy().family(firm)),
        _meets(min(stay.start.first for stay in stays), max(stay.ends_latest for stay in stays)),
        visible_to(viewer, Position.audience, Position.person_id),
    )  # fmt: skip


def _weighed(stay: Stay) -> ColumnElement[float]:
    close: list[Any] = []
    if stay.department:
        close.append((Position.department == stay.department, overlaps.CLOSER))
    if stay.site:
        close.append((Position.site == stay.site, overlaps.NEARER))
    days = _greatest(_least(_ends(), _number(stay.ends)) - _greatest(_begins(), _number(stay.begins)) + 1, 1)
    weighed = days * (case(*close, else_=1.0) if close else 1.0)
    return case((_meets(stay.start.first, stay.ends_latest), weighed), else_=0.0)


def _meets(first: date, last: date) -> ColumnElement[bool]:
    return and_(Position.starts_on <= last, or_(Position.ends_on.is_(None), Position.ends_on >= first))


def _begins() -> Any:
    return _as_number(Position.starts_on) + _half(Position.start)


def _ends() -> Any:
    today = clock.today()
    return _least(_as_number(func.coalesce(Position.ends_on, today)) - _half(Position.end), _number(today))


def _half(written: Any) -> Any:
    """Half of what a date leaves open, in days: of a year or of a month."""
    return case((func.length(written) == 4, 182), (func.length(written) == 7, 15), else_=0)


def _as_number(day: Any) -> Any:
    """A date as a number of days; each engine counts from a beginning of its own."""
    return func.julianday(day) if is_sqlite() else cast(day, Date) - EPOCH


def _number(day: date) -> float:
    days = (day - EPOCH).days
    return days + JULIAN_EPOCH if is_sqlite() else days


def _least(*values: Any) -> Any:
    return func.min(*values) if is_sqlite() else func.least(*values)


def _greatest(*values: Any) -> Any:
    return func.max(*values) if is_sqlite() else func.greatest(*values)


def _family(stay: Stay) -> int:
    return hierarchy().root(stay.organisation_id)


def _place_after(ranked: tuple[int, ...], after: str | None) -> int:
    """Where the next page begins; a person who is not in the ranking any more begins it anew."""
    return ranked.index(int(after)) + 1 if after and after.isdigit() and int(after) in ranked else 0
