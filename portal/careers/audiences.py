"""Who something is for: lines of relation kind and phase, group or role. The one way to say it, for boards and for news.

The same lines as a rule that a viewer meets, as a clause on `Person`, as boxes to tick and in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, false, func, or_, select

from portal.careers.models import Relation
from portal.core import clock
from portal.core.db import rows
from portal.people.models import GroupMember, Person, PersonRole
from portal.people.policies import is_real

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer

KINDS = {"employee": "Employee", "customer": "Customer", "partner": "Partner"}
PHASES = {"former": "Former", "current": "Current"}
ROLES = {
    "moderator": "Moderator", "staff": "Staff poster", "seller": "Seller", "manager": "Programme manager",
    "executive": "Executive", "admin": "Admin",
}  # fmt: skip
ROLES_MANY = {role: f"{words.lower()}s" for role, words in ROLES.items()}
EVERYBODY = {"any": "all members", "former": "everybody who has left", "current": "everybody who is still with us"}
# Who is a member: claimed, alive, and no machine.
MEMBERS = and_(
    Person.claimed_at.is_not(None), Person.remembered_at.is_(None), Person.is_system.is_(False), Person.erased_at.is_(None),
    Person.merged_into_id.is_(None), is_real(),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audience:
    """One line of an audience."""

    relation_kind: str | None
    phase: str
    group_id: int | None
    role: str | None

    def includes(self, viewer: Viewer) -> bool:
        """Whether the viewer belongs to it."""
        if self.group_id is not None:
            return self.group_id in viewer.groups
        if self.role is not None:
            return self.role in viewer.roles
        return any(
            self.relation_kind in ("any", kind) and self.phase in ("any", phase) for kind, phase in viewer.relations
        )

    def members(self) -> ColumnElement[bool]:
        """Where-clause on `Person`: the same as `includes`, for those whom no viewer was made of."""
        if self.group_id is not None:
            return exists().where(GroupMember.person_id == Person.id, GroupMember.group_id == self.group_id)
        if self.role is not None:
            held = (PersonRole.role == self.role, PersonRole.ended_at.is_(None))
            return exists().where(PersonRole.person_id == Person.id, *held)
        return exists().where(Relation.person_id == Person.id, *phase_of(self.relation_kind or "any", self.phase))

    def words(self, group_names: dict[int, str]) -> str:
        """For people: "former partners", "people of Halifax site", "moderators"."""
        if self.group_id is not None:
            return f"people of {group_names.get(self.group_id, 'a group')}"
        if self.role is not None:
            return ROLES_MANY.get(self.role, f"{self.role}s")
        if self.relation_kind == "any":
            return EVERYBODY[self.phase]
        kind = f"{self.relation_kind}s"
        return {"any": f"former and current {kind}"}.get(self.phase, f"{self.phase} {kind}")


def audience_of(line: dict[str, Any]) -> Audience:
    """A line as it is written down, as the rules hold it."""
    return Audience(line.get("relation_kind"), line.get("phase", "any"), line.get("group_id"), line.get("role"))


def any_of(lines: Iterable[Audience], *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Where-clause on `Person`: belongs to one of the lines, or meets one of the other clauses."""
    return or_(false(), *more, *(line.members() for line in lines))


def in_words(lines: Iterable[Audience], group_names: dict[int, str]) -> str:
    """A whole audience, as a sentence begins: "Former partners; people of Halifax site"."""
    said = [line.words(group_names) for line in lines]
    words = EVERYBODY["any"] if EVERYBODY["any"] in said else "; ".join(said) or "nobody yet"
    return words[0].upper() + words[1:]


def phase_of(kind: str, phase: str) -> list[ColumnElement[bool]]:
    """Where-clauses on `Relation` for a kind and a phase; "any" leaves it open."""
    over = Relation.ends_on <= clock.today()
    by_phase = {"former": [over], "current": [or_(Relation.ends_on.is_(None), Relation.ends_on > clock.today())]}
    return ([Relation.kind == kind] if kind != "any" else []) + by_phase.get(phase, [])


def relation_words(kind: str, phase: str, department: str = "") -> str:
    """ "Former employee, Firmware"."""
    words = f"{PHASES[phase]} {KINDS[kind].lower()}"
    return f"{words}, {department}" if department else words


def segments() -> dict[str, str]:
    """Every kind of relation, former and current: "kind:phase" and its words."""
    return {f"{kind}:{phase}": relation_words(kind, phase) for kind in KINDS for phase in PHASES}


@dataclass(frozen=True, slots=True)
class Ticked:
    """What is ticked: pairs "kind:phase", groups, roles."""

    segments: frozenset[str] = frozenset()
    groups: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()


def ticked(lines: Iterable[Audience]) -> Ticked:
    """The boxes that lines mean; "any" ticks all that it stands for."""
    pairs: set[str] = set()
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
            pairs.update(f"{kind}:{phase}" for kind in kinds for phase in phases)
    return Ticked(frozenset(pairs), frozenset(groups), frozenset(roles))


def lines_of(boxes: Ticked) -> tuple[dict[str, Any], ...]:
    """The fewest lines for the boxes: all six are "any", a whole column or row one line."""
    groups = ({"group_id": group} for group in sorted(boxes.groups))
    roles = ({"role": role} for role in sorted(boxes.roles))
    return (*_relations(boxes.segments), *groups, *roles)


def _relations(chosen: frozenset[str]) -> list[dict[str, Any]]:
    left = {(kind, phase) for kind in KINDS for phase in PHASES if f"{kind}:{phase}" in chosen}
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


def segment_sizes() -> dict[tuple[str, str], int]:
    """How many members have each kind of relation, former and current; for the pages of a few."""
    people = func.count(func.distinct(Relation.person_id)).label("people")
    listed = select(Relation.kind, people).join(Person, Person.id == Relation.person_id).where(MEMBERS)
    return {
        (row.kind, phase): row.people
        for phase in PHASES
        for row in rows(listed.where(*phase_of("any", phase)).group_by(Relation.kind))
    }
