"""The link that turns one kind of mail off: signed, for this purpose alone, without an end date."""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.core.errors import Missing
from portal.notifications import kinds

SALT = "notifications.off"


class Told(NamedTuple):
    """Whose mail of which kind."""

    person_id: int
    kind: str


def write(person_id: int, kind: str) -> str:
    """The token for a mail's foot."""
    return _serializer().dumps([person_id, kind])


def read(token: str) -> Told:
    """What a token says, or `Missing`."""
    try:
        told = Told(*_serializer().loads(token))
    except (BadSignature, TypeError, ValueError):
        told = None
    if told is None or not kinds.known(told.kind):
        raise Missing("This link is not complete. Copy it whole from the mail, or sign in and open your settings.")
    return told


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=SALT)
