"""The first valid referral of the same lead within 180 days has the credit, and ties are explained (A8)."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as calmly
from hypothesis import strategies as some
from sqlalchemy import func, select

from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db, unit_of_work
from portal.core.errors import Invalid
from portal.organisations import actions as organisations
from portal.referrals import actions
from portal.referrals.actions import Lead
from portal.referrals.models import Referral

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make

AT_ONCE = 6


def credits() -> list[bool]:
    return list(db.session.scalars(select(Referral.has_credit).order_by(Referral.id)))


def test_the_second_is_told_kindly_and_reads_no_name(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """A8: told at once, without naming the first; why, and for how long."""
    send(make.member("Frieda First"), company="Rook & Sons")
    page = browse.as_(make.member()).get("/referrals/new/lead").submit(
        "Refer", company="ROOK & SONS", name="Somebody Else", agreed="not_asked"
    )  # fmt: skip
    assert "Somebody was first" in page.words
    assert "within the same minute" in page.words
    assert "180 days" in page.words
    assert "Frieda" not in page.text
    assert credits() == [True, False]


def test_who_refers_the_same_again_reads_that_they_have_done_so(browse: Browser, make: Make) -> None:
    """A8: it is their own, so nobody was first; nothing new is made, and nothing typed is lost."""
    ada = browse.as_(make.member())
    given = {"company": "Rook & Sons", "name": "Jo Rook", "agreed": "not_asked"}
    first = ada.get("/referrals/new/lead").submit("Refer", **given)
    again = ada.get("/referrals/new/lead").submit("Refer", **given | {"name": "JO ROOK", "about": "She runs the yard."})
    assert again.status == 422
    assert "You have referred this already" in again.words
    assert "She runs the yard." in again.text
    assert credits() == [True]
    assert again.follow("Look at your earlier referral").url == first.url
    other = ada.get("/referrals/new/lead").submit("Refer", **given | {"name": "Bo Heron"})
    assert "You have referred this lead before" in other.words
    assert "Somebody" not in other.words.replace("Somebody looks at it", "")
    assert other.follow("Look at the earlier one").url == first.url
    first.submit("Take it back")
    ada.get("/referrals/new/lead").submit("Refer", **given)
    assert len(credits()) == 3, "what is over may be referred again"


def test_the_same_person_for_another_job_goes_as_before(make: Make, send: Callable[..., Referral]) -> None:
    """One person may suit two jobs, and is known by address or by name."""
    ada = make.member()
    send(ada, "candidate", address="cara@example.com")
    send(ada, "candidate", address="cara@example.com", job="Night shift lead")
    with pytest.raises(Invalid, match="already"):
        send(ada, "candidate", name="Cara C.", address="CARA@example.com")
    with pytest.raises(Invalid, match="already"):
        send(ada, "candidate")
    send(ada, "candidate", address="another@example.com")
    assert len(credits()) == 3


def test_one_firm_by_name_alias_or_domain_and_one_person_by_address(make: Make, send: Callable[..., Referral]) -> None:
    """A8: sameness folds names and addresses, and follows aliases and mail domains."""
    firm = make.organisation("Rook & Sons", "rook.example")
    organisations.add_alias(firm, "Rook Holding", by=make.system)
    db.session.commit()
    send(company="Røok & Sons")
    send(company="rook holding", name="Bo")
    send(company="Another name", name="Cy", address="c@sales.rook.example")
    send(kind="partner", company="Rook & Sons")
    send(kind="candidate", name="Cara", address="Cara@example.com")
    send(kind="candidate", name="Cara C.", address="cara@EXAMPLE.com")
    send(kind="candidate", name="Dora", address="dora@example.com")
    assert credits() == [True, False, False, True, True, False, True]


def test_a_provider_of_mail_is_no_firm(send: Callable[..., Referral]) -> None:
    """Two people with addresses at a provider anybody can use are no duplicates."""
    send(company="One", address="a@gmail.com")
    send(company="Two", address="b@gmail.com")
    assert credits() == [True, True]


def test_after_180_days_the_credit_is_free_again(send: Callable[..., Referral]) -> None:
    send()
    with time_machine.travel(clock.now() + timedelta(days=179)):
        send()
    with time_machine.travel(clock.now() + timedelta(days=181)):
        send()
    assert credits() == [True, False, True]


def test_when_the_first_is_taken_back_the_next_has_the_credit_and_hears_of_it(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """A8: the first *valid* one counts; who stands behind it moves up, in their order."""
    ben = make.member()
    first, _, _ = send(), send(ben), send()
    actions.take_back(first, by=viewer_of(first.referrer_id))
    db.session.commit()
    assert credits() == [False, True, False]
    assert "You have the credit now for Jo Rook" in browse.as_(ben).open("notifications.index").words
    assert (
        db.session.execute(select(Referral.first_id).order_by(Referral.id.desc()).limit(1)).scalar_one() == first.id + 1
    )


@calmly(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.tuples(some.sampled_from(["Rook", "Heron", "Kite"]), some.sampled_from(["", "a@x{}.example", "b@y{}.example"])),
                  min_size=1, max_size=8))  # fmt: skip
def test_one_credit_a_lead_whatever_comes_in_whatever_order(
    make: Make, send: Callable[..., Referral], leads: list[tuple[str, str]]
) -> None:
    """A8: among referrals with credit no two are of the same company or the same address."""
    began = db.session.execute(select(func.coalesce(func.max(Referral.id), 0))).scalar_one()
    tag = f"{began} "
    for company, address in leads:
        send(company=tag + company, address=address.format(began))
    held = db.session.execute(
        select(Referral.company, Referral.contact_norm).where(Referral.id > began, Referral.has_credit)
    ).all()
    assert len({row.company for row in held}) == len(held)
    norms = [row.contact_norm for row in held if row.contact_norm]
    assert len(set(norms)) == len(norms)
    first = db.session.execute(select(Referral.has_credit).where(Referral.id > began).order_by(Referral.id).limit(1))
    assert first.scalar_one()


def test_many_at_the_same_moment_give_one_credit(house: Portal, app: Portal, make: Make) -> None:
    """A8: nothing is checked beforehand; the database lets one of all who come at once have the credit."""
    members = [make.member().id for _ in range(AT_ONCE)]
    failed: list[Any] = []
    start = threading.Barrier(AT_ONCE)

    def send_one(number: int) -> None:
        with house.app_context():
            try:
                start.wait(10)
                with unit_of_work():
                    lead = Lead("lead", f"Person {number}", "Rook & Sons", agreed_on=clock.today(),
                                address=f"p{number % 2}@rook.example")  # fmt: skip
                    actions.refer(lead, by=viewer_of(members[number]))
            except BaseException as error:  # noqa: BLE001 - told by the test's thread
                failed.append(error)
            finally:
                db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=send_one, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failed, failed
    assert sorted(credits()) == [False] * (AT_ONCE - 1) + [True]
    holder = db.session.execute(select(Referral.id).where(Referral.has_credit)).scalar_one()
    pointed = set(db.session.scalars(select(Referral.first_id).where(Referral.has_credit.is_(False))))
    assert pointed == {holder}
    assert all(db.session.scalars(select(Referral.is_tie).where(Referral.has_credit.is_(False))))
