"""Each role finds its day on one page: everything overdue, oldest first, with owner and one next step (C3)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.core import clock, parts
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.parts import Deadline, Feature
from portal.referrals import actions
from portal.referrals.actions import Lead, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.core.access import Viewer
    from portal.core.application import Portal
    from portal.referrals.models import Referral
    from tests.browse import Browser
    from tests.factories import Make


def send(make: Make, company: str, **given: Any) -> Referral:
    values = {"agreed_on": clock.today()} | given
    referral = actions.refer(Lead("lead", "Jo Rook", company, **values), by=viewer_of(make.member().id))
    db.session.commit()
    return referral


@pytest.fixture
def declared(app: Portal) -> Iterator[list[Deadline]]:
    """Another feature with a clock of its own, as any may declare one."""
    deadlines: list[Deadline] = []

    def clocks(viewer: Viewer, limit: int, *, mine: bool = False) -> list[Deadline]:
        seen = deadlines if viewer.has_role("manager", "staff") else []
        return sorted((one for one in seen if not mine or one.owner == viewer.name), key=lambda one: one.due_at)[:limit]

    features = list(parts._features)
    parts.wire([*features, Feature(name="another", clocks=(clocks,))])
    yield deadlines
    parts.wire(features)


@pytest.mark.parametrize("roles", [(), ("executive",), ("moderator",)])
def test_for_everybody_else_there_is_no_such_page(browse: Browser, make: Make, roles: tuple[str, ...]) -> None:
    assert browse.as_(make.member(roles=roles)).get("/programme").status == 404


def test_a_new_referral_runs_out_after_two_working_days(browse: Browser, make: Make) -> None:
    """C3: not taken up within two working days it stands there, without an owner, with one next step."""
    max_ = make.member(roles=("manager",))
    send(make, "Heron Foods")
    calm = browse.as_(max_).open("programme.day")
    assert "Nothing is late" in calm.words
    assert "Heron Foods" in calm.words, "it is coming up"
    with time_machine.travel(clock.now() + timedelta(days=6)):
        page = browse.as_(max_).open("programme.day")
    assert "1 clock has run out" in page.words
    assert "Nobody has it yet" in page.words
    assert "Look at it and take it up" in page.words


def test_a_new_referral_whose_person_has_not_agreed_says_to_wait_or_ask(browse: Browser, make: Make) -> None:
    """A8, C3: it can be taken up, but nobody writes before the yes."""
    send(make, "Heron Foods", agreed_on=None)
    words = browse.as_(make.member(roles=("manager",))).open("programme.day").words
    assert "Take it up, then wait for their yes or ask" in words
    assert "Look at it and take it up" not in words


def test_consent_that_does_not_come_and_steps_that_pass(browse: Browser, make: Make) -> None:
    """C3: 14 days without a yes, a planned step that has passed, and a week without a plan."""
    max_ = make.member("Max Manager", roles=("manager",))
    silent, planned, idle = send(make, "Silent", agreed_on=None), send(make, "Planned"), send(make, "Idle")
    for one in (silent, planned, idle):
        actions.move(one, "accepted", seen="new", by=viewer_of(max_.id))
    actions.plan(planned, Plan("Call Jo", clock.today() + timedelta(days=1)), by=viewer_of(max_.id))
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=20)):
        page = browse.as_(max_).open("programme.day")
        words = page.words
    assert words.index("Call Jo") < words.index("Plan the next step") < words.index("whether they have agreed")
    assert words.count("Max Manager") >= 3
    assert planned.public_id in page.follow("Open the oldest").url


def test_a_manager_sees_all_a_seller_what_is_theirs_and_what_nobody_has(browse: Browser, make: Make) -> None:
    """The page adapts to the role; "only yours" leaves out others' and what nobody has."""
    max_, sue, sam = (make.member(name, roles=(role,)) for name, role in
                      (("Max", "manager"), ("Sue", "seller"), ("Sam", "staff")))  # fmt: skip
    for company, owner in (("Max Ltd", max_), ("Sue Ltd", sue), ("Sam Ltd", sam), ("Free Ltd", None)):
        referral = send(make, company)
        if owner:
            actions.move(referral, "accepted", seen="new", by=viewer_of(owner.id))
    db.session.commit()
    every = {"Max Ltd", "Sue Ltd", "Sam Ltd", "Free Ltd"}

    def shown(person: Any, show: str) -> set[str]:
        words = browse.as_(person).open("programme.day", show=show).words
        return {company for company in every if company in words}

    with time_machine.travel(clock.now() + timedelta(days=30)):
        assert shown(max_, "all") == every
        assert shown(max_, "mine") == {"Max Ltd"}
        assert shown(sue, "all") == {"Sue Ltd", "Free Ltd"}
        assert shown(sue, "mine") == {"Sue Ltd"}
        assert shown(sam, "all") == {"Sam Ltd", "Free Ltd"}
        assert shown(make.member(roles=("admin",)), "all") == every


def test_whatever_features_declare_is_one_list_the_oldest_breach_first(
    browse: Browser, make: Make, declared: list[Deadline]
) -> None:
    """A6: nominations, asks and whatever comes stand beside referrals, without the programme knowing them."""
    now = clock.now()
    declared += [
        Deadline("Ask", "Ask of Ada", "/asks/2", now - timedelta(days=1), "Call Ada", owner="Sam Staff"),
        Deadline("Nomination", "Ben Okri", "/nominations/1", now - timedelta(days=2), "Write to Ben"),
        Deadline("Ask", "Ask of Cleo", "/asks/1", now - timedelta(days=3), "Call Cleo", owner="Sam Staff"),
        Deadline("Ask", "Ask of Dora", "/asks/3", now + timedelta(days=1), "Call Dora"),
    ]
    page = browse.as_(make.member(roles=("manager",))).open("programme.day")
    order = [
        page.words.index(text)
        for text in ("Overdue", "Call Cleo", "Write to Ben", "Nomination", "Call Ada", "Coming up", "Call Dora")
    ]
    assert order == sorted(order)
    assert "3 clocks have run out" in page.words
    mine = browse.as_(make.member("Sam Staff", roles=("staff",))).open("programme.day", show="mine")
    assert "Call Cleo" in mine.words
    assert "Write to Ben" not in mine.words


def test_home_tells_of_what_has_run_out_on_oneself(browse: Browser, make: Make) -> None:
    """Others' clocks are told on the programme's page alone, and the page does not tell of itself."""
    mine, theirs = make.member(roles=("manager",)), make.member(roles=("seller",))
    for company, owner in (("Mine Ltd", mine), ("Theirs Ltd", theirs)):
        actions.move(send(make, company), "accepted", seen="new", by=viewer_of(owner.id))
    db.session.commit()
    assert "has run out on you" not in browse.as_(mine).open("home.index").words
    with time_machine.travel(clock.now() + timedelta(days=30)):
        home = browse.as_(mine).open("home.index")
        assert "A clock of the programme has run out on you" in home.words
        assert "A clock of the programme" not in browse.as_(mine).open("programme.day").words
        assert "has run out on you" not in browse.as_(make.member()).open("home.index").words


def test_home_counts_no_further_than_the_page(browse: Browser, make: Make, declared: list[Deadline]) -> None:
    past, mia = clock.now() - timedelta(days=1), make.member("Mia Mine", roles=("manager",))
    declared += [Deadline("Ask", f"Ask {number}", "/asks", past, "Call", owner="Mia Mine") for number in range(80)]
    assert "25+ clocks of the programme have run out on you" in browse.as_(mia).open("home.index").words


def test_more_than_are_shown_is_said_honestly(browse: Browser, make: Make, declared: list[Deadline]) -> None:
    """No count over what grows: twenty-five are shown, and that there are more."""
    past = clock.now() - timedelta(days=1)
    declared += [
        Deadline("Ask", f"Ask {number}", "/asks", past, "Call", all_url="/programme/asks") for number in range(80)
    ]
    page = browse.as_(make.member(roles=("manager",))).open("programme.day")
    assert "25+ clocks have run out" in page.words
    assert "these are the oldest" in page.words
    assert page.follow("Asks").url == "/programme/asks"


def test_many_that_are_still_to_come_are_no_more_than_have_run_out(
    browse: Browser, make: Make, declared: list[Deadline]
) -> None:
    """The number says how many have run out, whatever else runs."""
    now = clock.now()
    declared += [Deadline("Ask", f"Ask {number}", "/asks", now + timedelta(days=1), "Call") for number in range(80)]
    declared += [Deadline("Ask", "Late ask", "/asks", now - timedelta(days=1), "Call")]
    page = browse.as_(make.member(roles=("manager",))).open("programme.day")
    assert "1 clock has run out" in page.words
    assert "More have run out" not in page.words


def test_nothing_older_is_missing_between_two_that_are_shown(
    browse: Browser, make: Make, declared: list[Deadline]
) -> None:
    """Where one sort has more than fits, the list ends there for all, and names what it leaves out."""
    now = clock.now()
    declared += [
        Deadline("Ask", f"Ask {number}", "/asks", now - timedelta(days=90 - number), "Call") for number in range(30)
    ]
    send(make, "Between")
    with time_machine.travel(now + timedelta(days=20)):
        page = browse.as_(make.member(roles=("manager",))).open("programme.day")
    assert "25+ clocks have run out" in page.words
    assert "Between" not in page.words
    assert "All of them: Asks · Referrals" in page.words


def test_only_yours_is_asked_for_before_the_list_is_cut(browse: Browser, make: Make) -> None:
    """However many of others are older."""
    others, mine = make.member("Olga Others", roles=("manager",)), make.member("Mia Mine", roles=("manager",))
    with time_machine.travel(clock.now() - timedelta(days=60)):
        for number in range(30):
            actions.move(send(make, f"Firm {number}"), "accepted", seen="new", by=viewer_of(others.id))
    with time_machine.travel(clock.now() - timedelta(days=40)):
        actions.move(send(make, "Heron Foods"), "accepted", seen="new", by=viewer_of(mine.id))
        db.session.commit()
    page = browse.as_(mine).open("programme.day", show="mine")
    assert "1 clock has run out on you" in page.words
    assert "Heron Foods" in page.words


def test_the_day_costs_the_same_with_one_and_with_many(browse: Browser, make: Make) -> None:
    """At most ten statements, however much runs out."""
    person, ada = make.member(roles=("manager", "staff")), viewer_of(make.member().id)
    with time_machine.travel(clock.now() - timedelta(days=40)):
        send(make, "Firm 0")
    day = browse.as_(person)
    day.open("programme.day")
    few = len(day.open("programme.day").statements)
    with time_machine.travel(clock.now() - timedelta(days=40)):
        for number in range(1, 30):
            actions.refer(Lead("lead", "Jo Rook", f"Firm {number}", agreed_on=clock.today()), by=ada)
        db.session.commit()
    page = day.open("programme.day")
    assert "25+ clocks have run out" in page.words
    assert len(page.statements) == few <= 10


def test_it_asks_again_who_you_are_after_an_hour(browse: Browser, make: Make) -> None:
    """Pages of the programme ask again after 60 minutes."""
    late = browse.as_(make.member(roles=("seller",)), minutes_ago=61)
    assert late.get("/programme").url.startswith("/confirm")
    assert late.get("/programme/referrals").url.startswith("/confirm")


def test_news_are_written_from_here_by_those_who_may(make: Make, browse: Browser) -> None:
    """The same rule as the newsroom's own."""
    writer = make.member(roles=("staff",))
    assert browse.as_(writer).get("/programme").follow("Write news").heading == "Newsroom"
    assert "Write news" not in browse.as_(make.member(roles=("seller",))).get("/programme").words
    assert "Write news" not in browse.as_(make.member(roles=("manager",))).get("/programme").words
