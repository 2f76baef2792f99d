"""P3: by the hour, records that nobody has reason to open, and the admins told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import time_machine

from portal.core import clock, settings
from portal.core.access import system_viewer
from portal.core.db import db
from portal.notifications.models import Notification
from portal.people.models import Person
from portal.watch import actions
from portal.watch.models import Alert

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make


def limit(number: int) -> None:
    settings.set_value("directory_hourly_profiles", number, by=system_viewer())
    db.session.commit()


def told(person: Any) -> list[str]:
    db.session.expire_all()
    return [row.title for row in db.session.query(Notification).filter_by(person_id=person.id)]


def test_so_many_an_hour_then_the_next_hour(browse: Browser, make: Make, work: Callable[[], int]) -> None:
    """P3: the limit is a setting; past it the page says when it goes on, and the admins hear of it once."""
    admin, me = make.member(roles=("admin",)), make.member("Sam Scraper")
    people = [make.member() for _ in range(4)]
    limit(3)
    mine = browse.as_(me)
    at = (clock.now() + timedelta(hours=1)).replace(minute=5)
    with time_machine.travel(at, tick=False):
        answers = [mine.get(f"/people/{each.public_id}") for each in people]
        assert [page.status for page in answers] == [200, 200, 200, 429]
        assert "minutes" in answers[3].words
        assert mine.get(f"/people/{me.public_id}").status == 200
        work()
    assert told(admin) == ["Sam Scraper has opened as many profiles in an hour as a member may"]
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        assert browse.as_(me).get(f"/people/{people[3].public_id}").status == 200


def test_a_canary_sings_to_the_admins_alone(browse: Browser, make: Make, work: Callable[[], int]) -> None:
    """P3: it looks like any other record to whoever opens it; one alert a day, closed by an admin."""
    admin, me = make.member(roles=("admin",)), make.member("Sam Scraper")
    page = browse.as_(admin).open("watch.index").submit("Add a made-up member", name="Wilhelmina Tarn")
    assert "Wilhelmina Tarn" in page.words
    assert browse.as_(admin).open("watch.index").submit("Add a made-up member", name="Wil").status == 422
    canary = db.session.query(Person).filter_by(full_name="Wilhelmina Tarn").one()
    for _ in range(2):
        page = browse.as_(me).get(f"/people/{canary.public_id}")
        assert (page.status, page.heading) == (200, "Wilhelmina Tarn")
    work()
    assert told(admin) == ["Sam Scraper has opened a record that nobody has reason to open"]
    assert told(me) == []
    assert "Look into how somebody reads" in browse.as_(admin).open("home.index").words
    browse.as_(admin).open("watch.index").submit("Looked into")
    db.session.expire_all()
    assert db.session.query(Alert).one().closed_by_id == admin.id


def test_only_admins_have_the_page(browse: Browser, make: Make) -> None:
    for person in (make.member(), make.member(roles=("staff",)), make.member(roles=("moderator",))):
        assert browse.as_(person).open("watch.index").status == 404


def test_hours_are_forgotten(browse: Browser, make: Make) -> None:
    from portal.watch.models import ReadingHour

    me, ada = make.member(), make.member()
    browse.as_(me).get(f"/people/{ada.public_id}")
    assert db.session.query(ReadingHour).count() == 1
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        actions.forget_hours(by=system_viewer())
        db.session.commit()
    assert db.session.query(ReadingHour).count() == 0
