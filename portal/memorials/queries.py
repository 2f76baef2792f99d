"""Reading who is remembered and what families ask."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.db import db, get_one, scalars
from portal.memorials.models import FamilyRequest, Memorial

NOTHING = "There is nothing like that here any more."


def open_ones() -> list[Memorial]:
    """Those that wait for a second word, and those in force."""
    found = select(Memorial).where(Memorial.ended_at.is_(None))
    ends = (joinedload(Memorial.person), joinedload(Memorial.proposed_by))
    return scalars(found.options(*ends).order_by(Memorial.confirmed_at.is_not(None), Memorial.id.desc()).limit(200))


def memorial(public_id: str) -> Memorial:
    """One of them."""
    found = select(Memorial).where(Memorial.public_id == public_id, Memorial.ended_at.is_(None))
    return get_one(found.options(joinedload(Memorial.person)), NOTHING)


def memorial_of(person_id: int) -> Memorial | None:
    """The one that waits or holds for a person."""
    found = select(Memorial).where(Memorial.person_id == person_id, Memorial.ended_at.is_(None))
    return db.session.execute(found).scalar_one_or_none()


def requests() -> list[FamilyRequest]:
    """What families asked and nobody has answered yet, the oldest first."""
    return scalars(select(FamilyRequest).where(FamilyRequest.done_at.is_(None)).order_by(FamilyRequest.id).limit(100))


def request(public_id: str) -> FamilyRequest:
    """One of them."""
    found = select(FamilyRequest).where(FamilyRequest.public_id == public_id, FamilyRequest.done_at.is_(None))
    return get_one(found, NOTHING)
