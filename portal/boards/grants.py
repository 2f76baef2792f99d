"""Who may read and write which board: one small picture of all boards, remembered until a board changes (M1)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.boards.models import Board, BoardAudience
from portal.careers.audiences import Audience
from portal.core import stamps
from portal.core.access import Viewer
from portal.core.db import db
from portal.core.memory import Memory


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides about one board."""

    board_id: int
    starters: str
    is_archived: bool
    audiences: tuple[Audience, ...]
    home_url: str = ""  # the page whose comments it holds: nobody starts topics there by hand


class Grants:
    """All boards' rules at one moment."""

    def __init__(self, rules: list[Rules]) -> None:
        self.rules = {rule.board_id: rule for rule in rules}

    def readable(self, viewer: Viewer) -> frozenset[int]:
        """The boards the viewer may read; no role opens one by itself, but moderating does."""
        if not viewer.is_member:
            return frozenset()
        if viewer.has_role("moderator"):
            return frozenset(self.rules)
        return viewer.moderates.intersection(self.rules) | {
            rule.board_id for rule in self.rules.values() if any(line.includes(viewer) for line in rule.audiences)
        }

    def allow(self, viewer: Viewer, board_id: int, verb: str) -> bool:
        """Whether the viewer may `read`, `reply`, `start` or `moderate` here."""
        rule = self.rules.get(board_id)
        if rule is None or board_id not in readable_boards(viewer):
            return False
        if verb == "read":
            return True
        if verb == "moderate":
            return moderates(viewer, board_id)
        if viewer.is_suspended or rule.is_archived:
            return False
        return verb == "reply" or self._may_start(viewer, rule)

    def _may_start(self, viewer: Viewer, rule: Rules) -> bool:
        if rule.home_url:
            return False
        if rule.starters == "readers" or moderates(viewer, rule.board_id):
            return True
        return rule.starters == "staff" and viewer.is_staff


_grants: Memory[int, Grants] = Memory(2)
_readable: Memory[tuple[int, Viewer], frozenset[int]] = Memory(5000)


def grants() -> Grants:
    """The rules in force."""
    return _grants.get(stamps.current("boards"), _load)


def readable_boards(viewer: Viewer) -> frozenset[int]:
    """The ids of the boards that exist for this viewer."""
    return _readable.get((stamps.current("boards"), viewer), lambda: grants().readable(viewer))


def moderates(viewer: Viewer, board_id: int) -> bool:
    """Whether the viewer keeps this board."""
    return (
        viewer.is_member and not viewer.is_suspended and (viewer.has_role("moderator") or board_id in viewer.moderates)
    )


def _load() -> Grants:
    lines: dict[int, list[Audience]] = {}
    for row in db.session.execute(
        select(
            BoardAudience.board_id,
            BoardAudience.relation_kind,
            BoardAudience.phase,
            BoardAudience.group_id,
            BoardAudience.role,
        )
    ):
        lines.setdefault(row.board_id, []).append(Audience(row.relation_kind, row.phase, row.group_id, row.role))
    boards = db.session.execute(select(Board.id, Board.starters, Board.archived_at, Board.home_url))
    return Grants([
        Rules(row.id, row.starters, row.archived_at is not None, tuple(lines.get(row.id, ())), row.home_url)
        for row in boards
    ])  # fmt: skip
