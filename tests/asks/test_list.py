"""The list with its lights: filters, keyset, and a cost that does not grow (A2, T6)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert

from portal.advocates import queries as care_queries
from portal.advocates.models import Advocate, Flag, Pause
from portal.asks.queries import lights
from portal.consents.models import Consent
from portal.core import clock, tokens
from portal.core.db import db
from portal.people.models import Person
from tests.asks.story import CALL, QUOTE, Programme

if TYPE_CHECKING:
    from tests.browse import Browser


def names(programme: Programme, **wanted: str) -> list[str]:
    act = care_queries.act(wanted.pop("act")) if "act" in wanted else None
    page = lights.advocates(programme.by(programme.manager), lights.Wanted(act, **wanted))
    return [line.face.name for line in page.items]


def many(count: int) -> None:
    """Advocates in bulk, all willing to be quoted, all well."""
    now = clock.now()
    people = [
        {"public_id": tokens.new_public_id(), "full_name": f"Many {n:03}", "call_name": "Many", "sort_name": f"many {n:03}",
         "listed": True, "claimed_at": now}
        for n in range(count)
    ]  # fmt: skip
    ids = list(db.session.scalars(insert(Person).returning(Person.id), people))
    db.session.execute(insert(Advocate), [{"person_id": one, "answer": "yes", "answered_at": now} for one in ids])
    kind = care_queries.act(QUOTE).consent_kind
    db.session.execute(
        insert(Consent), [{"person_id": one, "kind": kind, "version": 1, "how": "settings"} for one in ids]
    )
    db.session.commit()


def test_the_filters(programme: Programme) -> None:
    """By act, relation, firm and light."""
    firm = programme.make.organisation("Harbour Mills")
    programme.advocate("Cora Customer", organisation=firm)
    programme.advocate("Emil Employee", QUOTE, relation="employee:former")
    programme.ask(programme.advocate("Rita Rests", CALL))
    assert names(programme) == ["Cora Customer", "Emil Employee", "Rita Rests"]
    assert names(programme, act=CALL) == ["Cora Customer", "Rita Rests"]
    assert names(programme, act=CALL, light="green") == ["Cora Customer"]
    assert names(programme, relation="employee") == ["Emil Employee"]
    assert names(programme, organisation="harb") == ["Cora Customer"]
    assert names(programme, light="resting") == ["Rita Rests"]


def test_one_is_found_by_name(browse: Browser, programme: Programme) -> None:
    """Whatever part of it, without its accents; each sign means itself, and a seller finds only whom they may ask (A2)."""
    programme.advocate("Zoë Ängström")
    programme.ask(programme.advocate("Rita Angst", CALL))
    programme.advocate("Per Cent")
    assert names(programme, name="angst") == ["Rita Angst", "Zoë Ängström"]
    assert names(programme, name="zoe ang", light="green") == ["Zoë Ängström"]
    assert names(programme, name="%") == names(programme, name="r_t") == names(programme, name="/") == []
    seller = browse.as_(programme.seller).open("advocate_desk.index").submit("Find", name="ANGST")
    assert "Zoë Ängström" in seller.words
    assert "Rita Angst" not in seller.words
    assert 'value="ANGST"' in seller.text
    assert "Nobody fits" in seller.submit("Find", name="Nobody of this name").words


def test_a_full_page_costs_what_one_row_costs(browse: Browser, programme: Programme) -> None:
    """T6: the same number of statements with one row and with fifty, ten at most; pages by keyset."""
    programme.advocate("Aaron First")
    for who in (programme.manager, programme.seller):
        browser = browse.as_(who)
        browser.open("advocate_desk.index")
        one = len(browser.open("advocate_desk.index").statements)
        many(60) if who is programme.manager else None
        page = browser.open("advocate_desk.index")
        assert len(page.statements) == one <= 10
    assert page.words.count("Many ") >= 29  # for sellers by their last yes
    page = browse.as_(programme.manager).open("advocate_desk.index")
    assert "Aaron First" in page.words
    further = page.follow("Further")
    assert "Many 055" in further.words
    assert "Aaron First" in further.follow("Back").words


def test_the_other_lists_cost_the_same_too(browse: Browser, programme: Programme) -> None:
    """T6: asks, nominations, the ledger and who looked."""
    from portal.advocates import actions as care
    from portal.asks.actions import log_outside

    ada = programme.advocate()
    seller, member = browse.as_(programme.staff), browse.as_(ada)
    pages = (
        (seller, "ask_desk.index"),
        (seller, "nominations.index"),
        (member, "asks.ledger"),
        (member, "advocates.seen"),
    )

    def grow(start: int, end: int) -> None:
        for n in range(start, end):
            log_outside(ada, care_queries.act(QUOTE), f"Number {n}.", clock.today(), by=programme.by(programme.seller))
            care.nominate(None, "Because of this.", name=f"Somebody {n}", by=programme.by(ada))
            db.session.execute(
                insert(care_queries.RecordView).values(
                    person_id=ada.id, viewer_id=programme.staff.id, at=clock.now(), reason="x"
                )
            )
        db.session.commit()

    grow(0, 1)
    for browser, page in pages:
        browser.open(page)
    before = [len(browser.open(page).statements) for browser, page in pages]
    grow(1, 12)
    assert [len(browser.open(page).statements) for browser, page in pages] == before


def test_whoever_is_listed_as_paused_is_paused_by_their_own_light(programme: Programme) -> None:
    """A2: the list asks from the side of flags and pauses, the record from the advocate's; they name the same people."""
    today = clock.today()
    away = {"Ann Away": (today, today), "Ben Back": (today - timedelta(days=9), today - timedelta(days=1)),
            "Cy Coming": (today + timedelta(days=1), today + timedelta(days=9))}  # fmt: skip
    people = {name: programme.advocate(name) for name in (*away, "Flo Flagged", "Cleo Closed", "Gus Green")}
    for name, (starts_on, ends_on) in away.items():
        db.session.add(Pause(person_id=people[name].id, starts_on=starts_on, ends_on=ends_on))
    db.session.add(Flag(person_id=people["Flo Flagged"].id, reason="Something broke."))
    closed = {"closed_at": clock.now(), "closed_because": "Mended."}
    db.session.add(Flag(person_id=people["Cleo Closed"].id, reason="Something broke.", **closed))
    db.session.commit()
    by_their_own = {name for name, person in people.items() if lights.overall(person.id) == "paused"}
    assert by_their_own == {"Ann Away", "Flo Flagged"}
    assert set(names(programme, light="paused")) == by_their_own
