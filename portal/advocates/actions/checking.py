"""Check-ins: “may we call on you, are you happy?”, before anybody does (A2 b)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.accounts.queries import primary_address
from portal.advocates import emails, policies, queries
from portal.advocates.actions.flags import raise_flag
from portal.advocates.models import ANSWERS, Advocate, CheckIn
from portal.advocates.signals import paused
from portal.core import audit, clock, settings, tokens
from portal.core.db import add, db
from portal.core.errors import Conflict, Gone, Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.people.models import Person

UNHAPPY = "Said “not happy” when we checked in."
NOT_REACHED = "Nothing can be mailed to this member now: they stepped back, or no address is left."
OFF = "This member has turned everything off: there is nothing to ask about."


def check_in(person: Person, *, by: Viewer) -> CheckIn:
    """Mail the question, with a link for each answer; an earlier one is worthless from now on."""
    require(policies.can_check_in(by), "Only the programme's people check in.")
    if not queries.consents_in_force(person.id):
        raise Conflict(OFF)
    address = primary_address(person.id)
    if address is None or person.remembered_at is not None:
        raise Conflict(NOT_REACHED)
    _end_open(person.id)
    secret = tokens.new_secret()
    row = add(
        CheckIn(person_id=person.id, sent_by_id=None if by.system else by.person_id, token_hash=tokens.digest(secret),
                expires_at=clock.now() + timedelta(days=settings.get("check_in_link_days")))
    )  # fmt: skip
    emails.check_in(person, address, secret, row.expires_at)
    audit.record("check in", ("advocate", person.id), by=by, about=person.id)
    return row


def answer(person_id: int, said: str, *, link: CheckIn | None = None, by: Viewer) -> None:
    """Keep the dated answer; “not happy” pauses at once and opens a flag with an owner (A3)."""
    require(policies.can_answer(by, person_id), "Only the advocate answers.")
    if said not in ANSWERS:
        raise Invalid("Choose one of the three answers.", "answer")
    if queries.lock(person_id) is None:
        raise Conflict("Turn an act on first: until then nobody asks you for anything.")
    if link is not None:
        _take(link, said)
    _end_open(person_id)
    now = clock.now()
    db.session.execute(update(Advocate).where(Advocate.person_id == person_id).values(answer=said, answered_at=now))
    if said == "not_now":
        paused.send(None, person_id=person_id, because="not_now", by=by)
    if said == "not_happy":
        raise_flag(person_id, UNHAPPY, by=by)


def _take(link: CheckIn, said: str) -> None:
    """Of two who hold the same link one gets through."""
    mine = update(CheckIn).where(CheckIn.id == link.id, CheckIn.ended_at.is_(None), CheckIn.expires_at > clock.now())
    now = clock.now()
    taken = mine.values(answer=said, answered_at=now, ended_at=now).returning(CheckIn.id)
    if db.session.execute(taken, execution_options={"synchronize_session": False}).first() is None:
        raise Gone(queries.USED_UP)


def _end_open(person_id: int) -> None:
    mine = (CheckIn.person_id == person_id, CheckIn.ended_at.is_(None))
    db.session.execute(update(CheckIn).where(*mine).values(ended_at=clock.now()))
