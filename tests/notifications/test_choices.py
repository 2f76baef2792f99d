"""How each kind comes by mail is the member's choice: now, in the weekly letter, or not (C9)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, select

from portal.core import clock, jobs
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.jobs import Job
from portal.core.outbox import OutboxMail
from portal.notifications import actions, kinds, queries
from portal.notifications.models import Notification
from portal.people.models import Person

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox

Tell = Any


def asked(person: Any, kind: str) -> str:
    """What a fan-out over everybody finds for this person."""
    found = select(queries.mail_choice(kind)).where(Person.id == person.id)
    return str(db.session.execute(found).scalar_one())


WORK = {
    "A flag on an advocate is mine to close": {"manager"},
    "Answers to what I ask of advocates": {"staff", "seller", "manager"},
    "A referral waits for me": {"staff", "seller", "manager", "admin"},
}


@pytest.mark.parametrize("role", ["", "staff", "seller", "manager", "admin"])
def test_what_comes_with_a_role_is_chosen_about_by_who_has_it(browse: Browser, make: Make, role: str) -> None:
    words = browse.as_(make.member(roles=(role,) if role else ())).open("notifications.preferences").words
    assert {label for label in WORK if label in words} == {label for label, roles in WORK.items() if role in roles}


def test_without_a_choice_the_default_of_the_kind_holds(make: Make) -> None:
    ada = make.member()
    assert queries.wants_mail(ada.id, "test.loud")
    assert not queries.wants_weekly(ada.id, "test.loud")
    assert not queries.wants_mail(ada.id, "test.quiet")
    assert [asked(ada, kind) for kind in ("test.loud", "test.quiet")] == ["now", "off"]


def test_the_page_keeps_a_choice_for_each_kind(browse: Browser, make: Make) -> None:
    ada = make.member()
    page = browse.as_(ada).open("notifications.preferences")
    assert page.status == 200
    page = page.submit("Save", **{"mail_test.loud": "weekly", "mail_test.quiet": "now"})
    assert "Your choices are kept" in page.words
    assert [asked(ada, kind) for kind in ("test.loud", "test.quiet", "test.secret")] == ["weekly", "now", "now"]
    assert queries.wants_weekly(ada.id, "test.loud")
    again = browse.as_(ada).open("notifications.preferences")
    assert again.submit("Save").status == 200
    assert asked(ada, "test.loud") == "weekly", "what was shown as chosen is sent back as it was"


def test_what_is_no_choice_is_refused_and_loses_nothing(browse: Browser, make: Make) -> None:
    ada = make.member()
    page = browse.as_(ada).open("notifications.preferences")
    page = page.submit("Save", **{"mail_test.loud": "hourly", "mail_test.quiet": "now"})
    assert page.status == 422
    assert asked(ada, "test.quiet") == "off"
    quiet = page.text.split('id="test.quiet"')[1].split("</tr>")[0]
    assert [tag for tag in re.findall("<input[^>]*>", quiet) if "checked" in tag and 'value="now"' in tag], quiet


def test_a_bare_form_changes_nothing(browse: Browser, make: Make) -> None:
    """A kind that is new since the page was opened keeps its default; it is not turned off in passing."""
    ada = make.member()
    actions.choose_mail({"test.loud": "weekly"}, by=make.viewer(ada))
    actions.choose_mail({"test.loud": "nonsense", "unheard.of": "now"}, by=make.viewer(ada))
    db.session.commit()
    assert asked(ada, "test.loud") == "weekly"


def test_all_mail_rests_until_the_day_that_was_named(browse: Browser, make: Make) -> None:
    ada = make.member()
    day = (clock.now() + timedelta(days=10)).date()
    page = browse.as_(ada).open("notifications.preferences").submit("Pause all mail", until=day.isoformat())
    assert "No mail until" in page.words
    assert not queries.wants_mail(ada.id, "test.loud")
    assert asked(ada, "test.loud") == "off"
    with time_machine.travel(clock.now() + timedelta(days=11)):
        assert asked(ada, "test.loud") == "now", "nothing was lost of what was chosen"
    page.submit("Let mail come again")
    assert queries.wants_mail(ada.id, "test.loud")


@pytest.mark.parametrize("until", ["", "yesterday", "2020-01-01", "2999-01-01"])
def test_a_day_that_makes_no_pause_is_refused(browse: Browser, make: Make, until: str) -> None:
    ada = make.member()
    page = browse.as_(ada).open("notifications.preferences").submit("Pause all mail", until=until)
    assert page.status == 422
    assert queries.wants_mail(ada.id, "test.loud")


def test_a_pause_begins_at_the_earliest_tomorrow_in_the_members_zone(make: Make) -> None:
    """T4: the day is the member's."""
    ada = make.member()
    ada.timezone = "Pacific/Auckland"
    db.session.commit()
    with time_machine.travel("2026-06-01 20:00:00+00:00"):  # already 2 June there
        with pytest.raises(Invalid):
            actions.pause_mail(clock.now().date() + timedelta(days=1), by=make.viewer(ada))
        actions.pause_mail(clock.now().date() + timedelta(days=2), by=make.viewer(ada))
        db.session.flush()
        assert queries.paused_until(ada.id).isoformat() == "2026-06-02T12:00:00+00:00"  # type: ignore[union-attr]


@pytest.fixture
def people(make: Make) -> list[Any]:
    """Two members, made once for all examples."""
    return [make.member(address="one@example.org"), make.member(address="two@example.org")]


CHOSEN = some.dictionaries(
    some.sampled_from(["test.loud", "test.quiet", "test.secret"]), some.sampled_from(kinds.CHOICES)
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=some.tuples(CHOSEN, CHOSEN))
def test_for_any_choices_no_mail_comes_outside_them(
    choices: tuple[dict[str, str], dict[str, str]], people: list[Any], make: Make, outbox: Postbox
) -> None:
    """C9: whatever was chosen, who gets a mail of a kind had chosen it, and who had chosen it gets it."""
    for table in (OutboxMail, Notification, Job):
        db.session.execute(delete(table))
    defaults = {"test.loud": "now", "test.quiet": "off", "test.secret": "now"}
    for person, chosen in zip(people, choices, strict=True):
        actions.choose_mail(defaults | chosen, by=make.viewer(person))
        for kind in defaults:
            actions.notify(person.id, kind, title=kind, url="/", by=system_viewer())
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        jobs.run_due(strict=True)
    got = {(mail.to_address, mail.subject) for mail in outbox.mails()}
    wanted = {
        (address, kind)
        for address, chosen in zip(("one@example.org", "two@example.org"), choices, strict=True)
        for kind, choice in (defaults | chosen).items()
        if choice == "now"
    }
    assert got == wanted


def test_the_page_shows_only_what_can_happen_to_the_member(browse: Browser, make: Make) -> None:
    words = browse.as_(make.member()).open("notifications.preferences").words
    assert "as a moderator" not in words
    assert "Replies in topics I follow" in words
    keeper = make.member(roles=("moderator",))
    assert "as a moderator" in browse.as_(keeper).open("notifications.preferences").words
