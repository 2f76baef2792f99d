"""How often and when not: an advocate's limits may be lower than the house's, never higher (A4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal.advocates import policies, queries
from portal.advocates.models import REST_CHOICES, Advocate, Pause
from portal.advocates.signals import paused
from portal.core import audit, clock, settings
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.core.access import Viewer

NOT_YOURS = "Only the advocate sets these limits."
LONGEST = timedelta(days=730)


def set_limits(advocate: Advocate, own_calls: int | None, rest_days: int, *, by: Viewer) -> None:
    """Keep how often one may be asked."""
    require(policies.can_keep_own(by, advocate.person_id), NOT_YOURS)
    most = settings.get("advocate_calls")
    if own_calls is not None and not 0 <= own_calls <= most:
        raise Invalid(f"Choose between none and {most} calls: never more than the house allows.", "own_calls")
    if rest_days not in REST_CHOICES:
        raise Invalid("Choose one of the rests.", "rest_days")
    before = {"own_calls": advocate.own_calls, "rest_days": advocate.rest_days}
    advocate.own_calls = None if own_calls == most else own_calls
    advocate.rest_days = rest_days
    after = {"own_calls": advocate.own_calls, "rest_days": advocate.rest_days}
    audit.record("set advocate limits", ("advocate", advocate.person_id), by=by, about=advocate.person_id,
                 before=before, after=after)  # fmt: skip


def add_pause(starts_on: date, ends_on: date, *, by: Viewer) -> Pause:
    """Leave these days out; when they have begun, what waits for an answer stops."""
    person_id = by.person_id or 0
    require(policies.can_keep_own(by, person_id), NOT_YOURS)
    _check(starts_on, ends_on)
    if len(queries.pauses(person_id)) >= 12:
        raise Invalid("You have twelve pauses already. End one of them first.", "starts_on")
    queries.lock(person_id)
    row = add(Pause(person_id=person_id, starts_on=starts_on, ends_on=ends_on))
    if starts_on <= clock.today():
        paused.send(None, person_id=person_id, because="pause", by=by)
    return row


def end_pause(pause: Pause, *, by: Viewer) -> None:
    """Those days can be asked for again."""
    require(policies.can_keep_own(by, pause.person_id), NOT_YOURS)
    db.session.delete(pause)
    db.session.flush()


def _check(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Invalid("The last day can't come before the first.", "ends_on")
    if ends_on < clock.today():
        raise Invalid("Those days are over already.", "ends_on")
    if ends_on - starts_on > LONGEST:
        raise Invalid("That is longer than two years. Turning acts off is one click.", "ends_on")
