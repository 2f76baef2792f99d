"""Reading wordings and who agreed to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from portal.consents import policies
from portal.consents.models import ACCEPTED, Consent, LegalText
from portal.core import clock, stamps
from portal.core.db import db, get_one, rows, scalars
from portal.core.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.core.access import Viewer

NO_TEXT = "This page has not been written yet."
STAMP = "legal texts"
_in_force: Memory[int, dict[str, tuple[int, Any]]] = Memory(2)


def in_force() -> dict[str, tuple[int, datetime]]:
    """Version and date of each wording in force; remembered until one is published."""
    return _in_force.get(stamps.current(STAMP), _load_in_force)


def _load_in_force() -> dict[str, tuple[int, datetime]]:
    newest = select(LegalText.kind, func.max(LegalText.version).label("version")).group_by(LegalText.kind).subquery()
    same = (LegalText.kind == newest.c.kind) & (LegalText.version == newest.c.version)
    found = rows(select(LegalText.kind, LegalText.version, LegalText.published_at).join(newest, same))
    return {row.kind: (row.version, row.published_at) for row in found}


def legal_text(kind: str, version: int | None = None) -> LegalText:
    """A wording: the one in force, or an older version."""
    found = select(LegalText).where(LegalText.kind == kind)
    if version is not None:
        found = found.where(LegalText.version == version)
    return get_one(found.order_by(LegalText.version.desc()).limit(1), NO_TEXT)


def versions(kind: str) -> list[LegalText]:
    """Every version of a wording, the newest first."""
    return scalars(select(LegalText).where(LegalText.kind == kind).order_by(LegalText.version.desc()))


_NEWEST = select(func.max(Consent.id)).where(Consent.person_id == bindparam("me"), Consent.kind.in_(ACCEPTED))
_ACCEPTED = select(Consent.kind, Consent.version, Consent.state).where(Consent.id.in_(_NEWEST.group_by(Consent.kind)))


def facts(person_id: int) -> dict[str, Any]:
    """Which versions the person has agreed to, for the viewer: kind → version."""
    return {"accepted": {row.kind: row.version for row in rows(_ACCEPTED, me=person_id) if row.state == "given"}}


def _latest(person_id: int, kinds: Iterable[str]) -> list[Consent]:
    newest = select(func.max(Consent.id)).where(Consent.person_id == person_id, Consent.kind.in_(list(kinds)))
    return scalars(select(Consent).where(Consent.id.in_(newest.group_by(Consent.kind))))


def asked_of(viewer: Viewer, *, since: datetime) -> list[str]:
    """The wordings that the viewer has not agreed to and that were in force when the session began."""
    accepted = viewer.extra.get("accepted", {})
    texts = in_force()
    due = [kind for kind in ACCEPTED if kind in texts and accepted.get(kind, 0) < texts[kind][0]]
    return [kind for kind in due if texts[kind][1] <= since]


def ledger(person_id: int) -> list[Consent]:
    """Everything a person agreed to or took back, the newest first."""
    return scalars(select(Consent).where(Consent.person_id == person_id).order_by(Consent.id.desc()))


def titles(ledger: Iterable[Consent]) -> dict[tuple[str, int], str]:
    """What the wordings in a ledger are called, by kind and version."""
    kinds = {row.kind for row in ledger}
    found = rows(select(LegalText.kind, LegalText.version, LegalText.title).where(LegalText.kind.in_(kinds)))
    return {(row.kind, row.version): row.title for row in found}


def latest(person_id: int, kinds: Iterable[str]) -> dict[str, Consent]:
    """A person's newest word on each of these kinds."""
    return {row.kind: row for row in _latest(person_id, kinds)}


def is_given(person_id: int, kind: str) -> bool:
    """Whether a consent is in force now."""
    return bool(db.session.execute(select(policies.in_force(person_id, kind, clock.now()))).scalar())
