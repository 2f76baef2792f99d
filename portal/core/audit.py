"""Who did what to which thing, when, from where.

Values before and after lie in a side row, encrypted by a key per person that erasure destroys.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import ForeignKey, Index, String, Text, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, crypto
from portal.core.access import Viewer
from portal.core.db import Model, add, db


class AuditRow(Model):
    """One deed."""

    __tablename__ = "audit_row"
    __table_args__ = (Index("ix_audit_row_thing", "kind", "thing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    subject_id: Mapped[int | None] = mapped_column(index=True)
    verb: Mapped[str] = mapped_column(String(60), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    request_id: Mapped[str] = mapped_column(String(32), default="")


class AuditValues(Model):
    """What changed, encrypted by the key of the person it is about."""

    __tablename__ = "audit_values"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audit_row.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(index=True)
    sealed: Mapped[str] = mapped_column(Text)


class AuditKey(Model):
    """A person's key; without it the values about the person can't be read any more."""

    __tablename__ = "audit_key"

    person_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))


def record(
    verb: str,
    thing: Any,
    *,
    by: Viewer,
    about: int | None = None,
    note: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write an audit row in the caller's transaction; `thing` is a row or a pair (kind, id)."""
    kind, thing_id = thing if isinstance(thing, tuple) else (thing.__tablename__, thing.id)
    subject = about if about is not None else (thing_id if kind == "person" else None)
    address, request_id = _where()
    row = add(
        AuditRow(actor_id=by.person_id, subject_id=subject, verb=verb, kind=kind, thing_id=str(thing_id), note=note,
                 address=address, request_id=request_id)
    )  # fmt: skip
    if before is not None or after is not None:
        owner = subject or by.person_id or 0
        values = json.dumps({"before": before, "after": after}, default=str)
        db.session.add(AuditValues(audit_id=row.id, person_id=owner, sealed=crypto.encrypt(values, _key_of(owner))))


def values_of(audit_id: int) -> dict[str, Any] | None:
    """What changed, or None once the person's key is destroyed."""
    side = db.session.execute(select(AuditValues).where(AuditValues.audit_id == audit_id)).scalar_one_or_none()
    key = (
        side
        and db.session.execute(select(AuditKey.key).where(AuditKey.person_id == side.person_id)).scalar_one_or_none()
    )
    text = crypto.decrypt(side.sealed, key) if side and key else None
    return json.loads(text) if text else None


def forget_person(person_id: int) -> None:
    """What was done stays on record; which values, in which words and from where about this person is forgotten."""
    db.session.execute(delete(AuditKey).where(AuditKey.person_id == person_id))
    db.session.execute(delete(AuditValues).where(AuditValues.person_id == person_id))
    theirs = or_(AuditRow.actor_id == person_id, AuditRow.subject_id == person_id)
    db.session.execute(update(AuditRow).where(theirs).values(note="", address=""))


def _key_of(person_id: int) -> str:
    key = db.session.execute(select(AuditKey.key).where(AuditKey.person_id == person_id)).scalar_one_or_none()
    return key or add(AuditKey(person_id=person_id, key=crypto.new_key())).key


def _where() -> tuple[str, str]:
    if not has_request_context():
        return "", ""
    return request.remote_addr or "", g.get("request_id", "")
