"""What profiles keep about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core import jobs
from portal.core.db import db, scalars
from portal.people.models import Person
from portal.profiles.models import SINGLE, FormerName, ProfileEntry
from portal.profiles.photos import forget_photo
from portal.profiles.terms import refresh_terms, remove_terms


class ProfileData:
    """Fields, photo and search terms."""

    tables: tuple[str, ...] = ("profile_entry", "person_term", "former_name")

    def count(self, person_id: int) -> int:
        """How many values the profile shows."""
        found = select(func.count()).select_from(ProfileEntry).where(ProfileEntry.person_id == person_id)
        return db.session.execute(found).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """Each value with its audience."""
        found = select(ProfileEntry).where(ProfileEntry.person_id == person_id)
        entries = scalars(found.order_by(ProfileEntry.field, ProfileEntry.position))
        names = ("field", "value", "label", "audience")
        former = scalars(select(FormerName).where(FormerName.person_id == person_id).order_by(FormerName.id))
        return {
            "profile": [{name: getattr(entry, name) for name in names} for entry in entries],
            "former_names": [{"name": row.name, "until": row.until, "audience": row.audience} for row in former],
        }

    def move(self, old_id: int, new_id: int) -> None:
        """On a merge the new account's words win; what only the old one says follows."""
        there = {(entry.field, entry.folded): entry for entry in scalars(_of(new_id))}
        taken = {field for field, _ in there}
        for entry in scalars(_of(old_id)):
            double = entry.field in taken if entry.field in SINGLE else (entry.field, entry.folded) in there
            if double:
                db.session.delete(entry)
            else:
                entry.person_id = new_id
        db.session.flush()
        self._move_photo(old_id, new_id)
        known = select(FormerName.name).where(FormerName.person_id == new_id)
        mine = (FormerName.person_id == old_id, FormerName.name.not_in(known))
        db.session.execute(update(FormerName).where(*mine).values(person_id=new_id))
        db.session.execute(delete(FormerName).where(FormerName.person_id == old_id))
        for person_id in (old_id, new_id):
            refresh_terms(person_id)

    def erase(self, person_id: int) -> None:
        """Forget what the profile said, the photo's file, and how the person was found."""
        _forget_photo_of(person_id)
        for table in (ProfileEntry, FormerName):
            db.session.execute(delete(table).where(table.person_id == person_id))
        remove_terms(person_id)

    def _move_photo(self, old_id: int, new_id: int) -> None:
        """Of two photos the new account's is shown; the other's file stays while the joining can be undone."""
        photos = {row.id: row.photo for row in db.session.execute(_photos(old_id, new_id))}
        if photos.get(old_id) and not photos.get(new_id):
            db.session.execute(update(Person).where(Person.id == new_id).values(photo=photos[old_id]))
            db.session.execute(update(Person).where(Person.id == old_id).values(photo=None))
        elif not _has_account(old_id):
            _forget_photo_of(old_id)


def _has_account(person_id: int) -> bool:
    claimed = select(Person.id).where(Person.id == person_id, Person.claimed_at.is_not(None))
    return db.session.execute(claimed).first() is not None


def _of(person_id: int) -> Any:
    return select(ProfileEntry).where(ProfileEntry.person_id == person_id)


def _photos(*ids: int) -> Any:
    return select(Person.id, Person.photo).where(Person.id.in_(ids))


def _forget_photo_of(person_id: int) -> None:
    for row in db.session.execute(_photos(person_id)):
        if row.photo:
            db.session.execute(update(Person).where(Person.id == person_id).values(photo=None))
            jobs.enqueue(forget_photo, row.photo)
