"""I have moved: the position changes, the member stays the same (I5, I13, I16, A10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from portal.careers import actions, queries, signals
from portal.careers.models import Move, Position
from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.outbox import OutboxMail
from portal.core.partial_dates import PartialDate
from portal.people.models import Person
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

Hook = Callable[[int, int], list[str]]


@pytest.fixture
def says() -> Iterator[Callable[[list[Hook], str], None]]:
    """Let a hook of the careers answer with a sentence."""
    added: list[tuple[list[Hook], Hook]] = []

    def add(hooks: list[Hook], sentence: str) -> None:
        def hook(person_id: int, organisation_id: int) -> list[str]:
            return [sentence]

        hooks.append(hook)
        added.append((hooks, hook))

    yield add
    for hooks, hook in added:
        hooks.remove(hook)


def career(person: Person) -> list[tuple[str, str]]:
    """Firms and when."""
    db.session.remove()
    return [(each.organisation.name, each.when) for each in queries.positions_of(person.id)]


def test_a_move_ends_the_old_and_begins_the_new(make: Make, browse: Browser) -> None:
    """A10: told once, nobody is told of it, and the page says what is kept."""
    person = make.member(relation="employee:current", start="2015")
    me = browse.as_(person)
    page = me.open("careers.moved").submit("Save", organisation="Harbour Mills", title="Head of scales", site="Leith")
    today = PartialDate.of(clock.today()).label
    assert page.heading == "You are at Harbour Mills now"
    assert "sign-in, posts, messages and settings are as they were" in page.words
    assert career(person) == [("Harbour Mills", f"since {today}"), ("Kestrel & Lowe", f"2015 – {today}")]
    assert viewer_of(person.id).relations == {("employee", "former")}
    assert db.session.query(OutboxMail).count() == 0


def test_what_follows_is_said_before(make: Make, browse: Browser, says: Callable[[list[Hook], str], None]) -> None:
    """I5: the page says which addresses retire and which roles end, before anything is saved."""
    make.member(roles=("admin",))
    person = make.member(roles=("staff", "seller"))
    says(signals.move_consequences, "Your addresses at kestrel.example will retire.")
    page = browse.as_(person).open("careers.moved")
    assert "Your addresses at kestrel.example will retire." in page.words
    assert "seller, staff. You stay a member." in page.words


def test_nobody_is_locked_out_by_moving(make: Make, browse: Browser, says: Callable[[list[Hook], str], None]) -> None:
    """I5: without another way in the move is not finished, the page says what to do, and nothing is lost."""
    person = make.member(relation="employee:current")
    says(signals.move_blockers, "Add a personal address first.")
    page = browse.as_(person).open("careers.moved")
    assert "Add a personal address first." in page.words
    page = page.submit("Save", organisation="Harbour Mills", title="Head of scales")
    assert page.status == 422
    assert "Add a personal address first." in page.words
    assert 'value="Harbour Mills"' in page.text
    assert [name for name, _ in career(person)] == ["Kestrel & Lowe"]
    assert not queries.positions_of(person.id)[0].is_over


@pytest.mark.parametrize("by_hand", ["end", "remove", "rename", "later"])
def test_no_other_way_round_the_guard(make: Make, says: Callable[[list[Hook], str], None], by_hand: str) -> None:
    """I5: ending, removing or renaming the last entry of a firm by one's own hand asks the same, today or ahead."""
    person = make.member(relation="")
    me = viewer_of(person.id)
    entry = actions.add_position(person, "Acme", by=me)
    db.session.commit()
    says(signals.move_blockers, "Add a personal address first.")
    day = clock.today() + timedelta(days=20)
    acts = {
        "end": lambda: actions.edit_position(entry, end=PartialDate.parse("2020"), by=me),
        "remove": lambda: actions.remove_position(entry, by=me),
        "rename": lambda: actions.edit_position(entry, organisation="Other", by=me),
        "later": lambda: actions.declare_move(person, left=entry, moved_on=day, organisation="Other", by=me),
    }
    with pytest.raises(Invalid, match="personal address"):
        acts[by_hand]()


def test_a_second_position_at_the_firm_asks_nothing(make: Make, says: Callable[[list[Hook], str], None]) -> None:
    """I5: only the last open tie counts."""
    person = make.member(relation="")
    me = viewer_of(person.id)
    entry = actions.add_position(person, "Acme", title="Fitter", by=me)
    actions.add_position(person, "Acme", title="Foreman", by=me)
    says(signals.move_blockers, "Add a personal address first.")
    assert queries.consequences(entry) == []
    actions.edit_position(entry, end=PartialDate.parse("2020"), by=me)
    assert entry.is_over


def test_three_moves_keep_the_member_and_the_posts(make: Make, browse: Browser) -> None:
    """I1, I13: who the person is, how they sign in and what they set stays through three employers."""
    person = make.member("Ada Lovelace", relation="employee:current", start="2010", address="ada@home.example")
    before = (person.id, person.public_id, person.full_name, person.claimed_at)
    topic = make.topic(author=person, title="Where the crane weighed too much")
    me = browse.as_(person)
    for firm in ("Harbour Mills", "Leith Docks", "Rotterdam Weighing"):
        page = me.open("careers.moved").submit("Save", organisation=firm, title="Engineer")
        assert page.status == 200
    db.session.remove()
    same = person_by_id(person.id)
    assert (same.id, same.public_id, same.full_name, same.claimed_at) == before
    assert same.listed
    page = me.open("boards.topic", public_id=topic.public_id, slug=topic.slug)
    assert person.public_id in page.text
    assert page.heading == "Where the crane weighed too much"
    assert me.open("careers.career").status == 200
    assert [name for name, _ in career(person)][0] == "Rotterdam Weighing"
    assert len(queries.current_positions(person.id)) == 1
    assert db.session.query(Move).count() == 3


def test_a_move_can_be_taken_back_for_a_day(make: Make, browse: Browser) -> None:
    """The old position opens again, with the host's record; the new one goes."""
    person = make.member(relation="employee:current", start="2015")
    page = browse.as_(person).open("careers.moved").submit("Save", organisation="Harbour Mills")
    assert "retired stay retired until you confirm them again" in page.words
    page = page.submit("undo")
    assert page.heading == "Your career"
    assert career(person) == [("Kestrel & Lowe", "since 2015")]
    assert viewer_of(person.id).relations == {("employee", "current")}


def test_a_move_that_lies_ahead_can_be_taken_back_until_its_day(make: Make) -> None:
    """The day that was given counts, not the day it was told."""
    person = make.member(relation="employee:current")
    me = viewer_of(person.id)
    [here] = queries.current_positions(person.id)
    day = clock.today() + timedelta(days=10)
    move = actions.declare_move(person, left=here, moved_on=day, organisation="Acme", by=me)
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=5)):
        assert actions.settle_moves(by=make.system) == 0
        actions.undo_move(move, by=me)
        db.session.commit()
    assert [name for name, _ in career(person)] == ["Kestrel & Lowe"]
    assert viewer_of(person.id).relations == {("employee", "current")}


def test_taking_back_a_move_closes_those_that_began_there(make: Make, browse: Browser) -> None:
    """A10: what was left again was never begun; each page can still be opened, and nothing is told of it."""
    person = make.member(relation="employee:current", start="2015")
    me = browse.as_(person)
    first = me.open("careers.moved").submit("Save", organisation="Harbour Mills")
    then = me.open("careers.moved").submit("Save", organisation="", wishes=["recount"])
    assert then.heading == "You have left Harbour Mills"
    me.get(first.url).submit("undo")
    assert career(person) == [("Kestrel & Lowe", "since 2015")]
    for url in (first.url, then.url):
        page = me.get(url)
        assert page.heading == "This move was taken back"
        assert "Take it back" not in page.words
    assert [move.wishes for move in db.session.query(Move)] == [[], []]


def test_a_later_move_that_began_something_stands(make: Make, browse: Browser) -> None:
    """A10: only what it left is gone."""
    person = make.member(relation="employee:current", start="2015")
    me = browse.as_(person)
    first = me.open("careers.moved").submit("Save", organisation="Harbour Mills")
    then = me.open("careers.moved").submit("Save", organisation="Leith Docks", wishes=["introduce"])
    me.get(first.url).submit("undo")
    assert me.get(then.url).heading == "You are at Leith Docks now"
    assert not queries.own_move(person.id, then.url.rpartition("/")[2]).can_be_undone
    assert db.session.query(Move).filter(Move.to_position_id.is_not(None)).one().wishes == ["introduce"]


def test_the_page_of_a_move_whose_entries_were_removed(make: Make, browse: Browser) -> None:
    """Both ends taken out of the career by hand: the page still opens, and names no firm."""
    person = make.member(relation="")
    me = browse.as_(person)
    me.open("careers.moved").submit("Save", organisation="Harbour Mills")
    page = me.open("careers.moved").submit("Save", organisation="Leith Docks")
    for entry in queries.positions_of(person.id):
        actions.remove_position(entry, by=viewer_of(person.id))
    db.session.commit()
    assert me.get(page.url).heading == "A move of yours"


def test_a_move_that_the_host_confirmed_was_not_taken_back(make: Make, browse: Browser) -> None:
    """I13: it stands, also when it led nowhere in particular."""
    person = make.member(relation="employee:current")
    page = browse.as_(person).open("careers.moved").submit("Save", organisation="")
    [relation] = queries.relations_of(person.id)
    actions.end_relation(relation, PartialDate.of(clock.today()), by=make.system)
    db.session.commit()
    assert browse.as_(person).get(page.url).heading == "You have left Kestrel & Lowe"


def test_after_a_day_it_stands(make: Make) -> None:
    """What was declared yesterday is changed entry by entry."""
    person = make.member(relation="employee:current")
    me = viewer_of(person.id)
    [here] = queries.current_positions(person.id)
    move = actions.declare_move(person, left=here, moved_on=clock.today(), organisation="Acme", by=me)
    with time_machine.travel(clock.now() + timedelta(hours=25)), pytest.raises(Invalid, match="can't be undone"):
        actions.undo_move(move, by=me)


def test_what_the_host_confirmed_is_not_taken_back(make: Make) -> None:
    """I13, I16: the host's own end of the employment can't be undone by the person."""
    person = make.member(relation="employee:current")
    me = viewer_of(person.id)
    [here] = queries.current_positions(person.id)
    move = actions.declare_move(person, left=here, moved_on=clock.today(), organisation="Acme", by=me)
    [relation] = queries.relations_of(person.id)
    actions.end_relation(relation, PartialDate.of(clock.today()), by=make.system)
    db.session.commit()
    db.session.expire_all()
    with pytest.raises(Invalid, match="can't be undone"):
        actions.undo_move(queries.own_move(person.id, move.public_id), by=me)


def test_leaving_without_a_new_firm(make: Make, browse: Browser) -> None:
    """A person may leave for nothing in particular."""
    person = make.member(relation="employee:current")
    page = browse.as_(person).open("careers.moved").submit("Save", organisation="")
    assert page.heading == "You have left Kestrel & Lowe"
    assert queries.current_positions(person.id) == []


def test_something_new_on_top(make: Make, browse: Browser) -> None:
    """No position need end, and one without any may say where they are."""
    person = make.member(relation="employee:current")
    browse.as_(person).open("careers.moved").submit("Save", left="none", organisation="Night school", title="Tutor")
    assert len(queries.current_positions(person.id)) == 2
    newcomer = make.member(relation="")
    page = browse.as_(newcomer).open("careers.moved").submit("Save", organisation="Night school")
    assert page.heading == "You are at Night school now"
    page = browse.as_(newcomer).open("careers.moved").submit("Save", left="none", organisation="")
    assert page.status == 422


def test_a_move_that_changes_nothing_is_told_so_in_one_sentence(make: Make, browse: Browser) -> None:
    """Neither an ending nor a new firm: both are named."""
    person = make.member(relation="employee:current")
    page = browse.as_(person).open("careers.moved").submit("Save", left="none", organisation="")
    assert page.status == 422
    assert "Nothing changes like this: say which position ends, or where you are now." in page.words
    assert len(queries.current_positions(person.id)) == 1


def test_a_day_that_cannot_be_is_refused(make: Make, browse: Browser) -> None:
    """The sentence stands beside the day, and the page keeps what was typed."""
    person = make.member(relation="employee:current", start="2015")
    for day, words in (("2014-01-01", "before you began"), ("2199-01-01", "coming year"), ("soon", "year-month-day")):
        page = browse.as_(person).open("careers.moved").submit("Save", organisation="Acme", moved_on=day)
        assert page.status == 422
        assert words in page.words
    assert db.session.query(Position).count() == 1


def test_a_form_sent_twice_makes_one_move(make: Make, browse: Browser) -> None:
    """T1: the same form again leads to the same page."""
    person = make.member(relation="employee:current")
    me = browse.as_(person)
    page = me.open("careers.moved")
    first = page.submit("Save", organisation="Acme")
    again = page.submit("Save", organisation="Acme")
    assert first.url == again.url
    assert db.session.query(Move).count() == 1


def test_somebody_elses_move_is_not_there(make: Make, browse: Browser) -> None:
    """A move is its person's own page."""
    person, other = make.member(relation="employee:current"), make.member()
    page = browse.as_(person).open("careers.moved").submit("Save", organisation="Acme")
    assert browse.as_(other).get(page.url).status == 404
    theirs = browse.as_(other)
    key = re.search(r'name="csrf_token" value="([^"]+)"', theirs.open("careers.moved").text)
    assert key
    assert theirs.post(page.url + "/undo", {"csrf_token": key.group(1)}).status == 404
    assert queries.own_move(person.id, page.url.rpartition("/")[2]).can_be_undone
