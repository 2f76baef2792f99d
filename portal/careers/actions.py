"""Writing careers: relations, positions, and "I have moved"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.careers import policies, queries
from portal.careers.models import KINDS, Move, Position, Relation
from portal.careers.signals import career_changed, last_tie_ended
from portal.core import audit, clock
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.organisations.actions import find_or_create
from portal.people.actions import touch_access

if TYPE_CHECKING:
    from datetime import date

    from portal.core.access import Viewer
    from portal.core.partial_dates import PartialDate
    from portal.organisations.models import Organisation
    from portal.people.models import Person

NOT_YOURS = "You can only change your own career."


def record_relation(
    person: Person, kind: str, organisation: Organisation, *, start: PartialDate | None = None, end: PartialDate | None = None,
    department: str = "", site: str = "", title: str = "", verified_by: str = "", by: Viewer,
) -> Relation:  # fmt: skip
    """Keep a bond of the person with the host, and show it as a position of the career too."""
    require(policies.can_keep_relations(by), "Only an admin can keep relations.")
    if kind not in KINDS:
        raise Invalid("A relation is employee, customer or partner.", "kind")
    _check_order(start, end)
    relation = Relation(
        person_id=person.id, kind=kind, organisation_id=organisation.id, department=department, site=site, title=title,
        verified_by=verified_by, verified_at=clock.now() if verified_by else None,
    )  # fmt: skip
    relation.set_dates(start, end)
    add(relation)
    _link_position(relation)
    _changed(person.id, by)
    audit.record("record relation", relation, by=by, about=person.id, note=kind)
    return relation


def end_relation(relation: Relation, end: PartialDate, *, by: Viewer) -> None:
    """End a bond on a date; the linked position ends with it, and what hangs on the firm follows (I5)."""
    require(policies.can_keep_relations(by), "Only an admin can end relations.")
    _check_order(relation.start, end)
    relation.set_dates(relation.start, end)
    position = db.session.execute(select(Position).where(Position.relation_id == relation.id)).scalar_one_or_none()
    if position is not None:
        position.set_dates(position.start, end)
    db.session.flush()
    _changed(relation.person_id, by)
    audit.record("end relation", relation, by=by, about=relation.person_id, note=end.text)
    _announce_if_last(relation.person_id, relation.organisation_id, by)


def add_position(
    person: Person, organisation: str, *, title: str = "", department: str = "", site: str = "", start: PartialDate | None = None,
    end: PartialDate | None = None, audience: str = "members", by: Viewer,
) -> Position:  # fmt: skip
    """Add an entry to one's career."""
    require(policies.can_edit_career(by, person.id), NOT_YOURS)
    _check_order(start, end)
    firm = find_or_create(organisation, by=by)
    position = Position(
        person_id=person.id, organisation_id=firm.id, title=title, department=department, site=site, audience=audience
    )  # fmt: skip
    position.set_dates(start, end)
    add(position)
    _changed(person.id, by)
    return position


def edit_position(position: Position, *, by: Viewer, **changes: Any) -> Position:
    """Change an entry: title, department, site, start, end, audience, organisation (by name).

    The entry at the host follows the host's own record: its dates are the relation's.
    """
    require(policies.can_edit_career(by, position.person_id), NOT_YOURS)
    before = position.organisation_id
    start, end = changes.pop("start", position.start), changes.pop("end", position.end)
    if position.relation_id is not None:
        start, end = position.start, position.end
        changes.pop("organisation", None)
    _check_order(start, end)
    if "organisation" in changes:
        position.organisation_id = find_or_create(changes.pop("organisation"), by=by).id
    for name in ("title", "department", "site", "audience"):
        setattr(position, name, changes.get(name, getattr(position, name)))
    position.set_dates(start, end)
    db.session.flush()
    _changed(position.person_id, by)
    _announce_if_last(position.person_id, before, by)
    return position


def remove_position(position: Position, *, by: Viewer) -> None:
    """Take an entry out of one's career; the host's own record stays."""
    require(policies.can_edit_career(by, position.person_id), NOT_YOURS)
    if position.relation_id is not None:
        raise Invalid("This entry is your time with the host. You can hide it, but not remove it.")
    person_id, organisation_id = position.person_id, position.organisation_id
    db.session.delete(position)
    db.session.flush()
    _changed(person_id, by)
    _announce_if_last(person_id, organisation_id, by)


def declare_move(
    person: Person, *, left: Position | None, moved_on: date, organisation: str, title: str, department: str = "", site: str = "",
    by: Viewer,
) -> Move:  # fmt: skip
    """I have moved: the old position ends, the new one starts, the old firm's addresses retire in the same step."""
    from portal.core.partial_dates import PartialDate

    require(policies.can_edit_career(by, person.id), NOT_YOURS)
    day = PartialDate.of(moved_on)
    started = add_position(person, organisation, title=title, department=department, site=site, start=day, by=by) if organisation else None
    move = add(
        Move(person_id=person.id, from_position_id=left.id if left else None, to_position_id=started.id if started else None,
             moved_on=moved_on, declared_by_id=by.person_id)
    )  # fmt: skip
    if left is not None:
        _end_position(left, day, by)
    audit.record("declare move", move, by=by, about=person.id)
    return move


def announce_ended_ties(day: date, *, by: Viewer) -> int:
    """The daily look at what ended since yesterday by its date; announcing twice does no harm."""
    require(by.system, "This is done by the system, daily.")
    from datetime import timedelta

    ended = {
        (row.person_id, row.organisation_id)
        for table in (Position, Relation)
        for row in db.session.execute(
            select(table.person_id, table.organisation_id).where(table.ends_on.between(day - timedelta(days=3), day))
        )
    }
    for person_id, organisation_id in sorted(ended):
        touch_access(person_id)
        _announce_if_last(person_id, organisation_id, by)
    return len(ended)


def _end_position(position: Position, end: PartialDate, by: Viewer) -> None:
    _check_order(position.start, end)
    position.set_dates(position.start, end)
    if position.relation_id is not None:
        relation = db.session.execute(select(Relation).where(Relation.id == position.relation_id)).scalar_one()
        relation.set_dates(relation.start, end)
    db.session.flush()
    _changed(position.person_id, by)
    _announce_if_last(position.person_id, position.organisation_id, by)


def _link_position(relation: Relation) -> None:
    position = Position(
        person_id=relation.person_id, organisation_id=relation.organisation_id, relation_id=relation.id, title=relation.title,
        department=relation.department, site=relation.site,
    )  # fmt: skip
    position.set_dates(relation.start, relation.end)
    add(position)


def _changed(person_id: int, by: Viewer) -> None:
    touch_access(person_id)
    career_changed.send(None, person_id=person_id, by=by)


def _announce_if_last(person_id: int, organisation_id: int, by: Viewer) -> None:
    if not queries.open_ties(person_id, organisation_id, clock.today()):
        last_tie_ended.send(None, person_id=person_id, organisation_id=organisation_id, by=by)


def _check_order(start: PartialDate | None, end: PartialDate | None) -> None:
    if start and end and end.last < start.first:
        raise Invalid("The end lies before the beginning.", "end")
