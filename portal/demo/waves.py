"""Invitations to many: the wave with which the portal began, and one that is prepared and waits for a decision."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.accounts.models import EmailAddress, InvitationWave, WaveInvitee
from portal.accounts.planning import plan_wave
from portal.accounts.queries.waves import Choice, counted
from portal.core import suppression
from portal.core.access import system_viewer
from portal.core.db import add, db
from portal.demo.stage import Stage, public_id
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

CAME, STILL_OUT = 22, 18  # people of the first wave


def add_waves(stage: Stage) -> None:
    """One wave that is over, and one that is not sent yet."""
    rng, staff = stage.dice("waves"), stage.by_sign_in("ada")
    _first(stage, rng, staff)
    wave = add(InvitationWave(
        public_id=public_id(rng), name="Everybody else we know of", choice=asdict(Choice()), made_by_id=staff.id,
        created_at=stage.now - timedelta(hours=20),
    ))  # fmt: skip
    for _ in plan_wave(wave.id):
        db.session.flush()


def _first(stage: Stage, rng: Random, staff: Person) -> None:
    began = stage.opened_at + timedelta(days=2)
    wave = add(InvitationWave(
        public_id=public_id(rng), name="Those who left, when we opened", state="done", made_by_id=staff.id,
        choice=asdict(Choice(kind="employee", phase="former")), no_address=17, invited_before=3,
        created_at=began - timedelta(hours=3), started_at=began, ended_at=began + timedelta(days=11),
    ))  # fmt: skip
    came = [person for sheet, person in stage.members() if not stage.is_current(sheet, "employee")][:CAME]
    for person in came:
        _invitee(wave, person, "claimed", rng, began)
    for address in _silent():
        state = rng.choices(("invited", "returned", "refused"), (6, 3, 2))[0]
        _invitee(wave, db.session.get_one(Person, address.person_id), state, rng, began, address.address)
        if state == "returned":
            address.bounced_at = began + timedelta(minutes=2)
        if state == "refused":
            suppression.suppress(address.address, why="asked by a click in a letter", by=system_viewer())
    db.session.flush()
    for name, number in counted(wave.id).items():
        setattr(wave, name, number)
    db.session.flush()


def _silent() -> list[EmailAddress]:
    """Imported addresses of people whom nobody has claimed."""
    found = select(EmailAddress).join(Person).where(Person.claimed_at.is_(None), EmailAddress.state == "unverified")
    return list(db.session.scalars(found.order_by(EmailAddress.id).limit(STILL_OUT)))


def _invitee(
    wave: InvitationWave, person: Person, state: str, rng: Random, began: datetime, address: str = "home@example.org"
) -> None:
    letters = 1 if state == "returned" else rng.choices((1, 2, 3), (5, 3, 2))[0] if state != "invited" else 3
    db.session.add(WaveInvitee(
        wave_id=wave.id, person_id=person.id, address=address, state=state, letters=letters,
        last_at=began + timedelta(days=5 * (letters - 1)),
        left_at=None if state == "returned" else began + timedelta(minutes=1),
    ))  # fmt: skip
