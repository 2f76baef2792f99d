"""The audit trail: who did what to which thing, when, from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portal.core.audit import AuditRow
from portal.core.db import db
from portal.core.errors import Missing
from portal.core.pages import Page, keyset
from portal.core.text import fold
from portal.people.models import Person

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row, Select

PAGE_SIZE = 50
Actor, Subject = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of deeds is narrowed to; dates are days, both included."""

    verb: str = ""
    person: str = ""
    thing: str = ""
    first: date | None = None
    last: date | None = None


def deeds(wanted: Wanted, *, after: str | None = None, before: str | None = None) -> Page[Row[Any]]:
    """What was done, the newest first."""
    return keyset(_rows().where(*_conditions(wanted)), (AuditRow.id,), size=PAGE_SIZE, after=after, before=before)


def deed(audit_id: int) -> Row[Any]:
    """One deed."""
    found = db.session.execute(_rows().where(AuditRow.id == audit_id)).one_or_none()
    if found is None:
        raise Missing("There is no such entry.")
    return found


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            AuditRow.id, AuditRow.at, AuditRow.verb, AuditRow.kind, AuditRow.thing_id, AuditRow.note, AuditRow.address,
            AuditRow.request_id, Actor.full_name.label("actor"), Actor.public_id.label("actor_public_id"),
            Subject.full_name.label("subject"), Subject.public_id.label("subject_public_id"),
        )
        .outerjoin(Actor, Actor.id == AuditRow.actor_id)
        .outerjoin(Subject, Subject.id == AuditRow.subject_id)
    )  # fmt: skip


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.verb:
        found.append(AuditRow.verb.contains(wanted.verb.lower(), autoescape=True))
    if wanted.person:
        found.append(_about(wanted.person))
    if wanted.thing:
        kind, _, thing_id = wanted.thing.partition(" ")
        found += [AuditRow.kind == kind] + ([AuditRow.thing_id == thing_id.strip()] if thing_id else [])
    if wanted.first:
        found.append(AuditRow.at >= _midnight(wanted.first))
    if wanted.last:
        found.append(AuditRow.at < _midnight(wanted.last) + timedelta(days=1))
    return found


def _about(text: str) -> ColumnElement[bool]:
    public_id = text.rpartition("(")[2].rstrip(")") if text.endswith(")") else text
    named = select(Person.id).where(
        or_(Person.public_id == public_id, Person.sort_name.contains(fold(text), autoescape=True))
    )
    return or_(AuditRow.actor_id.in_(named), AuditRow.subject_id.in_(named))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
