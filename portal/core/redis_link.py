"""Redis as a help that may be missing: short time-outs, and after a failure half a minute without asking again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from portal.core.logs import log

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
PATIENCE = 2.0  # seconds for one call
PAUSE = 30.0  # seconds without Redis after a failure


class RedisLink:
    """A connection to Redis that never raises."""

    def __init__(self, url: str) -> None:
        import redis

        self.client: Any = redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._failure = redis.RedisError
        self._again_at = 0.0

    def attempt(self, call: Callable[[Any], T]) -> T | None:
        """What the call answers, or None while Redis is away."""
        if time.monotonic() < self._again_at:
            return None
        try:
            return call(self.client)
        except (self._failure, OSError) as error:
            self._again_at = time.monotonic() + PAUSE
            log.warning("redis away", error=type(error).__name__)
            return None
