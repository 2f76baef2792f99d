"""The clocks of every feature, gathered: whatever a feature declares is here, and nothing is asked twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from portal.core import clock, parts
from portal.core.fragments import Later, Piece
from portal.core.jinja import time_left

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.parts import Deadline, TaskCard

MOST = 25  # of each feature; one more is asked for, to say honestly that there are more


@dataclass(frozen=True, slots=True)
class Sort:
    """The deadlines of one sort, the oldest first."""

    kind: str
    deadlines: list[Deadline]
    more: bool

    @property
    def all_url(self) -> str:
        """Where all of this sort stand."""
        return self.deadlines[0].all_url

    def rows(self, timezone: str) -> list[Piece]:
        """The deadlines as rows of a list."""
        return pieces(self.deadlines, timezone)


@dataclass(frozen=True, slots=True)
class Day:
    """What is over, what comes, and what else is asked of somebody."""

    overdue: list[Sort]
    coming: list[Deadline]
    tasks: list[TaskCard]
    worst: Deadline | None

    @property
    def count(self) -> str:
        """How many clocks have run out, "25+" where there are more than are shown."""
        number = sum(len(sort.deadlines) for sort in self.overdue)
        return f"{number}{'+' if any(sort.more for sort in self.overdue) else ''}"


def day_of(viewer: Viewer, *, mine: bool) -> Day:
    """Everything that runs out, gathered from what the features declare."""
    now = clock.now()
    found = sorted(_gathered(viewer, mine), key=lambda one: (one[0].due_at, one[0].kind))
    over = [(deadline, more) for deadline, more in found if deadline.due_at < now]
    coming = [deadline for deadline, _ in found if deadline.due_at >= now]
    tasks = [task for asks in parts.every("tasks") for task in asks(viewer)]
    return Day(_sorts(over), coming[:10], tasks, over[0][0] if over else None)


def _gathered(viewer: Viewer, mine: bool) -> list[tuple[Deadline, bool]]:
    """A manager who wants their own asks like somebody who oversees nothing, or others' would fill the answer."""
    found = []
    if mine:
        viewer = replace(viewer, roles=(viewer.roles - {"manager", "admin"}) | {"staff"})
    for clocks in parts.every("clocks"):
        deadlines = clocks(viewer, MOST + 1)
        more = len(deadlines) > MOST
        found += [(one, more) for one in deadlines[:MOST] if not mine or is_mine(one, viewer)]
    return found


def pieces(deadlines: list[Deadline], timezone: str) -> list[Piece]:
    """Deadlines as rows of a list, kept until a word of them changes."""
    now = clock.now()
    return [_piece(deadline, time_left(deadline.due_at, now).words, timezone) for deadline in deadlines]


def _piece(deadline: Deadline, left: str, timezone: str) -> Piece:
    return Piece((deadline, left, timezone), Later(lambda: deadline))


def is_mine(deadline: Deadline, viewer: Viewer) -> bool:
    """Whose it is, by key where the feature says so, else by name."""
    if deadline.owner_id is not None:
        return viewer.is_person(deadline.owner_id)
    return bool(deadline.owner) and deadline.owner == viewer.name


def _sorts(over: list[tuple[Deadline, bool]]) -> list[Sort]:
    """By sort; the sort with the oldest breach first."""
    by_kind = sorted(over, key=lambda one: one[0].kind)
    sorts = [
        Sort(kind, sorted((one for one, _ in some), key=lambda one: one.due_at), any(more for _, more in some))
        for kind, group in groupby(by_kind, key=lambda one: one[0].kind)
        for some in [list(group)]
    ]
    return sorted(sorts, key=lambda sort: sort.deadlines[0].due_at)
