"""Journeys 9 and 11: a referral from entry to won, seen by its sender at each stage; and everybody's day on one page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.referrals import actions, ledger
from portal.referrals.actions import Lead, Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

JO = "jo@rook.example"


def test_a_referral_from_entry_to_won(
    someone: Callable[..., Any], make: Make, outbox: Postbox, work: Callable[[], int]
) -> None:
    """A8, journey 9: sent without a script, asked by letter, worked by keyboard; the sender sees each stage."""
    ada, max_ = make.member("Ada Lovelace"), make.member("Max Manager", roles=("manager",))
    sender = someone(ada, by="plain")
    sender.go("/").press("Referrals", within="body").press("Refer somebody").press("A company that could use us")
    sender.fill(company="Rook & Sons", name="Jo Rook", address=JO, about="They weigh by hand.", agreed="not_asked")
    sender.press("Refer").sees("each stage, to the end", "two working days", "Their yes")
    mine = sender.page.url

    manager = someone(max_, by="keys")
    manager.go("/programme").sees("Your day", "Rook & Sons").misses("Jo Rook").look_at("day")
    manager.press("Referrals", within="main").sees("waiting for their yes").look_at("pipeline")
    manager.press("Rook & Sons").fill(to="contacted").press("Move and tell").sees("Their yes is not here yet")

    question = outbox.link(JO)
    work()
    jo = someone(None, by="plain")
    jo.go(question).sees("Ada Lovelace thought that you", "Nobody writes to you before").look_at("asked")
    jo.press("Yes, write to me").sees("we will write to you")

    for stage, told in (("accepted", "taken it up"), ("contacted", "We have written"), ("meeting", "We have met"),
                        ("proposal", "a proposal from us"), ("won", "this began with you")):  # fmt: skip
        manager.go("/programme/referrals/table").press("Rook & Sons").sees("Jo Rook")
        manager.fill(to=stage).press("Move and tell").sees("The referrer is told")
        sender.go(mine).sees(told)
    manager.look_at("referral")
    sender.go("/notifications").sees("Won: your referral of Jo Rook")
    someone(ada, phone=True).go(mine).sees("yours", "They have become a customer").look_at("my-referral")


def test_everybody_finds_their_day_on_one_page(someone: Callable[..., Any], make: Make) -> None:
    """Journey 11: staff, manager, seller and admin open one page; each sees what is theirs, and one next step."""
    people = {
        role: make.member(f"{role.title()} Somebody", roles=(role,)) for role in ("staff", "manager", "seller", "admin")
    }
    referrer = viewer_of(make.member().id)
    for role in ("staff", "manager", "seller"):
        lead = Lead("lead", "Jo Rook", f"Firm of the {role}", agreed_on=clock.today())
        referral, by = actions.refer(lead, by=referrer), viewer_of(people[role].id)
        actions.move(referral, "accepted", seen="new", by=by)
        actions.plan(referral, Plan(f"Call for the {role}", clock.today()), by=by)
        referral.next_on = clock.today() - timedelta(days=2)
        ledger.set_clock(referral)
    db.session.commit()

    manager = someone(people["manager"], by="keys").go("/").press("Programme", within="body")
    manager.sees("3 clocks have run out", "Call for the staff", "Call for the seller", "Seller Somebody")
    assert not manager.look_all_ways("day-manager")
    manager.press("Only yours").sees("Call for the manager").misses("Call for the seller")
    manager.press("Open the oldest").sees("Firm of the manager")

    seller = someone(people["seller"], by="plain").go("/").press("Programme", within="body")
    seller.sees("Call for the seller").misses("Firm of the staff", "Influence").look_at("day-seller")
    staff = someone(people["staff"], phone=True).go("/programme")
    staff.sees("Call for the staff", "Influence").misses("Firm of the seller").look_at("day-staff")
    admin = someone(people["admin"]).go("/programme")
    admin.sees("Call for the staff", "The back office").misses("Jo Rook").look_at("day-admin")
    looking = someone(people["manager"])
    for name in ("", "/table"):
        found = looking.go(f"/programme/referrals{name}").look_all_ways(f"pipeline{name.replace('/', '-')}")
        assert not found, found
