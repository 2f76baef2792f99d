"""Answers to what imports ask: are these two one, is this row hers, was I there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.careers.actions import add_position, edit_position
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import Conflict
from portal.core.partial_dates import PartialDate
from portal.core.policy import require
from portal.imports import queries
from portal.imports.book import facts_of
from portal.imports.claimed import positions_at, say_of_member, still_there
from portal.imports.deriving import derive
from portal.imports.firms import Firms
from portal.imports.joining import join_records, move_matches
from portal.imports.models import ImportRow
from portal.imports.policies import ONLY_ADMINS, can_answer, can_import
from portal.imports.settling import settle
from portal.organisations.queries import by_name as organisation_by_name
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from portal.careers.models import Position
    from portal.core.access import Viewer
    from portal.imports.models import ImportMatch, ImportProposal
    from portal.people.models import Person

ANSWERED = "Somebody answered this already."
TWO_ACCOUNTS = "Both have accounts. Only they themselves can join them, by proving both."
NOT_YOURS = "This is for somebody else to answer."


def accept_match(match: ImportMatch, *, by: Viewer) -> Person:
    """The two are one: the unclaimed record becomes part of the other one (R17)."""
    require(can_import(by), ONLY_ADMINS)
    if match.state != "open":
        raise Conflict(ANSWERED)
    low, high = person_by_id(match.low_id), person_by_id(match.high_id)
    kept, gone = (high, low) if high.claimed_at and not low.claimed_at else (low, high)
    if gone.claimed_at is not None:
        raise Conflict(TWO_ACCOUNTS)
    audit.record("join records", kept, by=by, before={"other": gone.full_name}, after={"name": kept.full_name})
    db.session.delete(match)
    db.session.flush()
    if kept.claimed_at is not None:
        _give_rows(kept, gone, by)
        return kept
    imports = queries.imports_of(gone.id) or queries.imports_of(kept.id)
    db.session.expunge(gone)
    join_records(kept.id, gone.id, import_id=None, by_hand=True)
    _settle(kept.id, imports[0] if imports else None)
    return kept


def reject_match(match: ImportMatch, *, by: Viewer) -> None:
    """They are two people; nobody asks again."""
    require(can_import(by), ONLY_ADMINS)
    if match.state != "open":
        raise Conflict(ANSWERED)
    match.state, match.decided_by_id, match.decided_at = "different", by.person_id, clock.now()
    db.session.flush()
    audit.record("keep records apart", match, by=by)


def accept_link(proposal: ImportProposal, *, by: Viewer) -> None:
    """The row does speak of this member: the host's own dates apply, all else is theirs to confirm (I11)."""
    require(can_answer(by, proposal), NOT_YOURS)
    _answer(proposal, "accepted", by)
    _link_row(proposal.row_id, proposal.person_id, by)
    audit.record("link row", proposal, by=by, about=proposal.person_id)


def accept_position(proposal: ImportProposal, *, by: Viewer) -> None:
    """The person was there: an entry of their own, or the end of the one they have; what was said twice is one entry."""
    require(can_answer(by, proposal), NOT_YOURS)
    _answer(proposal, "accepted", by)
    said = proposal.data
    start, end = (PartialDate(said[name]) if said.get(name) else None for name in ("start", "end"))
    firm = organisation_by_name(said["organisation"])
    here = positions_at(proposal.person_id, firm.id) if firm else []
    entry = still_there(here, start)
    if entry is not None and end is not None:
        edit_position(entry, end=end, by=by)
    elif entry is None and not any(_is_said(each, start, end) for each in here):
        add_position(
            person_by_id(proposal.person_id), said["organisation"], title=said["title"], department=said["department"],
            site=said["site"], start=start, end=end, by=by,
        )  # fmt: skip


def _is_said(entry: Position, start: PartialDate | None, end: PartialDate | None) -> bool:
    """Whether an entry says it already, perhaps more exactly."""
    return (start is None or entry.start in (start, None)) and end in (entry.end, None)


def decline(proposal: ImportProposal, *, by: Viewer) -> None:
    """It is not so; nobody asks again."""
    require(can_answer(by, proposal), NOT_YOURS)
    _answer(proposal, "declined", by)


def _answer(proposal: ImportProposal, state: str, by: Viewer) -> None:
    if proposal.state != "open":
        raise Conflict(ANSWERED)
    proposal.state, proposal.decided_by_id, proposal.decided_at = state, by.person_id, clock.now()
    db.session.flush()


def _give_rows(member: Person, gone: Person, by: Viewer) -> None:
    """Rows of an unclaimed record turn out to speak of a member: nothing of the account changes but by I11."""
    from portal.imports.undoing import forget_records

    row_ids = [fact.row_id for fact in facts_of([gone.id])[gone.id]]
    move_matches(gone.id, member.id)
    forget_records(gone, by=by)
    for row_id in row_ids:
        _link_row(row_id, member.id, by)


def _link_row(row_id: int, person_id: int, by: Viewer) -> None:
    linked = update(ImportRow).where(ImportRow.id == row_id).values(person_id=person_id, applied=True)
    db.session.execute(linked, execution_options={"synchronize_session": False})
    fact = next(each for each in facts_of([person_id])[person_id] if each.row_id == row_id)
    digest = db.session.execute(select(ImportRow.digest).where(ImportRow.id == row_id)).scalar_one()
    say_of_member(person_id, fact, digest, Firms(), linked=True, by=by)


def _settle(person_id: int, import_id: int | None) -> None:
    firms = Firms()
    settle({person_id: derive(facts_of([person_id])[person_id], firms)}, firms, import_id)
