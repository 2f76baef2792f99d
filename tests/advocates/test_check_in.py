"""“May we call on you, are you happy?”: one click, no sign-in, one purpose (A2 b, A3, R8, R24)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from portal.advocates import queries
from portal.advocates.models import Advocate, CheckIn, Flag
from portal.core import clock, tokens
from portal.core.db import db
from tests.asks.story import CALL, Programme, forget

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser
    from tests.postbox import Postbox


@pytest.fixture
def ada(programme: Programme) -> Person:
    """An advocate whom nobody has checked in with."""
    return programme.advocate(says="", address="ada@example.org")


@pytest.fixture
def link(browse: Browser, programme: Programme, ada: Person, letter: Callable[[str], str]) -> str:
    """The first link of a mailed check-in: yes."""
    page = browse.as_(programme.staff).open("advocate_desk.record", public_id=ada.public_id, why="care")
    assert "The check-in is on its way" in page.submit("Check in").words
    return letter("ada@example.org")


def answer_of(person: Person) -> str:
    forget()
    return db.session.execute(select(Advocate.answer).where(Advocate.person_id == person.id)).scalar_one()


def test_one_click_without_signing_in(browse: Browser, ada: Person, link: str, outbox: Postbox) -> None:
    """A2 b: looking changes nothing, the button does; the secret is stored as a digest only."""
    mail = outbox.last("ada@example.org")
    assert (mail.subject, "You get this because you are willing" in mail.text) == ("May we call on you?", True)
    assert mail.html is not None
    assert all(say in mail.html for say in ("say=yes", "say=not_now", "say=not_happy"))
    page = browse.get(link)
    assert answer_of(ada) == ""
    assert "You may be asked, within your limits" in page.submit("Yes, you may ask me", answer="yes").words
    assert answer_of(ada) == "yes"
    secret = link.partition("?")[0].rpartition("/")[2]
    kept = db.session.execute(select(CheckIn.token_hash)).scalar_one()
    assert kept == tokens.digest(secret)


def test_a_link_works_once_and_for_its_time(browse: Browser, ada: Person, link: str) -> None:
    """R8."""
    page = browse.get(link)
    page.submit("Not now", answer="not_now")
    assert browse.get(link).status == 410
    assert page.submit("Yes", answer="yes").status == 410
    assert answer_of(ada) == "not_now"


def test_a_link_ends_after_fourteen_days(browse: Browser, ada: Person, link: str) -> None:
    """R8: the link's life is a setting, fourteen days."""
    ends = db.session.execute(select(CheckIn.expires_at)).scalar_one()
    assert timedelta(days=13, hours=23) < ends - clock.now() <= timedelta(days=14)
    db.session.execute(update(CheckIn).values(expires_at=clock.now()))
    db.session.commit()
    assert browse.get(link).status == 410


def test_a_newer_check_in_ends_the_older(browse: Browser, programme: Programme, ada: Person, link: str) -> None:
    """R8."""
    browse.as_(programme.staff).open("advocate_desk.record", public_id=ada.public_id, why="care").submit("Check in")
    assert browse.get(link).status == 410


def test_a_secret_opens_nothing_else(
    browse: Browser, programme: Programme, ada: Person, link: str, letter: Callable[[str], str]
) -> None:
    """R8, R24: a check-in's secret neither answers an ask nor signs in; an ask's secret is no check-in."""
    secret = link.partition("?")[0].rpartition("/")[2]
    for path in ("/asks/answer/", "/sign-in/link/", "/claim/", "/reset/", "/verify/", "/notifications/off/"):
        assert browse.get(path + secret).status in (404, 410), path
    browse.get(link).submit("Yes", answer="yes")
    programme.ask(ada)
    asked = letter("ada@example.org").partition("?")[0].rpartition("/")[2]
    assert browse.get("/asks/answer/" + asked).status == 200
    for path in ("/check-in/", "/sign-in/link/", "/claim/", "/reset/", "/verify/"):
        assert browse.get(path + asked).status in (404, 410), path


def test_not_happy_pauses_at_once_and_opens_a_flag_with_an_owner(
    browse: Browser, programme: Programme, ada: Person, link: str
) -> None:
    """A3: from the mail, without signing in; what is in flight stops too."""
    browse.as_(ada).open("advocates.mine").submit("Yes, you may ask me")
    ask = programme.ask(ada)
    page = browse.as_(programme.staff).open("advocate_desk.record", public_id=ada.public_id, why="care")
    page.submit("Check in")
    browse.as_(ada).open("advocates.mine").submit("I am not happy")
    assert programme.fresh(ask).state == "stopped"
    flag = db.session.execute(select(Flag)).scalar_one()
    assert (flag.owner_id, flag.person_id) == (programme.manager.id, ada.id)
    assert "A flag on an advocate waits for you" in browse.as_(programme.manager).open("notifications.index").words
    assert "You are paused" in browse.as_(ada).open("advocates.mine").words


def test_anybody_of_the_programme_raises_a_flag_and_the_manager_closes_it(
    browse: Browser, programme: Programme
) -> None:
    """A3: the pause is immediate, for an accepted ask too; a reason closes it, and a fresh yes is asked for."""
    bea = programme.advocate("Bea Broken")
    ask = programme.ask(bea)
    browse.as_(bea).open("asks.ask", public_id=ask.public_id).submit("Yes, I do it")
    record = browse.as_(programme.seller).open("advocate_desk.record", public_id=bea.public_id, why="ask")
    assert "Nobody can be asked here" in record.words, "asked lately: a seller finds nobody"
    record = browse.as_(programme.staff).open("advocate_desk.record", public_id=bea.public_id, why="care")
    record.submit("Raise a flag", reason="The upgrade failed, and they are furious.")
    assert programme.fresh(ask).state == "stopped"
    assert browse.as_(programme.staff).open("acts.flags").status == 404
    flags = browse.as_(programme.manager).open("acts.flags")
    assert "The upgrade failed" in flags.words
    assert flags.submit("Close it", because="").status == 422
    assert "No flag is open" in flags.submit("Close it", because="Fixed, and they said so.").words
    known = queries.advocate(bea.id)
    assert known is not None
    assert known.answer == ""


def test_nothing_is_mailed_to_who_turned_everything_off(
    browse: Browser, programme: Programme, ada: Person, work: Callable[[], int], outbox: Postbox
) -> None:
    """R25: checked again at the moment of sending; the next run sends nothing."""
    browse.as_(programme.staff).open("advocate_desk.record", public_id=ada.public_id, why="care").submit("Check in")
    browse.as_(ada).open("advocates.mine").submit("Turn everything off")
    work()
    assert [mail.state for mail in outbox.mails("ada@example.org")] == ["cancelled"]
    page = browse.as_(programme.staff).open("advocate_desk.record", public_id=ada.public_id, why="care")
    assert "Nothing at present" in page.words
    assert CALL not in page.text
