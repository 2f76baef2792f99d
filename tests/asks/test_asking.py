"""An ask from the brief to the thanks, over HTTP, as each side sees it (A2, A3, A4, A7, P4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.advocates import actions as care
from portal.asks import actions, queries
from portal.asks.models import Ask
from portal.asks.parts import clocks, tasks
from portal.core import clock
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from tests.asks.story import CALL, QUOTE, Programme, forget, tomorrow

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.postbox import Postbox

BRIEF = "Half an hour with the yard manager of Harbour Mills."


def newest() -> Ask:
    forget()
    found = db.session.execute(select(Ask).order_by(Ask.id.desc()).limit(1)).scalar_one()
    db.session.rollback()
    return found


def test_from_the_mail_to_the_thanks(
    browse: Browser, programme: Programme, letter: Callable[[str], str], outbox: Postbox
) -> None:
    """A7: asked, accepted from the mail without signing in, outcome, feedback from both sides, thanks; all in the ledger."""
    ada = programme.advocate(address="ada@example.org")
    page = browse.as_(programme.seller).open("ask_desk.new", public_id=ada.public_id)
    page = page.submit("Send the ask", act=CALL, what=BRIEF, firm="Harbour Mills", by_date=tomorrow().isoformat())
    assert "Waits for an answer" in page.words
    assert "ada@example.org" not in page.text, "P2: nobody's address before the yes"
    assert [card.label for card in tasks(viewer_of(ada.id))] == ["An ask waits for your answer"]
    link = letter("ada@example.org")
    mail = outbox.last("ada@example.org")
    assert all(words in mail.text for words in (BRIEF, "Tom Seller", "Not this time", "say=no", "You get this because"))
    assert mail.html is not None
    door = browse.get(link)
    assert newest().state == "waiting", "looking decides nothing"
    assert "they get in touch with you" in door.submit("Yes, I do it", answer="yes").words
    assert browse.get(link).status == 410
    ask = newest()
    desk = browse.as_(programme.seller).open("ask_desk.ask", public_id=ask.public_id)
    assert "ada@example.org" in desk.text
    assert "Only those who look after advocates read it" in desk.words
    assert "Choose what came of it" in desk.submit("Write it down", note="They signed.").words, "no outcome by accident"
    desk = desk.submit("Write it down", outcome="helped", note="They signed.", feedback="Calm and clear.")
    assert "ada@example.org" not in desk.text, "the address is shown while the ask runs"
    desk.submit("Thank Ada", thanks="You made our year.")
    mine = browse.as_(ada).open("asks.ask", public_id=ask.public_id)
    assert all(words in mine.words for words in ("It helped", "They signed", "You made our year"))
    assert "Calm and clear" not in mine.words, "how it was with them is for those who look after advocates"
    mine.submit("Tell them", feedback="It was fun.")
    assert "It was fun" in browse.as_(programme.seller).open("ask_desk.ask", public_id=ask.public_id).words
    ledger = browse.as_(ada).open("asks.ledger")
    assert "Calm and clear" not in ledger.words
    assert all(
        words in ledger.words
        for words in ("Reference call for Harbour Mills", "Tom Seller asked you", "It helped", "You made our year")
    )


def test_declining_costs_nothing_but_the_rest(browse: Browser, programme: Programme) -> None:
    """A4: a declined ask counts for the rest, not for the calls."""
    ada = programme.advocate()
    ask = programme.ask(ada)
    browse.as_(ada).open("asks.ask", public_id=ask.public_id).submit("Not this time")
    assert newest().state == "declined"
    assert "Not this time: Ada Advocate" in browse.as_(programme.seller).open("notifications.index").words
    page = browse.as_(programme.manager).open("ask_desk.new", public_id=ada.public_id)
    refused = page.submit("Send the ask", act=CALL, what=BRIEF, by_date=tomorrow().isoformat())
    assert refused.status == 422
    assert "They were asked a short time ago." in refused.words
    assert "calls for this quarter are used up" not in refused.words
    assert BRIEF in refused.text, "nothing typed is lost"


def test_a_seller_reads_a_neutral_sentence(browse: Browser, programme: Programme) -> None:
    """A2: whoever is not green is not named, and looks like any member who is no advocate."""
    rested, flagged, plain = (
        programme.advocate("Rita Rests"),
        programme.advocate("Flora Flag"),
        programme.make.member("Paul Plain"),
    )
    programme.ask(rested)
    care.raise_flag(flagged.id, "A reason nobody but the manager reads.", by=programme.by(programme.staff))
    green = programme.advocate("Gina Green")
    db.session.commit()
    seller, manager = browse.as_(programme.seller), browse.as_(programme.manager)
    listed = seller.open("advocate_desk.index").words
    assert "Gina Green" in listed
    assert not [name for name in ("Rita Rests", "Flora Flag") if name in listed]
    pages = {
        seller.open(page, public_id=person.public_id).words
        for page in ("advocate_desk.record", "ask_desk.new") for person in (rested, flagged, plain)
    }  # fmt: skip
    assert len(pages) == 1
    assert "Resting: nobody can be asked here just now" in pages.pop()
    seller_form = seller.open("ask_desk.new", public_id=green.public_id)
    programme.ask(green, QUOTE, by=programme.manager)
    refused = seller_form.submit("Send the ask", act=CALL, what=BRIEF, by_date=tomorrow().isoformat())
    assert (refused.status, "Resting: nobody can be asked" in refused.words, BRIEF in refused.text) == (422, True, True)
    told = manager.open("advocate_desk.index").words
    assert all(words in told for words in ("a flag is open", "asked a short time ago", "Paused", "Resting"))
    staff = browse.as_(programme.staff).open("advocate_desk.index").words
    assert "Flora Flag" in staff
    assert not [words for words in ("a flag is open", "Paused", "asked a short time ago") if words in staff]


def test_a_member_who_works_for_nobody_finds_none_of_it(browse: Browser, programme: Programme) -> None:
    """A2: without a role of the programme the pages do not exist."""
    ada = programme.advocate()
    ask = programme.ask(ada)
    for who in (
        programme.make.member(),
        programme.make.member(roles=("admin",)),
        programme.make.member(roles=("moderator",)),
    ):
        browser = browse.as_(who)
        for page, named in (("advocate_desk.index", {}), ("ask_desk.index", {}), ("nominations.index", {}), ("acts.flags", {}),
                            ("advocate_desk.record", {"public_id": ada.public_id}), ("ask_desk.ask", {"public_id": ask.public_id}),
                            ("asks.ask", {"public_id": ask.public_id})):  # fmt: skip
            assert browser.open(page, **named).status == 404, page
    other = browse.as_(programme.make.member(roles=("seller",)))
    assert other.open("ask_desk.ask", public_id=ask.public_id).status == 404, "a seller finds their own asks"
    assert "Ada Advocate" not in other.open("ask_desk.index").words


def test_an_override_needs_a_reason_the_advocates_yes_and_shows(
    browse: Browser, programme: Programme, letter: Callable[[str], str], outbox: Postbox
) -> None:
    """A4: beyond rest and caps; the mail says so, and its answer is the advocate's yes."""
    ada = programme.advocate(address="ada@example.org")
    programme.ask(ada, QUOTE)
    values = {"act": CALL, "what": BRIEF, "by_date": tomorrow().isoformat()}
    page = browse.as_(programme.manager).open("ask_desk.new", public_id=ada.public_id)
    assert page.submit("Send the ask", **values).status == 422
    assert page.submit("Send the ask", **values, override_reason="Short").status == 422
    reason = "The board of Harbour Mills decides on Friday."
    asked = page.submit("Send the ask", **values, override_reason=reason)
    assert reason in asked.words
    letter("ada@example.org")
    assert reason in outbox.last("ada@example.org").text
    assert "beyond the limits" in browse.as_(programme.staff).open("ask_desk.index").words
    assert "Beyond your limits" in browse.as_(ada).open("asks.ask", public_id=newest().public_id).words
    care.raise_flag(ada.id, "Something broke.", by=programme.by(programme.staff))
    db.session.commit()
    page = browse.as_(programme.manager).open("ask_desk.new", public_id=ada.public_id)
    never = page.submit("Send the ask", **values, override_reason=reason)
    assert (never.status, "never beyond what the advocate said" in never.words) == (422, True)


def test_a_favour_from_outside_counts(browse: Browser, programme: Programme) -> None:
    """A4: it is noted without blame, the advocate sees it, and it counts towards the caps."""
    ada = programme.advocate()
    page = browse.as_(programme.seller).open("ask_desk.outside", public_id=ada.public_id)
    assert page.submit("Note it", act=CALL, what="x", on=clock.today().isoformat()).status == 422
    page.submit("Note it", act=CALL, what="Rang her about the cold store.", on=clock.today().isoformat())
    assert (
        "Nobody can be asked here" in browse.as_(programme.seller).open("ask_desk.new", public_id=ada.public_id).words
    )
    assert "Outside the portal, noted by Tom Seller" in browse.as_(ada).open("asks.ledger").words


def test_no_answer_is_an_answer_too(browse: Browser, programme: Programme, letter: Callable[[str], str]) -> None:
    """A7: its link ends with its time, the asker sees it, and puts it away."""
    ada = programme.advocate(address="ada@example.org")
    ask = programme.ask(ada)
    link = letter("ada@example.org")
    db.session.execute(update(Ask).values(answer_by=clock.now() - timedelta(minutes=1)))
    db.session.commit()
    assert browse.get(link).status == 410
    assert actions.lapse_asks(by=system_viewer()) == 1
    db.session.commit()
    assert [(one.kind, one.next_step) for one in clocks(viewer_of(programme.seller.id), 5)] == [
        ("Ask", "Ask somebody else")
    ]
    page = browse.as_(programme.seller).open("ask_desk.ask", public_id=ask.public_id)
    assert "No answer" in page.words
    page.submit("Put it away")
    assert clocks(viewer_of(programme.seller.id), 5) == []


def test_taken_back_by_who_asked(browse: Browser, programme: Programme) -> None:
    """A7: the advocate is told that it is not needed."""
    ada = programme.advocate()
    ask = programme.ask(ada)
    browse.as_(programme.seller).open("ask_desk.ask", public_id=ask.public_id).submit("Not needed any more")
    assert "Not needed any more: reference call" in browse.as_(ada).open("notifications.index").words
    assert browse.as_(ada).open("asks.ask", public_id=ask.public_id).status == 200


def test_the_gate_again_at_the_moment_of_sending(
    programme: Programme, work: Callable[[], int], outbox: Postbox
) -> None:
    """A2, R25: what changed since is looked at again; the ask itself does not count against itself."""
    ada, bea = programme.advocate("Ada"), programme.advocate("Bea")
    for person in (ada, bea):
        programme.ask(person)
    programme.answered(ada, clock.now() - timedelta(days=20))
    work()
    states = {mail.person_id: mail.state for mail in outbox.mails() if mail.kind == "asks.ask"}
    assert states == {ada.id: "cancelled", bea.id: "sent"}


def test_every_open_ask_is_a_deadline(programme: Programme) -> None:
    """A7: an answer, an outcome, thanks, and a check-in before the day: each is due at some time."""
    names = ("Wanda Waits", "Oda Outcome", "Tina Thanks")
    asks = [programme.ask(programme.advocate(name), days=5) for name in names]
    for ask in asks[1:]:
        actions.accept(queries.own_ask(ask.person_id, ask.public_id), by=viewer_of(ask.person_id))
    actions.give_outcome(asks[2], "helped", "", "", by=programme.by(programme.seller))
    programme.answered(asks[1].person, clock.now() - timedelta(days=15))
    found = clocks(viewer_of(programme.manager.id), 20)
    steps = {one.title: one.next_step for one in found}
    assert steps == {
        "Reference call, Wanda Waits": "Wait for the answer", "Reference call, Oda Outcome": "Write down what came of it",
        "Reference call, Tina Thanks": "Thank them", "Oda Outcome": "Check in with them before the day",
    }  # fmt: skip
    assert [one.due_at for one in found] == sorted(one.due_at for one in found)
    assert clocks(viewer_of(asks[0].person_id), 20) == []


def test_what_is_due_first_is_there_however_far_its_day_lies_ahead(programme: Programme) -> None:
    """An answer is due within days, an outcome only on the day itself: the list is cut by what is due."""
    accepted = [programme.ask(programme.advocate(f"Ann {n}"), days=20 + n) for n in range(2)]
    for ask in accepted:
        actions.accept(queries.own_ask(ask.person_id, ask.public_id), by=viewer_of(ask.person_id))
    programme.ask(programme.advocate("Wanda Waits"), days=90)
    every = [one.title for one in clocks(viewer_of(programme.manager.id), 9)]
    assert every == ["Reference call, Wanda Waits", "Reference call, Ann 0", "Reference call, Ann 1"]
    for most in (1, 2):
        assert [one.title for one in clocks(viewer_of(programme.manager.id), most)] == every[:most]
        assert [one.title for one in clocks(viewer_of(programme.seller.id), most, mine=True)] == every[:most]


def test_what_a_person_may_export_and_what_erasure_leaves(programme: Programme) -> None:
    """P5, P4: asks, answers and looks are in the export; an erasure leaves numbers without a word."""
    from portal.advocates.person_data import AdvocateData
    from portal.asks.person_data import AskData

    ada, old = programme.advocate(), programme.advocate("Old Ada")
    ask = programme.ask(ada)
    care.raise_flag(old.id, "Something broke.", by=programme.by(programme.staff))
    said = AskData().export(ada.id)["asked_of_me"]
    assert [(one["act"], one["what"]) for one in said] == [("Reference call", programme.brief().what)]
    assert AdvocateData().export(old.id)["advocate"]["flags"][0]["reason"] == "Something broke."
    for data in (AdvocateData(), AskData()):
        data.move(old.id, ada.id)
    assert AdvocateData().count(ada.id) == 1
    for data in (AdvocateData(), AskData()):
        data.erase(ada.id)
    db.session.commit()
    gone = programme.fresh(ask)
    assert (gone.what, gone.deal, gone.state, gone.token_hash) == ("", "", "stopped", None)
    assert AdvocateData().count(ada.id) == 0
