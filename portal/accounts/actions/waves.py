"""Waves of invitations: chosen, looked at, sent little by little with two reminders, paused, stopped (R21, R23, R26)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.accounts import emails, planning, policies
from portal.accounts.actions.invitations import new_invitation
from portal.accounts.actions.invitees import count_anew, settle_invitees
from portal.accounts.models import Invitation, InvitationWave, WaveInvitee
from portal.accounts.queries import waves as queries
from portal.core import audit, clock, outbox, settings, suppression
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid
from portal.core.jobs import enqueue
from portal.core.policy import require
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.queries.waves import Choice
    from portal.accounts.refusals import Refusal
    from portal.core.access import Viewer

ONLY_STAFF = "Only admins and staff invite."
LETTERS = 3  # the invitation and two reminders
ASKED = "asked by a click in a letter"


def prepare_wave(name: str, choice: Choice, *, by: Viewer) -> InvitationWave:
    """Note whom to invite and begin to look who can be reached; nothing is sent before somebody starts it."""
    require(policies.can_invite(by), ONLY_STAFF)
    if not name.strip():
        raise Invalid("Give it a name, so that you know it again.", "name")
    wave = add(InvitationWave(name=name.strip()[:120], choice=asdict(choice), made_by_id=by.person_id))
    enqueue(planning.plan_wave, wave.id)
    audit.record("prepare invitations", wave, by=by, note=wave.name)
    return wave


def start_wave(wave: InvitationWave, *, by: Viewer) -> None:
    """Send from now on, as many an hour as the settings allow; also after a pause."""
    require(policies.can_invite(by), ONLY_STAFF)
    _check(wave, "ready", "paused")
    if wave.started_at is None:
        wave.started_at = clock.now()
        waiting = update(WaveInvitee).where(WaveInvitee.wave_id == wave.id, WaveInvitee.state == "waiting")
        db.session.execute(waiting.values(next_at=wave.started_at), execution_options={"synchronize_session": False})
    wave.state = "running"
    audit.record("start invitations", wave, by=by, note=wave.name)


def pause_wave(wave: InvitationWave, *, by: Viewer) -> None:
    """Send nothing until somebody goes on with it."""
    require(policies.can_invite(by), ONLY_STAFF)
    _check(wave, "running")
    wave.state = "paused"
    audit.record("pause invitations", wave, by=by, note=wave.name)


def stop_wave(wave: InvitationWave, *, by: Viewer) -> None:
    """Send nothing more, ever; what was sent can still be claimed."""
    require(policies.can_invite(by), ONLY_STAFF)
    _check(wave, "counting", "ready", "running", "paused")
    wave.state, wave.ended_at = "stopped", clock.now()
    open_ = update(WaveInvitee).where(WaveInvitee.wave_id == wave.id, WaveInvitee.next_at.is_not(None))
    db.session.execute(open_.values(next_at=None), execution_options={"synchronize_session": False})
    audit.record("stop invitations", wave, by=by, note=wave.name)


def _check(wave: InvitationWave, *states: str) -> None:
    db.session.refresh(wave, with_for_update=True)
    if wave.state not in states:
        raise Conflict("Somebody else has changed this meanwhile. Look at it again.")


def send_letters(at_most: int, *, by: Viewer) -> int:
    """Write some of the letters that are due; returns how many people were dealt with."""
    require(policies.is_system(by), "This is done by the system, every minute.")
    due = queries.due_invitees(at_most)
    for invitee in due:
        _write(invitee, by)
    for wave_id in {invitee.wave_id for invitee in due}:
        count_anew(wave_id, by=by)
        if queries.is_over(wave_id):
            db.session.execute(
                update(InvitationWave).where(InvitationWave.id == wave_id).values(state="done", ended_at=clock.now())
            )
    return len(due)


def _write(invitee: WaveInvitee, by: Viewer) -> None:
    """One letter, if everything that was true when the wave was made is true still."""
    person = db.session.get_one(Person, invitee.person_id)
    if state := _over(invitee, person):
        invitee.state, invitee.next_at = state, None
        return
    try:
        row, secret = new_invitation(person, invitee.address, by=by)
    except (Conflict, Invalid):
        invitee.state, invitee.next_at = "left_out", None  # a member's address by now, or none at all
        return
    outbox.cancel(person.id, emails.INVITATION)
    invitee.letters += 1
    emails.invitation(person, row, secret, number=invitee.letters)
    invitee.state, invitee.last_at, invitee.next_at = "invited", clock.now(), _next_letter(invitee.letters)


def _over(invitee: WaveInvitee, person: Person) -> str:
    if person.claimed_at is not None:
        return "claimed"
    if suppression.is_suppressed(invitee.address):
        return "refused"
    reached = queries.reaches(person.id, invitee.address.rpartition("@")[2])
    theirs = queries.is_on_record(person.id, invitee.address)
    return "" if reached and theirs and person.remembered_at is None else "left_out"


def _next_letter(letters: int) -> datetime | None:
    if letters >= LETTERS:
        return None
    first, second = settings.get("invitation_reminder_days"), settings.get("invitation_second_reminder_days")
    return clock.now() + timedelta(days=first if letters == 1 else max(1, second - first))


def refuse_letters(refusal: Refusal, *, by: Viewer) -> None:
    """Whoever reads an address wants no more letters: it is never written to again, whoever asks for it (R26)."""
    require(by.system, "This is done by the link in the letter.")
    suppression.suppress_digest(refusal.digest, why=ASKED, by=by)
    found = db.session.query(Invitation).filter_by(public_id=refusal.invitation_id).one_or_none()
    if found is not None and suppression.digest_of(found.address) == refusal.digest:
        settle_invitees(found.person_id, "refused", by=by)
