"""The clocks of every feature, gathered: whatever a feature declares is here, and nothing is asked twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.core import clock, parts
from portal.core.fragments import Later, Piece
from portal.core.jinja import time_left
from portal.core.parts import TaskCard
from portal.programme import policies

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.parts import Deadline

MOST = 25  # of each feature; one more is asked for, to say honestly whether there are more


@dataclass(frozen=True, slots=True)
class Day:
    """What is over, oldest first and without a gap, what comes, and what else is asked of somebody."""

    overdue: list[Deadline]
    more: dict[str, str]  # sorts of which more have run out than stand here, and where all of each stand
    coming: list[Deadline]
    tasks: list[TaskCard]

    @property
    def count(self) -> str:
        """How many clocks have run out, "25+" where there are more than are shown."""
        return f"{len(self.overdue)}{'+' if self.more else ''}"


def late(viewer: Viewer) -> list[TaskCard]:
    """What has run out on somebody who works in the programme, for home: their own clocks alone."""
    if not policies.has_day(viewer):
        return []
    now, found = clock.now(), _clocks(viewer, mine=True)
    run_out = sum(one.due_at < now for some in found for one in some)
    if not run_out:
        return []
    many = f"{min(run_out, MOST)}{'+' if run_out > MOST else ''} clocks of the programme have run out on you"
    words = "A clock of the programme has run out on you" if run_out == 1 else many
    return [TaskCard(words, "/programme?show=mine", min(run_out, MOST), icon="compass")]


def _clocks(viewer: Viewer, *, mine: bool) -> list[list[Deadline]]:
    return [clocks(viewer, MOST + 1, mine=mine) for clocks in parts.every("clocks")]


def day_of(viewer: Viewer, *, mine: bool) -> Day:
    """Everything that runs out, gathered from what the features declare."""
    now, found = clock.now(), _clocks(viewer, mine=mine)
    whole_until = min((some[MOST].due_at for some in found if len(some) > MOST), default=now)
    known = sorted((one for some in found for one in some[:MOST]), key=lambda one: one.due_at)
    shown = [one for one in known if one.due_at < now and one.due_at <= whole_until]
    left = {one for some in found for one in some if one.due_at < now} - set(shown)
    more = {one.kind: one.all_url for one in sorted(left, key=lambda one: one.kind)}
    coming = [one for one in known if one.due_at >= now]
    tasks = [task for asks in parts.every("tasks") if asks is not late for task in asks(viewer)]
    return Day(shown, more, coming[:10], tasks)


def pieces(deadlines: list[Deadline], timezone: str) -> list[Piece]:
    """Deadlines as rows of a list, kept until a word of them changes."""
    now = clock.now()
    return [_piece(deadline, time_left(deadline.due_at, now).words, timezone) for deadline in deadlines]


def _piece(deadline: Deadline, left: str, timezone: str) -> Piece:
    return Piece((deadline, left, timezone), Later(lambda: deadline))
