"""Turning acts on and off: off until the person turns it on, act by act; off again in one click (A1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.advocates import policies, queries
from portal.advocates.actions.overtaken import invitation_answered, nomination_went_on
from portal.advocates.models import Advocate, Nomination
from portal.advocates.queries.nominations import OPEN
from portal.consents.actions import give_consent, withdraw_consent
from portal.core import audit, clock
from portal.core.db import db, upsert
from portal.core.errors import Conflict
from portal.core.policy import require
from portal.notifications.actions import notify
from portal.people.actions import touch_access

if TYPE_CHECKING:
    from portal.advocates.models import Act
    from portal.core.access import Viewer

NOT_YOURS = "Only the person can opt in or out."
REWORDED = "The words have changed while you were reading. Read them again, please."


def turn_on(act: Act, version: int, *, by: Viewer) -> None:
    """Agree to the wording that was shown, by its version; a newer one has to be read first."""
    person_id = by.person_id or 0
    require(policies.can_keep_own(by, person_id), NOT_YOURS)
    mine = next((one for one in queries.willing(person_id) if one.act.id == act.id), None)
    if mine is None or mine.version != version:
        raise Conflict(REWORDED)
    if mine.is_on and not mine.is_reworded:
        return
    values = {"person_id": person_id, "since": clock.now(), "rest_days": 0, "answer": ""}
    db.session.execute(upsert(Advocate.__table__, values, keys=["person_id"]))
    give_consent(person_id, act.consent_kind, version, how="settings", by=by)
    touch_access(person_id)
    audit.record("turn act on", act, by=by, about=person_id, note=f"{act.key} {version}")
    invitation_answered(person_id, by=by)
    _settle_nominations(person_id, by)


def turn_off(act: Act, *, by: Viewer) -> None:
    """Take one act back; what is in flight for it stops in the same transaction."""
    require(policies.can_keep_own(by, by.person_id or 0), NOT_YOURS)
    queries.lock(by.person_id or 0)
    for one in queries.consents_in_force(by.person_id or 0):
        if one.act.id == act.id:
            _withdraw(one, by)
    if not queries.consents_in_force(by.person_id or 0):
        _take_back_the_news(by)


def turn_off_all(*, by: Viewer) -> int:
    """Take everything back, in one click; how many acts it were."""
    require(policies.can_keep_own(by, by.person_id or 0), NOT_YOURS)
    queries.lock(by.person_id or 0)
    given = queries.consents_in_force(by.person_id or 0)
    for one in given:
        _withdraw(one, by)
    _take_back_the_news(by)
    return len(given)


def _withdraw(one: queries.Willing, by: Viewer) -> None:
    version = one.last.version if one.last else one.version
    withdraw_consent(by.person_id or 0, one.act.consent_kind, version, how="settings", by=by)
    audit.record("turn act off", one.act, by=by, about=by.person_id, note=one.act.key)


def _settle_nominations(person_id: int, by: Viewer) -> None:
    """Who was nominated has opted in: the nominator hears of it."""
    mine = (Nomination.person_id == person_id, Nomination.state.in_(OPEN))
    found = db.session.execute(
        select(Nomination.public_id, Nomination.nominated_by_id, Nomination.owner_id).where(*mine)
    ).all()
    values = {"state": "opted_in", "ended_at": clock.now()}
    db.session.execute(update(Nomination).where(*mine).values(**values))
    for row in found:
        nomination_went_on(row.public_id, row.owner_id, row.nominated_by_id, person_id, by=by)
        if row.nominated_by_id is not None:
            notify(row.nominated_by_id, "nomination", title=f"{by.name}, whom you nominated, is an advocate now",
                   url=f"/nominations/{row.public_id}", actor_id=person_id,
                   group_key=f"nomination:{row.public_id}", by=by)  # fmt: skip


def _take_back_the_news(by: Viewer) -> None:
    """Who nominated them has perhaps not read yet that they are an advocate: they are none any more."""
    mine = (Nomination.person_id == by.person_id, Nomination.state == "opted_in")
    for row in db.session.execute(select(Nomination.public_id, Nomination.nominated_by_id).where(*mine)).all():
        nomination_went_on(row.public_id, row.nominated_by_id, by=by)
