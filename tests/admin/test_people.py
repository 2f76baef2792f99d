"""The people of the back office: found, made, given roles, never taken over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.accounts.models import Invitation
from portal.admin.queries.people import suggest
from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import add, db
from portal.notifications.models import Notification
from portal.people import actions as people
from portal.people.models import Person
from portal.profiles.models import FormerName
from portal.profiles.terms import refresh_terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox


def test_everybody_is_listed_with_their_state(office: Browser, make: Make) -> None:
    make.person("Una Unclaimed")
    hidden = make.member("Hidden Hana")
    people.step_back(hidden, by=viewer_of(hidden.id))
    paused = make.member("Paul Paused")
    paused.suspended_until = clock.now() + timedelta(days=3)
    db.session.commit()
    words = office.open("admin.people.index").words
    for line in (
        "Una Unclaimed No relation recorded Not invited",
        "Hidden Hana Former employee Stepped back",
        "Paul Paused",
    ):
        assert line in words
    assert "Suspended until" in words


def test_people_are_found_by_name_address_state_role_and_relation(office: Browser, make: Make) -> None:
    make.member("Dorota Wiśniewska", roles=("moderator",), address="dorota@example.org")
    make.member("Ben Okafor", relation="customer:former")

    def found(**filters: str) -> str:
        return office.open("admin.people.index", **filters).words

    assert "Dorota Wiśniewska" in found(q="wisniewska")
    assert "Dorota" in found(q="dorota@exam")
    assert "Ben Okafor" not in found(q="dorota@exam")
    assert "Dorota" in found(role="moderator")
    assert "Ben Okafor" not in found(role="moderator")
    assert "Ben Okafor" in found(kind="customer:former")
    assert "Dorota" not in found(kind="customer:former")
    assert "Nobody matches" in found(state="invited")


def test_the_list_goes_on_and_costs_the_same(office: Browser, make: Make) -> None:
    """T6."""
    office.open("admin.people.index")
    few = len(office.open("admin.people.index").statements)
    for number in range(60):
        make.member(f"Person {number:03}")
    office.open("admin.people.index")
    page = office.open("admin.people.index")
    assert len(page.statements) == few
    assert "Person 059" not in page.words
    further = page.follow("Further")
    assert "Person 059" in further.words
    assert "Person 001" not in further.words
    assert "Person 001" in further.follow("Back").words


def test_a_person_is_made_and_invited_in_one_form(
    office: Browser, outbox: Postbox, work: Callable[[], int], deeds: Callable[[], list[str]]
) -> None:
    page = office.open("admin.people.new").submit(
        full_name="Grace Abara",
        kind="employee",
        department="Support",
        start="2014",
        end="2019-03",
        address="grace@example.org",
    )
    assert page.heading == "Grace Abara"
    assert "Former employee" in page.words
    assert "grace@example.org" in page.words
    assert {"create person", "record relation", "invite"} <= set(deeds())
    work()
    assert "grace@example.org" in outbox.recipients()


def test_a_namesake_is_shown_and_never_taken(office: Browser, make: Make) -> None:
    """R17: two 'Li Wei' stay two."""
    make.person("Li Wei")
    page = office.open("admin.people.new").submit(full_name="Li Wei", kind="employee")
    assert page.status == 422
    assert "Is it one of these?" in page.words
    page = page.submit(full_name="Li Wei", another="y")
    assert page.status == 200
    assert len(list(db.session.scalars(select(Person).where(Person.full_name == "Li Wei")))) == 2


def test_what_was_typed_stays_when_something_is_wrong(office: Browser) -> None:
    page = office.open("admin.people.new").submit(full_name="Grace Abara", kind="employee", start="2019", end="2014")
    assert page.status == 422
    assert "The end lies before the beginning." in page.words
    assert 'value="Grace Abara"' in page.text
    assert not list(db.session.scalars(select(Person).where(Person.full_name == "Grace Abara")))


def test_a_members_address_is_refused_beside_the_field(office: Browser, make: Make) -> None:
    make.member(address="ben@example.org")
    page = office.open("admin.people.new").submit(full_name="Ben Again", kind="employee", address="Ben@example.org")
    assert page.status == 422
    assert "This address belongs to a member already." in page.words
    assert 'value="Ben Again"' in page.text


def test_a_former_name_leads_to_its_person_if_they_tell_it(office: Browser, make: Make) -> None:
    """P1: not one that they keep to themselves."""
    for name, former, audience in (
        ("Maggie Zwolle", "Maggie Ashdown", "members"),
        ("Ben Zorn", "Ben Ashdown", "only_me"),
    ):
        person = make.member(name)
        add(FormerName(person_id=person.id, name=former, audience=audience))
        refresh_terms(person.id)
    db.session.commit()
    page = office.open("admin.people.index", q="ashdown")
    assert "Maggie Zwolle" in page.words
    assert "Ben Zorn" not in page.words


def test_suggestions_begin_with_names_that_begin_so(make: Make) -> None:
    for name in ("Anthea Coldstream", "Zoë Eamon", "Eamon Garvey"):
        make.member(name)
    assert [record.face.name for record in suggest("eam")] == ["Eamon Garvey", "Zoë Eamon", "Anthea Coldstream"]


def test_inviting_again_ends_the_first_letter(office: Browser, make: Make) -> None:
    """R21."""
    una = make.person("Una Unclaimed")
    office.open("admin.person.invite", public_id=una.public_id).submit(address="una@example.org")
    page = office.open("admin.person.invite", public_id=una.public_id).submit(address="una@example.net")
    assert "taken back or sent anew" in page.words
    page = page.submit("Take it back")
    db.session.rollback()
    assert not [row for row in db.session.scalars(select(Invitation)) if row.ended_at is None]
    assert "The invitation no longer works." in page.words


def test_roles_are_given_and_ended_with_their_history(
    office: Browser, make: Make, deeds: Callable[[], list[str]]
) -> None:
    ben = make.member("Ben Okafor", relation="employee:current")
    office.open("admin.person.grant_role", public_id=ben.public_id).submit(role="seller")
    assert viewer_of(ben.id).roles == {"seller"}
    page = office.open("admin.person.end_role", public_id=ben.public_id, role="seller").submit(
        because="He moves to Support."
    )
    assert viewer_of(ben.id).roles == frozenset()
    assert "He moves to Support." in page.words
    assert deeds().count("grant role") >= 1
    assert "end role" in deeds()
    told = db.session.scalars(
        select(Notification.title).where(Notification.person_id == ben.id).order_by(Notification.id)
    )
    given, ended = told.all()
    assert given.startswith("You have a role from now on, seller: Requests references")
    assert ended == "What you did as seller has ended. You stay a member."


def test_a_role_of_the_staff_needs_a_current_employment(office: Browser, make: Make) -> None:
    """I16."""
    ben = make.member(relation="customer:current")
    page = office.open("admin.person.grant_role", public_id=ben.public_id).submit(role="seller")
    assert page.status == 422
    assert viewer_of(ben.id).roles == frozenset()


def test_the_last_admin_cannot_be_ended(office: Browser, ada: Person) -> None:
    """I16."""
    page = office.open("admin.person.index", public_id=ada.public_id)
    assert "The last admin can’t go" in page.words
    answer = office.open("admin.person.end_role", public_id=ada.public_id, role="admin").submit(because="no")
    assert answer.status == 403
    assert "admin" in viewer_of(ada.id).roles


def test_a_relation_ends_on_its_date_and_roles_with_it(office: Browser, make: Make) -> None:
    """I5, I16."""
    ben = make.member("Ben Okafor", roles=("staff",))
    page = office.open("admin.person.index", public_id=ben.public_id).follow("It has ended").submit(end="2020-06-30")
    assert "Former employee" in page.words
    who = viewer_of(ben.id)
    assert who.relations == {("employee", "former")}
    assert not who.roles


def test_another_persons_relation_is_not_ended_by_mistake(office: Browser, make: Make) -> None:
    from portal.careers.queries import relations_of

    ben, eve = make.member(relation="employee:current"), make.member(relation="employee:current")
    relation = relations_of(eve.id)[0]
    page = office.open("admin.person.end_relation", public_id=ben.public_id, relation_id=relation.public_id)
    assert page.status == 404


def test_groups_and_devices_of_a_person(office: Browser, browse: Browser, make: Make) -> None:
    """ASVS 7.4.5: an admin ends sessions."""
    ben = make.member("Ben Okafor")
    make.group("Halifax")
    theirs = browse.as_(ben)
    assert "Halifax" in office.open("admin.person.join_group", public_id=ben.public_id).submit("Put in").words
    page = office.open("admin.person.index", public_id=ben.public_id).submit("Take out")
    assert "In none." in page.words
    page.submit("Sign every device out")
    assert theirs.open("home.index").heading != ""
    assert "Good" not in theirs.open("home.index").heading


def test_a_new_name_is_everywhere(office: Browser, make: Make) -> None:
    ben = make.member("Ben Okafor")
    page = office.open("admin.person.rename", public_id=ben.public_id).submit(
        full_name="Benedict Okafor", call_name="Ben"
    )
    assert page.heading == "Benedict Okafor"


def test_the_page_of_a_person_shows_no_secret(office: Browser, make: Make) -> None:
    """R15."""
    una = make.person("Una Unclaimed")
    page = office.open("admin.person.invite", public_id=una.public_id).submit(address="una@example.org")
    secrets = [row.token_hash for row in db.session.scalars(select(Invitation))]
    assert secrets
    assert not [secret for secret in secrets if secret in page.text]


def test_suggestions_tell_namesakes_apart(office: Browser, make: Make) -> None:
    one, two = make.member("Li Wei", relation="customer:former"), make.person("Li Wei")
    found = office.client.get("/admin/people/suggest?q=li+w").get_json()
    assert {each["value"] for each in found} == {f"Li Wei ({one.public_id})", f"Li Wei ({two.public_id})"}
    assert {each["note"] for each in found} == {"Former customer", "not here yet"}


def test_beginnings_of_names_are_suggested_first(office: Browser, make: Make) -> None:
    """Of the name, then of any word in it, then letters within one."""
    for name in ("Anna Coldstream", "Zoe Eamon", "Eamon Byrne"):
        make.member(name)
    found = office.client.get("/admin/people/suggest?q=Eam").get_json()
    assert [each["label"] for each in found] == ["Eamon Byrne", "Zoe Eamon", "Anna Coldstream"]
