"""Photo files: stored under a key that nobody guesses, taken away once no profile shows them any more."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.core.db import db
from portal.core.files import storage
from portal.core.images import square_photo
from portal.core.jobs import job
from portal.people.models import Person

if TYPE_CHECKING:
    from typing import BinaryIO

TYPE = "image/webp"
PARTS = {"middle": (0.5, 0.5), "top": (0.5, 0.0), "bottom": (0.5, 1.0), "left": (0.0, 0.5), "right": (1.0, 0.5)}


def keep_photo(stream: BinaryIO, part: str = "middle", share: float = 1.0) -> str:
    """Make a photo of a picture and store it; its key. `share` is how much of the largest square is kept."""
    photo = square_photo(stream, PARTS[part], share)
    key = f"{secrets.token_hex(16)}.webp"
    storage().put(_place(key), photo, TYPE)
    return key


def photo_bytes(key: str) -> bytes:
    """The photo, or `Missing`."""
    with storage().open(_place(key)) as file:
        return file.read()


def drop_photo(key: str) -> None:
    """Take a file away at once: it was stored for something that did not happen."""
    storage().delete(_place(key))


@job("profiles.forget_photo")
def forget_photo(key: str) -> None:
    """Take a file away that nobody shows any more."""
    if db.session.execute(select(Person.id).where(Person.photo == key)).first() is None:
        drop_photo(key)


def _place(key: str) -> str:
    return f"photos/{key}"
