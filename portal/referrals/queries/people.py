"""Whose referrals can be, and who comes after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.core.access import viewer_of
from portal.core.db import db, get_one, rows
from portal.core.sets import is_word
from portal.people.models import Person, PersonRole
from portal.people.queries import holders
from portal.referrals import policies
from portal.referrals.models import ReferralDeputy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

_WORKERS = select(PersonRole.person_id).where(
    is_word(PersonRole.role, *policies.WORKERS), PersonRole.ended_at.is_(None)
)
_OWNERS = (
    select(Person.public_id, Person.full_name).where(Person.id.in_(_WORKERS)).order_by(Person.sort_name, Person.id)
)


def owners() -> Sequence[Row[tuple[str, str]]]:
    """Everybody whose role works with referrals: public id and name."""
    return rows(_OWNERS)


def owner_named(public_id: str) -> Person | None:
    """One of them; nothing chosen is nobody."""
    if not public_id:
        return None
    return get_one(
        select(Person).where(Person.public_id == public_id, Person.id.in_(_WORKERS)), "There is nobody here."
    )


def deputy_of(person_id: int | None) -> Person | None:
    """To whom somebody's work goes."""
    found = select(Person).join(ReferralDeputy, ReferralDeputy.deputy_id == Person.id)
    return db.session.execute(found.where(ReferralDeputy.owner_id == person_id)).scalar_one_or_none()


def heir_of(person_id: int) -> int | None:
    """The deputy, if their role still works with referrals, else a manager, else nobody."""
    deputy = deputy_of(person_id)
    able = [*([deputy] if deputy else []), *holders("manager")]
    return next((one.id for one in able if one.id != person_id and policies.can_own(viewer_of(one.id))), None)
