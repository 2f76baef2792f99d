"""How often is too often: rates by name, counted before the request's transaction opens (K7).

Reads are counted in each process's memory; writes, sign-in and search in the database, or in Redis when there is one.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, request, session
from limits import RateLimitItemPerSecond
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock, settings, tokens
from portal.core.errors import TooMany
from portal.core.limit_storage import DatabaseStorage, MemoryStorage, SharedStorage
from portal.core.logs import QUIET, log
from portal.core.settings import Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

LIMITERS = "portal-limits"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MINUTE, HOUR, DAY = 60, 3600, 86_400
V = TypeVar("V", bound="Callable[..., Any]")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so many seconds, per key.

    `waits` are the seconds that must pass after the first, second … of a window; a `strict` rate refuses when
    nothing can be counted, the others let through.
    """

    name: str
    amount: int
    per: int
    label: str
    in_memory: bool = False
    strict: bool = False
    waits: tuple[int, ...] = ()

    @property
    def setting(self) -> Setting:
        """What an admin may change of it."""
        unit = {MINUTE: "minute", HOUR: "hour", DAY: "day"}.get(self.per, in_words(self.per))
        return Setting(f"rate_{self.name}", self.amount, f"{self.label}, per {unit}", "Limits", low=1)


@dataclass(frozen=True, slots=True)
class Limiters:
    """Where this process counts."""

    memory: FixedWindowRateLimiter
    shared: FixedWindowRateLimiter


_rates: dict[str, Rate] = {}


def register(*rates: Rate) -> None:
    """Add rates; each becomes a setting `rate_<name>`."""
    for rate in rates:
        _rates[rate.name] = rate
        settings.register(rate.setting)


def init(app: Flask) -> None:
    """Count every request before anything else is done with it."""
    app.extensions[LIMITERS] = counters(app.config["PORTAL"].redis_url)
    app.before_request(_count_request)


def counters(redis_url: str) -> Limiters:
    """Where to count; what is counted in memory begins at nothing."""
    database = DatabaseStorage()
    shared = SharedStorage(redis_url, database) if redis_url else database
    return Limiters(FixedWindowRateLimiter(MemoryStorage()), FixedWindowRateLimiter(shared))


def limited(*names: str, key: Callable[[], str] | None = None) -> Callable[[V], V]:
    """Count a view's calls under these rates, per caller or per `key()`, before the view and its transaction begin.

    Where one view shows a form and takes it, only taking it counts.
    """

    def mark(view: V) -> V:
        view.limits = [*getattr(view, "limits", ()), *((name, key) for name in names)]  # type: ignore[attr-defined]
        return view

    return mark


def hit(name: str, key: str) -> None:
    """Count one more under a rate, or raise `TooMany` with the time to wait; call it before the transaction opens."""
    if not is_on():
        return
    rate = _rates[name]
    try:
        _hit(rate, _hashed(name, key))
    except SQLAlchemyError as error:
        log.error("limits can't count", rate=name, error=type(error).__name__)
        if rate.strict:
            raise TooMany("This is not possible just now. Please try again in half a minute.", 30) from error


def forget(name: str, key: str) -> None:
    """Begin anew after a success (a right password), in the caller's transaction."""
    if is_on():
        rate, hashed = _rates[name], _hashed(name, key)
        storage = _limiter(rate).storage
        storage.clear(_item(rate).key_for(hashed))
        storage.clear(_wait_key(hashed))


def _hit(rate: Rate, hashed: str) -> None:
    limiter, item = _limiter(rate), _item(rate)
    counted = item.key_for(hashed)
    if rate.waits:
        tried: int = limiter.storage.get(counted)
        pause = rate.waits[min(tried, len(rate.waits) - 1)]
        if pause and limiter.storage.incr(_wait_key(hashed), pause) > 1:
            raise _too_many(limiter.storage.get_expiry(_wait_key(hashed)))
    if not limiter.hit(item, hashed):
        raise _too_many(limiter.storage.get_expiry(counted))


def _too_many(until: float) -> TooMany:
    seconds = max(1, math.ceil(until - clock.now().timestamp()))
    return TooMany(f"That was a lot in a short time. Please wait {in_words(seconds)} and try again.", seconds)


def in_words(seconds: int) -> str:
    """ "40 seconds", "3 minutes", "2 hours": rounded up."""
    for size, unit in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds > size:
            return f"{math.ceil(seconds / size)} {unit}s"
        if seconds == size:
            return f"1 {unit}"
    return f"{seconds} seconds" if seconds != 1 else "1 second"


def is_on() -> bool:
    """Whether anything is counted; off only for load measurements."""
    return bool(current_app.config["PORTAL"].limits == "on")


def _limiter(rate: Rate) -> FixedWindowRateLimiter:
    limiters: Limiters = current_app.extensions[LIMITERS]
    return limiters.memory if rate.in_memory else limiters.shared


def _item(rate: Rate) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(settings.lately(f"rate_{rate.name}"), rate.per, "portal")


def _hashed(name: str, key: str) -> str:
    """Neither addresses nor session tokens are stored in the clear."""
    return tokens.keyed_digest(str(current_app.secret_key), f"limit:{name}:{key}")[:32]


def _wait_key(hashed: str) -> str:
    return f"portal-wait/{hashed}"


def _count_request() -> None:
    if not is_on() or request.path.startswith(QUIET):
        return
    reading = request.method in SAFE_METHODS
    who, known = caller()
    hit(f"{'read' if reading else 'write'}_{'member' if known else 'visitor'}", who)
    if reading and request.url_rule is not None and not SAFE_METHODS.issuperset(request.url_rule.methods or ()):
        return
    for name, key in getattr(current_app.view_functions.get(request.endpoint or ""), "limits", ()):
        hit(name, key() if key else who)


def caller() -> tuple[str, bool]:
    """Who calls, without asking the database: the session's token (and True), else the place it comes from."""
    token = session.get("_user_id")
    return (str(token), True) if token else (place(), False)


def place() -> str:
    """The caller's address; of IPv6 the network, because one caller has as many addresses there as they like."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "nowhere"
    if isinstance(address, ipaddress.IPv4Address) or address.ipv4_mapped is not None:
        return str(getattr(address, "ipv4_mapped", None) or address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


register(
    Rate("read_member", 300, MINUTE, "Pages a member may open", in_memory=True),
    Rate("read_visitor", 120, MINUTE, "Pages a visitor may open", in_memory=True),
    Rate("write_member", 120, MINUTE, "Changes a member may send"),
    Rate("write_visitor", 60, MINUTE, "Changes a visitor may send"),
    Rate("search", 30, MINUTE, "Searches"),
    Rate("api", 60, MINUTE, "Requests of an API token"),
    Rate("sign_in_address", 5, 15 * MINUTE, "Sign-in tries for one account", strict=True, waits=(0, 0, 5, 15, 60)),
    Rate("sign_in_ip", 6, MINUTE, "Sign-in tries from one place", strict=True),
    Rate("sign_in_ip_hour", 30, HOUR, "Sign-in tries from one place", strict=True),
)
