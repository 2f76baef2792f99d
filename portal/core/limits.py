"""How often is too often: rates by name, counted before the request's transaction opens (K7).

Reads are counted in each process's memory; writes, sign-in and search in the database, or in Redis when there is one.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, request, session
from limits import RateLimitItemPerSecond
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock, settings, tokens
from portal.core.db import db, is_reading, is_sqlite
from portal.core.errors import TooMany
from portal.core.limit_storage import DatabaseStorage, MemoryStorage, SharedStorage, forget_keys
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

    `waits` are the seconds to wait after the first, second … within the window; `strict` refuses when nothing can
    be counted, instead of letting through.
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
        unit = {MINUTE: "minute", HOUR: "hour", DAY: "day"}.get(self.per, f"{self.per} seconds")
        return Setting(f"rate_{self.name}", self.amount, f"{self.label}, per {unit}", "Limits", low=1)


@dataclass(slots=True)
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


register(
    Rate("read_member", 300, MINUTE, "Pages a member may open", in_memory=True),
    Rate("read_visitor", 120, MINUTE, "Pages an address may open", in_memory=True),
    Rate("write_member", 120, MINUTE, "Changes a member may send"),
    Rate("write_visitor", 60, MINUTE, "Changes an address may send"),
    Rate("search", 30, MINUTE, "Searches"),
    Rate("api", 60, MINUTE, "Requests of an API token"),
    Rate("sign_in_address", 5, 15 * MINUTE, "Sign-in tries for one account", strict=True, waits=(0, 0, 5, 15, 60)),
    Rate("sign_in_ip", 6, MINUTE, "Sign-in tries from one place", strict=True),
    Rate("sign_in_ip_hour", 30, HOUR, "Sign-in tries from one place", strict=True),
)


def init(app: Flask) -> None:
    """Count every request before anything else is done with it."""
    database = DatabaseStorage()
    url = app.config["PORTAL"].redis_url
    shared = SharedStorage(url, database) if url else database
    app.extensions[LIMITERS] = Limiters(FixedWindowRateLimiter(MemoryStorage()), FixedWindowRateLimiter(shared))
    app.before_request(_count_request)


def limited(*names: str, key: Callable[[], str] | None = None) -> Callable[[V], V]:
    """Count calls of a view under these rates, by who calls or by `key()`, before the view and its transaction begin."""

    def mark(view: V) -> V:
        rules = [*getattr(view, "limits", ()), *((name, key) for name in names)]
        view.limits = rules  # type: ignore[attr-defined]
        return view

    return mark


def _count_request() -> None:
    if request.path.startswith(QUIET) or not is_on():
        return
    reading = request.method in SAFE_METHODS
    who, known = caller()
    hit(f"{'read' if reading else 'write'}_{'member' if known else 'visitor'}", who)
    view = current_app.view_functions.get(request.endpoint or "")
    if not reading or getattr(view, "limits_reading", True):
        for name, key in getattr(view, "limits", ()):
            hit(name, key() if key else who)


def caller() -> tuple[str, bool]:
    """Who calls, known without asking the database: the session's token, else the address; and whether it is a session."""
    token = session.get("_user_id")
    return (str(token), True) if token else (place(), False)


def place() -> str:
    """The caller's address; of an IPv6 address the network, since one caller has as many addresses as they like."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "nowhere"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
