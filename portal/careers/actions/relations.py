"""The host's record of its bonds with people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.careers import policies
from portal.careers.endings import announce_if_last, changed, check_order
from portal.careers.models import KINDS, Move, Position, Relation
from portal.core import audit, clock
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.partial_dates import PartialDate
    from portal.organisations.models import Organisation
    from portal.people.models import Person


def record_relation(
    person: Person, kind: str, organisation: Organisation, *, start: PartialDate | None = None,
    end: PartialDate | None = None, department: str = "", site: str = "", title: str = "", verified_by: str = "",
    by: Viewer,
) -> Relation:  # fmt: skip
    """Keep a bond of the person with the host, and show it as a position of the career too."""
    require(policies.can_keep_relations(by), "Only an admin can keep relations.")
    if kind not in KINDS:
        raise Invalid("A relation is employee, customer or partner.", "kind")
    check_order(start, end)
    relation = Relation(
        person_id=person.id, kind=kind, organisation_id=organisation.id, department=department, site=site, title=title,
        verified_by=verified_by, verified_at=clock.now() if verified_by else None,
    )  # fmt: skip
    relation.set_dates(start, end)
    add(relation)
    _link_position(relation)
    changed(person.id, by)
    audit.record("record relation", relation, by=by, about=person.id, note=kind)
    if relation.is_over:
        announce_if_last(person.id, organisation.id, by)
    return relation


def end_relation(relation: Relation, end: PartialDate, *, by: Viewer) -> None:
    """End a bond on a date; the linked position ends with it, and what hangs on the firm follows (I5)."""
    require(policies.can_keep_relations(by), "Only an admin can end relations.")
    check_order(relation.start, end)
    _set_end(relation, end, by)
    audit.record("end relation", relation, by=by, about=relation.person_id, note=end.text)
    announce_if_last(relation.person_id, relation.organisation_id, by)


def go_on_with_relation(relation: Relation, *, by: Viewer) -> None:
    """An end that lay ahead is no more: nothing has followed from it yet."""
    require(policies.can_keep_relations(by), "Only an admin can keep relations.")
    if relation.is_over:
        raise Invalid("This has ended already.")
    _set_end(relation, None, by)
    audit.record("go on with relation", relation, by=by, about=relation.person_id)


def _set_end(relation: Relation, end: PartialDate | None, by: Viewer) -> None:
    relation.set_dates(relation.start, end)
    position = db.session.execute(select(Position).where(Position.relation_id == relation.id)).scalar_one_or_none()
    if position is not None:
        position.set_dates(relation.start, end)
        _confirm_moves_from(position)
    db.session.flush()
    changed(relation.person_id, by)


def _link_position(relation: Relation) -> None:
    position = Position(
        person_id=relation.person_id, organisation_id=relation.organisation_id, relation_id=relation.id,
        title=relation.title, department=relation.department, site=relation.site,
    )  # fmt: skip
    position.set_dates(relation.start, relation.end)
    add(position)


def _confirm_moves_from(position: Position) -> None:
    """What the host confirmed, the person can't take back any more."""
    open_moves = update(Move).where(Move.from_position_id == position.id, Move.final_at.is_(None))
    db.session.execute(open_moves.values(final_at=clock.now()), execution_options={"synchronize_session": False})
