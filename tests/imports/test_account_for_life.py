"""One account under three directories: whoever changes employers keeps the person, both employers and every address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal.accounts.actions import invite
from portal.accounts.models import EmailAddress
from portal.core.access import system_viewer
from portal.core.db import db, unit_of_work
from portal.people.models import Person
from tests.accounts.keys import set_password, signed_in
from tests.imports.conftest import career, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make
    from tests.imports.conftest import Desk

LIST = "External ID,Full name,E-mails,Current employer,Former employers"
WORKS, MILL, HOME = "ada@works.example", "ada@mill.example", "ada@gmail.com"


def states(person_id: int) -> dict[str, str]:
    db.session.expire_all()
    return {row.address: row.state for row in db.session.query(EmailAddress).filter_by(person_id=person_id)}


def test_one_identity_both_employers_and_the_history_of_addresses(
    desk: Desk, make: Make, browse: Browser, letter: Callable[..., str]
) -> None:
    """I1, I5, I11, I13, R1: the file adds no address; the end of the old job retires one; the password still opens it."""
    make.organisation("Works", "works.example")
    make.organisation("Mill", "mill.example")
    desk.bring(LIST, f"a-1,Ada Lovelace,{WORKS}; {HOME},Works,", name="one.csv")
    with unit_of_work():
        invite(named("Ada Lovelace"), HOME, by=system_viewer())
    page = browse.get(letter(HOME)).submit("Take my account").submit("Continue")
    assert page.status == 200
    ada = named("Ada Lovelace")
    me, ada_id, known_as = browse, ada.id, (ada.public_id, ada.claimed_at)
    set_password(ada, "a lake of brass and gravel 7")
    me.open("accounts.addresses").submit("Add this address", address=WORKS)
    me.get(letter(WORKS)).submit("Confirm")
    assert states(ada_id) == {HOME: "live", WORKS: "live"}

    desk.bring(LIST, f"a-1,Ada Lovelace,{WORKS}; {HOME}; {MILL},Mill,Works until 2018-03-31", name="two.csv")
    assert states(ada_id) == {HOME: "live", WORKS: "live"}
    assert [entry[1] for entry in career(ada_id)] == ["Works"]
    page = me.open("suggested.index").submit("add").submit("add")
    assert "Nothing is suggested" in page.words
    assert states(ada_id) == {HOME: "live", WORKS: "retired"}
    me.open("accounts.addresses").submit("Add this address", address=MILL)
    me.get(letter(MILL)).submit("Confirm")

    desk.bring(LIST, f"a-1,Ada L. Lovelace,{MILL},,Works until 2018-03-31; Mill until 2019", name="three.csv")
    me.open("suggested.index").submit("add")
    assert [(entry[1], entry[4]) for entry in career(ada_id)] == [("Mill", "2019"), ("Works", "2018-03-31")]
    assert states(ada_id) == {HOME: "live", WORKS: "retired", MILL: "retired"}
    now = db.session.get(Person, ada_id)
    assert now is not None
    assert (now.public_id, now.claimed_at, now.full_name) == (*known_as, "Ada Lovelace")
    people = db.session.execute(select(func.count()).select_from(Person).where(Person.is_system.is_(False)))
    assert people.scalar_one() == 1
    me.open("home.index").submit("sign-out")
    me.open("accounts.sign_in").submit("Continue", address=MILL, password="a lake of brass and gravel 7")  # noqa: S106
    assert signed_in(me)
