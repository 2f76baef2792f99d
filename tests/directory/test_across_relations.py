"""The engineer who ran your rollout: people of two sides meet at the firm that one of them worked with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert

from portal.careers.models import Assignment, Position
from portal.careers.queries import positions_of
from portal.core import memory
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.partial_dates import PartialDate
from portal.core.tokens import new_public_id
from portal.directory.queries import coworkers, shared_with
from portal.directory.queries.ranking import LARGE
from portal.people import actions as people
from tests.directory.test_finding_people import names

if TYPE_CHECKING:
    from tests.browse import Browser, Page
    from tests.factories import Make

Works = Any


@pytest.fixture
def pair(make: Make) -> tuple[Any, Any]:
    """An engineer of the host and a customer at Acme."""
    engineer = make.member("Ada Engineer", start="2012", end="2019-12-31")
    customer = make.member(
        "Cleo Customer", relation="customer:former", organisation=make.organisation("Acme"), start="2014-01-01",
        end="2016-12-31",
    )  # fmt: skip
    return engineer, customer


def ran_the_rollout(browse: Browser, engineer: Any, start: str = "2015-01-01", end: str = "2015-12-31") -> Page:
    position = positions_of(engineer.id)[0]
    page = browse.as_(engineer).open("careers.edit", public_id=position.public_id).follow("Add a firm you worked with")
    return page.submit("Add it", organisation="Acme", what="billing rollout", start=start, end=end)


def test_the_engineer_who_ran_the_rollout_is_found_by_the_customer(browse: Browser, pair: tuple[Any, Any]) -> None:
    engineer, customer = pair
    assert "Nobody" not in browse.as_(customer).open("directory.people").words
    assert "Acme" in ran_the_rollout(browse, engineer).words
    theirs = browse.as_(customer).open("directory.people")
    assert names(theirs) == ["Ada Engineer"]
    assert "12 months together at Acme, there from Kestrel & Lowe: billing rollout" in theirs.words
    mine = browse.as_(engineer).open("directory.people")
    assert "12 months together at Acme, where you were from Kestrel & Lowe: billing rollout" in mine.words
    assert "With Acme" in browse.as_(customer).open("profiles.person", public_id=engineer.public_id).words
    assert names(browse.as_(customer).open("directory.people", q="rollout")) == ["Ada Engineer"]


def test_it_ends_when_it_is_taken_away(browse: Browser, pair: tuple[Any, Any]) -> None:
    engineer, customer = pair
    ran_the_rollout(browse, engineer).submit("worked-with")
    assert "together" not in browse.as_(customer).open("directory.people").words
    assert names(browse.as_(customer).open("directory.people", q="rollout")) == []


def test_without_dates_it_lasts_as_long_as_the_position(browse: Browser, pair: tuple[Any, Any], make: Make) -> None:
    engineer, customer = pair
    ran_the_rollout(browse, engineer, "", "")
    assert shared_with(make.viewer(customer), engineer.id).startswith("3 years together at Acme")


def test_dates_outside_the_position_are_refused_and_nothing_is_lost(browse: Browser, pair: tuple[Any, Any]) -> None:
    page = ran_the_rollout(browse, pair[0], "2021", "")
    assert page.status == 422
    assert "You had left by then." in page.words
    assert "billing rollout" in page.text


def test_two_who_served_one_firm_meet_there(make: Make, browse: Browser, works: Works) -> None:
    from portal.careers.actions import add_assignment

    ada, ben = make.member("Ada Engineer", relation=""), make.member("Ben Consultant", relation="")
    for person, firm in ((ada, "Bolt"), (ben, "Crane")):
        position = works(person, firm, "2014-01-01", "2015-12-31")
        add_assignment(position, "Acme", by=make.viewer(person))
    db.session.commit()
    assert shared_with(make.viewer(ada), ben.id) == "24 months together at Acme, you from Bolt, they from Crane"
    with pytest.raises(Invalid):
        add_assignment(positions_of(ada.id)[0], "Bolt", by=make.viewer(ada))


@pytest.mark.parametrize("how", ["position", "stepped back", "blocked", "unclaimed"])
def test_who_is_hidden_is_found_by_no_assignment(browse: Browser, make: Make, pair: tuple[Any, Any], how: str) -> None:
    """P1, I11: not as a hit, not as a number, not on home."""
    engineer, customer = pair
    ran_the_rollout(browse, engineer)
    engineer = db.session.merge(engineer)
    if how == "position":
        positions_of(engineer.id)[0].audience = "only_me"
    elif how == "stepped back":
        people.step_back(engineer, by=make.viewer(engineer))
    elif how == "blocked":
        people.block(customer, by=make.viewer(engineer))
    else:
        engineer.claimed_at, engineer.listed = None, False
        people.touch_access(engineer.id)
    db.session.commit()
    memory.forget()
    for endpoint in ("directory.people", "home.index"):
        words = browse.as_(customer).open(endpoint).words
        assert "together" not in words, endpoint
        assert "rollout" not in words, endpoint


def test_the_entry_takes_its_firms_with_it(make: Make, works: Works) -> None:
    """P5: exported, moved, erased with the career."""
    from portal.careers.actions import add_assignment
    from portal.careers.person_data import CareerData

    ada, twin = make.member("Ada Engineer", relation=""), make.member("Ada Twin", relation="")
    add_assignment(works(ada, "Bolt", "2014"), "Acme", what="rollout", by=make.viewer(ada))
    assert CareerData().export(ada.id)["worked_with"] == [{"organisation": "Acme", "what": "rollout", "when": ""}]
    CareerData().move(ada.id, twin.id)
    assert CareerData().export(twin.id)["worked_with"]
    CareerData().erase(twin.id)
    assert db.session.query(Assignment).count() == 0


def test_in_a_large_firm_those_who_sat_close_are_found(make: Make, works: Works) -> None:
    """Of some thousands only the near ones are weighed; the desk beside is never among those left out."""
    me, desk, far = (make.member(name, relation="") for name in ("Zoë Viewer", "Dora Desk", "Far Away"))
    near = {"department": "Billing", "site": "Bristol"}
    works(me, "Giant", "2010-01-01", "2012-12-31", **near)
    works(desk, "Giant", "2012-06-01", "2014-12-31", **near)
    works(far, "Giant", "2012-12-01", "2014-12-31", department="Sales", site="Halifax")
    crowd = make.member("Crowd Ed", relation="")
    giant = make.organisation("Giant")
    db.session.execute(insert(Position), [
        {"person_id": crowd.id, "organisation_id": giant.id, "public_id": new_public_id(), "department": f"Team {n % 40}",
         "site": "Leeds", "start": PartialDate("2010"), "starts_on": date(2010, 1, 1), "end": PartialDate("2010"),
         "ends_on": date(2010, 12, 31)}
        for n in range(LARGE)
    ])  # fmt: skip
    db.session.commit()
    assert [card.name for card in coworkers(make.viewer(me), 5)] == ["Dora Desk"]
    db.session.execute(delete(Position).where(Position.person_id == crowd.id))
    db.session.commit()
    memory.forget()
    assert [card.name for card in coworkers(make.viewer(me), 5)] == ["Dora Desk", "Far Away"]
