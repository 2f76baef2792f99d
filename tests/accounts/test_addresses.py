"""One's own addresses: added, proved, made primary, taken away and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts import actions, queries
from portal.accounts.models import Credential, EmailAddress, LoginToken, Session
from portal.careers.actions import end_relation
from portal.careers.queries import relations_of
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotAllowed
from portal.core.partial_dates import PartialDate
from portal.people.actions import step_back
from tests.accounts.keys import set_password, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make


def states(person: Person) -> dict[str, str]:
    """Each address of a person and its state."""
    db.session.expire_all()
    return {row.address: row.state for row in db.session.query(EmailAddress).filter_by(person_id=person.id)}


def kinds(person: Person) -> dict[str, str]:
    """Each address of a person and its kind."""
    db.session.expire_all()
    return {row.address: row.kind for row in db.session.query(EmailAddress).filter_by(person_id=person.id)}


def test_an_address_counts_once_its_link_was_opened(
    browse: Browser, make: Make, letter: Callable[..., str], outbox: Any
) -> None:
    """I3, R2: until it is proved it is used for nothing; then the others hear of it."""
    ada = make.member(address="ada@example.org")
    her = browse.as_(ada)
    her.open("accounts.addresses").submit("Add this address", address="ada@gmail.com")
    assert states(ada) == {"ada@example.org": "live", "ada@gmail.com": "unverified"}
    page = her.get(letter("ada@gmail.com"))
    assert "Ada" not in page.heading
    assert states(ada)["ada@gmail.com"] == "unverified"
    page = page.submit("Confirm")
    assert "ada@gmail.com is confirmed" in page.words
    assert states(ada)["ada@gmail.com"] == "live"
    assert "ada@gmail.com" in outbox.mails("ada@example.org", "address_added")[0].text


def test_a_used_link_says_that_the_address_is_confirmed(
    browse: Browser, make: Make, letter: Callable[..., str]
) -> None:
    """I12: which address it is, is told to its owner alone; once it is taken away the link says nothing of it."""
    ada, ben = make.member(address="ada@example.org"), make.member(address="ben@example.org")
    her = browse.as_(ada)
    her.open("accounts.addresses").submit("Add this address", address="ada@gmail.com")
    link = letter("ada@gmail.com")
    twice = her.get(link)
    twice.submit("Confirm")
    for page in (browse.as_(ada).get(link), twice.submit("Confirm", once_key="another")):
        assert page.heading == "Addresses"
        assert "ada@gmail.com is confirmed already." in page.words
    for page in (browse.as_(ben).get(link), browse.get(link)):
        assert page.status == 410
        assert "the address is confirmed already" in page.words
        assert "ada@gmail.com" not in page.text
    address = queries.own_by_norm(ada.id, "ada@gmail.com")
    assert address is not None
    actions.remove_address(address, by=make.viewer(ada))
    db.session.commit()
    assert "confirmed already" not in browse.get(link).words


def test_an_address_is_proved_by_its_owner_only(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """R9: nobody gets an address into somebody else's account by making them click."""
    ada, ben = make.member(address="ada@example.org"), make.member(address="ben@example.org")
    browse.as_(ada).open("accounts.addresses").submit("Add this address", address="victim@gmail.com")
    link = letter("victim@gmail.com")
    assert "Please sign in" in browse.get(link).words
    assert browse.as_(ben).get(link).submit("Confirm").status == 403
    assert states(ada)["victim@gmail.com"] == "unverified"


def test_whose_address_it_is_is_asked_where_the_domain_does_not_tell(browse: Browser, make: Make) -> None:
    """I4: a known firm's domain is work, a mail provider's is personal; else the person says."""
    make.organisation("Harbour Optics", domain="harbour.example")
    ada = make.member(address="ada@example.org")
    her = browse.as_(ada)
    her.open("accounts.addresses").submit("Add this address", address="ada@mail.harbour.example")
    her.open("accounts.addresses").submit("Add this address", address="ada@gmx.de")
    asked = her.open("accounts.addresses").submit("Add this address", address="ada@lovelace.example")
    assert asked.status == 422
    assert "We don’t know lovelace.example" in asked.words
    asked.submit("Add this address", kind="personal")
    kinds = {row.address: row.kind for row in db.session.query(EmailAddress)}
    assert kinds["ada@mail.harbour.example"] == "work"
    assert kinds["ada@gmx.de"] == "personal"
    assert kinds["ada@lovelace.example"] == "personal"


def test_what_somebody_else_holds_looks_like_any_other(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """R2, I12: adding a member's address answers as always; proving it says nothing of whose it is."""
    make.member("Zebulon Quill", address="ben@gmail.com")
    ada = make.member(address="ada@example.org")
    her = browse.as_(ada)
    page = her.open("accounts.addresses").submit("Add this address", address="Ben@gmail.com")
    assert "We have mailed a link" in page.words
    page = her.get(letter("Ben@gmail.com")).submit("Confirm")
    assert "can’t be confirmed at once" in page.words
    assert "Zebulon" not in page.text
    assert states(ada)["Ben@gmail.com"] == "unverified"


def test_the_primary_moves_and_there_is_always_one(browse: Browser, make: Make) -> None:
    """Mail goes to the primary; when it goes, the next live one follows."""
    ada = make.member(address="ada@example.org")
    make.address(ada, "ada@home.example", primary=False)
    her = browse.as_(ada)
    assert queries.primary_address(ada.id) == "ada@example.org"
    her.open("accounts.addresses").submit("Write to this one")
    assert queries.primary_address(ada.id) == "ada@home.example"
    her.open("accounts.addresses").follow("Remove").submit("Remove it")
    assert queries.primary_address(ada.id) == "ada@example.org"


def test_nothing_is_mailed_to_those_who_stepped_back(make: Make) -> None:
    """The others ask `primary_address`: None means no mail."""
    ada = make.member(address="ada@example.org")
    step_back(ada, by=make.viewer(ada))
    assert queries.primary_address(ada.id) is None


def test_removing_ends_what_hung_on_it(browse: Browser, make: Make, write_mails: Callable[[], None]) -> None:
    """I14, R8: sessions opened through it end, what was mailed to it is worthless (CVE-2021-37693)."""
    ada = make.member(address="ada@example.org")
    other = make.address(ada, "ada@home.example", primary=False)
    other.verified_at = clock.now() - timedelta(days=30)
    db.session.commit()
    through = browse.as_(ada, address_id=other.id)
    browse.open("accounts.sign_in").submit("Continue", address="ada@home.example")
    write_mails()
    her = browse.as_(ada)
    row = queries.own_address(ada.id, other.public_id)
    her.open("accounts.addresses_remove", public_id=row.public_id).submit("Remove it")
    assert not signed_in(through)
    assert signed_in(her)
    assert states(ada)["ada@home.example"] == "removed"
    open_tokens = db.session.query(LoginToken).filter_by(address_id=other.id, used_at=None)
    assert [token.purpose for token in open_tokens] == ["undo_removal"]


def test_the_last_way_in_stays(browse: Browser, make: Make) -> None:
    """The last way in can't be taken away; a password is one."""
    ada = make.member(address="ada@example.org")
    her, row = browse.as_(ada), queries.live_addresses(ada.id)[0]
    page = her.open("accounts.addresses_remove", public_id=row.public_id).submit("Remove it")
    assert page.status == 422
    assert states(ada) == {"ada@example.org": "live"}
    set_password(ada, "seven lanterns by the canal")
    her.open("accounts.addresses_remove", public_id=row.public_id).submit("Remove it")
    assert states(ada) == {"ada@example.org": "removed"}


def test_a_removed_personal_address_can_undo_it(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """R11: for a week; whoever took it away is shut out, with what they changed."""
    ada = make.member(address="ada@example.org")
    old = queries.live_addresses(ada.id)[0]
    db.session.query(EmailAddress).update({"verified_at": clock.now() - timedelta(days=300)})
    db.session.commit()
    make.address(ada, "thief@example.com", primary=False)
    set_password(ada, "a password of the thief")
    thief = browse.as_(ada)
    thief.open("accounts.addresses_remove", public_id=old.public_id).submit("Remove it")
    link = letter("ada@example.org")
    assert browse.get(link).status == 200
    assert states(ada)["ada@example.org"] == "removed"
    browse.get(link).submit("undo it")
    assert states(ada) == {"ada@example.org": "live", "thief@example.com": "suspended"}
    assert not signed_in(thief)
    assert db.session.query(Credential).filter_by(person_id=ada.id).count() == 0
    assert queries.primary_address(ada.id) == "ada@example.org"


def test_who_slipped_in_can_not_undo_that_the_owner_took_their_address_away(
    browse: Browser, make: Make, letter: Callable[..., str], outbox: Any
) -> None:
    """R11: an address that came lately has no say against one that was there before; an old one that returns evicts nobody older."""
    ada = make.member(address="ada@example.org")
    db.session.query(EmailAddress).update({"verified_at": clock.now() - timedelta(days=300)})
    db.session.commit()
    make.address(ada, "thief@example.com", primary=False)
    thief_row = db.session.query(EmailAddress).filter_by(address="thief@example.com").one()
    browse.as_(ada).open("accounts.addresses_remove", public_id=thief_row.public_id).submit("Remove it")
    letter("ada@example.org")
    assert not outbox.mails("thief@example.com", "removal_undo")
    assert db.session.query(LoginToken).filter_by(purpose="undo_removal").count() == 0

    make.address(ada, "ada@home.example", primary=False)
    home = db.session.query(EmailAddress).filter_by(address="ada@home.example").one()
    home.verified_at = clock.now() - timedelta(days=30)
    db.session.commit()
    browse.as_(ada).open("accounts.addresses_remove", public_id=home.public_id).submit("Remove it")
    browse.get(letter("ada@home.example")).submit("undo it")
    assert states(ada)["ada@home.example"] == "live"
    assert queries.primary_address(ada.id) == "ada@example.org"
    letter("ada@example.org")
    assert "ada@home.example" in outbox.mails("ada@example.org", "removal_undone")[0].text


def test_the_undo_lasts_a_week(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """R11: 7 days."""
    ada = make.member(address="ada@example.org")
    make.address(ada, "ada@home.example", primary=False)
    row = queries.live_addresses(ada.id)[0]
    browse.as_(ada).open("accounts.addresses_remove", public_id=row.public_id).submit("Remove it")
    link = letter("ada@example.org")
    with time_machine.travel(clock.now() + timedelta(days=6, hours=23)):
        assert browse.get(link).status == 200
    with time_machine.travel(clock.now() + timedelta(days=7, hours=1)):
        assert browse.get(link).status == 410


def test_notices_to_work_addresses_hold_no_action_and_no_new_address(
    browse: Browser, make: Make, letter: Callable[..., str], outbox: Any
) -> None:
    """R11: else the former employer could use the notice, or learn where the person is reached now."""
    ada = make.member(address="ada@example.org")
    make.address(ada, "ada@work.example", kind="work", primary=False)
    make.address(ada, "old@example.net", state="stale", primary=False)
    her = browse.as_(ada)
    her.open("accounts.addresses").submit("Add this address", address="ada@gmail.com")
    her.get(letter("ada@gmail.com")).submit("Confirm")
    texts = {mail.to_address: mail.text + (mail.html or "") for mail in outbox.mails(purpose="address_added")}
    assert set(texts) == {"ada@example.org", "ada@work.example", "old@example.net"}
    assert "ada@gmail.com" in texts["ada@example.org"]
    for address in ("ada@work.example", "old@example.net"):
        assert "ada@gmail.com" not in texts[address]
        assert "/settings" not in texts[address]


def test_nobody_reaches_into_the_addresses_of_others(browse: Browser, make: Make) -> None:
    """R15: not even an admin adds, removes or makes primary; other people's ids are 404."""
    ada, admin = make.member(address="ada@example.org"), make.member(roles=("admin",))
    row, by = queries.live_addresses(ada.id)[0], make.viewer(admin)
    for act in (actions.make_primary, actions.remove_address, actions.ask_to_verify):
        with pytest.raises(NotAllowed):
            act(row, by=by)
    assert browse.as_(admin).open("accounts.addresses_remove", public_id=row.public_id).status == 404


def test_dangerous_acts_ask_who_is_there(browse: Browser, make: Make) -> None:
    """R11: 15 minutes after signing in, changing addresses asks again; nothing typed is lost."""
    ada = make.member(address="ada@example.org")
    her = browse.as_(ada, minutes_ago=14)
    page = her.open("accounts.addresses")
    assert her.open("accounts.addresses_remove", public_id=queries.live_addresses(ada.id)[0].public_id).status == 200
    db.session.query(Session).update({"authenticated_at": clock.now() - timedelta(minutes=16)})
    db.session.commit()
    stopped = page.submit("Add this address", address="ada@gmail.com")
    assert stopped.status == 401
    assert "ada@gmail.com" in stopped.text
    assert states(ada) == {"ada@example.org": "live"}
    assert her.open("accounts.addresses_remove", public_id=queries.live_addresses(ada.id)[0].public_id).url.startswith(
        "/confirm-it-is-you?next="
    )
    db.session.query(Session).update({"authenticated_at": clock.now()})
    db.session.commit()
    stopped.submit("Send it again")
    assert "ada@gmail.com" in states(ada)


def test_an_address_of_a_firm_one_has_left_is_refused(browse: Browser, make: Make) -> None:
    """R4, I5: after the last day a work address is good for nothing, however often it is added."""
    firm = make.organisation("Harbour Optics", domain="harbour.example")
    ada = make.member(relation="customer:current", organisation=firm, address="ada@example.org")
    end_relation(relations_of(ada.id)[0], PartialDate.parse("2024"), by=make.system)
    db.session.commit()
    page = browse.as_(ada).open("accounts.addresses").submit("Add this address", address="ada@harbour.example")
    assert page.status == 422
    assert "Your work there has ended" in page.words


def test_a_person_without_an_own_address_is_asked_at_sign_in(
    browse: Browser, make: Make, letter: Callable[..., str]
) -> None:
    """I4: asked at each sign-in, may be put off, and goes on where the person wanted to go."""
    ada = make.member(address="ada@example.org")
    db.session.query(EmailAddress).update({"kind": "work"})
    db.session.commit()
    browse.get("/sign-in", {"next": "/settings/devices"}).submit("Continue", address="ada@example.org")
    page = browse.get(letter("ada@example.org")).submit("Sign in")
    assert page.heading == "Add an address of your own"
    assert page.follow("Not now").heading == "Devices"
    page.submit("Add it and go on", address="ada@gmail.com")
    assert states(ada)["ada@gmail.com"] == "unverified"


def test_another_work_address_is_no_address_of_ones_own(browse: Browser, make: Make) -> None:
    """I4: a known firm's domain does not become personal by being typed there."""
    make.organisation("Harbour Optics", domain="harbour.example")
    her = browse.as_(make.member(address="ada@example.org"))
    page = her.open("accounts.own_address").submit("Add it and go on", address="ada@harbour.example")
    assert page.status == 422


def test_a_domain_that_becomes_known_makes_a_work_address(browse: Browser, make: Make) -> None:
    """I4: what was said to be an own address is none once its domain turns out to be a firm's."""
    ada = make.member(address="ada@harbour.example")
    assert queries.keys_of(ada.id).live_personal
    make.organisation("Harbour Optics", domain="harbour.example")
    assert queries.is_work(queries.live_addresses(ada.id)[0])
    assert not queries.keys_of(ada.id).live_personal


def test_once_a_day_addresses_follow_their_domains(make: Make) -> None:
    """I4: below a firm's domain it is work, at a provider of mail personal, elsewhere what the person said."""
    make.organisation("Harbour Optics", domain="harbour.example")
    ada = make.member(address="ada@eu.harbour.example")
    make.address(ada, "ada@gmail.com", primary=False)
    make.address(ada, "ada@elsewhere.example", primary=False)
    db.session.query(EmailAddress).filter_by(domain="eu.harbour.example").update({"kind": "personal"})
    db.session.query(EmailAddress).filter(EmailAddress.domain != "eu.harbour.example").update({"kind": "work"})
    actions.sort_addresses(by=make.system)
    db.session.commit()
    assert kinds(ada) == {
        "ada@eu.harbour.example": "work", "ada@gmail.com": "personal", "ada@elsewhere.example": "work"
    }  # fmt: skip
