"""The entries of a person's own career."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from portal.careers import policies
from portal.careers.endings import announce_if_last, changed, check_free_to_go, check_order
from portal.careers.models import AUDIENCES, Position, Relation
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.organisations.actions import find_or_create

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.partial_dates import PartialDate
    from portal.people.models import Person

NOT_YOURS = "You can only change your own career."
WORDS = ("title", "department", "site", "audience")


def add_position(
    person: Person, organisation: str, *, title: str = "", department: str = "", site: str = "",
    start: PartialDate | None = None, end: PartialDate | None = None, audience: str = "members", by: Viewer,
) -> Position:  # fmt: skip
    """Add an entry to one's career."""
    require(policies.can_edit_career(by, person.id), NOT_YOURS)
    check_order(start, end)
    _check_audience(audience)
    firm = find_or_create(organisation, by=by)
    position = Position(
        person_id=person.id, organisation_id=firm.id, title=title, department=department, site=site, audience=audience
    )  # fmt: skip
    position.set_dates(start, end)
    add(position)
    changed(person.id, by)
    return position


def edit_position(position: Position, *, by: Viewer, **changes: Any) -> Position:
    """Change an entry: title, department, site, start, end, audience, organisation (by name).

    The entry at the host follows the host's own record: its firm and dates are the relation's, and both have one
    audience, so that hiding the one hides the other.
    """
    require(policies.can_edit_career(by, position.person_id), NOT_YOURS)
    _check_audience(changes.get("audience", position.audience))
    for name in WORDS:
        setattr(position, name, changes.get(name, getattr(position, name)))
    if position.relation_id is None:
        _change_facts(position, changes, by)
    else:
        _share_audience(position)
    db.session.flush()
    changed(position.person_id, by)
    return position


def remove_position(position: Position, *, by: Viewer) -> None:
    """Take an entry out of one's career; the host's own record stays."""
    require(policies.can_edit_career(by, position.person_id), NOT_YOURS)
    if position.relation_id is not None:
        raise Invalid("This entry is your time with the host. You can hide it, but not remove it.")
    check_free_to_go(position, by)
    person_id, organisation_id = position.person_id, position.organisation_id
    db.session.delete(position)
    db.session.flush()
    changed(person_id, by)
    announce_if_last(person_id, organisation_id, by)


def _change_facts(position: Position, changes: dict[str, Any], by: Viewer) -> None:
    left, before = position.organisation_id, position.end
    start, end = changes.get("start", position.start), changes.get("end", position.end)
    firm = find_or_create(changes["organisation"], by=by).id if "organisation" in changes else left
    check_order(start, end)
    if (firm, end) != (left, before) and (end is not None or firm != left):
        check_free_to_go(position, by)
    position.set_dates(start, end)
    position.organisation_id = firm
    db.session.flush()
    if (firm, end) != (left, before):
        announce_if_last(position.person_id, left, by)


def _share_audience(position: Position) -> None:
    same = update(Relation).where(Relation.id == position.relation_id).values(audience=position.audience)
    db.session.execute(same)


def _check_audience(audience: str) -> None:
    if audience not in AUDIENCES:
        raise Invalid("Choose who sees it.", "audience")
