"""A member refers, follows each stage to the end, and takes back; nobody is written to before they agree (A8)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.outbox import OutboxMail
from portal.referrals import actions
from portal.referrals.models import Referral, ReferralConsent, ReferralLetter

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser, Page
    from tests.factories import Make
    from tests.postbox import Postbox

JO = "jo@rook.example"


def refer(browse: Browser, member: Any, kind: str = "lead", **fields: Any) -> Page:
    given = {"company": "Rook & Sons", "name": "Jo Rook", "agreed": "not_asked"} | fields
    if kind == "candidate":
        given["job"] = given.pop("company")
    return browse.as_(member).open("referrals.start").browser.get(f"/referrals/new/{kind}").submit("Refer", **given)


def only() -> Referral:
    return db.session.execute(select(Referral)).scalar_one()


@pytest.mark.parametrize("kind", ["lead", "candidate", "partner"])
def test_a_referral_is_one_page_and_says_what_happens_next(browse: Browser, make: Make, kind: str) -> None:
    """A8, S3.3: five fields at most, and the page that follows shows stages, who sees it, and whose the credit is."""
    form = browse.as_(make.member()).get(f"/referrals/new/{kind}")
    asked = form.text.count('class="field field-')
    assert asked <= 6, "four or five fields, and the day of the yes"
    page = refer(browse, make.member(), kind)
    assert "Somebody looks at it within two working days" in page.words
    assert "Other members never" in page.words
    assert "yours" in page.words


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(browse: Browser, make: Make) -> None:
    page = refer(browse, make.member(), company="", address="no address", about="She knows the yard.")
    assert page.status == 422
    assert "Say which company it is" in page.words
    assert "She knows the yard." in page.text
    assert refer(browse, make.member(), address="no address").status == 422
    tomorrow = (clock.today() + timedelta(days=2)).isoformat()
    assert "still to come" in refer(browse, make.member(), agreed="yes", agreed_on=tomorrow).words


def test_a_mistake_is_named_as_its_field_is(browse: Browser, make: Make) -> None:
    """The list of errors says what stands over the fields, and a candidate is not called a lead."""
    lead = refer(browse, make.member(), company="", name="").words
    assert "Which company: Say which company it is" in lead
    assert "Whom should we talk to there: Say what the person is called" in lead
    candidate = refer(browse, make.member(), "candidate", company="", name="").words
    assert "Who is it: Say what the person is called" in candidate
    assert "The first to refer a candidate has the credit" in candidate
    assert "a lead" not in candidate


def test_the_referred_person_is_asked_once_neutrally_and_says_yes_without_signing_in(
    browse: Browser, make: Make, outbox: Postbox, work: Callable[[], int]
) -> None:
    """A8: consent is recorded before the host writes; opening the link changes nothing, the button does."""
    refer(browse, make.member("Ada Lovelace"), "candidate", company="Night shift lead", address=JO)
    mail = outbox.last(JO)
    work()
    assert mail.subject == "Ada Lovelace thought you might talk to us"
    assert "Ada Lovelace gave us your address" in mail.text
    assert "Night shift" not in mail.text, "an employer may read this mailbox"
    secret = mail.text.split("/referrals/answer/")[1].split()[0]
    assert secret not in db.session.execute(select(ReferralLetter.token_hash)).scalar_one()
    page = browse.get(f"/referrals/answer/{secret}")
    assert "Ada Lovelace thought that you" in page.words
    assert only().consent == "waiting"
    assert "we will write to you" in page.submit("Yes, write to me").heading
    assert only().consent == "yes"
    recorded = db.session.execute(select(ReferralConsent)).scalar_one()
    assert (recorded.answer, recorded.how) == ("yes", "letter")


def test_a_no_ends_it_forgets_what_was_said_and_is_told(
    browse: Browser, make: Make, letter: Callable[..., str]
) -> None:
    """A8: a no, even after a yes, holds at once; words and address are gone and nobody asks again."""
    ada = make.member("Ada Lovelace")
    refer(browse, ada, address=JO, about="She runs the yard.")
    link = letter(JO)
    assert "that Ada Lovelace named you, and your company, stays on record" in browse.get(link).words
    browse.get(link).submit("Yes, write to me")
    page = browse.get(link).submit("I would rather not after all")
    assert "nobody writes to you" in page.heading
    assert "What stays is that you were named to us: your name, your company" in page.words
    found = only()
    assert (found.contact_name, found.company) == ("Jo Rook", "Rook & Sons"), "as the page says"
    assert (found.consent, found.ending, found.contact_address, found.about) == ("no", "lost", "", "")
    assert "would rather not talk now" in browse.as_(ada).open("notifications.index").words
    refer(browse, make.member(), company="Heron", address=JO)
    assert len(list(db.session.scalars(select(OutboxMail).where(OutboxMail.to_address == JO)))) == 1


def test_one_address_gets_one_letter_whoever_refers_it(browse: Browser, make: Make) -> None:
    """A8: two members who refer the same person cause one letter; the second reads that they should ask themselves."""
    refer(browse, make.member(), address=JO)
    page = refer(browse, make.member(), kind="candidate", address="JO@rook.example")
    assert "to one address at most once in half a year" in page.words
    assert len(list(db.session.scalars(select(OutboxMail).where(OutboxMail.to_address.ilike(JO))))) == 1


def test_the_link_ends(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    refer(browse, make.member(), address=JO)
    link = letter(JO)
    assert browse.get(link[:-3] + "xyz").status == 410
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert browse.get(link).status == 410


def test_the_letter_is_not_sent_once_it_was_taken_back(
    browse: Browser, make: Make, outbox: Postbox, work: Callable[[], int]
) -> None:
    """What waits in the outbox is asked again just before it goes."""
    ada = make.member()
    page = refer(browse, ada, address=JO)
    assert "What you wrote about them is gone" in page.submit("Take it back").words
    work()
    assert db.session.execute(select(OutboxMail.state).where(OutboxMail.to_address == JO)).scalar_one() == "cancelled"


def test_without_an_address_the_referrer_tells_the_yes(browse: Browser, make: Make) -> None:
    """A8: the referrer says on which day; it is recorded with the words."""
    page = refer(browse, make.member())
    assert "Ask them, and tell us here" in page.words
    late = page.submit("They said yes to me", agreed_on=(clock.today() + timedelta(days=3)).isoformat())
    assert late.status == 422
    page = page.submit("They said yes to me", agreed_on=clock.today().isoformat())
    assert "They have agreed that we write to them." in page.words
    assert db.session.execute(select(ReferralConsent.how)).scalar_one() == "referrer"


def test_each_stage_is_seen_and_told_to_the_end(
    browse: Browser, make: Make, send: Callable[..., Referral], outbox: Postbox, work: Callable[[], int]
) -> None:
    """A8: the referrer sees each stage to the end, hears of each once, and reads thanks and credit."""
    ada, max_ = make.member(address="ada@example.org"), make.member(roles=("manager",))
    referral = send(ada)
    for stage in ("accepted", "contacted", "meeting", "proposal", "won"):
        actions.move(referral, stage, seen=referral.stage, words=f"Now {stage}.", by=viewer_of(max_.id))
        db.session.commit()
    page = browse.as_(ada).open("referrals.one", public_id=referral.public_id)
    assert "Thank you: this began with you." in page.words
    assert "Now proposal." in page.words
    told = browse.as_(ada).open("notifications.index").words
    assert all(
        f"{word}: your referral of Jo Rook" in told for word in ("Accepted", "Contacted", "Meeting", "Proposal", "Won")
    )


def test_a_stage_that_was_skipped_is_not_shown_as_done(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """A8: whoever follows it reads what was, and not what would have come between."""
    ada = make.member()
    referral = send(ada)
    staff = viewer_of(make.member(roles=("staff",)).id)
    for stage in ("accepted", "won"):
        actions.move(referral, stage, seen=referral.stage, by=staff)
        db.session.commit()
    words = browse.as_(ada).open("referrals.one", public_id=referral.public_id).words
    for said in (
        "New : done",
        "Accepted : done",
        "Contacted : skipped",
        "Meeting : skipped",
        "Proposal : skipped",
        "Won : done",
    ):
        assert said.replace(" :", ":") in words.replace(" :", ":")


def test_a_referral_is_there_for_its_sender_alone(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    """What is not yours does not exist, by its address or by the bell."""
    referral = send()
    for path in (
        f"/referrals/{referral.public_id}",
        f"/programme/referrals/{referral.public_id}",
        "/programme/referrals",
    ):
        assert browse.as_(make.member()).get(path).status == 404
    assert browse.as_(make.member(roles=("executive",))).get("/programme").status == 404


def test_the_list_costs_the_same_with_one_and_with_many(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """T6."""
    ada = make.member()
    send(ada, company="Firm 0")
    mine = browse.as_(ada)
    mine.open("referrals.mine")
    few = len(mine.open("referrals.mine").statements)
    for number in range(1, 30):
        send(ada, company=f"Firm {number}")
    page = mine.open("referrals.mine")
    assert len(page.statements) == few
    assert "Firm 29" in page.words
    assert "Firm 0" in page.follow("Older").words


def test_suspended_members_refer_nobody(browse: Browser, make: Make) -> None:
    ada = make.member()
    ada.suspended_until = clock.now() + timedelta(days=3)
    db.session.commit()
    assert refer(browse, ada).status == 403


def test_nobody_says_yes_for_a_person_who_said_no(
    browse: Browser, make: Make, send: Callable[..., Referral], letter: Callable[..., str]
) -> None:
    """A8: their own answer is the stronger one, on another entry and on a new one; with another address it is asked anew."""
    ada = make.member()
    refer(browse, ada, address=JO)
    browse.get(letter(JO)).submit("No, rather not")
    other = refer(browse, ada, company="Heron", address="JO@rook.example")
    refused = other.submit("They said yes to me", agreed_on=clock.today().isoformat())
    assert (refused.status, "Only they can change that" in refused.words) == (422, True)
    fresh = refer(browse, make.member(), company="Kite", address=JO, agreed="yes", about="She runs the yard.")
    assert (fresh.status, "Only they can change that" in fresh.words) == (422, True)
    assert "She runs the yard." in fresh.text
    assert list(db.session.scalars(select(Referral.consent).order_by(Referral.id))) == ["no", "waiting"]
    without = refer(browse, ada, name="JO ROOK", agreed="yes")
    assert (without.status, "Only they can change that" in without.words) == (422, True), "nor without the address"
    assert send(company="Wren", address="bo@rook.example").consent == "yes"


def test_a_no_reaches_every_entry_whoever_took_back_the_one_that_asked(
    browse: Browser, make: Make, send: Callable[..., Referral], letter: Callable[..., str]
) -> None:
    """A8: what another member claimed falls, and what is over forgets the person too; its credit stays."""
    asking, claimed, over = send(agreed_on=None, address=JO), send(company="Heron", address=JO), None
    over = send(company="Kite", address=JO, about="She runs the yard.", kind="partner")
    link = letter(JO)
    staff = viewer_of(make.member(roles=("staff",)).id)
    actions.move(over, "lost", seen="new", reason="No need at present", by=staff)
    actions.take_back(asking, by=viewer_of(asking.referrer_id))
    db.session.commit()
    browse.get(link).submit("No, rather not")
    found = db.session.execute(select(Referral).where(Referral.id.in_([claimed.id, over.id])).order_by(Referral.id))
    kept = [(one.consent, one.ending, one.contact_address, one.about) for one in found.scalars()]
    assert kept == [("no", "lost", "", "")] * 2
    assert over.reason == "No need at present"
    assert over.has_credit
