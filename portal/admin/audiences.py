"""Audiences as a grid of boxes to tick, and back as the fewest lines that say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.admin.words import KINDS, PHASES
from portal.boards.grants import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Ticked:
    """What is ticked: pairs "kind:phase", groups, roles."""

    segments: frozenset[str] = frozenset()
    groups: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()


def ticked(lines: Iterable[Audience]) -> Ticked:
    """The boxes that lines mean; "any" ticks all that it stands for."""
    segments: set[str] = set()
    groups: set[int] = set()
    roles: set[str] = set()
    for line in lines:
        if line.group_id is not None:
            groups.add(line.group_id)
        elif line.role is not None:
            roles.add(line.role)
        else:
            kinds = KINDS if line.relation_kind == "any" else (line.relation_kind,)
            phases = PHASES if line.phase == "any" else (line.phase,)
            segments.update(f"{kind}:{phase}" for kind in kinds for phase in phases)
    return Ticked(frozenset(segments), frozenset(groups), frozenset(roles))


def lines_of(boxes: Ticked) -> tuple[dict[str, Any], ...]:
    """The fewest lines for the boxes: all six are "any", a whole column or row one line."""
    groups = ({"group_id": group} for group in sorted(boxes.groups))
    roles = ({"role": role} for role in sorted(boxes.roles))
    return (*_relations(boxes.segments), *groups, *roles)


def _relations(segments: frozenset[str]) -> list[dict[str, Any]]:
    left = {(kind, phase) for kind in KINDS for phase in PHASES if f"{kind}:{phase}" in segments}
    if len(left) == len(KINDS) * len(PHASES):
        return [{"relation_kind": "any", "phase": "any"}]
    lines = []
    for phase in PHASES:
        column = {(kind, phase) for kind in KINDS}
        if column <= left:
            lines.append({"relation_kind": "any", "phase": phase})
            left -= column
    for kind in KINDS:
        row = {(kind, phase) for phase in PHASES}
        if row <= left:
            lines.append({"relation_kind": kind, "phase": "any"})
            left -= row
    return lines + [{"relation_kind": kind, "phase": phase} for kind, phase in sorted(left)]


def as_audience(line: dict[str, Any]) -> Audience:
    """A line as the rules hold it."""
    return Audience(line.get("relation_kind"), line.get("phase", "any"), line.get("group_id"), line.get("role"))
