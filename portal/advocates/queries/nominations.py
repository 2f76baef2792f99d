"""Reading nominations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import joinedload

from portal.advocates import policies
from portal.advocates.models import Nomination
from portal.advocates.signals import deputies
from portal.core import clock, glance
from portal.core.access import viewer_of
from portal.core.db import get_one, scalars
from portal.core.pages import Page, keyset
from portal.core.sets import is_word
from portal.core.text import fold
from portal.people.models import Person
from portal.people.policies import listed_for
from portal.people.queries import holders

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from portal.core.access import Viewer

PAGE_SIZE = 50
LATELY = timedelta(days=180)
OPEN = ("waiting", "contacted", "invited")
NO_SUCH = "There is no such nomination."


def nomination_for(viewer: Viewer, public_id: str) -> Nomination:
    """One that the viewer may see: their own, of themselves, or any for who tends them."""
    found = _loaded().where(Nomination.public_id == public_id, policies.nominations_of(viewer))
    return get_one(found, NO_SUCH)


def page(viewer: Viewer, show: str, *, after: str | None = None, before: str | None = None) -> Page[Nomination]:
    """Nominations that wait, the most urgent first; or those that ended, the newest first."""
    found = _loaded().where(policies.nominations_of(viewer))
    if show == "ended":
        over = found.where(Nomination.state.not_in(OPEN))
        return keyset(over, [Nomination.id], size=PAGE_SIZE, after=after, before=before).map(_first)
    waiting = found.where(Nomination.state.in_(OPEN))
    # Whose first contact was made has no clock any more, however long ago it was due.
    order = [case((is_word(Nomination.state, "waiting"), 0), else_=1), Nomination.due_at, Nomination.id]
    return keyset(waiting, order, size=PAGE_SIZE, after=after, before=before, ascending=True).map(_first)


def about(person_id: int) -> list[Nomination]:
    """Where a member stands who was nominated: what is open, the newest first."""
    found = _loaded().where(Nomination.person_id == person_id, Nomination.state.in_(OPEN))
    return scalars(found.order_by(Nomination.id.desc()).limit(3))


def _newest_about(person_id: Any) -> ColumnElement[str | None]:
    newest = select(Nomination.public_id).where(Nomination.person_id == person_id, Nomination.state.in_(OPEN))
    return newest.order_by(Nomination.id.desc()).limit(1).scalar_subquery()


glance.for_tasks("nomination", _newest_about)


def waiting_for(viewer: Viewer) -> str | None:
    """The public id of the nomination that waits for the viewer's own word, if there is one."""
    found: str | None = glance.of("nomination", viewer.person_id)
    return found


def made_by(person_id: int) -> list[Nomination]:
    """Whom a member nominated, the newest first."""
    return scalars(_loaded().where(Nomination.nominated_by_id == person_id).order_by(Nomination.id.desc()).limit(10))


def to_escalate() -> list[Nomination]:
    """Those whose first clock ran out, and nobody else was asked yet."""
    late = (Nomination.state == "waiting", Nomination.due_at <= clock.now(), Nomination.escalated_at.is_(None))
    return scalars(_loaded().where(*late).order_by(Nomination.id).limit(200))


def stand_in_for(owner_id: int | None) -> int | None:
    """Who looks after a nomination when its owner was late: their deputy, else another manager, if they may."""
    named = [deputy(owner_id) for deputy in deputies] if owner_id is not None else []
    able = [*named, *(person.id for person in holders("manager"))]
    others = (one for one in able if one is not None and one != owner_id)
    return next((one for one in others if policies.can_tend(viewer_of(one))), None)


def to_alarm() -> list[Nomination]:
    """Those whose second clock ran out, and nobody was told yet."""
    late = (Nomination.state == "waiting", Nomination.alarm_at <= clock.now(), Nomination.alarmed_at.is_(None))
    return scalars(_loaded().where(*late).order_by(Nomination.id).limit(200))


def readable(viewer: Viewer, found: Any) -> set[int]:
    """Which notifications about nominations their reader may still see."""
    ids = {row.group_key.partition(":")[2] for row in found}
    known = set(
        scalars(select(Nomination.public_id).where(Nomination.public_id.in_(ids), policies.nominations_of(viewer)))
    )
    return {row.id for row in found if row.group_key.partition(":")[2] in known}


def is_open_for(person_id: int | None, address: str) -> bool:
    """Whether the same person, or the same address, is nominated already."""
    same = Nomination.person_id == person_id if person_id else Nomination.contact_address == address
    if not person_id and not address:
        return False
    found = select(Nomination.id).where(same, Nomination.state.in_(OPEN)).limit(1)
    return bool(scalars(found))


def ended_lately(person_id: int) -> bool:
    """Whether the nomination of a member came to its end not long ago."""
    over = (Nomination.person_id == person_id, Nomination.ended_at > clock.now() - LATELY)
    return bool(scalars(select(Nomination.id).where(*over).limit(1)))


def suggestions(viewer: Viewer, typed: str, limit: int = 8) -> list[Person]:
    """Whom the viewer may nominate, of those whose names begin so."""
    folded = fold(typed)
    if len(folded) < 2:
        return []
    found = select(Person).where(_nameable(viewer), Person.sort_name.between(folded, folded + "\uffff"))
    return scalars(found.order_by(Person.sort_name, Person.id).limit(limit))


def named(viewer: Viewer, name: str, *, public_id: str = "") -> list[Person]:
    """Who is meant by a public id, or by a whole name (two at most)."""
    meant = Person.public_id == public_id if public_id else Person.sort_name == fold(name)
    return scalars(select(Person).where(_nameable(viewer), meant).order_by(Person.id).limit(2))


def _nameable(viewer: Viewer) -> ColumnElement[bool]:
    """Members whom one may meet; for who tends nominations also those who have not claimed their record (I11)."""
    listed = listed_for(viewer)
    if not policies.can_tend(viewer):
        return listed
    unclaimed = and_(Person.claimed_at.is_(None), Person.is_system.is_(False), Person.remembered_at.is_(None))
    return or_(listed, unclaimed)


def _loaded() -> Select[Nomination]:
    return select(Nomination).options(
        joinedload(Nomination.person), joinedload(Nomination.nominated_by), joinedload(Nomination.owner)
    )  # fmt: skip


def _first(row: Any) -> Nomination:
    found: Nomination = row[0]
    return found
