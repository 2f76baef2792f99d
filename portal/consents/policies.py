"""Who may publish wordings and agree to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from portal.consents.models import ACT, Consent

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer


def can_publish(by: Viewer, kind: str = "") -> bool:
    """Admins publish the host's wordings; those of acts the programme's manager too."""
    return by.system or by.has_role("admin") or (kind.startswith(ACT) and by.has_role("manager"))


def can_read_wording(by: Viewer, kind: str) -> bool:
    """The wordings of acts are for members; the host's own are open to everybody."""
    return by.is_member and kind.startswith(ACT)


def can_agree(by: Viewer, person_id: int) -> bool:
    """Nobody agrees for somebody else; the system records what was said by a visitor who claimed."""
    return by.system or by.is_person(person_id)


def in_force(person_id: Any, kind: Any, at: Any) -> ColumnElement[bool]:
    """Whether this person's newest word on this kind is a yes that has not run out, as a clause of a larger query."""
    given, later = aliased(Consent), aliased(Consent)
    newer = exists(
        select(later.id).where(later.person_id == person_id, later.kind == kind, later.id > given.id)
    ).correlate_except(later)
    holds = (given.person_id == person_id, given.kind == kind, given.state == "given")
    return exists(
        select(given.id).where(*holds, or_(given.until.is_(None), given.until > at), ~newer)
    ).correlate_except(given)
