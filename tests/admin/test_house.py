"""Groups, organisations, legal texts, applicants and the day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Applicant, EmailAddress, Invitation
from portal.consents.queries import in_force
from portal.core import clock, memory
from portal.core.access import viewer_of
from portal.core.db import add, db
from portal.organisations.queries import by_domain, by_name
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox


def test_a_group_is_made_filled_and_named_anew(office: Browser, make: Make, deeds: Callable[[], list[str]]) -> None:
    ben = make.member("Ben Okafor")
    page = office.open("admin.groups.new").submit(name="Halifax", purpose="The closed site")
    page = page.submit("Put in", person="Ben Okafor")
    assert "Ben Okafor is in Halifax now." in page.words
    assert viewer_of(ben.id).groups
    page = page.submit("Take out")
    assert not viewer_of(ben.id).groups
    page = page.follow("Edit").submit(name="Halifax NS")
    assert page.heading == "Halifax NS"
    assert {"create group", "join group", "leave group", "edit group"} <= set(deeds())


def test_two_groups_of_one_name_are_refused(office: Browser, make: Make) -> None:
    make.group("Halifax")
    page = office.open("admin.groups.new").submit(name="Halifax")
    assert page.status == 422
    assert "There is a group with this name already." in page.words


def test_a_firm_gets_domains_and_other_names(office: Browser, make: Make, deeds: Callable[[], list[str]]) -> None:
    firm = make.organisation("Northquay")
    page = office.open("admin.organisations.index", q="north").follow("Northquay")
    page = page.submit("Add the domain", domain="northquay.example")
    page = page.submit("Add the name", alias="NQ Logistics")
    page = page.submit("Save", name="Northquay Ltd", industry="Ports", is_account_firm="y")
    assert page.heading == "Northquay Ltd"
    db.session.rollback()
    assert by_domain("mail.northquay.example")
    assert by_name("nq logistics").id == firm.id
    page = page.submit("domains/northquay.example/remove")
    page = page.submit("aliases/")
    db.session.rollback()
    assert by_domain("northquay.example") is None
    assert {"add domain", "add alias", "edit organisation", "remove domain", "remove alias"} - set(deeds()) <= {
        "remove alias"
    }


def test_a_firm_belongs_to_another_and_never_to_itself(office: Browser, make: Make) -> None:
    group, firm = make.organisation("Quay Group"), make.organisation("Northquay")
    page = office.open("admin.organisations.organisation", public_id=firm.public_id).submit("Save", parent="quay group")
    assert page.status == 200
    assert 'value="Quay Group"' in page.text
    page = office.open("admin.organisations.organisation", public_id=group.public_id).submit("Save", parent="Northquay")
    assert page.status == 422
    assert "belongs to Quay Group already" in page.words
    page = page.submit("Save", parent="Nobody & Sons")
    assert "There is no firm of this name." in page.words


def test_a_domain_that_belongs_to_another_firm_is_refused(office: Browser, make: Make) -> None:
    make.organisation("Southquay", domain="quay.example")
    firm = make.organisation("Northquay")
    page = office.open("admin.organisations.organisation", public_id=firm.public_id).submit(
        "Add the domain", domain="quay.example"
    )
    assert page.status == 422
    assert "belongs to Southquay already" in page.words


def test_addresses_follow_a_firms_domain_when_it_is_added_and_taken_away(office: Browser, make: Make) -> None:
    """I4: in both directions, at once, and the admin is told how many."""
    cleo = make.member(address="cleo@quay.example")
    make.address(cleo, "cleo@mail.quay.example", primary=False)
    firm = make.organisation("Quay")

    def kinds() -> set[str]:
        db.session.rollback()
        return set(db.session.scalars(select(EmailAddress.kind).where(EmailAddress.person_id == cleo.id)))

    page = office.open("admin.organisations.organisation", public_id=firm.public_id)
    page = page.submit("Add the domain", domain="@Quay.example")
    assert "2 addresses there count as work now." in page.words
    assert kinds() == {"work"}
    page = page.submit("domains/quay.example/remove")
    assert "2 addresses there count as personal now." in page.words
    assert kinds() == {"personal"}


@pytest.mark.parametrize(
    ("domain", "why"),
    [
        ("gmail.com", "Anybody can have an address at gmail.com."),
        ("co.uk", "Many share co.uk."),
        ("公司.cn", "Many share xn--55qx5d.cn."),
        ("quay", "Write a domain like example.org."),
        ("a quay.example", "Write a domain like example.org."),
    ],
)
def test_a_domain_that_is_no_firms_own_is_refused(office: Browser, make: Make, domain: str, why: str) -> None:
    """I4: what anybody can have says nothing about who employs them."""
    firm = make.organisation("Quay")
    page = office.open("admin.organisations.organisation", public_id=firm.public_id)
    page = page.submit("Add the domain", domain=domain)
    assert page.status == 422
    assert why in page.words


def test_a_domain_in_another_script_is_kept_as_mail_knows_it(office: Browser, make: Make) -> None:
    """I3: typed in either form it is one domain."""
    firm = make.organisation("Kölner Quay")
    page = office.open("admin.organisations.organisation", public_id=firm.public_id)
    page.submit("Add the domain", domain="KÖLNER-quay.example")
    db.session.rollback()
    found = by_domain("xn--klner-quay-ecb.example")
    assert found is not None
    assert found.id == firm.id


def test_a_legal_text_is_looked_at_and_then_published(office: Browser, deeds: Callable[[], list[str]]) -> None:
    before = in_force().get("terms", (0, None))[0]
    page = office.open("admin.wordings.new", kind="terms").submit(
        title="Terms", body="## Be kind\n\nAlways.", act="look"
    )
    assert "Nothing is published yet." in page.words
    assert "Be kind</h" in page.text
    db.session.rollback()
    assert in_force().get("terms", (0, None))[0] == before
    page.submit("", act="publish")
    db.session.rollback()
    memory.forget()
    assert in_force()["terms"][0] == before + 1
    assert "publish legal text" in deeds()


def apply(name: str = "Grace Abara", *, hours_ago: int = 1, address: str = "grace@example.org") -> Applicant:
    """A request to join whose address was proved."""
    row = add(Applicant(
        full_name=name, address=address, norm=address, kind="customer", organisation="Northquay", start="2014", end="2019",
        proof="I ordered the first Plumb.", state="waiting", created_at=clock.now() - timedelta(hours=hours_ago),
    ))  # fmt: skip
    db.session.commit()
    return row


def test_those_who_wait_longest_come_first(office: Browser) -> None:
    apply("Young Yan", address="yan@example.org")
    apply("Old Olga", hours_ago=30, address="olga@example.org")
    words = office.open("admin.applicants.index").words
    assert words.index("Old Olga") < words.index("Young Yan")


def test_an_applicant_is_let_in(
    office: Browser, outbox: Postbox, work: Callable[[], int], deeds: Callable[[], list[str]]
) -> None:
    apply()
    page = office.open("admin.applicants.index").follow("Grace Abara")
    assert "I ordered the first Plumb." in page.words
    page = page.submit("Let them in")
    assert "Grace Abara is invited" in page.words
    assert "Nobody waits" in page.words
    assert "approve applicant" in deeds()
    work()
    assert "grace@example.org" in outbox.recipients()


def test_an_applicant_is_declined_with_a_reason(office: Browser, outbox: Postbox) -> None:
    row = apply()
    page = office.open("admin.applicants.applicant", public_id=row.public_id)
    assert page.submit("Decline", reason="").status == 422
    page.submit("Decline", reason="We find no trace of Northquay.")
    assert "We find no trace of Northquay." in outbox.last("grace@example.org").text


def test_like_names_are_hints_and_nothing_is_joined_by_name(office: Browser, make: Make) -> None:
    """R17."""
    make.person("Grace Abara")
    row = apply()
    page = office.open("admin.applicants.applicant", public_id=row.public_id)
    assert "People of a like name" in page.words
    assert "We know them" not in page.words
    page.submit("Let them in")
    db.session.rollback()
    assert db.session.query(Person).filter_by(full_name="Grace Abara").count() == 2


def test_deciding_twice_is_told(office: Browser) -> None:
    row = apply()
    page = office.open("admin.applicants.applicant", public_id=row.public_id)
    page.submit("Let them in")
    assert page.submit("Decline", reason="Too late.").status == 409


def test_the_day_is_led_by_what_is_worst(office: Browser, make: Make) -> None:
    apply(hours_ago=80)
    una = make.person("Una Unclaimed")
    add(
        Invitation(
            person_id=una.id,
            address="u@example.org",
            norm="u@example.org",
            token_hash="x",
            expires_at=clock.now() + timedelta(days=1),
        )
    )
    ben = make.member()
    db.session.execute(update(EmailAddress).where(EmailAddress.person_id == ben.id).values(state="suspended"))
    db.session.commit()
    page = office.open("admin.day.index")
    words = page.words
    assert (
        words.index("Somebody asks to join")
        < words.index("No mail gets through to a member")
        < words.index("An invitation runs out")
    )
    assert "There is one admin only" in words
    assert "Una Unclaimed" in page.follow("See who was invited").words
    assert ben.full_name in page.follow("See who").words


def test_an_admin_is_asked_at_home(office: Browser, browse: Browser, make: Make) -> None:
    apply()
    assert "Somebody asks to join" in office.open("home.index").words
    assert "asks to join" not in browse.as_(make.member()).open("home.index").words
