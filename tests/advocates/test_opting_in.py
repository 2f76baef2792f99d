"""The opt-in: off until turned on, act by act, with the words shown; off again in one click, everywhere (A1, R25)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.advocates import actions, queries
from portal.asks.queries import lights
from portal.consents.models import Consent
from portal.consents.queries import in_force, is_given
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotAllowed
from portal.core.outbox import OutboxMail
from tests.asks.story import CALL, QUOTE, Programme, forget

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser
    from tests.postbox import Postbox


def words_of(person: Person) -> list[tuple[str, str]]:
    """The member's ledger of consents, oldest first."""
    forget()
    found = db.session.execute(
        select(Consent.kind, Consent.state).where(Consent.person_id == person.id).order_by(Consent.id)
    )
    return [(row.kind, row.state) for row in found]


def test_everything_is_off_until_it_is_turned_on(browse: Browser, programme: Programme) -> None:
    """A1: the wording is shown, its version is stored, and one act is one act."""
    ada = programme.make.member("Ada Advocate")
    page = browse.as_(ada).open("advocates.mine")
    assert "Nothing is on until you turn it on" in page.words
    assert "Turn everything off" not in page.words
    wording = page.follow("Read and turn on")
    assert "about half an hour, about what I know from my own work" in wording.words
    assert wording.submit("Turn it on").status == 422, "nothing is turned on without the box"
    assert words_of(ada) == []
    assert "Reference call is on" in wording.submit("Turn it on", agree="y").words
    assert words_of(ada) == [(f"act:{CALL}", "given")]
    assert [one.act.key for one in queries.consents_in_force(ada.id)] == [CALL]


def test_words_that_changed_meanwhile_are_read_first(browse: Browser, programme: Programme) -> None:
    """A1: nobody agrees to words that they were not shown."""
    ada = programme.make.member()
    page = browse.as_(ada).open("advocates.act", key=CALL)
    actions.publish_wording(
        queries.act(CALL), "Other words, which nobody has read yet.", by=programme.by(programme.manager)
    )
    db.session.commit()
    assert page.submit("Turn it on", agree="y").status == 409
    assert words_of(ada) == []


def test_a_yes_keeps_the_words_it_was_given_to(browse: Browser, programme: Programme) -> None:
    """A1: a new version neither ends nor widens a consent; the member sees that the words have changed."""
    ada = programme.advocate()
    actions.publish_wording(
        queries.act(CALL), "Other words, which nobody has read yet.", by=programme.by(programme.manager)
    )
    db.session.commit()
    assert in_force()[f"act:{CALL}"][0] == 2
    assert is_given(ada.id, f"act:{CALL}")
    page = browse.as_(ada).open("advocates.mine")
    assert "The words have changed since you agreed to version 1" in page.words
    browse.as_(ada).open("advocates.act", key=CALL).submit("Turn it on", agree="y")
    assert [one.last.version for one in queries.consents_in_force(ada.id) if one.last and one.act.key == CALL] == [2]
    old = browse.as_(ada).open("consents.act", key=CALL, version=1)
    assert "half an hour" in old.words


def test_nobody_opts_in_for_another(programme: Programme) -> None:
    """R25: the opt-in is the person's own, whoever asks."""
    ada = programme.advocate()
    known = queries.advocate(ada.id)
    assert known is not None
    for who in (programme.manager, programme.staff, programme.make.member(roles=("admin",))):
        with pytest.raises(NotAllowed):
            actions.set_limits(known, 1, 0, by=programme.by(who))
    with pytest.raises(NotAllowed):
        actions.turn_on(queries.act(CALL), 1, by=programme.make.system)


def test_one_click_turns_everything_off_everywhere(
    browse: Browser, programme: Programme, outbox: Postbox, work: Callable[[], int]
) -> None:
    """A1, R25: the asks in flight stop in the same transaction, the asker is told, and the mail that waits is not sent."""
    ada = programme.advocate()
    ask = programme.ask(ada)
    browse.as_(ada).open("advocates.mine").submit("Turn everything off")
    assert programme.fresh(ask).state == "stopped"
    assert queries.consents_in_force(ada.id) == []
    work()
    assert [mail.state for mail in outbox.mails() if mail.kind == "asks.ask"] == ["cancelled"]
    manager, seller = browse.as_(programme.manager), browse.as_(programme.seller)
    for one in (manager, seller):
        assert "Ada Advocate" not in one.open("advocate_desk.index").words
    assert "Nobody can be asked here just now" in seller.open("ask_desk.new", public_id=ada.public_id).words
    assert "Stopped: Ada Advocate can’t be called on now" in seller.open("notifications.index").words
    assert "The advocate took the consent back" not in seller.open("ask_desk.ask", public_id=ask.public_id).words
    assert words_of(ada)[-2:] == [(f"act:{CALL}", "withdrawn"), (f"act:{QUOTE}", "withdrawn")]


def test_one_act_off_leaves_the_others(browse: Browser, programme: Programme) -> None:
    """A1: one click turns one off."""
    ada = programme.advocate()
    ask = programme.ask(ada, QUOTE)
    page = browse.as_(ada).open("advocates.mine").submit(f"acts/{CALL}/off")
    assert "Reference call is off" in page.words
    assert [one.act.key for one in queries.consents_in_force(ada.id)] == [QUOTE]
    assert programme.fresh(ask).state == "waiting"
    browse.as_(ada).open("advocates.mine").submit(f"acts/{QUOTE}/off")
    assert programme.fresh(ask).state == "stopped"


def test_limits_and_days_left_out(browse: Browser, programme: Programme) -> None:
    """A4: lower than the house only; a pause that has begun stops what was not answered yet."""
    ada = programme.advocate()
    page = browse.as_(ada).open("advocates.mine").submit("limits", own_calls="1", rest_days="90")
    assert "Your limits are kept" in page.words
    assert page.submit("limits", own_calls="7", rest_days="0").status == 422
    today, later = clock.today(), clock.today() + timedelta(days=10)
    wrong = page.submit("pauses", starts_on=later.isoformat(), ends_on=today.isoformat())
    assert (wrong.status, "The last day can't come before the first" in wrong.words) == (422, True)
    ask = programme.ask(ada, QUOTE)
    page = wrong.submit("Leave these days out", starts_on=today.isoformat(), ends_on=later.isoformat())
    assert programme.fresh(ask).state == "stopped"
    assert not lights.is_green(ada.id, queries.act(QUOTE))
    page.submit("/end")
    assert queries.pauses(ada.id) == []


def test_who_looked_when_and_why(browse: Browser, programme: Programme) -> None:
    """P4: each look at the record is written down with its reason, and matches what the member reads."""
    ada = programme.advocate()
    door = browse.as_(programme.staff).open("advocate_desk.record", public_id=ada.public_id)
    assert door.heading == "Why do you look?"
    assert "Nobody yet" in browse.as_(ada).open("advocates.mine").words, "the door is no look"
    record = browse.as_(programme.staff).open("advocate_desk.record", public_id=ada.public_id, why="deal")
    assert record.heading == "Ada Advocate"
    for page in ("advocates.mine", "advocates.seen"):
        words = browse.as_(ada).open(page).words
        assert "Ruth Staff" in words
        assert "To find somebody for a deal" in words
    assert [look.reason for look in queries.looks(ada.id).items] == ["To find somebody for a deal"]


def test_the_acts_and_their_words_are_the_hosts(browse: Browser, programme: Programme) -> None:
    """Managers and admins edit the list and the wording; others don't find it."""
    page = browse.as_(programme.manager).open("acts.new")
    made = page.submit(
        "Save", name="Podcast guest", meaning="You talk into a microphone.", wording="I am willing to be recorded."
    )
    assert "Podcast guest is on the list" in made.words
    browse.as_(programme.make.member(roles=("admin",))).open("acts.edit", key=CALL).submit(
        "Save", wording="Wholly new words for it."
    )
    assert in_force()[f"act:{CALL}"][0] == 2
    browse.as_(programme.manager).open("acts.index").submit(f"acts/{QUOTE}/close")
    ada = programme.make.member()
    assert "Podcast guest" in (words := browse.as_(ada).open("advocates.mine").words)
    assert "Quote" not in words
    for who in (ada, programme.seller, programme.staff):
        assert browse.as_(who).open("acts.index").status == 404


def test_the_companys_list_becomes_invitations_never_consents(
    browse: Browser, programme: Programme, work: Callable[[], int]
) -> None:
    """A1: members are asked, others are nominated, nobody is opted in."""
    ada = programme.make.member(address="ada@example.org")
    page = browse.as_(programme.manager).open("acts.invite_list")
    assert page.submit("Invite them", addresses="not an address").status == 422
    done = page.submit("Invite them", addresses="ada@example.org\nstranger@example.net\n\nada@example.org")
    assert "1 member is invited" in done.words
    assert queries.consents_in_force(ada.id) == []
    assert "Would you be an advocate?" in browse.as_(ada).open("notifications.index").words
    assert "stranger (by address)" in browse.as_(programme.staff).open("nominations.index").words
    assert (
        db.session.execute(select(OutboxMail.id).where(OutboxMail.to_address == "stranger@example.net")).first() is None
    )
