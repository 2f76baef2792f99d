"""The link that ends all letters to an address: signed, for this alone, without an end date (R24).

It holds a digest instead of the address, so that it still works when nothing is kept of the person any more (R26).
"""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.core import mail, suppression
from portal.core.errors import Missing

SALT = "accounts.no-more-letters"


class Refusal(NamedTuple):
    """Which address wants no letters, and which invitation it was that said so."""

    digest: str
    invitation_id: str


def off_url(address: str, invitation_id: str) -> str:
    """The full address of the link, for a letter."""
    return mail.link("accounts.no_more_letters", token=write(address, invitation_id))


def write(address: str, invitation_id: str) -> str:
    """The token of the link."""
    return _serializer().dumps([suppression.digest_of(address), invitation_id])


def read(token: str) -> Refusal:
    """What a token says, or `Missing`."""
    try:
        return Refusal(*map(str, _serializer().loads(token)))
    except (BadSignature, TypeError, ValueError):
        raise Missing("This link is not complete. Copy it whole from the letter.") from None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=SALT)
