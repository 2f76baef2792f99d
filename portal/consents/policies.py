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
    given = aliased(Consent)
    return exists(select(given.id).where(given.kind == kind, *holds(given, person_id, at))).correlate_except(given)


def holds(given: Any, person_id: Any, at: Any) -> tuple[ColumnElement[bool], ...]:
    """The same of a row of the ledger that is at hand: it is theirs, a yes, not run out, and their last word on its kind."""
    later = aliased(Consent)
    newer = exists(
        select(later.id).where(later.person_id == given.person_id, later.kind == given.kind, later.id > given.id)
    ).correlate_except(later)
    is_yes = (given.state == "given", or_(given.until.is_(None), given.until > at))
    return (given.person_id == person_id, *is_yes, ~newer)
