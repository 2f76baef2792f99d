"""Where hits are counted: in this process, in the database, or in Redis with the database behind it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import has_request_context
from limits.storage import RedisStorage, Storage
from sqlalchemy import Float, String, case, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, db, is_reading, is_sqlite, upsert
from portal.core.jobs import periodic
from portal.core.redis_link import RedisLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

MEMORY_KEYS = 20_000


class RateHit(Model):
    """How often something was done in the window that ends at `expires_at` (seconds since 1970)."""

    __tablename__ = "rate_hit"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    n: Mapped[int]
    expires_at: Mapped[float] = mapped_column(Float, index=True)


TABLE: Table = RateHit.__table__  # type: ignore[assignment]
R = TABLE.c


def _now() -> float:
    return clock.now().timestamp()


def _farthest(now: float, expiry: int) -> float:
    """A window that ends later was opened before the clock was set back; a little later is another machine's clock."""
    return now + 2 * expiry + 60


class _Counts(Storage):
    """What every storage of ours has in common."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """None of our own to wrap."""
        return LookupError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and answer how often it was in this window; the first one opens a window of `expiry` seconds."""
        raise NotImplementedError

    def window(self, key: str) -> tuple[int, float]:
        """How often in the running window, and when that ends."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """How often in the running window."""
        return self.window(key)[0]

    def get_expiry(self, key: str) -> float:
        """When the running window ends."""
        return self.window(key)[1]

    def clear(self, key: str) -> None:
        """Begin anew."""
        raise NotImplementedError

    def check(self) -> bool:
        """Whether hits can be counted."""
        return True

    def reset(self) -> int | None:
        """Nobody forgets all limits at once."""
        raise NotImplementedError


class MemoryStorage(_Counts):
    """Counts of this process."""

    def __init__(self) -> None:
        super().__init__()
        self._windows: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count in this process."""
        now = _now()
        with self._lock:
            window = self._windows.get(key)
            if window is None or window[1] <= now or window[1] > _farthest(now, expiry):
                self._make_room(now)
                window = self._windows[key] = [0, now + expiry]
            window[0] += amount
            return int(window[0])

    def window(self, key: str) -> tuple[int, float]:
        """The running window of this process."""
        count, end = self._windows.get(key, (0, 0.0))
        return (int(count), end) if end > _now() else (0, _now())

    def clear(self, key: str) -> None:
        """Begin anew."""
        self._windows.pop(key, None)

    def _make_room(self, now: float) -> None:
        if len(self._windows) >= MEMORY_KEYS:
            self._windows = {key: window for key, window in self._windows.items() if window[1] > now}
        if len(self._windows) >= MEMORY_KEYS:
            self._windows.clear()


class DatabaseStorage(_Counts):
    """Counts of all processes; one statement, on its own, is the whole transaction."""

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count for all processes."""
        now = _now()
        over = (R.expires_at <= now) | (R.expires_at > _farthest(now, expiry))
        values = {"key": key, "n": amount, "expires_at": now + expiry}
        changed = {
            "n": case((over, amount), else_=R.n + amount),
            "expires_at": case((over, now + expiry), else_=R.expires_at),
        }
        answer = [R.n] if is_sqlite() else [R.n, UNFLUSHED]
        statement = upsert(TABLE, values, keys=["key"], update=changed).returning(*answer)
        with _on_its_own() as connection, _unflushed(connection):
            return int(connection.execute(statement).scalar_one())

    def window(self, key: str) -> tuple[int, float]:
        """The running window of all processes."""
        with _on_its_own() as connection:
            row = connection.execute(select(R.n, R.expires_at).where(R.key == key, R.expires_at > _now())).first()
        return (row.n, row.expires_at) if row else (0, _now())

    def clear(self, key: str) -> None:
        """Begin anew, once the caller's transaction is kept."""
        db.session.execute(delete(TABLE).where(R.key == key))


@contextmanager
def _on_its_own() -> Iterator[Connection]:
    """A connection in autocommit: the request's own while it only reads, otherwise another one."""
    if has_request_context() and is_reading():
        yield db.session.connection()
        return
    if is_sqlite() and db.session.registry.has() and db.session().in_transaction():
        raise RuntimeError("Limits are hit before the transaction: use @limited, or hit() before begin().")
    with db.reading_engine.connect() as connection:
        yield connection


# A count may be lost in a power cut, so nobody waits for the disk: on PostgreSQL for this one statement …
UNFLUSHED = func.set_config("synchronous_commit", "off", True)


@contextmanager
def _unflushed(connection: Connection) -> Iterator[None]:
    """… and on SQLite as long as this lasts; it takes three quarters off the price of a hit."""
    if not is_sqlite():
        yield
        return
    connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA synchronous=FULL")


class SharedStorage(_Counts):
    """Counts in Redis; while it is away, in the database."""

    def __init__(self, url: str, database: DatabaseStorage) -> None:
        super().__init__()
        self._link, self._database = RedisLink(url), database
        self._redis = RedisStorage(url, connection_pool=self._link.client.connection_pool)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count in Redis, or in the database."""
        count = self._link.attempt(lambda _: self._redis.incr(key, expiry, amount))
        return self._database.incr(key, expiry, amount) if count is None else count

    def window(self, key: str) -> tuple[int, float]:
        """The running window, wherever it is counted."""
        found = self._link.attempt(lambda _: (self._redis.get(key), self._redis.get_expiry(key)))
        return self._database.window(key) if found is None else found

    def clear(self, key: str) -> None:
        """Begin anew in both."""
        self._link.attempt(lambda _: self._redis.clear(key))
        self._database.clear(key)


@periodic("core.clean_limits", every=timedelta(hours=1))
def clean() -> None:
    """Forget windows that are over."""
    db.session.execute(delete(TABLE).where(R.expires_at < _now()))
