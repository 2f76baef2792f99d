"""If I see that we worked together, you see it too, and as long: by property, on the database."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from portal.careers.models import Assignment, Position
from portal.core import memory
from portal.core.db import add, db
from portal.core.partial_dates import PartialDate
from portal.directory.queries import coworkers, shared_with
from portal.organisations.actions import add_alias, set_parent

if TYPE_CHECKING:
    from tests.factories import Make

DAYS = st.dates(date(2000, 1, 1), date(2020, 12, 31))
LENGTHS = st.sampled_from((4, 7, 10))
FIRMS = ("Acme", "Acme Payments", "Bolt")
PLACES = st.sampled_from(("", "Billing", "BILLING", "Sales"))


@st.composite
def stays(draw: st.DrawFn) -> tuple[int, PartialDate, PartialDate | None, str, str, bool]:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    start = PartialDate.parse(first.isoformat()[: draw(LENGTHS)])
    end = PartialDate.parse(last.isoformat()[: draw(LENGTHS)]) if draw(st.booleans()) else None
    if end and end.last < start.first:
        end = None
    return draw(st.integers(0, 2)), start, end, draw(PLACES), draw(PLACES), draw(st.integers(0, 3)) == 0


def months(reason: str) -> str:
    return reason.partition(" at ")[0]


def test_overlaps_are_the_same_from_both_sides(make: Make) -> None:
    """Symmetry: positions and assignments, parent firms folded, dates of any precision; both databases."""
    firms = [make.organisation(name) for name in FIRMS]
    set_parent(firms[1], firms[0], by=make.system)
    add_alias(firms[2], "Bolt & Sons", by=make.system)
    home = make.organisation("Home Base")
    ada, ben = make.member("Ada A", relation=""), make.member("Ben B", relation="")
    viewers = make.viewer(ada), make.viewer(ben)

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(st.lists(stays(), max_size=3), st.lists(stays(), max_size=3))
    def check(one: list[tuple], other: list[tuple]) -> None:  # type: ignore[type-arg]
        db.session.execute(delete(Assignment))
        db.session.execute(delete(Position))
        for person, entries in ((ada, one), (ben, other)):
            for firm, start, end, department, site, sent in entries:
                position = Position(
                    person_id=person.id, organisation_id=home.id if sent else firms[firm].id, department=department, site=site
                )  # fmt: skip
                position.set_dates(None if sent else start, None if sent else end)
                add(position)
                if sent:
                    there = Assignment(person_id=person.id, position_id=position.id, organisation_id=firms[firm].id)
                    there.set_dates(start, end)
                    add(there)
        memory.forget()
        hers, his = shared_with(viewers[0], ben.id), shared_with(viewers[1], ada.id)
        assert months(hers) == months(his)
        assert [card.reason for card in coworkers(viewers[0], 5)] == ([hers] if hers else [])
        assert [card.reason for card in coworkers(viewers[1], 5)] == ([his] if his else [])

    check()
    db.session.rollback()
