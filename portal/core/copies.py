"""One mail to many: its copies go into the outbox by a few statements, and out behind everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert

from portal.core import jobs, mail, suppression
from portal.core.db import db
from portal.core.outbox import OutboxMail, deliver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Copy:
    """One of many mails with the same subject: to whom, and what is different for them."""

    person_id: int
    to_address: str
    text: str
    html: str
    headers: Mapping[str, str]


def post_copies(kind: str, subject: str, copies: Sequence[Copy], *, purpose: str = "") -> dict[int, int]:
    """Put bulk mail into the outbox in the caller's transaction, a few statements for all of it; mail ids by person.

    Addresses that are suppressed get nothing. It goes out behind everything else: nobody waits for a sign-in link.
    """
    refused = suppression.suppressed_among([copy.to_address for copy in copies])
    rows = []
    for copy in copies:
        if copy.to_address in refused:
            continue
        mail.check_lines(copy.to_address, subject, copy.headers)
        rows.append({
            "kind": kind, "purpose": purpose, "person_id": copy.person_id, "to_address": copy.to_address, "subject": subject,
            "text": copy.text, "html": copy.html, "headers": dict(copy.headers), "message_id": mail.new_message_id(),
        })  # fmt: skip
    if not rows:
        return {}
    made = db.session.execute(insert(OutboxMail).returning(OutboxMail.person_id, OutboxMail.id), rows).all()
    jobs.enqueue_many(deliver, [[mail_id] for _, mail_id in made], priority=jobs.LATER)
    return {person_id: mail_id for person_id, mail_id in made if person_id is not None}
