"""I have moved: the old position ends, the new one starts, sign-in and everything else stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.careers import policies
from portal.careers.actions.positions import NOT_YOURS, add_position
from portal.careers.endings import announce_if_last, changed, check_free_to_go
from portal.careers.models import UNDO_FOR, WISHES, Move, Position, Relation
from portal.careers.signals import move_settled, moved
from portal.core import audit, clock
from portal.core.db import add, db, scalars
from portal.core.errors import Invalid
from portal.core.partial_dates import PartialDate
from portal.core.policy import require
from portal.people.queries import lock_person

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from portal.core.access import Viewer
    from portal.people.models import Person

FURTHEST = timedelta(days=366)
BATCH = 100


def declare_move(
    person: Person, *, left: Position | None, moved_on: date, organisation: str, title: str = "", department: str = "",
    site: str = "", audience: str = "members", wishes: Collection[str] = (), by: Viewer,
) -> Move:  # fmt: skip
    """The old position ends, the new one starts, the old firm's addresses retire; nobody is told but as wished (I5, A10)."""
    require(policies.can_edit_career(by, person.id), NOT_YOURS)
    require(left is None or left.person_id == person.id, NOT_YOURS)
    lock_person(person.id)
    _check(left, moved_on, organisation)
    if left is not None:
        check_free_to_go(left, by)
    day = PartialDate.of(moved_on)
    place: dict[str, Any] = {"title": title, "department": department, "site": site, "audience": audience}
    started = add_position(person, organisation, start=day, by=by, **place) if organisation else None
    ticked = [wish for wish in WISHES if wish in wishes]
    move = add(Move(person_id=person.id, left=left, started=started, moved_on=moved_on, declared_by_id=by.person_id,
                    wishes=ticked))  # fmt: skip
    if left is not None:
        move.old_end = left.end
        _set_end(left, day)
        changed(person.id, by)
        announce_if_last(person.id, left.organisation_id, by)
    audit.record("declare move", move, by=by, about=person.id)
    moved.send(None, move=move, by=by)
    return move


def undo_move(move: Move, *, by: Viewer) -> None:
    """Take a move back, within a day or before its day has come: the old position is open again, the new one goes.

    What followed from it stays: retired addresses come back by verifying them, roles by an admin.
    """
    require(policies.can_edit_career(by, move.person_id), NOT_YOURS)
    if not move.can_be_undone:
        raise Invalid("This can't be undone any more. You can still change each entry of your career.")
    move.final_at, move.wishes = clock.now(), []
    if move.left is not None and move.left.ends_on == move.moved_on:
        _set_end(move.left, move.old_end)
    if move.started is not None:
        _close_moves_from(move.started)
        db.session.delete(move.started)
        db.session.flush()
    changed(move.person_id, by)
    audit.record("undo move", move, by=by, about=move.person_id)


def _close_moves_from(position: Position) -> None:
    """Who was never there can't have left: what later moves ended is gone, and only what they began is still to be told."""
    later = update(Move).where(Move.from_position_id == position.id).execution_options(synchronize_session=False)
    db.session.execute(later.where(Move.final_at.is_(None)).values(final_at=clock.now()))
    db.session.execute(later.where(Move.to_position_id.is_(None), Move.settled_at.is_(None)).values(wishes=[]))


def settle_moves(*, by: Viewer) -> int:
    """A day after it was told, and never before its own day, what may happen is told to whoever it is for.

    How many moves, 0 when all are settled.
    """
    require(by.system, "This is done by the system.")
    over = select(Move).where(Move.settled_at.is_(None), Move.declared_at <= clock.now() - UNDO_FOR)
    over = over.where(Move.moved_on <= clock.today())
    ends = [joinedload(end).joinedload(Position.organisation) for end in (Move.left, Move.started)]
    found = scalars(over.options(*ends).order_by(Move.declared_at).limit(BATCH))
    for move in found:
        move.settled_at = clock.now()
        if move.wishes:
            move_settled.send(None, move=move, by=by)
    db.session.flush()
    return len(found)


def _check(left: Position | None, moved_on: date, organisation: str) -> None:
    if left is not None:
        db.session.refresh(left, ("start", "end", "starts_on", "ends_on"))  # as it is now that the person is locked
    if left is None and not organisation:
        raise Invalid("Nothing changes like this: say which position ends, or where you are now.", "organisation")
    if left is not None and left.is_over:
        raise Invalid("This position has ended already. Choose one that is still open.", "left")
    if left is not None and left.starts_on and left.starts_on > moved_on:
        raise Invalid("You can't have left before you began. Check the day.", "moved_on")
    if moved_on > clock.today() + FURTHEST:
        raise Invalid("Choose a day within the coming year.", "moved_on")


def _set_end(position: Position, end: PartialDate | None) -> None:
    """One end ends both: the position and the host's record that it is linked to."""
    position.set_dates(position.start, end)
    if position.relation_id is not None:
        relation = db.session.execute(select(Relation).where(Relation.id == position.relation_id)).scalar_one()
        relation.set_dates(relation.start, end)
    db.session.flush()
