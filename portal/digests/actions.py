"""Writing the week's letters: taken first, posted once, asked again when they go out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from portal.accounts.queries import primary_address
from portal.core import clock, settings
from portal.core.access import viewer_of
from portal.core.db import db, upsert
from portal.core.logs import log
from portal.core.outbox import CANCELLED
from portal.core.policy import require
from portal.digests import emails, policies, queries
from portal.digests.composing import Letter, compose
from portal.digests.models import EMPTY, FAILED, POSTED, WeeklyLetter

if TYPE_CHECKING:
    from portal.core.access import Viewer

BY_CLOCK = "Letters are written by the system, at their hour."


def write_letter(person_id: int, week: date, *, by: Viewer) -> None:
    """Write a member's letter of this week, unless somebody did already; with nothing to tell, nothing is posted (T2)."""
    require(policies.can_write(by), BY_CLOCK)
    if not _take(person_id, week):
        return
    try:
        with db.session.begin_nested():
            _write(person_id, week)
    except Exception:  # noqa: BLE001 - one letter that can't be written must not keep all others back
        log.exception("letter failed", person=person_id, week=week.isoformat())
        row = queries.letter_of(person_id, week)
        if row is not None:
            row.state = FAILED


def write_anew(person_id: int, week: date, *, by: Viewer) -> None:
    """Something in the letter was closed to the member before it went out: write it again without."""
    require(policies.can_write(by), BY_CLOCK)
    if queries.is_wanted(person_id):
        _write(person_id, week)


def forget_old(*, by: Viewer) -> None:
    """Forget what was told longer ago than it is remembered."""
    require(policies.can_write(by), BY_CLOCK)
    oldest = clock.today() - timedelta(weeks=settings.get("letter_person_weeks") + 1)
    db.session.execute(delete(WeeklyLetter).where(WeeklyLetter.week < oldest))


def next_letter(*, by: Viewer) -> Letter:
    """What the member's next letter would say now; nothing is kept."""
    require(policies.can_look(by), "Please sign in first.")
    return compose(by, queries.last_letters(by.person_id or 0))


def _take(person_id: int, week: date) -> bool:
    """Take the week's row; false when it is there already."""
    now = clock.now()
    values = {"person_id": person_id, "week": week, "state": EMPTY, "since": now, "made_at": now, "pieces": []}
    taken = upsert(WeeklyLetter.__table__, values, keys=["person_id", "week"]).returning(WeeklyLetter.week)
    return db.session.execute(taken).first() is not None


def _write(person_id: int, week: date) -> None:
    viewer, row = viewer_of(person_id), queries.letter_of(person_id, week)
    address = primary_address(person_id, proved=True)
    if row is None or address is None:
        return
    letter = compose(viewer, [each for each in queries.last_letters(person_id) if each.week != week])
    row.since, row.pieces, row.state = letter.since, letter.told, EMPTY
    if letter.sections:
        posted = emails.post_letter(letter, person_id, viewer.call_name, address, week)
        row.state = EMPTY if posted.state == CANCELLED else POSTED
