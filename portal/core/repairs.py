"""What an admin does about work that was given up: try a job again, send a mail again or let it be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import audit, outbox
from portal.core.db import db
from portal.core.errors import Missing
from portal.core.jobs import retry_dead
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.core.access import Viewer

ONLY_ADMINS = "Only an admin can do this."


def can_repair(by: Viewer) -> bool:
    """Admins look after the machinery."""
    return by.system or by.has_role("admin")


def retry_job(job_id: int, *, by: Viewer) -> None:
    """Try a job that was given up once more."""
    require(can_repair(by), ONLY_ADMINS)
    retry_dead(job_id)
    audit.record("retry job", ("job", job_id), by=by)


def send_mail_again(mail_id: int, *, by: Viewer) -> None:
    """Send a failed or unknown mail once more; whoever got it may get it twice."""
    require(can_repair(by), ONLY_ADMINS)
    outbox.send_again(mail_id)
    audit.record("send mail again", ("outbox_mail", mail_id), by=by)


def let_mail_be(mail_id: int, *, by: Viewer) -> None:
    """A failed or unknown mail needs nothing more: it leaves the list of what is open."""
    require(can_repair(by), ONLY_ADMINS)
    row = db.session.get(outbox.OutboxMail, mail_id, with_for_update=True)
    if row is None or row.state not in (outbox.FAILED, outbox.UNKNOWN):
        raise Missing("That mail is not open any more.")
    row.state, row.error = outbox.CANCELLED, f"Let be by an admin. {row.error}".strip()
    audit.record("let mail be", ("outbox_mail", mail_id), by=by)
