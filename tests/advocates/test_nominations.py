"""Nominations and their clock: nominator and nominee see it without asking (A6)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select, update

from portal.advocates import actions, queries
from portal.advocates.models import Nomination
from portal.advocates.parts import clocks
from portal.advocates.queries import nominations
from portal.consents.actions import ensure_legal_texts
from portal.core import clock
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.referrals.actions import name_deputy
from tests.asks.story import Programme, forget

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.postbox import Postbox

WHY = "She told three customers about the crane scales."
FRIDAY = datetime(2026, 11, 27, 15, tzinfo=UTC)


def newest() -> Nomination:
    forget()
    return db.session.execute(select(Nomination).order_by(Nomination.id.desc()).limit(1)).scalar_one()


def test_a_member_nominates_and_both_see_the_clock(browse: Browser, programme: Programme) -> None:
    """A6: first contact is due in two working days, the alarm in seven; nobody is opted in by it (A1)."""
    nominator, nominee = programme.make.member("Nora Nominator"), programme.make.member("Nick Nominee")
    with time_machine.travel(FRIDAY, tick=True):
        page = browse.as_(nominator, minutes_ago=0).open("nominations.nominate")
        assert page.submit("Nominate", why=WHY).status == 422
        assert page.submit("Nominate", member="Nobody Here", why=WHY).status == 422
        made = page.submit("Nominate", member="Nick Nominee", why=WHY)
        assert "First contact: 3 days left" in made.words
        row = newest()
        assert row.due_at - FRIDAY < timedelta(days=4, minutes=1)
        assert (row.alarm_at - FRIDAY).days == 11
        own = browse.as_(nominee).open("advocates.mine")
        assert "Nora Nominator proposed you as an advocate" in own.words
        mine = own.follow("See where it stands")
    assert mine.heading == "You are nominated"
    assert WHY in mine.words
    assert queries.consents_in_force(nominee.id) == []
    stranger = browse.as_(programme.make.member())
    assert stranger.open("nominations.nomination", public_id=row.public_id).status == 404
    assert stranger.open("nominations.index").status == 404


def test_from_the_first_contact_to_the_opt_in(browse: Browser, programme: Programme) -> None:
    """A6, A1: contacted, invited, and then it is up to them; the nominator hears of each."""
    nominator, nominee = programme.make.member("Nora Nominator"), programme.make.member("Nick Nominee")
    browse.as_(nominator).open("nominations.nominate").submit("Nominate", member="Nick Nominee", why=WHY)
    row = newest()
    told = browse.as_(programme.manager).open("notifications.index").words
    assert "Nick Nominee is nominated and waits for a first contact" in told
    page = browse.as_(programme.staff).open("nominations.nomination", public_id=row.public_id)
    assert page.follow("See on Nick Nominee’s page how to reach them").heading == "Nick Nominee"
    page = page.submit("I have been in touch", note="Rang her. She is glad.")
    page = page.submit("/invite")
    assert "Whether they opt in is up to them" in page.words
    assert "Would you be an advocate?" in browse.as_(nominee).open("notifications.index").words
    programme.opt_in(nominee, "quote")
    assert newest().state == "opted_in"
    told = browse.as_(nominator).open("notifications.index").words
    assert "Nick Nominee, whom you nominated, is an advocate now" in told
    seen = browse.as_(nominator).open("nominations.nomination", public_id=row.public_id)
    assert "Is an advocate now" in seen.words
    assert "Rang her" not in seen.words, "the note is the programme's"


def test_the_nominee_says_no(browse: Browser, programme: Programme) -> None:
    """A1: whether they are is up to them."""
    nominator, nominee = programme.make.member(), programme.make.member("Nick Nominee")
    browse.as_(nominator).open("nominations.nominate").submit("Nominate", member="Nick Nominee", why=WHY)
    row = newest()
    page = browse.as_(nominee).open("nominations.nomination", public_id=row.public_id)
    assert "Ended" in page.submit("Not for me", because="Not my thing.").words
    assert "Not my thing" in browse.as_(nominator).open("nominations.nomination", public_id=row.public_id).words


def test_the_nominee_needs_no_reason(browse: Browser, programme: Programme) -> None:
    """A1: as for every ask; who reads a reason stands beside the field. Who ends it for them says why."""
    nominator, nominee = programme.make.member("Nora Nominator"), programme.make.member("Nick Nominee")
    browse.as_(nominator).open("nominations.nominate").submit("Nominate", member="Nick Nominee", why=WHY)
    row = newest()
    refused = browse.as_(programme.staff).open("nominations.nomination", public_id=row.public_id).submit("End it")
    assert (refused.status, "Say in a few words why." in refused.words) == (422, True)
    page = browse.as_(nominee).open("nominations.nomination", public_id=row.public_id)
    assert "You need no reason." in page.words
    assert "Nora Nominator and the programme’s people read it." in page.words
    assert page.submit("Not for me", because="x" * 501).status == 422
    assert "Ended. The nominator sees that it is not for you." in page.submit("Not for me").words
    seen = browse.as_(nominator).open("nominations.nomination", public_id=row.public_id)
    assert "Not for me." in seen.words


def test_somebody_who_is_not_here(browse: Browser, programme: Programme, outbox: Postbox) -> None:
    """I11: a contact by name matches no record; staff invite them to the portal first."""
    page = browse.as_(programme.make.member()).open("nominations.nominate")
    page.submit("Nominate", name="Carla Contact", firm="Harbour Mills", address="carla@harbour.example", why=WHY)
    row = newest()
    assert (row.person_id, row.contact_address) == (None, "carla@harbour.example")
    page = browse.as_(programme.staff).open("nominations.nomination", public_id=row.public_id)
    assert "carla@harbour.example" in page.text
    assert "how to reach them" not in page.words
    page.submit("/invite", address="carla@harbour.example")
    assert outbox.last("carla@harbour.example").kind == "accounts.invitation"
    assert newest().state == "invited"


def test_who_was_nominated_before_they_came_learns_of_it(
    browse: Browser, programme: Programme, letter: Callable[[str], str], outbox: Postbox, work: Callable[[], int]
) -> None:
    """A6: the nominee sees where it stands without asking: behind the bell, by mail, and on home while it is open."""
    make = programme.make
    page = browse.as_(make.member("Nora Nominator")).open("nominations.nominate")
    page.submit("Nominate", name="Carla Contact", address="carla@gmail.com", why=WHY)
    browse.as_(programme.staff).open("nominations.nomination", public_id=newest().public_id).submit("/invite")
    ensure_legal_texts(by=make.system)
    db.session.commit()
    carla = browse.as_(None)
    page = carla.get(letter("carla@gmail.com")).submit("Take my account")
    home = page.submit("Continue", agree="y").follow("Go on without")
    row = newest()
    assert row.person_id is not None
    task = home.follow("You are nominated as an advocate")
    assert (task.heading, WHY in task.words) == ("You are nominated", True)
    assert "Nora Nominator proposed you as an advocate" in carla.open("notifications.index").words
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=True):
        work()
    assert "Nora Nominator proposed you as an advocate" in outbox.last("carla@gmail.com").text
    carla.open("nominations.nomination", public_id=row.public_id).submit("Not for me", because="Not my thing.")
    assert "You are nominated" not in carla.get("/").words


def test_members_find_no_unclaimed_person_to_nominate(browse: Browser, programme: Programme) -> None:
    """I11: staff may name them, members don't learn of them."""
    programme.make.person("Zelda Unclaimed")
    db.session.commit()
    staff = browse.as_(programme.staff).get("/nominate/suggest?q=zel").response.get_json()
    member = browse.as_(programme.make.member()).get("/nominate/suggest?q=zel").response.get_json()
    assert ([one["label"] for one in staff], member) == (["Zelda Unclaimed"], [])
    page = browse.as_(programme.make.member()).open("nominations.nominate")
    assert page.submit("Nominate", member="Zelda Unclaimed", why=WHY).status == 422
    page = browse.as_(programme.staff).open("nominations.nominate")
    assert page.submit("Nominate", member=staff[0]["value"], why=WHY).heading == "Zelda Unclaimed"


def test_the_alarm_is_raised_once(browse: Browser, programme: Programme) -> None:
    """A6: after seven working days managers and the nominator hear of it."""
    nominator = programme.make.member()
    browse.as_(nominator).open("nominations.nominate").submit("Nominate", name="Carla Contact", why=WHY)
    db.session.execute(update(Nomination).values(alarm_at=FRIDAY, due_at=FRIDAY))
    db.session.commit()
    assert actions.raise_alarms(by=system_viewer()) == 1
    assert actions.raise_alarms(by=system_viewer()) == 0
    db.session.commit()
    for person in (nominator, programme.manager):
        assert "the nomination is overdue" in browse.as_(person).open("notifications.index").words
    overdue = clocks(viewer_of(programme.staff.id), 10)
    assert [(one.kind, one.title, one.owner) for one in overdue] == [("Nomination", "Carla Contact", "Ines Manager")]
    assert clocks(viewer_of(nominator.id), 10) == []


def test_what_nobody_takes_up_goes_to_the_deputy_once(programme: Programme, browse: Browser) -> None:
    """A6: each breach escalates to the deputy, and the nominator sees it without asking."""
    make, owner = programme.make, programme.manager
    deputy, nominator = make.member("Dora Deputy", roles=("manager",)), make.member("Nora Nominator")
    name_deputy(deputy, by=viewer_of(owner.id))
    row = actions.nominate(None, WHY, name="Kim Contact", by=viewer_of(nominator.id))
    row.owner_id = owner.id
    db.session.commit()
    assert actions.escalate(by=system_viewer()) == 0, "there is time"
    with time_machine.travel(row.due_at + timedelta(minutes=1), tick=True):
        assert [actions.escalate(by=system_viewer()) for _ in range(2)] == [1, 0]
        db.session.commit()
        assert newest().owner_id == deputy.id
        assert "You stand in: Kim Contact" in browse.as_(deputy).open("notifications.index").words
        assert "it went to your deputy" in browse.as_(owner).open("notifications.index").words
        assert "it was passed on" in browse.as_(nominator).open("notifications.index").words
        seen = browse.as_(nominator).open("nominations.nomination", public_id=row.public_id)
        assert "Passed on" in seen.words
        assert "Dora Deputy" in seen.words
        assert [one.owner for one in clocks(viewer_of(deputy.id), 10)] == ["Dora Deputy"]


def test_without_a_deputy_another_manager_stands_in_and_without_any_the_owner_is_told(programme: Programme) -> None:
    """A6."""
    make, owner = programme.make, programme.manager
    row = actions.nominate(None, WHY, name="Kim Contact", by=viewer_of(make.member().id))
    row.owner_id, row.due_at = owner.id, row.created_at
    db.session.commit()
    assert nominations.stand_in_for(owner.id) is None
    assert actions.escalate(by=system_viewer()) == 1
    assert (row.owner_id, row.escalated_at is None) == (owner.id, False)
    other = make.member("Mo Manager", roles=("manager",))
    assert nominations.stand_in_for(owner.id) == other.id


def test_a_contact_is_linked_to_the_record_we_have(programme: Programme, browse: Browser) -> None:
    """A1, I11: the nominator learns nothing of it; inviting then asks that person."""
    make = programme.make
    nominator, known = make.member("Nora Nominator"), make.member("Kimberley Contact")
    row = actions.nominate(None, WHY, name="Kim C.", address="kim@example.net", by=viewer_of(nominator.id))
    db.session.commit()
    desk = browse.as_(programme.staff)
    page = desk.open("nominations.nomination", public_id=row.public_id)
    refused = page.submit("/link", member="Nobody Here")
    assert refused.status == 422
    assert "Nobody here is called so." in refused.words
    page = page.submit("/link", member=f"Kimberley ({known.public_id})")
    assert "Linked." in page.words
    assert "Kimberley Contact" in page.words
    assert newest().person_id == known.id
    seen = browse.as_(nominator).open("nominations.nomination", public_id=row.public_id)
    assert "Kimberley" not in seen.words
    assert seen.heading == "Kim C."
    page.submit("/invite")
    assert "Would you be an advocate?" in browse.as_(known).open("notifications.index").words
    again = actions.nominate(None, WHY, name="Kim Again", by=viewer_of(nominator.id))
    db.session.commit()
    page = desk.open("nominations.nomination", public_id=again.public_id).submit("/link", member="Kimberley Contact")
    assert page.status == 422
    stranger = browse.as_(nominator).client.post(f"/nominations/{again.public_id}/link")
    assert stranger.status_code in (400, 404)


def test_a_member_nominates_by_clicking(browse: Browser, programme: Programme) -> None:
    """A6: from the person's page, and from one's own Advocate page, where each of one's nominations stands."""
    nominator, nominee = programme.make.member("Nora Nominator"), programme.make.member("Nick Nominee")
    programme.make.member("Nick Nominee")
    browser = browse.as_(nominator)
    page = browser.open("profiles.person", public_id=nominee.public_id).follow("Nominate as an advocate")
    assert page.submit("Nominate", why=WHY).heading == "Nick Nominee"
    assert newest().person_id == nominee.id
    own = browser.open("advocates.mine")
    assert "Waits for the first contact" in own.follow("Nick Nominee").words
    assert own.follow("Nominate somebody").heading == "Nominate an advocate"
    assert "Nominate as an advocate" not in browser.open("profiles.person", public_id=nominator.public_id).words


def test_who_is_suspended_is_offered_no_nomination(browse: Browser, programme: Programme) -> None:
    """Nothing is offered that would be refused."""
    nominee, silent = programme.make.member("Nick Nominee"), programme.make.member()
    silent.suspended_until = clock.now() + timedelta(days=3)
    db.session.commit()
    browser = browse.as_(silent)
    assert "Nominate as an advocate" not in browser.open("profiles.person", public_id=nominee.public_id).words
    assert "Nominate somebody" not in browser.open("advocates.mine").words


def test_who_is_an_advocate_is_not_nominated_and_members_do_not_learn_why(
    browse: Browser, programme: Programme
) -> None:
    """A2: the same sentence for an advocate, and for whom somebody else nominated, now or lately; no clock runs."""
    programme.advocate("Ada Advocate")
    nominee = programme.make.member("Nick Nominee")
    row = actions.nominate(nominee, WHY, by=viewer_of(programme.make.member().id))
    db.session.commit()
    form = browse.as_(programme.make.member("Nora Nominator")).open("nominations.nominate")
    refused = form.submit("Nominate", member="Ada Advocate", why=WHY)
    assert refused.status == 422
    assert "The programme has them in mind already" in refused.words
    assert "is an advocate" not in refused.words
    told = refused.words.replace("Ada Advocate", "")
    assert form.submit("Nominate", member="Nick Nominee", why=WHY).words.replace("Nick Nominee", "") == told
    own = browse.as_(nominee).open("nominations.nomination", public_id=row.public_id)
    assert "Ended" in own.submit("Not for me", because="Not my thing.").words
    assert form.submit("Nominate", member="Nick Nominee", why=WHY).words.replace("Nick Nominee", "") == told
    assert newest().id == row.id
    for person, words in (
        (programme.staff, "Ada Advocate is an advocate already"),
        (programme.seller, "in mind already"),
    ):
        page = browse.as_(person).open("nominations.nominate").submit("Nominate", member="Ada Advocate", why=WHY)
        assert (page.status, words in page.words) == (422, True)
    again = browse.as_(programme.staff).open("nominations.nominate").submit("Nominate", member="Nick Nominee", why=WHY)
    assert again.heading == "Nick Nominee", "the programme may ask once more"


def test_a_nomination_names_one_person(browse: Browser, programme: Programme) -> None:
    """A6: nobody who was named is dropped in silence."""
    nominee = programme.make.member("Nick Nominee")
    page = browse.as_(programme.make.member()).open("nominations.nominate")
    for more in ({"name": "Carla Contact"}, {"firm": "Harbour Mills"}, {"address": "carla@harbour.example"}):
        refused = page.submit("Nominate", member="Nick Nominee", why=WHY, **more)
        assert (refused.status, "Name one person" in refused.words) == (422, True)
    assert nominations.about(nominee.id) == []


def test_what_has_a_clock_stands_above_what_has_none(
    browse: Browser, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A6: the most urgent first, on every page of the list."""
    by = viewer_of(programme.make.member().id)
    for days, name in (
        (9, "Anna Contacted"),
        (5, "Bea Overdue"),
        (7, "Cleo Overdue"),
        (1, "Dana Waiting"),
        (8, "Eve Contacted"),
    ):
        row = actions.nominate(None, WHY, name=name, by=by)
        row.due_at -= timedelta(days=days)
        if "Contacted" in name:
            actions.log_contact(row, "", by=viewer_of(programme.staff.id))
    db.session.commit()
    monkeypatch.setattr(nominations, "PAGE_SIZE", 2)
    named = re.compile(r"\w+ (?:Contacted|Overdue|Waiting)")
    page = browse.as_(programme.staff).open("nominations.index")
    found = [named.findall(page.words)]
    while "Further" in page.words:
        page = page.follow("Further")
        found.append(named.findall(page.words))
    assert found == [["Cleo Overdue", "Bea Overdue"], ["Dana Waiting", "Anna Contacted"], ["Eve Contacted"]]
    assert "Dana Waiting" in page.follow("Back").words
