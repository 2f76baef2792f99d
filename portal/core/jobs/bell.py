"""An optional bell in Redis that wakes a worker at once; whatever fails here only means waiting for the next look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import event

from portal.core.db import PortalSession
from portal.core.redis_link import RedisLink

if TYPE_CHECKING:
    import threading

    from flask import Flask

BELL = "portal-job-bell"
KEY = "portal:jobs"


def init(app: Flask) -> None:
    """Hang the bell up when Redis is configured."""
    if url := app.config["PORTAL"].redis_url:
        app.extensions[BELL] = RedisLink(url)


@event.listens_for(PortalSession, "after_commit")
def _ring(session: Any) -> None:
    if session.info.pop("job_waits", False) and (link := current_app.extensions.get(BELL)):
        link.attempt(lambda redis: redis.pipeline().lpush(KEY, 1).ltrim(KEY, 0, 9).execute())


@event.listens_for(PortalSession, "after_rollback")
def _forget(session: Any) -> None:
    session.info.pop("job_waits", None)


def wait(app: Flask, stop: threading.Event, seconds: float) -> None:
    """Wait for the bell, or as long as that."""
    link: RedisLink | None = app.extensions.get(BELL)
    if link is None or not link.attempt(lambda redis: [redis.brpop(KEY, timeout=seconds)]):
        stop.wait(seconds)
