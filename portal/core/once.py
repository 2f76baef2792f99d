"""A form sent twice makes one thing (T1): the one-time key is claimed in the transaction that makes it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import g, request, session
from sqlalchemy import String, Text, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, tokens
from portal.core.db import Model, db, prepared, upsert

if TYPE_CHECKING:
    from datetime import timedelta

    from flask import Response
    from sqlalchemy import Table


class OnceKey(Model):
    """A key that was used, and where its answer sent the browser."""

    __tablename__ = "once_key"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


KEYS: Table = OnceKey.__table__  # type: ignore[assignment]
SETTLE = update(KEYS).where(KEYS.c.key == bindparam("which")).values(location=bindparam("where"))


@prepared
def _take() -> Any:
    values = {name: bindparam(name, type_=KEYS.c[name].type) for name in ("key", "location", "created_at")}
    return upsert(KEYS, values, keys=["key"]).returning(KEYS.c.key)


class AlreadyDone(Exception):
    """The same form arrived before; its answer was a redirect to `location`."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def new_key() -> str:
    """A one-time key for a form."""
    return tokens.new_public_id() + tokens.new_public_id()


def claim() -> None:
    """Take the request's key, or raise `AlreadyDone`; a parallel twin waits here for the first to finish."""
    given = request.form.get("once_key") or request.headers.get("Idempotency-Key")
    if not given:
        return
    key = tokens.digest(f"{session.get('_user_id', '')}|{request.path}|{given}|{_words()}")
    taken = db.session.execute(_take(), {"key": key, "location": "", "created_at": clock.now()}).first()
    if taken is None:
        location = db.session.execute(select(OnceKey.location).where(OnceKey.key == key)).scalar_one_or_none()
        raise AlreadyDone(location or request.path)
    g.once_key = key


def _words() -> str:
    """What was sent: the forms of one page share a key, and what was changed before it was sent again is another thing."""
    return repr(sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"))


def settle(response: Response) -> None:
    """Keep where the answer led; an answer that is no redirect gives the key back."""
    key = g.pop("once_key", None)
    if key is None:
        return
    if 300 <= response.status_code < 400:
        db.session.execute(SETTLE, {"which": key, "where": response.location or ""})
    else:
        db.session.execute(delete(OnceKey).where(OnceKey.key == key))


def clean(older_than: timedelta) -> None:
    """Forget old keys."""
    db.session.execute(delete(OnceKey).where(OnceKey.created_at < clock.now() - older_than))
