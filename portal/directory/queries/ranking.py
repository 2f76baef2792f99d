"""Who worked with somebody most: months shared, weighed by how close they sat and how long ago it was.

In a firm with more people than `LARGE` only those are weighed who shared the department or the site, or began about the
same time: what a page costs must not grow with the firm (docs/decisions/0019).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Float, and_, bindparam, case, cast, func, literal, null, or_, select, union, union_all

from portal.careers.models import Assignment, Position
from portal.core import clock
from portal.core.db import db, is_sqlite, rows
from portal.core.memory import Memory
from portal.directory import overlaps
from portal.directory.overlaps import Stay
from portal.organisations.models import Organisation
from portal.organisations.queries import hierarchy
from portal.people.models import Person
from portal.profiles.policies import people_for, visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement, Select

    from portal.core.access import Viewer

MOST = 300
LARGE = 2_000  # positions; from here on only the close ones are weighed
CLOSEST, CLOSE, AROUND = 400, 300, 200  # how many are weighed each way: same desk; same department; same site or none
FRESH_MINUTES = 10
FADES = 40  # years after which a shared month would count nothing; it never falls below half
EPOCH = date(1970, 1, 1)
JULIAN_EPOCH = 2_440_587.5


@dataclass(frozen=True, slots=True)
class Mine:
    """The viewer's own stays, and how far everybody's had come when they were read."""

    stays: tuple[Stay, ...]
    newest: tuple[int, ...]


_ranking: Memory[Any, tuple[int, ...]] = Memory(2000)
_sizes: Memory[Any, dict[int, bool]] = Memory(2000)


def _own() -> Any:
    """A member's positions, and the firms they worked with from there."""
    newest = (
        select(func.max(table.id)).scalar_subquery().label(f"newest_{table.__tablename__}")
        for table in (Position, Assignment)
    )
    newest_position, newest_assignment = newest
    positions = select(
        literal(0).label("sort"), Position.id, Position.organisation_id, Position.start, Position.end,
        Position.department, Position.site, literal("").label("home"), literal("").label("what"), newest_position,
        newest_assignment,
    ).where(Position.person_id == bindparam("me"))  # fmt: skip
    assignments = (
        select(
            literal(1), Assignment.id, Assignment.organisation_id,
            func.coalesce(Assignment.start, Position.start, type_=Position.start.type),
            func.coalesce(Assignment.end, Position.end, type_=Position.end.type),
            literal(""), literal(""), Organisation.name, Assignment.what, null(), null(),
        )
        .join(Position, Position.id == Assignment.position_id)
        .join(Organisation, Organisation.id == Position.organisation_id)
        .where(Assignment.person_id == bindparam("me"))
    )  # fmt: skip
    return union_all(positions, assignments).order_by("sort", "id")


_OWN = _own()


def stays_of(viewer: Viewer) -> Mine:
    """The viewer's own stays; one statement."""
    found = rows(_OWN, me=viewer.person_id)
    stays = tuple(
        Stay(row.organisation_id, row.start, row.end, row.department, row.site, row.home, row.what)
        for row in found
        if row.start is not None and row.start.first <= clock.today()
    )
    return Mine(stays, (found[0].newest_position, found[0].newest_assignment or 0) if found else ())


def ranked(viewer: Viewer, mine: Mine) -> tuple[int, ...]:
    """The persons in order; remembered for some minutes, but what a page shows of them is always read anew."""
    if not mine.stays:
        return ()
    slot = int(clock.now().timestamp()) // (60 * FRESH_MINUTES)
    return _ranking.get((viewer, mine, slot), lambda: tuple(db.session.scalars(_rank(viewer, mine, slot))))


def family(stay: Stay) -> int:
    """The firm at the top of the one where somebody stayed."""
    return hierarchy().root(stay.organisation_id)


def _rank(viewer: Viewer, mine: Mine, slot: int) -> Select[*tuple[Any, ...]]:
    """Weighed days, summed per person; then who was there last."""
    by_firm: dict[int, list[Stay]] = defaultdict(list)
    for stay in mine.stays:
        by_firm[family(stay)].append(stay)
    firms = tuple(sorted(by_firm))
    large = _sizes.get((firms, slot), lambda: _large(firms))
    parts = [_at_firm(viewer, firm, stays, large=large[firm]) for firm, stays in by_firm.items()]
    found = (parts[0] if len(parts) == 1 else union_all(*parts)).subquery()
    score, last = func.sum(found.c.score), func.max(found.c.last)
    ordered = select(found.c.person_id).join(Person, Person.id == found.c.person_id)
    ordered = ordered.where(people_for(viewer), found.c.person_id != viewer.person_id, found.c.score > 0)
    return ordered.group_by(found.c.person_id).order_by(score.desc(), last.desc(), found.c.person_id).limit(MOST)


def _large(firms: Iterable[int]) -> dict[int, bool]:
    """Which firms have more positions than can be weighed; counted no further than that."""
    columns = []
    for firm in firms:
        some = select(literal(1)).where(Position.organisation_id.in_(hierarchy().family(firm))).limit(LARGE + 1)
        columns.append(select(func.count()).select_from(some.subquery()).scalar_subquery().label(f"firm_{firm}"))
    counted = rows(select(*columns))[0]
    return {firm: count > LARGE for firm, count in zip(firms, counted, strict=True)}


def _at_firm(viewer: Viewer, firm: int, stays: list[Stay], *, large: bool) -> Select[*tuple[Any, ...]]:
    first, last = min(stay.start.first for stay in stays), max(stay.ends_latest for stay in stays)
    here = hierarchy().family(firm)
    positions = [_some(part) for stay in stays for part in _close(viewer, here, stay)] if large else []
    positions = positions or [_positions(viewer, here).where(_meets(Position, first, last))]
    # The same position may be close in several ways; `union` keeps it once.
    there = union(*positions, _some(_assignments(viewer, here, first, last))).subquery().c
    shared = sum((_weighed(stay, there) for stay in stays), literal(0.0, Float))
    ends = func.coalesce(there.ends_on, clock.today())
    return select(there.person_id, shared.label("score"), ends.label("last"))


def _positions(viewer: Viewer, here: set[int]) -> Select[*tuple[Any, ...]]:
    columns = (Position.id, Position.person_id, Position.starts_on, Position.ends_on, Position.start, Position.end)
    found = select(*columns, Position.department, Position.site)
    return found.where(Position.organisation_id.in_(here), visible_to(viewer, Position.audience, Position.person_id))


def _assignments(viewer: Viewer, here: set[int], first: date, last: date) -> Select[*tuple[Any, ...]]:
    """Who worked with the firm from another one: few, so that all are weighed."""
    starts = func.coalesce(Assignment.starts_on, Position.starts_on)
    ends = func.coalesce(Assignment.ends_on, Position.ends_on)
    found = select(
        -Assignment.id, Assignment.person_id, starts, ends, func.coalesce(Assignment.start, Position.start),
        func.coalesce(Assignment.end, Position.end), literal(""), literal(""),
    )  # fmt: skip
    found = found.join(Position, Position.id == Assignment.position_id)
    shown = visible_to(viewer, Position.audience, Position.person_id)
    in_time = and_(starts <= last, or_(ends.is_(None), ends >= first))
    return found.where(Assignment.organisation_id.in_(here), shown, in_time).limit(LARGE)


def _close(viewer: Viewer, here: set[int], stay: Stay) -> Iterator[Select[*tuple[Any, ...]]]:
    """Those of a large firm who were near: at one desk, in one department, at one site; who began when one did first."""
    department, site = Position.department == stay.department, Position.site == stay.site
    ways: list[tuple[int, list[ColumnElement[bool]]]] = []
    if stay.department and stay.site:
        ways.append((CLOSEST, [department, site]))
    if stay.department:
        ways.append((CLOSE, [department]))
    if stay.site or not ways:
        ways.append((AROUND, [site] if stay.site else []))
    began = stay.start.first
    for most, near in ways:
        met = _positions(viewer, here).where(*near, _meets(Position, began, stay.ends_latest))
        yield met.where(Position.starts_on <= began).order_by(Position.starts_on.desc()).limit(most)
        yield met.where(Position.starts_on > began).order_by(Position.starts_on).limit(most)


def _some(limited: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """SQLite takes a part with an end of its own into a union only as a table."""
    return select(limited.subquery())


def _weighed(stay: Stay, there: Any) -> ColumnElement[float]:
    close: list[Any] = []
    if stay.department:
        close.append((func.lower(there.department) == func.lower(stay.department), overlaps.CLOSER))
    if stay.site:
        close.append((func.lower(there.site) == func.lower(stay.site), overlaps.NEARER))
    ends = _least(_ends(there), _number(stay.ends))
    days = _greatest(ends - _greatest(_begins(there), _number(stay.begins)) + 1, 1)
    years_ago = (_number(clock.today()) - ends) / overlaps.DAYS_PER_YEAR
    weighed = days * _greatest(1.0 - years_ago / FADES, 0.5) * (case(*close, else_=1.0) if close else 1.0)
    return case((_meets(there, stay.start.first, stay.ends_latest), weighed), else_=0.0)


def _meets(there: Any, first: date, last: date) -> ColumnElement[bool]:
    return and_(there.starts_on <= last, or_(there.ends_on.is_(None), there.ends_on >= first))


def _begins(there: Any) -> Any:
    return _as_number(there.starts_on) + _half(there.start)


def _ends(there: Any) -> Any:
    today = clock.today()
    return _least(_as_number(func.coalesce(there.ends_on, today)) - _half(there.end), _number(today))


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
