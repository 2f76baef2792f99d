"""Journeys 8 and 10: a member opts in, is asked, accepts from the mail; and withdraws in mid-request (A1, A2, A4, A7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.db import db
from portal.core.outbox import take
from tests.asks.story import CALL, Programme, tomorrow

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

BRIEF = "Half an hour with the yard manager of Harbour Mills, about scales in frost."


def test_a_member_opts_in_is_asked_and_thanked_and_the_cap_blocks_the_next(
    someone: Callable[..., Any], make: Make, letter: Callable[[str], str], outbox: Postbox
) -> None:
    """A1, A4, A7: from the opt-in to the thanks; the next ask is refused with the reason."""
    programme = Programme(make)
    member = make.member("Ada Advocate", relation="customer:current", address="ada@example.org")
    ada = someone(member, by="keys")
    ada.go("/settings/advocate").sees("Nothing is on until you turn it on").look_at("advocate-off")
    ada.press("Read and turn on: Reference call").sees("about what I know from my own work").look_at("advocate-wording")
    ada.fill(agree="y").press("Turn it on").sees("Reference call is on", "May we call on you")
    ada.press("Yes, you may ask me").sees("holds for calls until").look_at("advocate-on")

    tom = someone(programme.seller)
    tom.go("/").press("Advocates", within="body").sees("Ada Advocate", "Green").look_at("advocates")
    tom.press("Ada Advocate").sees("Why do you look?").press("To find somebody for a deal").look_at("advocate-record")
    tom.press("Ask").fill(act=CALL, what=BRIEF, firm="Harbour Mills", by_date=tomorrow().isoformat())
    tom.press("Send the ask").sees("Waits for an answer").misses("ada@example.org")

    stranger = someone(by="plain", phone=True)  # the mail is read on a phone where nobody is signed in
    stranger.go(letter("ada@example.org")).sees(BRIEF, "Tom Seller").look_at("answering-an-ask")
    stranger.press("Yes, I do it").sees("they get in touch with you")

    tom.go("/programme/asks").press("Reference call, Ada Advocate").sees("They said yes", "ada@example.org").look_at(
        "ask"
    )
    tom.fill(outcome="helped", note="They signed.").press("Write it down")
    tom.fill(thanks="That call saved us a winter.").press("Thank Ada").sees("Your thanks are on their way")

    ada.go("/settings/advocate/ledger").sees(
        "Reference call for Harbour Mills", "It helped", "That call saved us a winter"
    )
    ada.look_at("ledger").go("/settings/advocate/seen").sees("Tom Seller", "To find somebody for a deal")
    ada.look_around("who-looked")
    tom.go(f"/programme/advocates/{member.public_id}/ask").sees("Nobody can be asked here just now")
    ines = someone(programme.manager)
    ines.go(f"/programme/advocates/{member.public_id}?why=plan").sees("They were asked a short time ago")
    ines.press("Ask").fill(act=CALL, what=BRIEF, by_date=tomorrow().isoformat()).press("Send the ask")
    ines.sees("They were asked a short time ago").look_at("ask-refused")


def test_withdrawal_in_mid_request_stops_everything_at_once(
    someone: Callable[..., Any], make: Make, letter: Callable[[str], str], outbox: Postbox
) -> None:
    """A1, A3, R25: one click, JavaScript off; the link in the mail, the list, the ask and the asker know it at once."""
    programme = Programme(make)
    member = programme.advocate("Ada Advocate", address="ada@example.org")
    ask = programme.ask(member)
    link = letter("ada@example.org")
    public_id = ask.public_id
    ada, tom, ines = someone(member, by="plain"), someone(programme.seller), someone(programme.manager)
    tom.go(f"/programme/asks/{public_id}").sees("Waits for an answer")
    ada.go("/").sees("An ask waits for your answer")

    ada.go("/settings/advocate").press("Turn everything off").sees("Everything is off, at once and everywhere")

    someone(by="plain").go(link).sees("its time is over")
    ada.go("/").misses("An ask waits for your answer")
    tom.go(f"/programme/asks/{public_id}").sees("Stopped").misses("took the consent back")
    tom.go("/notifications").sees("Stopped: Ada Advocate can’t be called on now")
    for one in (tom, ines):
        one.go("/programme/advocates").misses("Ada Advocate")
    ines.go(f"/programme/asks/{public_id}").sees("The advocate took the consent back")
    waiting = [mail.id for mail in outbox.mails() if mail.kind == "asks.ask"]
    assert [take(mail_id) for mail_id in waiting] == [None], "what still waits is not sent"
    db.session.rollback()
    ada.go("/settings/your-data").sees("Reference call, version 1", "Withdrawn").look_at("consents-ledger")
