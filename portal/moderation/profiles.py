"""Profiles as things that can be reported and decided about: the words in them, not the photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from sqlalchemy import delete, select

from portal.core.access import Viewer, system_viewer
from portal.core.db import db, scalars, upsert
from portal.core.parts import ReportedThing
from portal.core.policy import require
from portal.moderation import policies
from portal.moderation.models import HiddenField
from portal.people.queries import any_person
from portal.profiles.actions import edit_profile
from portal.profiles.models import ProfileEntry, Shown
from portal.profiles.queries import entries_for, person_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Select

    from portal.people.models import Person

WORDS = ("headline", "about", "place", "skill", "language", "link")
ONLY_ME = "only_me"
HEADINGS = {"place": "Lives in", "skill": "Knows", "language": "Speaks", "link": "Links to"}


class ReportableProfiles:
    """What people say about themselves, for moderation."""

    kind = "profile"

    def find(self, viewer: Viewer, public_id: str) -> ReportedThing:
        """A profile as this member sees it."""
        person = person_for(viewer, public_id)
        return _thing(person, entries_for(viewer, person.id))

    def load(self, public_id: str) -> ReportedThing:
        """A profile as any member sees it, and what of it is hidden."""
        person = any_person(public_id)
        hidden = select(HiddenField.field).where(HiddenField.person_id == person.id)
        shown = select(ProfileEntry).where(ProfileEntry.person_id == person.id)
        shown = shown.where(ProfileEntry.audience.in_(("public", "members")) | ProfileEntry.field.in_(hidden))
        return _thing(person, scalars(shown.order_by(ProfileEntry.field, ProfileEntry.position, ProfileEntry.id)))

    def set_hidden(self, public_id: str, hidden: bool, reason: str, *, by: Viewer) -> None:
        """Show the words to their person alone, or to those who saw them before."""
        person = any_person(public_id)
        require(by.system or policies.can_look_into(by, None, person.id), "Only a moderator can do this.")
        if hidden:
            _hide(person)
        else:
            _show(person)


def _hide(person: Person) -> None:
    entries = _entries(person.id)
    audiences = {entry.field: entry.audience for entry in entries if entry.audience != ONLY_ME}
    _change(person, entries, dict.fromkeys(audiences, ONLY_ME))
    for field, audience in audiences.items():
        values = {"person_id": person.id, "field": field, "audience": audience}
        db.session.execute(
            upsert(HiddenField.__table__, values, keys=["person_id", "field"], update={"audience": audience})
        )


def _show(person: Person) -> None:
    """What the person has shown to somebody again meanwhile stays as they chose."""
    before = {row.field: row.audience for row in scalars(_hidden(person.id))}
    entries = [entry for entry in _entries(person.id) if entry.audience == ONLY_ME and entry.field in before]
    _change(person, entries, before)
    db.session.execute(delete(HiddenField).where(HiddenField.person_id == person.id))


def _change(person: Person, entries: Iterable[ProfileEntry], audiences: dict[str, str]) -> None:
    fields: dict[str, list[ProfileEntry]] = {}
    for entry in entries:
        if entry.field in audiences:
            fields.setdefault(entry.field, []).append(entry)
    shown = {
        field: Shown(tuple(each.value for each in rows), audiences[field], tuple(each.label or "" for each in rows))
        for field, rows in fields.items()
    }
    edit_profile(person, shown, by=system_viewer())


def _entries(person_id: int) -> list[ProfileEntry]:
    found = select(ProfileEntry).where(ProfileEntry.person_id == person_id, ProfileEntry.field.in_(WORDS))
    return scalars(found.order_by(ProfileEntry.field, ProfileEntry.position, ProfileEntry.id))


def _hidden(person_id: int) -> Select[HiddenField]:
    return select(HiddenField).where(HiddenField.person_id == person_id)


def _thing(person: Person, entries: list[ProfileEntry]) -> ReportedThing:
    hidden = db.session.execute(_hidden(person.id).limit(1)).first() is not None
    return ReportedThing(
        kind="profile",
        public_id=person.public_id,
        title=f"The profile of {person.full_name}",
        url=person.url,
        html=_html([entry for entry in entries if entry.field in WORDS]),
        author_id=person.id,
        board_id=None,
        is_hidden=hidden,
        state="hidden" if hidden else "visible",
    )


def _html(entries: list[ProfileEntry]) -> str:
    by_field: dict[str, list[ProfileEntry]] = {}
    for entry in entries:
        by_field.setdefault(entry.field, []).append(entry)
    said = [_line(field, by_field[field]) for field in WORDS if field in by_field]
    return str(Markup("").join(said)) or "<p>Nothing but the name.</p>"


def _line(field: str, entries: list[ProfileEntry]) -> Markup:
    if field == "about":
        return Markup(entries[0].html)  # noqa: S704 - cleaned when it was rendered
    words = ", ".join(entry.value for entry in entries)
    if field == "headline":
        return Markup("<p><strong>{}</strong></p>").format(escape(words))
    return Markup("<p>{}: {}</p>").format(HEADINGS[field], escape(words))
