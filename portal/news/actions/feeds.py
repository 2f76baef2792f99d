"""The address for a member's news program: made, made anew, ended; whoever has it reads what the member may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from portal.core import audit, clock, tokens
from portal.core.db import db, upsert
from portal.core.policy import require
from portal.news.actions.reading import SIGN_IN
from portal.news.models import NewsFeed

if TYPE_CHECKING:
    from portal.core.access import Viewer


def open_feed(*, by: Viewer) -> str:
    """A new secret address, told once; one that was made before ends."""
    require(by.is_member, SIGN_IN)
    secret = tokens.new_secret()
    made = {"token_hash": tokens.digest(secret), "created_at": clock.now()}
    values = made | {"person_id": by.person_id}
    db.session.execute(upsert(NewsFeed.__table__, values, keys=["person_id"], update=made))
    audit.record("open news feed", ("person", by.person_id), by=by)
    return secret


def close_feed(*, by: Viewer) -> None:
    """End the address at once."""
    require(by.is_member, SIGN_IN)
    db.session.execute(delete(NewsFeed).where(NewsFeed.person_id == by.person_id))
    audit.record("close news feed", ("person", by.person_id), by=by)
