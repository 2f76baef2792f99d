"""Finding out whom a wave of invitations reaches: little by little, so that nobody waits for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import insert

from portal.accounts.models import InvitationWave, WaveInvitee
from portal.accounts.queries.waves import Choice, sort_out, unclaimed
from portal.core.db import db
from portal.core.jobs import LATER, job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.accounts.queries.waves import Sorted

AT_ONCE = 500
CURSOR = "after"  # kept beside the choice: who was looked at already


@job("accounts.plan_wave", priority=LATER)
def plan_wave(wave_id: int) -> Iterator[None]:
    """Look at everybody of the choice; it goes on where it was when a worker stopped."""
    while True:
        wave = db.session.get(InvitationWave, wave_id, with_for_update=True)
        if wave is None or wave.state != "counting":
            return
        choice = {name: value for name, value in wave.choice.items() if name != CURSOR}
        found = unclaimed(Choice(**choice), wave.choice.get(CURSOR, 0), AT_ONCE)
        if not found:
            wave.state = "ready"
            return
        _keep(wave, sort_out(found))
        wave.choice = choice | {CURSOR: found[-1]}
        yield


def _keep(wave: InvitationWave, looked_at: list[Sorted]) -> None:
    reached = [{"wave_id": wave.id, "person_id": each.person_id, "address": each.address}
               for each in looked_at if each.verdict == "invite"]  # fmt: skip
    if reached:
        db.session.execute(insert(WaveInvitee), reached)
    numbers = Counter(each.verdict for each in looked_at)
    wave.people += numbers.pop("invite", 0)
    for verdict, number in numbers.items():
        setattr(wave, verdict, getattr(wave, verdict) + number)
