"""Everything that any feature keeps about a person, by feature."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from portal.accounts import mailboxes
from portal.core import parts
from portal.core.access import system_viewer
from portal.core.audit import AuditRow
from portal.core.db import rows
from portal.core.outbox import OutboxMail
from portal.people.queries import person_by_id
from portal.rights.queries import doubles_of, proved_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = ("public_id", "full_name", "call_name", "created_at", "claimed_at", "timezone", "theme", "shortcuts")
MAIL = (OutboxMail.subject, OutboxMail.text, OutboxMail.to_address, OutboxMail.created_at, OutboxMail.sent_at,
        OutboxMail.state, OutboxMail.message_id)  # fmt: skip


def gather(person_id: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Feature by feature: its name, and what it keeps."""
    person = person_by_id(person_id)
    yield "person", {"person": {name: getattr(person, name) for name in OWN}}
    yield "mail", {"mails": _mails(person_id)}
    yield "audit", {"deeds": _deeds(person_id)}
    for part in parts.every("person_data"):
        yield type(part).__module__.split(".")[1], part.export(person_id)


def _mails(person_id: int) -> list[dict[str, Any]]:
    """Mails to addresses that are or were the person's own: an account that was joined and parted took its own along."""
    own = set(proved_addresses(person_id))
    found = rows(select(*MAIL).where(OutboxMail.person_id == person_id).order_by(OutboxMail.id))
    return [dict(row._mapping) for row in found if mailboxes.normal(row.to_address) in own]  # noqa: SLF001


def _deeds(person_id: int) -> list[dict[str, Any]]:
    """What was done by the person and about them, when; neither who the others are nor where they were."""
    mine = [person_id, *doubles_of(person_id)]
    theirs = or_(AuditRow.actor_id.in_(mine), AuditRow.subject_id.in_(mine))
    columns = (AuditRow.at, AuditRow.verb, AuditRow.actor_id, AuditRow.address)
    words = {None: "somebody not signed in", system_viewer().person_id: "the portal"} | dict.fromkeys(mine, "you")
    return [
        {"at": row.at, "verb": row.verb, "by": words.get(row.actor_id, "somebody else"),
         "ip": row.address if row.actor_id in mine else ""}
        for row in rows(select(*columns).where(theirs).order_by(AuditRow.id))
    ]  # fmt: skip


def plain(value: Any) -> Any:
    """The same in what JSON knows: moments and days as ISO 8601."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def as_json(value: Any) -> str:
    """Indented, in every script as it is."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
