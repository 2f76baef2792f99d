"""Who worked with me, in which order, and in which words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import time_machine

from portal.core import clock, memory
from portal.core.db import db
from portal.people import actions as people
from tests.directory.test_finding_people import names

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

Works = Any


def loner(make: Make, name: str) -> Any:
    return make.member(name, relation="")


def test_people_from_my_time_come_with_the_reason(browse: Browser, make: Make, works: Works) -> None:
    me, ada, ben = loner(make, "Zoë Viewer"), loner(make, "Ada Lovelace"), loner(make, "Ben Okafor")
    works(me, "Acme", "2010-01-01", "2015-12-31", department="Billing")
    works(ada, "Acme", "2014-11-01", "2016-12-31", department="Billing")
    works(ben, "Acme", "2016-01-01", "2018-12-31", department="Billing")
    page = browse.as_(me).open("directory.people")
    assert names(page) == ["Ada Lovelace"]
    assert "14 months together at Acme, Billing" in page.words
    assert names(browse.as_(ben).open("directory.people")) == ["Ada Lovelace"]


def test_who_sat_close_comes_before_who_was_there_a_little_longer(browse: Browser, make: Make, works: Works) -> None:
    me = loner(make, "Zoë Viewer")
    works(me, "Acme", "2010-01-01", "2015-12-31", department="Billing", site="Bristol")
    for name, start, end, where in (
        ("Ann Longest", "2010-01-01", "2015-12-31", {}),
        ("Bea Department", "2012-01-01", "2014-12-31", {"department": "Billing"}),
        ("Cleo Site", "2010-01-01", "2014-12-31", {"site": "Bristol"}),
        ("Dora Short", "2015-11-01", "2016-12-31", {}),
        ("Earl Short", "2009-01-01", "2010-03-02", {}),
    ):
        works(loner(make, name), "Acme", start, end, **where)
    page = browse.as_(me).open("directory.people")
    assert [name.split()[0] for name in names(page)] == ["Bea", "Cleo", "Ann", "Dora", "Earl"]
    assert "at Acme in Bristol" in page.words


def test_parent_firms_are_folded(browse: Browser, make: Make, works: Works) -> None:
    from portal.organisations.actions import set_parent

    me, ada, ben = loner(make, "Zoë Viewer"), loner(make, "Ada Lovelace"), loner(make, "Ben Okafor")
    works(me, "Acme Payments", "2010-01-01", "2015-12-31")
    works(ada, "Acme Billing", "2010-01-01", "2011-12-31")
    works(ben, "Acme Payments", "2010-01-01", "2010-12-31")
    for child in ("Acme Payments", "Acme Billing"):
        set_parent(make.organisation(child), make.organisation("Acme Group"), by=make.system)
    db.session.commit()
    words = browse.as_(me).open("directory.people").words
    assert "24 months together at Acme Group" in words
    assert "12 months together at Acme Payments" in words


def test_several_positions_at_one_firm_are_one_time_together(browse: Browser, make: Make, works: Works) -> None:
    me, ada = loner(make, "Zoë Viewer"), loner(make, "Ada Lovelace")
    works(me, "Acme", "2010-01-01", "2012-12-31")
    works(me, "Acme", "2012-06-01", "2014-12-31", department="Billing")
    works(ada, "Acme", "2012-01-01", "2013-12-31", department="Billing")
    assert "24 months together at Acme, Billing" in browse.as_(me).open("directory.people").words


def test_years_are_told_as_years(browse: Browser, make: Make, works: Works) -> None:
    """T4: partial dates are told honestly."""
    me, ada, ben = loner(make, "Zoë Viewer"), loner(make, "Ada Lovelace"), loner(make, "Ben Okafor")
    works(me, "Acme", "2010", "2014")
    works(ada, "Acme", "2012", "2014")
    works(ben, "Acme", "2014", "2018")
    words = browse.as_(me).open("directory.people").words
    assert "About 2 years together at Acme" in words
    assert "Both around 2014 at Acme" in words


def test_positions_without_a_beginning_claim_nothing(browse: Browser, make: Make) -> None:
    from portal.careers.actions import add_position

    me, ada = loner(make, "Zoë Viewer"), loner(make, "Ada Lovelace")
    for person in (me, ada):
        add_position(person, "Acme", by=make.viewer(person))
    db.session.commit()
    page = browse.as_(me).open("directory.people")
    assert "together" not in page.words
    assert "Ada Lovelace" in names(page), "without colleagues everybody is shown"


def test_blocks_hiding_and_stepping_back_hold_at_once(browse: Browser, make: Make, works: Works) -> None:
    """I11: the ranking may be some minutes old, what is shown of it never is."""
    me = loner(make, "Zoë Viewer")
    works(me, "Acme", "2010", "2015")
    ada, ben, cleo, dora = (loner(make, name) for name in ("Ada A", "Ben B", "Cleo C", "Dora D"))
    positions = {person.id: works(person, "Acme", "2010", "2015") for person in (ada, ben, cleo, dora)}
    browser = browse.as_(me)
    assert len(names(browser.open("directory.people"))) == 4
    people.step_back(db.session.merge(ada), by=make.viewer(ada))
    people.block(me, by=make.viewer(ben))
    db.session.merge(positions[cleo.id]).audience = "only_me"
    db.session.commit()
    assert names(browser.open("directory.people")) == ["Dora D"]


def test_new_positions_count_at_once_and_changed_ones_soon(browse: Browser, make: Make, works: Works) -> None:
    me, ada, ben = loner(make, "Zoë Viewer"), loner(make, "Ada Lovelace"), loner(make, "Ben Okafor")
    works(me, "Acme", "2010", "2015")
    hidden = works(ben, "Acme", "2011", "2012", audience="only_me")
    browser = browse.as_(me)
    works(ada, "Acme", "2010", "2015")
    assert names(browser.open("directory.people")) == ["Ada Lovelace"]
    db.session.merge(hidden).audience = "members"
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert names(browser.open("directory.people")) == ["Ada Lovelace", "Ben Okafor"]


def test_more_than_a_page_leads_on(browse: Browser, make: Make, works: Works) -> None:
    me = loner(make, "Zoë Viewer")
    works(me, "Acme", "2010-01-01", "2015-12-31")
    for number in range(1, 31):
        works(loner(make, f"Person {number:02}"), "Acme", "2010-01-01", f"2012-01-{number:02}")
    first = browse.as_(me).open("directory.people")
    second = first.follow("More people")
    assert names(first) + names(second) == [f"Person {number:02}" for number in range(30, 0, -1)]


def test_an_old_link_to_what_follows_the_last_one(browse: Browser, make: Make, works: Works) -> None:
    """Those behind them have left meanwhile: everybody is shown."""
    me, ada = loner(make, "Zoë Viewer"), loner(make, "Ada Lovelace")
    works(me, "Acme", "2010-01-01", "2011-12-31")
    works(ada, "Acme", "2010-01-01", "2011-12-31")
    for after in (str(ada.id), "²", "x"):
        assert browse.as_(me).open("directory.people", after=after).status == 200


def test_it_costs_at_most_four_statements(make: Make, works: Works, app: Any) -> None:
    from sqlalchemy import event

    from portal.directory.queries import coworkers

    me = loner(make, "Zoë Viewer")
    works(me, "Acme", "2010", "2015")
    works(me, "Umbrella", "2016")
    for number in range(30):
        works(loner(make, f"Person {number:02}"), "Acme" if number % 2 else "Umbrella", "2012")
    viewer = make.viewer(me)
    coworkers(viewer, 5)
    memory.forget()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    found = coworkers(viewer, 5)
    assert len(found) == 5
    assert all(card.reason for card in found)
    assert len([each for each in statements if "FROM stamp" not in each and "FROM organisation AS" not in each]) == 4
    statements.clear()
    coworkers(viewer, 5)
    assert len(statements) == 1
    works(me, "Initech", "1990-01-01", "2009-12-31")
    works(loner(make, "Newly Known"), "Initech", "1990-01-01", "2009-12-31")
    assert coworkers(viewer, 5)[0].name == "Newly Known", "whom one saw last is a guess, not the answer"


def test_the_profile_tells_it_too(make: Make, works: Works) -> None:
    from portal.profiles.signals import reasons

    me, ada = loner(make, "Zoë Viewer"), loner(make, "Ada Lovelace")
    works(me, "Acme", "2010-01-01", "2011-12-31")
    works(ada, "Acme", "2010-01-01", "2011-12-31")
    told = [sentence for ask in reasons for sentence in ask(make.viewer(me), ada.id)]
    assert told == ["24 months together at Acme"]
