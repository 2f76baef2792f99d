"""What a page asks of the passkeys of whoever is signed in."""

from __future__ import annotations

from flask import session

from portal.accounts import passkeys, queries
from portal.core.web import me_id


def options_again() -> str:
    """The question to one's own passkeys, for the browser; empty when there are none."""
    held = [row.key_id for row in queries.passkeys_of(me_id())]
    return passkeys.ask_to_show(session, "again", held).options if held else ""
