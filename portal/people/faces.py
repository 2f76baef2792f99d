"""What a list shows of a person, as a plain value from a few columns: hot pages load no rows of the ORM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from portal.people.models import HUES, Person, initials

if TYPE_CHECKING:
    from sqlalchemy import Row

FACE = (
    Person.id.label("face_id"), Person.public_id.label("face_public_id"), Person.full_name.label("face_name"),
    Person.photo.label("face_photo"), Person.listed.label("face_listed"),
)  # fmt: skip


class Face(NamedTuple):
    """A person as lists show them; somebody who stepped back or left has no page to go to."""

    id: int
    public_id: str
    name: str
    photo: str | None
    listed: bool = True

    @classmethod
    def of(cls, row: Row[*tuple[Any, ...]]) -> Face:
        """The face in a row that was selected with `FACE`."""
        return cls(row.face_id, row.face_public_id, row.face_name, row.face_photo, row.face_listed)

    @property
    def url(self) -> str | None:
        """The person's own page, as a path."""
        return f"/people/{self.public_id}" if self.listed else None

    @property
    def initials(self) -> str:
        """Up to two letters for a person without a photo."""
        return initials(self.name)

    @property
    def hue(self) -> int:
        """A stable colour, 0 to 11."""
        return self.id % HUES

    @property
    def photo_url(self) -> str | None:
        """Where the photo is served, if there is one."""
        return f"/photos/{self.photo}" if self.photo else None
