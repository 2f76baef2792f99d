"""An import invites nobody; a wave may choose its people, and leaves out who wants no letters (R20, R26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal.core.db import db
from portal.core.outbox import OutboxMail
from portal.imports import invitees

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make
    from tests.imports.conftest import Desk


def test_a_wave_reaches_the_people_of_one_import_but_nobody_who_unsubscribed(
    browse: Browser, make: Make, desk: Desk, work: Callable[[], int]
) -> None:
    """R20, R26: importing sends nothing; the wave sees who of the file can be reached, and why the others can't."""
    unsubscribed = "Email Address,First Name,Last Name,Company,LEID,UNSUB_TIME"
    desk.bring(unsubscribed, "ben@example.org,Ben,Okafor,Works,9001,2016-08-05 12:00:00", name="unsubscribed.csv")
    desk.bring("Name,Email", "Cy Young,cy@example.org", name="other.csv")
    imported = desk.bring(
        "Name,Email", "Ada Lovelace,ada@example.org", "Ben Okafor,ben@example.org", name="leavers.csv"
    )
    work()
    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 0, "an import writes to nobody"
    office = browse.as_(make.member(roles=("admin",)))
    page = office.open("waves.new")
    assert "Imported from leavers.csv" in page.words
    page = office.get(f"/admin/imports/{imported.public_id}").follow("Invite these people")
    page = page.submit("See whom it reaches", name="Leavers")
    work()
    page = office.get(page.url)
    assert "This would send 1 invitation." in page.words
    assert page.follow("the import of leavers.csv").heading == "leavers.csv"
    seen = browse.as_(make.member(roles=("staff",))).get(page.url)
    assert "the import of leavers.csv" in seen.words
    assert f"/admin/imports/{imported.public_id}" not in seen.text, "only admins import"


def test_an_old_import_leads_to_its_people_although_it_is_not_offered_any_more(
    browse: Browser, make: Make, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing chosen would mean everybody."""
    old = desk.bring("Name,Email", "Ada Lovelace,ada@example.org", name="old.csv")
    desk.bring("Name,Email", "Cy Young,cy@example.org", name="new.csv")
    monkeypatch.setattr(invitees, "MOST", 1)
    page = browse.as_(make.member(roles=("admin",))).get(f"/admin/imports/{old.public_id}").follow("Invite these")
    assert "Out of the import of old.csv" in page.words
    assert "the import of old.csv" in page.submit("See whom it reaches", name="Old").words
