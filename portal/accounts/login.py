"""Flask-Login's part: the cookie holds a random session token, the row behind it decides."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_login import LoginManager, UserMixin
from sqlalchemy import select, update

from portal.accounts.models import Session
from portal.core import clock, tokens
from portal.core.access import Viewer, cached_viewer
from portal.core.db import after_view, db
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from sqlalchemy import Connection

TOUCH_AFTER = timedelta(minutes=5)
SLIDES = timedelta(days=30)


class SignedIn(UserMixin):  # type: ignore[misc]
    """A signed-in device and who is behind it."""

    def __init__(self, token: str, session_id: int, viewer: Viewer, authenticated_at: datetime, factors: int) -> None:
        self.id = token
        self.session_id = session_id
        self.viewer = viewer
        self.authenticated_at = authenticated_at
        self.factors = factors


def load(token: str) -> SignedIn | None:
    """Who is behind a token, if its session still runs; one query."""
    now = clock.now()
    found = db.session.execute(
        select(Session.id, Session.person_id, Session.last_used_at, Session.authenticated_at, Session.factors, Person.access_version)
        .join(Person, Person.id == Session.person_id)
        .where(Session.token_hash == tokens.digest(token), Session.ended_at.is_(None), Session.expires_at > now)
    ).one_or_none()
    if found is None:
        return None
    if now - found.last_used_at > TOUCH_AFTER:
        _touch(found.id, now)
    viewer = cached_viewer(found.person_id, found.access_version)
    return SignedIn(token, found.id, viewer, found.authenticated_at, found.factors)


def _touch(session_id: int, now: datetime) -> None:
    def write(connection: Connection) -> None:
        connection.execute(update(Session).where(Session.id == session_id).values(last_used_at=now, expires_at=now + SLIDES))

    after_view(write)


def init(app: Flask) -> None:
    """Let Flask-Login ask us who is behind a cookie."""
    manager = LoginManager()
    manager.session_protection = None  # the session row decides, not the browser's address
    manager.user_loader(load)
    manager.init_app(app)
