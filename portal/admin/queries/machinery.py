"""Jobs and mail: what waits, what was given up, what nobody knows of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from portal.core import outbox
from portal.core.db import rows, scalars
from portal.core.jobs import Job, PeriodicJob
from portal.core.outbox import OutboxMail
from portal.core.pages import Page, keyset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

PAGE_SIZE = 50
OPEN_STATES = (outbox.UNKNOWN, outbox.FAILED)
STATES = (outbox.UNKNOWN, outbox.FAILED, outbox.QUEUED, outbox.SENDING, outbox.SENT, outbox.CANCELLED)


def dead_jobs(*, after: str | None = None, before: str | None = None) -> Page[Job]:
    """The jobs that were given up, newest first."""
    found = select(Job).where(Job.state == "failed")
    return keyset(found, (Job.id,), size=PAGE_SIZE, after=after, before=before).map(lambda row: row[0])


def waiting_jobs() -> Sequence[Row[Any]]:
    """What waits or runs, by kind: how many, and when the first is due."""
    first = func.min(Job.run_at).label("run_at")
    found = select(Job.name, Job.state, func.count().label("number"), func.max(Job.attempts).label("attempts"), first)
    return rows(found.where(Job.state.in_(["queued", "running"])).group_by(Job.name, Job.state).order_by(first))


def recurring_jobs() -> list[PeriodicJob]:
    """What runs again and again, and when it ran last."""
    return scalars(select(PeriodicJob).order_by(PeriodicJob.next_at))


def mails(states: tuple[str, ...], *, after: str | None = None, before: str | None = None) -> Page[Row[Any]]:
    """Mails in these states, newest first; what they say is not read here."""
    found = select(
        OutboxMail.id, OutboxMail.kind, OutboxMail.to_address, OutboxMail.subject, OutboxMail.state, OutboxMail.error,
        OutboxMail.security, OutboxMail.created_at, OutboxMail.sent_at, OutboxMail.attempts,
        OutboxMail.bounce,
        (OutboxMail.text != "").label("has_text"),
    ).where(OutboxMail.state.in_(states))  # fmt: skip
    return keyset(found, (OutboxMail.id,), size=PAGE_SIZE, after=after, before=before)


def mail_counts() -> dict[str, int]:
    """How many mails there are in each open or waiting state."""
    counted = select(OutboxMail.state, func.count()).where(OutboxMail.state.in_((*OPEN_STATES, outbox.QUEUED)))
    return dict(tuple(row) for row in rows(counted.group_by(OutboxMail.state)))
