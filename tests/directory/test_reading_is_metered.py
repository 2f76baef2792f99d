"""P3: enough for people, not for scrapers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.core import clock, settings
from portal.core.access import system_viewer
from portal.core.audit import AuditRow
from portal.core.db import db, end_reading
from portal.core.errors import TooMany
from portal.directory.models import ProfileReading
from portal.profiles.signals import profile_opened

if TYPE_CHECKING:
    from tests.factories import Make


@pytest.fixture
def few(app: Any) -> None:
    """Two profiles a day, then slower; an alert at four."""
    settings.set_value("directory_daily_profiles", 2, by=system_viewer())
    settings.set_value("directory_alert_profiles", 4, by=system_viewer())
    db.session.commit()


def read(app: Any, reader: Any, person: Any, make: Make) -> None:
    """Open a profile, as its page does."""
    with app.test_request_context():
        profile_opened.send(None, viewer=make.viewer(reader), person_id=person.id)
        end_reading()


def test_past_the_budget_it_gets_slower_and_then_is_written_down(app: Any, make: Make, few: None) -> None:
    me, ada = make.member(), make.member()
    read(app, me, ada, make)
    read(app, me, ada, make)
    with pytest.raises(TooMany) as told:
        read(app, me, ada, make)
    assert 0 < told.value.retry_after <= 20
    now = clock.now()
    for minutes in (1, 2, 3):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            read(app, me, ada, make)
    db.session.rollback()
    alerts = db.session.query(AuditRow).filter_by(verb="read many profiles").all()
    assert [row.actor_id for row in alerts] == [me.id]


def test_ones_own_profile_and_a_new_day_count_nothing(app: Any, make: Make, few: None) -> None:
    me, ada = make.member(), make.member()
    for _ in range(5):
        read(app, me, me, make)
    read(app, me, ada, make)
    read(app, me, ada, make)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        read(app, me, ada, make)


def test_counts_are_kept_for_a_while_exported_and_erased(app: Any, make: Make) -> None:
    from portal.directory.actions import forget_old
    from portal.directory.person_data import ReadingData

    me, ada = make.member(), make.member()
    with time_machine.travel(clock.now() - timedelta(days=100)):
        read(app, me, ada, make)
    read(app, me, ada, make)
    forget_old(by=system_viewer())
    db.session.commit()
    data = ReadingData()
    assert data.count(me.id) == 1
    assert list(data.export(me.id)["profiles_read"].values()) == [1]
    data.erase(me.id)
    db.session.commit()
    assert db.session.query(ProfileReading).count() == 0
