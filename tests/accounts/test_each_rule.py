"""Each rule of the account for life, by its name, through the front door; the other files look closer."""

from __future__ import annotations

from contextvars import Context
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts import actions, queries, refusals, tickets
from portal.accounts.models import Credential, EmailAddress, Invitation, LoginToken, Passkey, Session
from portal.careers.actions import end_relation
from portal.careers.queries import relations_of
from portal.core import clock, suppression
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.outbox import OutboxMail, post_mail
from portal.core.partial_dates import PartialDate
from portal.people.actions import end_role
from tests.accounts.keys import know, raw, set_authenticator, set_password, signed_in
from tests.accounts.softkey import SoftKey, add_passkey, show_passkey
from tests.accounts.test_keys import GOOD, age

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.application import Portal
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox


def leave(make: Make, person: Person) -> None:
    """The last tie ends."""
    end_relation(relations_of(person.id)[0], PartialDate.parse("2024"), by=make.system)
    db.session.commit()


@pytest.fixture
def at_work(make: Make) -> Person:
    """Ada, with an address of her firm and one of her own."""
    firm = make.organisation("Harbour Optics", domain="harbour.example")
    ada = make.member("Ada Lovelace", relation="customer:current", organisation=firm, address="ada@example.org")
    make.address(ada, "ada@harbour.example", kind="work", primary=False)
    return ada


def test_i1_r1_every_address_changes_and_the_person_stays(browse: Browser, make: Make, at_work: Person) -> None:
    """I1, R1: id, page and posts are the same with none of the old addresses left."""
    topic = make.topic(author=at_work, title="What became of the night shift?")
    make.address(at_work, "new@example.com", primary=False)
    for row in queries.live_addresses(at_work.id):
        if row.address != "new@example.com":
            actions.let_go(row, "removed", by=make.system)
    db.session.commit()
    her = browse.as_(at_work)
    assert her.open("profiles.person", public_id=at_work.public_id).heading == "Ada Lovelace"
    assert "Ada Lovelace" in her.open("boards.topic", public_id=topic.public_id).words


def test_i2_a_link_to_a_work_address_alone_confirms_nothing(
    browse: Browser, make: Make, at_work: Person, letter: Any
) -> None:
    """I2: with an own address there, the link at work signs nobody in on a browser that is not known."""
    browse.open("accounts.sign_in").submit("Continue", address="ada@harbour.example")
    browse.get(letter("ada@harbour.example")).submit("Sign in")
    assert not signed_in(browse)


def test_i3_r2_r9_look_alikes_are_one_address_or_none(browse: Browser, make: Make) -> None:
    """I3, R2, R9: case is folded; letters of another script are refused; a list is no address."""
    her = browse.as_(make.member(address="ada@example.org"))
    for typed in ("ADA@example.org", "аda@gmail.com", "ada@gmail.com,eve@example.com", "ada@gmail.com\r\nBcc: e@x.org"):
        assert her.open("accounts.addresses").submit("Add this address", address=typed).status == 422, typed
    assert db.session.query(EmailAddress).count() == 1


def test_i4_r3_nobody_is_called_safe_with_the_employer_s_ways_alone(browse: Browser, make: Make) -> None:
    """I4, R3: two work addresses are not enough."""
    ada = make.member(address="ada@harbour.example")
    make.address(ada, "a.lovelace@harbour.example", primary=False)
    db.session.query(EmailAddress).update({"kind": "work"})
    db.session.commit()
    words = browse.as_(ada).open("accounts.keys").words
    assert "all of them are your employer’s" in words
    assert ": safe." not in words


def test_i5_r4_after_the_last_day_a_work_address_does_nothing(
    browse: Browser, make: Make, at_work: Person, outbox: Postbox, write_mails: Callable[[], None]
) -> None:
    """I5, R4: no link, no reset, no other mail; the passkey still opens the account."""
    key = SoftKey()
    add_passkey(browse.as_(at_work), key)
    leave(make, at_work)
    before = len(outbox.mails("ada@harbour.example"))
    visitor = browse.as_(None)
    visitor.open("accounts.sign_in").submit("Continue", address="ada@harbour.example")
    visitor.open("accounts.forgot").submit("", address="ada@harbour.example")
    write_mails()
    assert len(outbox.mails("ada@harbour.example")) == before
    show_passkey(visitor, key)
    assert signed_in(visitor)


def test_i6_r10_a_reset_opens_no_session_and_takes_off_no_second_step(browse: Browser, make: Make, letter: Any) -> None:
    """I6, R10: with an authenticator and with a passkey alike."""
    ada = make.member(address="ada@example.org")
    set_authenticator(ada)
    add_passkey(browse.as_(ada), SoftKey())
    browse.open("accounts.forgot").submit("", address="ada@example.org")
    browse.get(letter("ada@example.org")).submit("", new_password=GOOD)
    assert not signed_in(browse)
    know(browse, ada)
    page = browse.open("accounts.sign_in").submit("Continue", address="ada@example.org", password=GOOD)
    assert page.heading == "One more step"
    assert db.session.query(Passkey).count() == 1


def test_i13_nothing_that_happens_at_work_closes_the_account(browse: Browser, make: Make, at_work: Person) -> None:
    """I13: years later, without any tie, the account opens."""
    set_password(at_work, GOOD)
    leave(make, at_work)
    with time_machine.travel(clock.now() + timedelta(days=3000)):
        know(browse, at_work)
        browse.open("accounts.sign_in").submit("Continue", address="ada@example.org", password=GOOD)
        assert signed_in(browse)


def test_i14_r8_what_is_taken_away_ends_at_once(browse: Browser, make: Make) -> None:
    """I14, R8: a passkey that was removed, and the sessions and links of an address that was."""
    ada, key = make.member(address="ada@example.org"), SoftKey()
    her = browse.as_(ada)
    add_passkey(her, key)
    secret, _ = tickets.issue("sign_in", ada.id, None)
    db.session.commit()
    her.open("accounts.keys").follow("Rename or remove").submit("Remove this passkey")
    assert show_passkey(browse, key).status == 422
    assert raw(browse, "GET", f"/sign-in/link/{secret}").status_code == 410


def test_i15_the_remembered_are_written_to_no_more(make: Make) -> None:
    """I15: nothing that waits is sent, security mail neither; and no way in opens."""
    ada = make.member(address="ada@example.org")
    ada.remembered_at = clock.now()
    db.session.commit()
    assert not queries.may_be_written(ada.id, "ada@example.org", security=True, removed_too=True)
    assert queries.holder("ada@example.org") is None


def test_i16_roles_end_with_the_job_and_the_last_admin_stays(browse: Browser, make: Make) -> None:
    """I16: at once, in a running session; the person stays a member."""
    ann, bob = make.member(roles=("admin",)), make.member(roles=("admin",))
    his = browse.as_(bob)
    assert his.open("admin.people.index").status == 200
    end_role(bob, "admin", because="Left.", by=make.viewer(ann))
    db.session.commit()
    assert his.open("admin.people.index").status == 404
    assert his.open("home.index").status == 200
    with pytest.raises(DomainError):
        end_role(ann, "admin", by=make.viewer(ann))


NINE = (
    ("add an address", "POST", "/settings/addresses"), ("set a password", "POST", "/settings/how-you-get-in/password"),
    ("add a passkey", "POST", "/settings/how-you-get-in/passkeys/new"), ("remove a passkey", "POST", "/settings/how-you-get-in/passkeys/{key}/remove"),
    ("set up an authenticator", "POST", "/settings/how-you-get-in/authenticator"), ("remove it", "POST", "/settings/how-you-get-in/authenticator/remove"),
    ("make codes", "POST", "/settings/how-you-get-in/codes/new"), ("move the mail", "POST", "/settings/addresses/{address}/primary"),
    ("remove an address", "POST", "/settings/addresses/{address}/remove"),
)  # fmt: skip


@pytest.mark.parametrize(("what", "method", "place"), NINE, ids=[what for what, _, _ in NINE])
def test_r11_a_stolen_session_does_none_of_nine_things(
    browse: Browser, make: Make, what: str, method: str, place: str
) -> None:
    """R11: whoever finds an open browser after a quarter of an hour changes nothing."""
    ada = make.member(address="ada@example.org")
    second = make.address(ada, "home@example.com", primary=False)
    her = browse.as_(ada)
    add_passkey(her, SoftKey())
    values = {"key": db.session.query(Passkey).one().public_id, "address": second.public_id}
    page = her.open("accounts.addresses")
    hidden = page._values(page._form("Add this address", set()))
    age(16)
    count = [db.session.query(table).count() for table in (EmailAddress, Passkey, Credential)]
    answer = her.post(place.format(**values), hidden | {"address": "eve@gmail.com", "new_password": GOOD, "code": "1"})
    assert answer.status == 401, what
    db.session.rollback()
    assert count == [db.session.query(table).count() for table in (EmailAddress, Passkey, Credential)]
    assert {row.state for row in db.session.query(EmailAddress)} == {"live"}


def test_r15_no_route_of_the_staff_sets_a_key_or_signs_in_as_somebody(app: Portal, browse: Browser, make: Make) -> None:
    """R15: whatever an admin may send about a person, no key, token, live address or session of theirs comes of it."""
    ada, admin = make.member(address="ada@example.org"), make.member(roles=("admin",))
    boss = browse.as_(admin)
    page = boss.open("admin.person.rename", public_id=ada.public_id)
    hidden = page._values(page._form("Save", set()))
    typed = {
        "password": GOOD,
        "new_password": GOOD,
        "address": "eve@gmail.com",
        "state": "live",
        "role": "admin",
        "person": ada.public_id,
    }
    for rule in app.url_map.iter_rules():
        if (
            rule.endpoint.startswith("admin.person.")
            and "POST" in (rule.methods or ())
            and rule.arguments == {"public_id"}
        ):
            path = str(rule).replace("<public_id>", ada.public_id)
            Context().run(boss.client.post, path, data=hidden | typed | {"full_name": "Ada", "call_name": ""})
    db.session.rollback()
    mine = {"person_id": ada.id}
    assert db.session.query(Credential).filter_by(**mine).count() == 0
    assert db.session.query(Passkey).filter_by(**mine).count() == 0
    assert db.session.query(LoginToken).filter_by(**mine).count() == 0
    assert db.session.query(Session).filter_by(**mine).count() == 0
    assert [row.address for row in db.session.query(EmailAddress).filter_by(**mine)] == ["ada@example.org"]


def test_r17_r20_two_people_of_one_name_stay_two(browse: Browser, make: Make, letter: Any) -> None:
    """R17, R20: neither help nor a provider nor an invitation joins them."""
    first, second = make.member("Li Wei", address="li@example.org"), make.person("Li Wei")
    actions.invite(second, "li.wei@gmail.com", by=make.system)
    db.session.commit()
    page = browse.get(letter("li.wei@gmail.com")).submit("Take my account")
    page.submit("Continue", full_name="Li Wei")
    assert {row.person_id for row in db.session.query(EmailAddress).filter_by(state="live")} == {first.id, second.id}


def test_r21_looking_at_an_invitation_uses_nothing_up(browse: Browser, make: Make, letter: Any) -> None:
    """R21: a mail scanner opens it ten times; the person still claims, once."""
    person = make.person("Li Wei")
    actions.invite(person, "li@gmail.com", by=make.system)
    db.session.commit()
    link = letter("li@gmail.com")
    for _ in range(10):
        assert "Li Wei" not in browse.as_(None).get(link).text
    browse.get(link).submit("Take my account").submit("Continue", full_name="Li Wei")
    assert browse.as_(None).get(link).status == 410
    assert db.session.query(Invitation).filter(Invitation.claimed_at.is_not(None)).count() == 1


def test_r24_a_link_that_ends_letters_opens_nothing_else(browse: Browser, make: Make) -> None:
    """R24: at the doors of signing in, recovery and veto it is worth nothing."""
    ada = make.member(address="ada@example.org")
    assert ada.id
    with browse.app.test_request_context():
        token = refusals.write("ada@example.org", "x" * 10)
    for door in ("sign-in/link", "reset", "no-way-in", "back-in", "stop-recovery", "undo-removal", "claim"):
        assert raw(browse, "GET", f"/{door}/{token}").status_code == 410, door


def test_r26_who_asked_not_to_be_written_to_is_not(make: Make) -> None:
    """R26: but security mail about their own account comes."""
    ada = make.member(address="ada@example.org")
    suppression.suppress("ada@example.org", why="asked", by=make.viewer(ada))
    for security in (False, True):
        post_mail("tests.tea", "ada@example.org", "Tea", "Tea.", person_id=ada.id, security=security)
    db.session.commit()
    assert [row.state for row in db.session.query(OutboxMail).order_by(OutboxMail.id)][-2:] == ["cancelled", "queued"]


def test_i12_r22_every_door_answers_alike(browse: Browser, make: Make) -> None:
    """I12, R22: a member's address and a stranger's, at five doors: status and number of statements are the same."""
    make.member(address="mia@example.org")
    doors = (
        ("sign_in", {}),
        ("sign_in", {"password": GOOD}),
        ("forgot", {}),
        ("join", {}),
        ("paper", {"code": "aaaa-bbbb"}),
    )
    for endpoint, typed in doors:
        seen = set()
        for address in ("mia@example.org", "noa@example.org"):
            page = browse.as_(None).open(f"accounts.{endpoint}").submit("", address=address, **typed)
            seen.add((page.status, page.url, len(page.statements)))
        assert len(seen) == 1, (endpoint, seen)
