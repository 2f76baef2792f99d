"""Flask-Login's part: the cookie holds a random session token, the row behind it decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import bindparam, select, update

from portal.accounts.devices import Device, name_of
from portal.accounts.models import Session
from portal.core import clock, glance, settings, stamps, tokens
from portal.core.access import Viewer, cached_viewer
from portal.core.db import after_view, is_sqlite, rows
from portal.people.models import Person

if TYPE_CHECKING:
    from flask import Flask, Response
    from sqlalchemy import Connection, Select

TOUCH_AFTER = timedelta(minutes=5)
LONGEST = timedelta(days=400)  # however often it is used, a session ends then (ASVS 7.3.2)
BROWSER_COOKIE_AGE = 400 * 86_400


class SignedIn(UserMixin):  # type: ignore[misc]
    """A signed-in device and who is behind it."""

    def __init__(
        self,
        token: str,
        session_id: int,
        viewer: Viewer,
        *,
        opened_at: datetime,
        authenticated_at: datetime,
        factors: int,
    ) -> None:
        self.id = token
        self.session_id = session_id
        self.viewer = viewer
        self.opened_at = opened_at
        self.authenticated_at = authenticated_at
        self.factors = factors


_SESSION = (
    select(Session.id, Session.person_id, Session.created_at, Session.last_used_at, Session.authenticated_at,
           Session.factors, Person.access_version)
    .join(Person, Person.id == Session.person_id)
    .where(Session.token_hash == bindparam("token"), Session.ended_at.is_(None))
    .where(Session.expires_at > bindparam("now", type_=Session.expires_at.type), Person.remembered_at.is_(None))
)  # fmt: skip


@cache
def _with_glance(_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return _SESSION.add_columns(stamps.together().label("stamps"), *glance.columns(Session.person_id))


def load(token: str) -> SignedIn | None:
    """Who is behind a token, if its session still runs, and what each page shows of them; one query."""
    now = clock.now()
    found = next(iter(rows(_with_glance(is_sqlite()), token=tokens.digest(token), now=now)), None)
    if found is None:
        return None
    stamps.take(found.stamps)
    glance.take(found.person_id, found)
    if now - found.last_used_at > TOUCH_AFTER:
        _touch(found.id, now, found.created_at)
    viewer = cached_viewer(found.person_id, found.access_version)
    return SignedIn(token, found.id, viewer, opened_at=found.created_at, authenticated_at=found.authenticated_at,
                    factors=found.factors)  # fmt: skip


def _touch(session_id: int, now: datetime, opened_at: datetime) -> None:
    ends = min(now + timedelta(days=settings.get("session_days")), opened_at + LONGEST)

    def write(connection: Connection) -> None:
        connection.execute(update(Session).where(Session.id == session_id).values(last_used_at=now, expires_at=ends))

    after_view(write)


def this_session() -> SignedIn | None:
    """The session of this request."""
    return current_user if current_user.is_authenticated else None


def start(token: str) -> None:
    """Sign this browser in: a new session id, and nothing of what was there before (fixation)."""
    session.clear()
    session["_user_id"] = token
    session["_fresh"] = True
    session.permanent = True


def device() -> Device:
    """The browser that asks; one that has no cookie of its own yet gets one with the answer."""
    secret = request.cookies.get(_cookie_name(), "")
    if len(secret) < 40:
        secret = g.setdefault("new_browser", tokens.new_secret())
    return Device(tokens.digest(secret), name_of(request.user_agent.string), request.remote_addr or "")


def _cookie_name() -> str:
    return "__Host-browser" if current_app.config["SESSION_COOKIE_SECURE"] else "browser"


def _remember_browser(response: Response) -> Response:
    if secret := g.pop("new_browser", None):
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(
            _cookie_name(), secret, max_age=BROWSER_COOKIE_AGE, secure=secure, httponly=True, samesite="Lax", path="/"
        )
    return response


def init(app: Flask) -> None:
    """Let Flask-Login ask us who is behind a cookie."""
    manager = LoginManager()
    manager.session_protection = None  # the session row decides, not the browser's address
    manager.user_loader(load)
    manager.init_app(app)
    app.after_request(_remember_browser)
