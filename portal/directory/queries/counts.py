"""How many of those found stand behind each choice of a filter: of the very people whom the viewer's list shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from portal.careers.models import Relation
from portal.core.db import rows
from portal.core.memory import Memory
from portal.directory import policies
from portal.directory.queries.filters import TODAY, Filters, Shape, shape_of, wanted_values
from portal.directory.queries.people import all_clauses
from portal.people.models import Person
from portal.profiles.policies import Sight, seeing, sight_of, visible_to

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.core.access import Viewer

PHASES = ("former", "current")
MOST = 300  # of more people nothing is counted: it would cost what the list does not
_counts: Memory[tuple[Sight, Shape], Select[*tuple[Any, ...]]] = Memory(500)


def relation_counts(viewer: Viewer, wanted: Filters, *, at_least: int = 0) -> dict[str, int]:
    """Persons by "kind" and "kind:phase", if no more than `MOST` are found with all other filters; one statement.

    `at_least` so many are known to be found.
    """
    others = replace(wanted, relation="")
    if not others.given or at_least > MOST:
        return {}
    sight, shape = sight_of(viewer), shape_of(others)
    statement = _counts.get((sight, shape), lambda: _counting(sight, shape))
    listed = rows(statement, **wanted_values(others), **seeing(viewer))
    counted = {row.kind: row.people for row in listed}
    counted |= {f"{row.kind}:{phase}": number for row in listed for phase in PHASES if (number := getattr(row, phase))}
    return counted


def _counting(sight: Sight, shape: Shape) -> Select[*tuple[Any, ...]]:
    fits = select(Person.id).where(policies.findable_by(sight), *all_clauses(sight, shape))
    found = fits.limit(MOST + 1).cte("found")
    over = Relation.ends_on <= TODAY
    shown = visible_to(sight, Relation.audience, Relation.person_id)
    # One row for each person and kind: who came back after leaving is there in both phases, and once in all.
    held = select(
        Relation.kind, func.max(case((over, 1), else_=0)).label("former"), func.max(case((over, 0), else_=1)).label("current")
    )  # fmt: skip
    few = select(func.count()).select_from(found).scalar_subquery() <= MOST  # known before any relation is looked at
    held = held.where(few, Relation.person_id.in_(select(found.c.id)), shown)
    each = held.group_by(Relation.kind, Relation.person_id).subquery()
    counted = select(
        each.c.kind, func.count().label("people"), func.sum(each.c.former).label("former"),
        func.sum(each.c.current).label("current"),
    )  # fmt: skip
    return counted.group_by(each.c.kind)
