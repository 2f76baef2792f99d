"""How many of those found stand behind each choice of a filter: of the very people whom the viewer's list shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from portal.careers.models import Relation
from portal.core import clock
from portal.core.db import rows
from portal.directory import policies
from portal.directory.queries.filters import Filters, clauses
from portal.directory.queries.people import found_by_words
from portal.people.models import Person
from portal.profiles.policies import visible_to

if TYPE_CHECKING:
    from portal.core.access import Viewer

MOST = 300  # of more people nothing is counted: it would cost what the list does not


def relation_counts(viewer: Viewer, wanted: Filters) -> dict[str, int]:
    """Persons by "kind" and "kind:phase", if no more than `MOST` are found with all other filters; one statement."""
    others = replace(wanted, relation="")
    if not others.given:
        return {}
    fits = [*clauses(viewer, others), *([found_by_words(viewer, others.q)] if others.q else [])]
    found = select(Person.id).where(policies.findable_by(viewer), *fits).limit(MOST + 1).cte("found")
    phase = case((Relation.ends_on <= clock.today(), "former"), else_="current")
    shown = visible_to(viewer, Relation.audience, Relation.person_id)
    held = select(Relation.person_id, Relation.kind, phase.label("phase")).where(
        Relation.person_id.in_(select(found.c.id)), shown
    )  # fmt: skip
    many = select(func.count()).select_from(found).scalar_subquery()
    listed = rows(held.add_columns(many.label("found")).distinct())
    if not listed or listed[0].found > MOST:
        return {}
    people: dict[str, set[int]] = {}
    for row in listed:
        for key in (row.kind, f"{row.kind}:{row.phase}"):
            people.setdefault(key, set()).add(row.person_id)
    return {key: len(ids) for key, ids in people.items()}
