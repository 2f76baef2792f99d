"""What became of somebody who was invited in a wave; the wave's numbers follow (T2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from portal.accounts import policies
from portal.accounts.models import InvitationWave, WaveInvitee
from portal.accounts.queries import waves as queries
from portal.core import clock
from portal.core.db import db
from portal.core.policy import require

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.core.access import Viewer


def settle_invitees(person_id: int, state: str, *, address: str | None = None, by: Viewer) -> None:
    """No more letters: the person came (`claimed`), said no (`refused`), or the letter came back (`returned`)."""
    require(policies.can_invite(by), "Only admins and staff invite.")
    found = update(WaveInvitee).where(WaveInvitee.person_id == person_id, WaveInvitee.state.in_(("waiting", "invited")))
    if address is not None:
        found = found.where(WaveInvitee.address == address)
    settled = found.values(state=state, next_at=None).returning(WaveInvitee.wave_id)
    for wave_id in set(db.session.execute(settled, execution_options={"synchronize_session": False}).scalars()):
        count_anew(wave_id, by=by)


def leave_waves(people: Collection[int], *, by: Viewer) -> None:
    """Whoever was only counted, and got no letter, is in no wave any more; its numbers follow (T2)."""
    require(policies.can_invite(by), "Only admins and staff invite.")
    counted = delete(WaveInvitee).where(WaveInvitee.person_id.in_(people), WaveInvitee.letters == 0)
    gone = db.session.execute(counted.returning(WaveInvitee.wave_id), execution_options={"synchronize_session": False})
    for wave_id in set(gone.scalars()):
        count_anew(wave_id, by=by)


def note_letter(person_id: int, address: str, *, left: bool, by: Viewer) -> None:
    """A letter left, or came back: what counts as delivered is what the mail server took and nobody sent back."""
    require(policies.can_invite(by), "Only admins and staff invite.")
    mine = (WaveInvitee.person_id == person_id, WaveInvitee.address == address, WaveInvitee.letters > 0)
    change = WaveInvitee.left_at.is_(None) if left else WaveInvitee.left_at.is_not(None)
    noted = update(WaveInvitee).where(*mine, change).values(left_at=clock.now() if left else None)
    found = db.session.execute(noted.returning(WaveInvitee.wave_id), execution_options={"synchronize_session": False})
    step = 1 if left else -1
    for wave_id in set(found.scalars()):
        counted = update(InvitationWave).where(InvitationWave.id == wave_id)
        db.session.execute(
            counted.values(delivered=InvitationWave.delivered + step),
            execution_options={"synchronize_session": "fetch"},
        )


def count_anew(wave_id: int, *, by: Viewer) -> None:
    """The wave's numbers are a recount of its people."""
    require(policies.can_invite(by), "Only admins and staff invite.")
    db.session.flush()
    fresh = update(InvitationWave).where(InvitationWave.id == wave_id).values(**queries.counted(wave_id))
    db.session.execute(fresh, execution_options={"synchronize_session": "fetch"})
