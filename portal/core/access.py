"""Who asks: a frozen value with everything a policy needs, loaded once a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.core import clock
from portal.core.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Callable

STAFF_ROLES = frozenset({"staff", "seller", "manager", "executive", "admin"})
ROLES = STAFF_ROLES | {"moderator"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who asks, or nobody: ids of person, roles, relations, groups, and standing."""

    person_id: int | None = None
    public_id: str = ""
    name: str = ""
    call_name: str = ""
    roles: frozenset[str] = frozenset()
    relations: frozenset[tuple[str, str]] = frozenset()  # (kind, "former" | "current")
    groups: frozenset[int] = frozenset()
    moderates: frozenset[int] = frozenset()  # boards, beside what the role "moderator" opens
    blocks: frozenset[int] = frozenset()  # persons blocked by or blocking this one
    suspended_until: datetime | None = None
    joined_at: datetime | None = None
    trusted: bool = False
    timezone: str = "UTC"
    theme: str = "auto"
    system: bool = False
    extra: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    @property
    def is_member(self) -> bool:
        """Whether somebody is signed in."""
        return self.person_id is not None and not self.system

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the host in a role here."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_suspended(self) -> bool:
        """Whether a suspension is running now."""
        return self.suspended_until is not None and self.suspended_until > clock.now()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of relation the person has or had."""
        return frozenset(kind for kind, _ in self.relations)

    @property
    def photo_url(self) -> str | None:
        """Where the person's photo is served, if there is one."""
        photo = self.extra.get("photo")
        return f"/photos/{photo}" if photo else None

    def has_role(self, *names: str) -> bool:
        """Whether the person holds one of the roles."""
        return not self.roles.isdisjoint(names)

    def is_person(self, person_id: int | None) -> bool:
        """Whether it is this person."""
        return self.person_id is not None and self.person_id == person_id


VISITOR = Viewer()
_facts: list[Callable[[int], dict[str, Any]]] = []
_system_id: Callable[[], int] | None = None
_viewers: Memory[tuple[Any, ...], Viewer] = Memory(5000)


def contribute(facts: Callable[[int], dict[str, Any]]) -> Callable[[int], dict[str, Any]]:
    """Register what a feature knows of a viewer: person id → fields of `Viewer` (others go to `extra`)."""
    if facts not in _facts:
        _facts.append(facts)
    return facts


def viewer_of(person_id: int) -> Viewer:
    """Load a viewer now, whatever is cached: for jobs, commands and tests."""
    known: dict[str, Any] = {"person_id": person_id, "extra": {}}
    for facts in _facts:
        for name, value in facts(person_id).items():
            if name in Viewer.__dataclass_fields__:
                known[name] = value
            else:
                known["extra"][name] = value
    return Viewer(**known)


def cached_viewer(person_id: int, version: int) -> Viewer:
    """The viewer as of this access version; relations end by date, so the day is part of the key."""
    return _viewers.get((person_id, version, clock.today()), lambda: viewer_of(person_id))


def system_viewer() -> Viewer:
    """The system, which acts as a real row and never as nobody."""
    if _system_id is None:
        raise RuntimeError("No feature has said who the system is.")
    return Viewer(person_id=_system_id(), name="The portal", call_name="The portal", system=True, roles=frozenset())


def register_system(load: Callable[[], int]) -> None:
    """Say how to find the system's own person row."""
    global _system_id  # noqa: PLW0603
    _system_id = load
