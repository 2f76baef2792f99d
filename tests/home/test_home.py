"""Home: what is new for me, who is here that I know, what is asked of me."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.boards.actions import follow, mark_board_read
from portal.careers.models import Position
from portal.core import clock, parts
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.parts import TaskCard
from portal.people import actions as people

if TYPE_CHECKING:
    import pytest

    from tests.browse import Browser
    from tests.factories import Make

FRAME, BUDGET = 3, 8


def test_what_is_new_in_followed_topics_comes_first(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Okafor"), make.member("Ben Okafor")
    followed = make.topic(author=ben, title="Frost on the crane", replies=1, followed_by=(ada,))
    other = make.topic(author=ben, title="Soup on Thursdays")
    page = browse.as_(ada).open("home.index")
    assert page.words.index("New in what you follow") < page.words.index("Frost on the crane")
    assert page.words.index("Unread on your boards") < page.words.index("Soup on Thursdays")
    assert page.words.count("Frost on the crane") == 1
    assert f"/topics/{followed.public_id}/unread" in page.links()
    assert f"/topics/{other.public_id}/{other.slug}" in page.links()
    assert 'data-go="unread"' in page.text


def test_a_quiet_topic_that_one_follows_is_not_lost_behind_lively_boards(browse: Browser, make: Make) -> None:
    """Each of the two lists ends when it is full; what was muted is in neither."""
    ada, board, others = make.member(), make.board(), [make.member() for _ in range(4)]
    make.topic(board, author=others[0], title="Frost on the crane", followed_by=(ada,))
    muted = make.topic(board, author=others[1], title="Noise in the yard")
    follow(muted, "mute", by=make.viewer(ada))
    for number in range(70):
        make.topic(board, author=others[number % 4], title=f"Soup number {number:02}.")
    page = browse.as_(ada).open("home.index")
    assert page.words.count("Frost on the crane") == 1
    assert "Noise in the yard" not in page.words
    assert page.words.count("Soup number") == 8
    assert "Soup number 69." in page.words
    assert "Soup number 61." not in page.words


def test_the_first_unread_opens_and_is_read_then(browse: Browser, make: Make) -> None:
    ada = make.member()
    make.topic(title="Frost on the crane", followed_by=(ada,))
    browser = browse.as_(ada)
    assert "Frost on the crane" in browser.open("home.index").follow("Open the first unread").heading
    page = browser.open("home.index")
    assert "Open the first unread" not in page.words
    assert "Nothing unread" in page.words


def test_nothing_of_a_closed_board_is_on_it(browse: Browser, make: Make) -> None:
    """M1."""
    room = make.board(audiences=({"relation_kind": "customer", "phase": "former"},))
    make.topic(room, author=make.member(relation="customer:former"), title="Frank words")
    page = browse.as_(make.member(relation="employee:former")).open("home.index")
    assert "Frank words" not in page.text
    assert "No board is open to you yet" in page.words


def test_what_is_asked_stands_on_top(browse: Browser, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(viewer: object) -> list[TaskCard]:
        return [TaskCard("Three requests wait for an answer", "/boards")]

    every = parts.every
    monkeypatch.setattr(parts, "every", lambda name: [ask] if name == "tasks" else every(name))
    page = browse.as_(make.member()).open("home.index")
    assert "Asked of you Three requests wait for an answer" in page.words
    assert "One thing is asked of you." in page.words


def test_newcomers_are_those_whom_i_may_know(browse: Browser, make: Make) -> None:
    """P1, I11: only firms that both show; nobody unclaimed or hidden."""
    firm = make.organisation("Northquay")
    me = make.member(relation="customer:former", organisation=firm, start="2005", end="2009")
    make.member("Nora Newcomer", relation="customer:current", organisation=firm, days_ago=3)
    make.member("Olga Older", relation="customer:current", organisation=firm, days_ago=200)
    make.member("Else Where", days_ago=3)
    hidden = make.member("Hidden Hana", relation="customer:current", organisation=firm, days_ago=3)
    people.step_back(hidden, by=viewer_of(hidden.id))
    shy = make.member("Shy Sami", relation="customer:current", organisation=firm, days_ago=3)
    db.session.execute(update(Position).where(Position.person_id == shy.id).values(audience="only_me"))
    db.session.commit()
    words = browse.as_(me).open("home.index").words
    assert "Nora Newcomer Also at Northquay" in words
    for name in ("Olga Older", "Else Where", "Hidden Hana", "Shy Sami"):
        assert name not in words


def test_first_steps_are_ticked_by_doing_them(browse: Browser, make: Make) -> None:
    ada = make.member(days_ago=1)
    browser = browse.as_(ada)
    assert "2 of 5" in browser.open("home.index").words
    make.topic(author=ada)
    assert "3 of 5" in browser.open("home.index").words


def test_first_steps_can_be_put_away(browse: Browser, make: Make) -> None:
    ada = make.member()
    browser = browse.as_(ada)
    page = browser.open("home.index").submit("Put this away")
    assert "First steps" not in page.words
    assert "First steps" not in browse.as_(ada).open("home.index").words
    assert "First steps" in browse.as_(make.member()).open("home.index").words


def test_home_costs_the_same_for_one_topic_and_for_many(browse: Browser, make: Make) -> None:
    """At most eight statements beyond the frame's three."""
    ada, ben = make.member(), make.member(days_ago=2)
    board = make.board()
    make.topic(board, author=ben, followed_by=(ada,))
    browser = browse.as_(ada)
    browser.open("home.index")
    few = browser.open("home.index").statements
    for number in range(12):
        make.topic(make.board(), author=make.member(days_ago=2), replies=1, followed_by=(ada,) if number % 2 else ())
    browser.open("home.index")
    many = browser.open("home.index").statements
    assert len(many) == len(few) <= FRAME + BUDGET, many


def test_everything_read_is_said_kindly(browse: Browser, make: Make) -> None:
    ada = make.member()
    topic = make.topic()
    mark_board_read(topic.board_id, by=viewer_of(ada.id))
    db.session.commit()
    page = browse.as_(ada).open("home.index")
    assert "You have read everything there is for you" in page.words
    assert "Look at the boards" in page.words


def test_whoever_has_just_come_is_told_no_tale_of_what_they_read(browse: Browser, make: Make) -> None:
    """What was written before counts as read, and is not called so."""
    make.topic()
    ada = make.member()
    ada.claimed_at = clock.now()
    db.session.commit()
    page = browse.as_(ada).open("home.index")
    assert "Nothing new since you came" in page.words
    assert "You have read everything" not in page.words


def test_those_i_worked_with_are_there_with_the_reason(browse: Browser, make: Make) -> None:
    """Journey A3."""
    me = make.member(department="Firmware", start="2011", end="2015-06-30")
    make.member("Marek Zieliński", department="Firmware", start="2012", end="2016-06-30")
    make.member("Nobody I Met", start="2018", end="2019-06-30")
    words = browse.as_(me).open("home.index").words
    assert "You worked with" in words
    assert "Marek Zieliński" in words
    assert "together at Kestrel & Lowe, Firmware" in words
    assert "Nobody I Met" not in words
