"""Changing one's name: the new one everywhere at once, the old one for whom the person chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from portal.careers.models import AUDIENCES
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.people.actions import rename
from portal.people.queries import lock_person
from portal.profiles.models import FormerName
from portal.profiles.policies import can_edit_profile
from portal.profiles.terms import refresh_terms

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.people.models import Person

NOT_YOURS = "You can only change your own name."


def change_name(person: Person, full_name: str, call_name: str, *, old_for: str, by: Viewer) -> None:
    """Take another name; the old one is found and read by those in `old_for` alone."""
    require(can_edit_profile(by, person.id), NOT_YOURS)
    _check(old_for)
    lock_person(person.id)
    old = person.full_name
    rename(person, full_name, call_name, by=by)
    if person.full_name == old:
        return
    # A name that somebody takes again is former no more.
    again = FormerName.name.in_([person.full_name, old])
    db.session.execute(delete(FormerName).where(FormerName.person_id == person.id, again))
    add(FormerName(person_id=person.id, name=old, audience=old_for))
    refresh_terms(person.id)


def show_former_name(former: FormerName, audience: str, *, by: Viewer) -> None:
    """Let others know a former name, or no more."""
    require(can_edit_profile(by, former.person_id), NOT_YOURS)
    _check(audience)
    former.audience = audience
    refresh_terms(former.person_id)


def forget_former_name(former: FormerName, *, by: Viewer) -> None:
    """A former name goes for good."""
    require(can_edit_profile(by, former.person_id), NOT_YOURS)
    person_id = former.person_id
    db.session.delete(former)
    refresh_terms(person_id)


def _check(audience: str) -> None:
    if audience not in AUDIENCES:
        raise Invalid("Choose who may know your old name.", "old_for")
