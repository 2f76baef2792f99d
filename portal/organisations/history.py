"""What happened to a firm: renamed, bought, become one with another. A successor is not a new name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import audit
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.organisations import policies, queries
from portal.organisations.actions import add_alias, find_or_create
from portal.organisations.models import HISTORY, Organisation, OrganisationEvent

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.partial_dates import PartialDate

ONLY_ADMINS = "Only an admin can keep the history of firms."


def record_event(
    organisation: Organisation, kind: str, name: str, happened: PartialDate | None = None, *, by: Viewer
) -> OrganisationEvent:
    """Keep what happened. A former name means the firm from now on; another firm stays a firm of its own."""
    require(policies.can_keep(by), ONLY_ADMINS)
    name = " ".join(name.split())
    if kind not in HISTORY:
        raise Invalid("Choose what happened.", "kind")
    if not 1 < len(name) <= 160:
        raise Invalid("A name has between 2 and 160 characters.", "other")
    event = OrganisationEvent(organisation_id=organisation.id, kind=kind, name=name, happened=happened)
    if kind == "renamed":
        add_alias(organisation, name, by=by)
    else:
        other = find_or_create(name, by=by)
        if other.id == organisation.id:
            raise Invalid("That is the firm itself. Name the other one.", "other")
        event.name, event.other_id = other.name, other.id
    add(event)
    audit.record("record history", organisation, by=by, note=f"{kind}: {event.name}")
    return event


def remove_event(organisation: Organisation, event_id: int, *, by: Viewer) -> None:
    """It did not happen; the other name that came with it stays until it is taken away."""
    require(policies.can_keep(by), ONLY_ADMINS)
    event = queries.event(organisation.id, event_id)
    audit.record("remove history", organisation, by=by, note=f"{event.kind}: {event.name}")
    db.session.delete(event)
    db.session.flush()
