"""Is it still right? Asked once a year by mail, answered without signing in, by a link for this alone (R8, R24)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from portal.accounts.queries import live_addresses
from portal.careers.actions import declare_move
from portal.core import audit, clock, tokens
from portal.core.db import add, db
from portal.core.errors import Gone
from portal.core.policy import require
from portal.people.queries import person_by_id
from portal.rights import emails, policies, queries
from portal.rights.models import YearlyQuestion

if TYPE_CHECKING:
    from portal.careers.models import Move
    from portal.core.access import Viewer

LIVES = timedelta(days=30)
ONLY_YOU = "Only the person can answer."


def ask_still_right(person_id: int, *, by: Viewer) -> YearlyQuestion | None:
    """Mail the question to an address of the person's own; to a mailbox at work never, because its link acts."""
    require(by.system, "This is done by the system, once a year.")
    own = next((row for row in live_addresses(person_id) if row.is_live and row.is_personal), None)
    if own is None:
        return None
    secret = tokens.new_secret()
    row = add(YearlyQuestion(person_id=person_id, address_id=own.id, token_hash=tokens.digest(secret),
                             expires_at=clock.now() + LIVES))  # fmt: skip
    emails.still_right(person_by_id(person_id), own.address, secret, row.expires_at, queries.now_at(person_id))
    return row


def answer_right(row: YearlyQuestion, *, by: Viewer) -> None:
    """Everything is as it was; the year begins anew."""
    require(policies.is_own(by, row.person_id), ONLY_YOU)
    _take(row, "right")
    audit.record("still right", ("person", row.person_id), by=by)


def answer_moved(row: YearlyQuestion, *, by: Viewer, **move: Any) -> Move:
    """The same as on the page *I have moved*; every address hears of it, and it can be taken back for a day."""
    require(policies.is_own(by, row.person_id), ONLY_YOU)
    made = declare_move(person_by_id(row.person_id), by=by, **move)
    _take(row, "moved")
    emails.moved_by_link(row.person_id, made.public_id, made.undo_until)
    return made


def _take(row: YearlyQuestion, answer: str) -> None:
    """Of two who hold the same link one gets through."""
    mine = update(YearlyQuestion).where(YearlyQuestion.id == row.id, YearlyQuestion.ended_at.is_(None))
    taken = mine.values(answer=answer, ended_at=clock.now()).returning(YearlyQuestion.id)
    if db.session.execute(taken, execution_options={"synchronize_session": False}).first() is None:
        raise Gone(queries.ANSWERED)
