"""Who worked with somebody most: months shared, weighed by how close they sat and how long ago it was.

In a firm with more people than `LARGE` only those are weighed who shared the department or the site, or began about the
same time: what a page costs must not grow with the firm (docs/decisions/0019). The statement is made once for every
shape of career and everybody who sees as far, and gets its values as parameters.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (  # fmt: skip
    Date,
    Float,
    Integer,
    String,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    union,
)

from portal.careers.models import Assignment, Position
from portal.core import clock
from portal.core.db import is_sqlite, rows
from portal.core.memory import Memory
from portal.core.sets import is_one_of, several
from portal.directory import overlaps
from portal.directory.overlaps import Stay
from portal.organisations.queries import hierarchy
from portal.people.models import Person
from portal.people.policies import is_real
from portal.profiles.policies import ME, Sight, people_for, seeing, sight_of, visible_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Select

    from portal.core.access import Viewer
    from portal.directory.queries.cards import Mine

MOST = 300
LARGE = 1_000  # positions; from here on only the close ones are weighed
CLOSEST, CLOSE, AROUND = 150, 100, 75  # how many are weighed each way: same desk; same department; same site or none
STAYS = 12  # of one's own, the last ones; more than that nobody remembers
FRESH_MINUTES = 10
FADES = 40  # years after which a shared month would count nothing; it never falls below half
EPOCH = date(1970, 1, 1)
JULIAN_EPOCH = 2_440_587.5
NOWHERE = "-"  # matches no department and no site


class Shape(NamedTuple):
    """What of an own stay decides how colleagues are looked for; in a firm that is not large, nothing."""

    large: bool = False
    department: bool = False
    site: bool = False


_ranking: Memory[Any, tuple[int, ...]] = Memory(2000)
_sizes: Memory[tuple[tuple[int, ...], int], dict[int, bool]] = Memory(2000)
_asking: Memory[int, Select[*tuple[Any, ...]]] = Memory(STAYS)
_statements: Memory[tuple[Sight, tuple[Shape, ...]], Select[int]] = Memory(500)


def ranked(viewer: Viewer, mine: Mine) -> tuple[int, ...]:
    """The persons in order; remembered for some minutes, but what a page shows of them is always read anew."""
    if not mine.stays:
        return ()
    slot = int(clock.now().timestamp()) // (60 * FRESH_MINUTES)
    return _ranking.get((viewer, mine, slot), lambda: tuple(_rank(viewer, mine.stays[-STAYS:], slot)))


def family(stay: Stay) -> int:
    """The firm at the top of the one where somebody stayed."""
    return hierarchy().root(stay.organisation_id)


def _rank(viewer: Viewer, stays: tuple[Stay, ...], slot: int) -> list[int]:
    """Weighed days, summed per person; then who was there last."""
    firms = tuple(sorted({family(stay) for stay in stays}))
    large = _sizes.get((firms, slot), lambda: _large(firms))
    # Careers with stays of the same shapes are one statement, whatever came first.
    ordered = sorted(stays, key=lambda stay: _shape(stay, large))
    shapes, sight = tuple(_shape(stay, large) for stay in ordered), sight_of(viewer)
    statement = _statements.get((sight, shapes), lambda: _ranked(sight, shapes))
    return [row.person_id for row in rows(statement, **_values(ordered), **seeing(viewer))]


def _ranked(sight: Sight, shapes: tuple[Shape, ...]) -> Select[int]:
    there = _there(shapes)
    score, last = func.sum(there.score), func.max(there.last)
    ordered = select(there.person_id).join_from(there.person_id.table, Position, Position.id == there.position_id)
    ordered = ordered.join(Person, Person.id == there.person_id).where(
        people_for(sight), Person.remembered_at.is_(None), visible_to(sight, Position.audience, Position.person_id),
        there.person_id != ME, is_real(),
    )  # fmt: skip
    return ordered.group_by(there.person_id).order_by(score.desc(), last.desc(), there.person_id).limit(MOST)


def _shape(stay: Stay, large: dict[int, bool]) -> Shape:
    return Shape(True, bool(stay.department), bool(stay.site)) if large[family(stay)] else Shape()


def _large(firms: tuple[int, ...]) -> dict[int, bool]:
    """Which firms have more positions than can be weighed; looked at no further than that."""
    statement = _asking.get(len(firms), lambda: select(*(_further(n).label(f"large{n}") for n in range(len(firms)))))
    families = {f"firms{n}": sorted(hierarchy().family(firm)) for n, firm in enumerate(firms)}
    return {firm: bool(one) for firm, one in zip(firms, rows(statement, **families)[0], strict=True)}


def _further(n: int) -> Any:
    there = is_one_of(Position.organisation_id, several(f"firms{n}", Integer))
    some = select(literal_column("1").label("one")).where(there).limit(LARGE + 1).subquery()
    return select(func.count() > LARGE).select_from(some).scalar_subquery()


def _values(stays: list[Stay]) -> dict[str, Any]:
    """What the statement is asked with."""
    values: dict[str, Any] = {"today": clock.today(), "today_number": _number(clock.today())}
    for n, stay in enumerate(stays):
        values |= {
            f"here{n}": sorted(hierarchy().family(family(stay))), f"first{n}": stay.start.first, f"last{n}": stay.ends_latest,
            f"begins{n}": _number(stay.begins), f"ends{n}": _number(stay.ends),
            f"department{n}": stay.department or NOWHERE, f"site{n}": stay.site or NOWHERE,
        }  # fmt: skip
    return values


def _there(shapes: tuple[Shape, ...]) -> Any:
    """Who was where the member was, with the weight of each time; the same time found in several ways is there once."""
    parts = [part for n, shape in enumerate(shapes) for part in _beside(n, shape)]
    return union(*parts).subquery().c


def _beside(n: int, shape: Shape) -> Iterator[Select[*tuple[Any, ...]]]:
    yield _assignments(n)
    if not shape.large:
        yield _positions(n)
        return
    ways = [(CLOSEST, ["department", "site"])] if shape.department and shape.site else []
    ways += [(CLOSE, ["department"])] if shape.department else []
    ways += [(AROUND, ["site"])] if shape.site else []
    for most, near in ways or [(AROUND, [])]:
        met = _positions(n).where(*(getattr(Position, each) == _bound(each, n, String) for each in near))
        began = _bound("first", n, Date)
        # SQLite takes a part with an end of its own into a union only as a table.
        before = met.where(Position.starts_on <= began).order_by(Position.starts_on.desc()).limit(most)
        after = met.where(Position.starts_on > began).order_by(Position.starts_on).limit(most)
        yield from (select(before.subquery()), select(after.subquery()))


def _positions(n: int) -> Select[*tuple[Any, ...]]:
    return _part(
        n, Position.organisation_id, Position.id, Position.starts_on, Position.ends_on, Position.start, Position.end,
        close=case(
            (func.lower(Position.department) == func.lower(_bound("department", n, String)), overlaps.CLOSER),
            (func.lower(Position.site) == func.lower(_bound("site", n, String)), overlaps.NEARER),
            else_=1.0,
        ),
    )  # fmt: skip


def _assignments(n: int) -> Select[*tuple[Any, ...]]:
    """Who worked with the firm from another one."""
    both = (
        func.coalesce(getattr(Assignment, each), getattr(Position, each))
        for each in ("starts_on", "ends_on", "start", "end")
    )
    found = _part(n, Assignment.organisation_id, Assignment.position_id, *both, close=literal_column("1.0"))
    return found.join_from(Assignment, Position, Position.id == Assignment.position_id)


def _part(
    n: int, organisation_id: Any, position_id: Any, starts_on: Any, ends_on: Any, start: Any, end: Any, *, close: Any
) -> Select[*tuple[Any, ...]]:
    """Those who were at the firm of the own stay `n` at its time, and what that weighs."""
    today, today_number = bindparam("today", type_=Date), bindparam("today_number", type_=Float)
    left = func.coalesce(ends_on, today)
    begins = _greatest(_as_number(starts_on) + _half(start), _bound("begins", n, Float))
    ends = _least(_as_number(left) - _half(end), today_number, _bound("ends", n, Float))
    fresh = _greatest(1.0 - (today_number - ends) / (overlaps.DAYS_PER_YEAR * FADES), 0.5)
    met = or_(ends_on.is_(None), ends_on >= _bound("first", n, Date))
    return select(
        literal_column(str(n)).label("own"), position_id.label("position_id"), Position.person_id,
        (_greatest(ends - begins + 1, 1.0) * fresh * close).label("score"), left.label("last"),
    ).where(is_one_of(organisation_id, several(f"here{n}", Integer)), starts_on <= _bound("last", n, Date), met)  # fmt: skip


def _bound(name: str, n: int, type_: Any) -> Any:
    return bindparam(f"{name}{n}", type_=type_)


def _half(written: Any) -> Any:
    """Half of what a date leaves open, in days: of a year or of a month."""
    return case((func.length(written) == 4, 182), (func.length(written) == 7, 15), else_=0)


def _as_number(day: Any) -> Any:
    """A date as a number of days; each engine counts from a beginning of its own."""
    return func.julianday(day) if is_sqlite() else cast(day, Date) - EPOCH


def _number(day: date) -> float:
    days = float((day - EPOCH).days)
    return days + JULIAN_EPOCH if is_sqlite() else days


def _least(*values: Any) -> Any:
    return func.min(*values) if is_sqlite() else func.least(*values)


def _greatest(*values: Any) -> Any:
    return func.max(*values) if is_sqlite() else func.greatest(*values)
