"""Writing profiles: fields with their audience, and the photo."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import delete, select

from portal.careers.models import AUDIENCES
from portal.core import jobs
from portal.core.db import add, db, scalars
from portal.core.errors import Invalid
from portal.core.markdown import render
from portal.core.policy import require
from portal.core.text import fold
from portal.people.actions import touch_access
from portal.people.queries import lock_person
from portal.profiles.models import FIELDS, LONGEST, MOST, PHOTO_AUDIENCES, ProfileEntry, Shown
from portal.profiles.photos import forget_photo
from portal.profiles.policies import can_edit_profile
from portal.profiles.signals import profile_changed
from portal.profiles.terms import refresh_terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select

    from portal.core.access import Viewer
    from portal.people.models import Person

NOT_YOURS = "You can only change your own profile."


def edit_profile(person: Person, fields: Mapping[str, Shown], *, by: Viewer) -> None:
    """Replace what some fields of a profile show, and to whom; the other fields stay."""
    require(can_edit_profile(by, person.id), NOT_YOURS)
    lock_person(person.id)
    for field, shown in fields.items():
        _check(field, shown)
        _replace(person.id, field, _rows(field, shown))
    db.session.flush()
    refresh_terms(person.id)
    profile_changed.send(None, person_id=person.id, by=by)


def set_photo(person: Person, key: str, audience: str, *, by: Viewer) -> None:
    """Show another photo; the old file goes once this is certain."""
    require(can_edit_profile(by, person.id), NOT_YOURS)
    if audience not in PHOTO_AUDIENCES:
        raise Invalid("A photo is seen by all members, or by everyone.", "audience")
    lock_person(person.id)
    if person.photo and person.photo != key:
        jobs.enqueue(forget_photo, person.photo)
    person.photo = key
    _replace(person.id, "photo", [ProfileEntry(field="photo", value=key, audience=audience)])
    _photo_changed(person, by)


def remove_photo(person: Person, *, by: Viewer) -> None:
    """Show initials instead of a photo."""
    require(can_edit_profile(by, person.id), NOT_YOURS)
    if person.photo:
        jobs.enqueue(forget_photo, person.photo)
    person.photo = None
    _replace(person.id, "photo", [])
    _photo_changed(person, by)


def _photo_changed(person: Person, by: Viewer) -> None:
    db.session.flush()
    touch_access(person.id)
    profile_changed.send(None, person_id=person.id, by=by)


def _replace(person_id: int, field: str, rows: list[ProfileEntry]) -> None:
    """Keep rows that say the same, so that what did not change keeps its date."""
    there = {_said(row): row for row in scalars(_of(person_id, field))}
    for row in rows:
        there.pop(_said(row), None)
    db.session.execute(delete(ProfileEntry).where(ProfileEntry.id.in_([row.id for row in there.values()])))
    kept = {_said(row) for row in scalars(_of(person_id, field))}
    for row in rows:
        if _said(row) not in kept:
            row.person_id = person_id
            add(row)


def _of(person_id: int, field: str) -> Select[ProfileEntry]:
    return select(ProfileEntry).where(ProfileEntry.person_id == person_id, ProfileEntry.field == field)


def _said(row: ProfileEntry) -> tuple[str, str, str, int]:
    return row.value, row.label or "", row.audience, row.position or 0


def _rows(field: str, shown: Shown) -> list[ProfileEntry]:
    rows: dict[str, ProfileEntry] = {}
    for position, value in enumerate(shown.values):
        label = shown.labels[position] if position < len(shown.labels) else ""
        row = _row(field, value, label, shown.audience)
        if row.value and row.folded not in rows:
            rows[row.folded] = row
            row.position = len(rows)
    return list(rows.values())


def _row(field: str, value: str, label: str, audience: str) -> ProfileEntry:
    value = value.strip() if field == "about" else " ".join(value.split())
    if field == "link":
        value = web_address(value)
    if len(value) > LONGEST[field]:
        raise Invalid(f"Keep it under {LONGEST[field]:,} characters.", field)
    html = render(value) if field == "about" else ""
    folded = "" if field == "about" else value if field == "link" else fold(value)
    return ProfileEntry(field=field, value=value, label=label[:60], html=html, folded=folded[:200], audience=audience)


def _check(field: str, shown: Shown) -> None:
    if field not in FIELDS or field == "photo":
        raise Invalid("There is no such field.")
    if shown.audience not in AUDIENCES:
        raise Invalid("Choose who sees it.", field)
    most = MOST.get(field, 1)
    if len(shown.values) > most:
        words = {"skill": "skills", "language": "languages", "link": "links"}.get(field, "value")
        raise Invalid(f"That is a lot: at most {most} {words}.", field)


def web_address(text: str) -> str:
    """An address on the web, completed with https; anything else is refused."""
    if not text:
        return ""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        fits = False
    if not fits or any(char.isspace() or char in "<>\"'`\\" for char in address):
        raise Invalid(f"“{text[:80]}” is no web address. Write it like https://example.org.", "link")
    return address
