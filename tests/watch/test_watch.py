"""P3: by the hour, records that nobody has reason to open, and the admins told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import time_machine

from portal.admin.queries.organisations import numbers, organisations
from portal.careers.audiences import Audience, segment_sizes
from portal.core import clock, settings
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.core.outbox import OutboxMail
from portal.directory.queries.coworkers import coworkers
from portal.directory.queries.newcomers import newcomers
from portal.news.recipients import tally
from portal.notifications.models import Notification
from portal.organisations.queries import host
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


def test_a_canary_has_a_life_and_is_in_no_figure_no_suggestion_and_no_mail(
    browse: Browser, make: Make, outbox: Any, write_mails: Callable[[], None]
) -> None:
    """P3: a career and a bond like anybody's; members and admins count and meet the real ones only."""
    firm = make.organisation("Harbour Optics")
    admin, me = make.member(roles=("admin",)), make.member("Sam Ash", department="Tooling", start="2012", end="2019")
    for _ in range(3):
        make.member(department="Tooling", start="2013", end="2018-06-30")
    make.member(relation="customer:current", organisation=firm)
    browse.as_(admin).open("news.index")
    before = figures()
    set_up = browse.as_(admin).open("watch.index").submit("Add a made-up member", name="Wilhelmina Tarn")
    assert set_up.status == 200
    canary = db.session.query(Person).filter_by(full_name="Wilhelmina Tarn").one()
    canary_id, public_id = canary.id, canary.public_id
    assert canary.claimed_at is not None
    assert canary.claimed_at < clock.now() - timedelta(days=30)
    page = browse.as_(me).get(f"/people/{public_id}").words
    for words in ("Harbour Optics", "Kestrel & Lowe", "Tooling"):
        assert words in page, words
    assert "Wilhelmina Tarn" in browse.as_(me).open("directory.people", q="tarn").words
    for path in ("/people?show=worked-with-me", "/"):
        assert "Wilhelmina" not in browse.as_(me).get(path).words
    assert figures() == before
    viewer = viewer_of(me.id)
    with_me, new = coworkers(viewer, 50), newcomers(viewer, clock.now() - timedelta(days=9999), 50)
    assert (len(with_me), len(new)) == (4, 4)
    assert "Wilhelmina" not in f"{with_me} {list(map(tuple, new))}"
    write_mails()
    assert not db.session.query(OutboxMail).filter_by(person_id=canary_id).count()


def figures() -> tuple[Any, ...]:
    """Whom an item of news reaches, how many have each bond, and how many an organisation has."""
    sizes, everybody = segment_sizes(), tally([Audience("any", "any", None, None)])
    firms = {row.name: row.people for row in organisations().items}
    return sizes, everybody, firms, numbers(host().id)


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
