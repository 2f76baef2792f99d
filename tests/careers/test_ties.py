"""When the last tie to a firm ends, what hangs on it follows on the day, once (I5, I16)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.careers import actions, jobs, queries, signals
from portal.careers.models import Position
from portal.core import clock
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.core.errors import Invalid, NotAllowed
from portal.core.partial_dates import PartialDate
from portal.organisations.queries import by_name, host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.factories import Make

Told = list[tuple[int, int]]


@pytest.fixture
def told() -> Iterator[Told]:
    """Which last ties were announced, as (person, organisation)."""
    heard: Told = []

    def hear(_sender: Any, *, person_id: int, organisation_id: int, **_: Any) -> None:
        heard.append((person_id, organisation_id))

    with signals.last_tie_ended.connected_to(hear):
        yield heard


def end_ties() -> None:
    """The hourly job, to its end."""
    for _ in jobs.end_ties():
        db.session.commit()
    db.session.commit()


@given(day=st.dates(date(2010, 1, 1), date(2040, 12, 31)), length=st.sampled_from((4, 7, 10)))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_tie_ends_on_the_last_day_that_its_end_may_mean(make: Make, told: Told, day: date, length: int) -> None:
    """I5: a year or month ends on its last day, and the end is announced then, not before, and once."""
    end = PartialDate.parse(day.isoformat()[:length])
    person, me = make.member(relation=""), system_viewer()
    position = actions.add_position(person, "Harbour Mills", start=PartialDate.parse("2005"), end=end, by=me)
    db.session.commit()
    told.clear()
    with time_machine.travel(end.last - timedelta(days=1), tick=False):
        end_ties()
    assert told == []
    with time_machine.travel(end.last, tick=False):
        end_ties()
        end_ties()
    assert told == [(person.id, position.organisation_id)]


def test_nothing_is_left_out_after_weeks_without_a_worker(make: Make, told: Told) -> None:
    """I5: what ended is found by its mark, not by yesterday's date."""
    person = make.member(relation="")
    actions.add_position(
        person, "Harbour Mills", end=PartialDate.of(clock.today() + timedelta(days=3)), by=system_viewer()
    )
    db.session.commit()
    with time_machine.travel(clock.today() + timedelta(days=70), tick=False):
        end_ties()
    assert len(told) == 1


def test_another_open_tie_to_the_firm_holds(make: Make, told: Told) -> None:
    """I5: only the last open position or relation counts."""
    person, me = make.member(relation=""), system_viewer()
    first = actions.add_position(person, "Harbour Mills", title="Miller", by=me)
    second = actions.add_position(person, "harbour mills", title="Head miller", by=me)
    actions.edit_position(first, end=PartialDate.parse("2020"), by=me)
    assert told == []
    actions.remove_position(second, by=me)
    assert told == [(person.id, first.organisation_id)]


def test_leaving_the_host_ends_its_roles_at_once(make: Make) -> None:
    """I16: a declared move from the host ends the roles of staff; the person stays a member."""
    make.member(roles=("admin",))
    person = make.member(roles=("staff", "seller", "moderator"))
    me = viewer_of(person.id)
    [here] = queries.current_positions(person.id)
    actions.declare_move(person, left=here, moved_on=clock.today(), organisation="Acme", by=me)
    db.session.commit()
    after = viewer_of(person.id)
    assert after.roles == {"moderator"}
    assert after.relations == {("employee", "former")}
    assert after.is_member


def test_leaving_the_host_later_ends_its_roles_on_the_day(make: Make) -> None:
    """I16: with a day ahead, nothing changes until it has come."""
    make.member(roles=("admin",))
    person = make.member(roles=("staff",))
    day = clock.today() + timedelta(days=30)
    [here] = queries.current_positions(person.id)
    actions.declare_move(person, left=here, moved_on=day, organisation="Acme", by=viewer_of(person.id))
    db.session.commit()
    assert viewer_of(person.id).roles == {"staff"}
    with time_machine.travel(day, tick=False):
        end_ties()
        assert viewer_of(person.id).roles == frozenset()


def test_an_entry_of_ones_own_at_the_host_keeps_no_role(make: Make) -> None:
    """I16: the host's record decides, not what a person adds to the own career."""
    make.member(roles=("admin",))
    person = make.member(roles=("staff",))
    actions.add_position(person, host().name, title="Still here", by=viewer_of(person.id))
    [relation] = queries.relations_of(person.id)
    actions.end_relation(relation, PartialDate.of(clock.today()), by=system_viewer())
    db.session.commit()
    assert viewer_of(person.id).roles == frozenset()


def test_the_last_admin_cannot_go(make: Make) -> None:
    """I16: somebody else needs the role first; an end set by the host does not take it either."""
    person = make.member(roles=("admin", "staff"))
    [here] = queries.current_positions(person.id)
    with pytest.raises(Invalid, match="last admin"):
        actions.declare_move(person, left=here, moved_on=clock.today(), organisation="Acme", by=viewer_of(person.id))
    db.session.rollback()
    [relation] = queries.relations_of(person.id)
    actions.end_relation(relation, PartialDate.of(clock.today()), by=system_viewer())
    db.session.commit()
    assert viewer_of(person.id).roles == {"admin"}


def test_the_host_s_dates_are_not_the_person_s_to_change(make: Make) -> None:
    """The entry at the host follows the host's record; its words and its audience are the person's."""
    person = make.member(start="2010", end="2018-06-30")
    [entry] = queries.positions_of(person.id)
    me = viewer_of(person.id)
    actions.edit_position(entry, title="Firmware", end=None, organisation="Elsewhere", audience="only_me", by=me)
    db.session.commit()
    [entry], [relation] = queries.positions_of(person.id), queries.relations_of(person.id)
    assert (entry.end, entry.organisation_id, entry.title) == (PartialDate("2018-06-30"), host().id, "Firmware")
    assert (entry.audience, relation.audience) == ("only_me", "only_me")
    with pytest.raises(Invalid, match="hide it"):
        actions.remove_position(entry, by=me)


def test_a_career_is_its_person_s_own(make: Make) -> None:
    """Nobody else, staff and admins neither, writes somebody's career."""
    person, admin = make.member(), make.member(roles=("admin",))
    [entry] = queries.positions_of(person.id)
    by = viewer_of(admin.id)
    for act in (
        lambda: actions.add_position(person, "Acme", by=by),
        lambda: actions.edit_position(entry, title="x", by=by),
        lambda: actions.remove_position(entry, by=by),
        lambda: actions.declare_move(person, left=None, moved_on=clock.today(), organisation="Acme", by=by),
        lambda: actions.declare_move(admin, left=entry, moved_on=clock.today(), organisation="Acme", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_one_spelling_means_one_firm(make: Make) -> None:
    """T5: accents and case do not make another firm."""
    person = make.member(relation="")
    for name in ("Wiśniewski & Syn", "wisniewski & syn", " WIŚNIEWSKI  & SYN "):
        actions.add_position(person, name, by=viewer_of(person.id))
    firms = {row.organisation_id for row in queries.positions_of(person.id)}
    assert firms == {getattr(by_name("Wisniewski & Syn"), "id", None)}


def test_an_audience_that_does_not_exist_is_refused(make: Make) -> None:
    """P1: a value is never without a known audience."""
    person = make.member(relation="")
    with pytest.raises(Invalid):
        actions.add_position(person, "Acme", audience="world", by=viewer_of(person.id))
    assert not db.session.query(Position).count()
