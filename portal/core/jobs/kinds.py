"""The kinds of work there are, by name: names are stored in rows and must never change their meaning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

F = TypeVar("F", bound="Callable[..., Any]")
SOON, NORMAL, LATER = 10, 50, 90  # LATER is for long work: one thread of a worker never takes it
LONGEST = timedelta(hours=1)


class GiveUp(Exception):
    """Trying again would not help: the job becomes a dead letter at once, with this message."""


class Postpone(Exception):
    """Not now: the job waits until then, and this try does not count."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"postponed until {until:%Y-%m-%d %H:%M} UTC")
        self.until = until


@dataclass(frozen=True, slots=True)
class Kind:
    """A job's name, what it does, and how often and how long it may try."""

    name: str
    work: Callable[..., Any]
    attempts: int
    priority: int
    longest: timedelta


kinds: dict[str, Kind] = {}
_names: dict[Callable[..., Any], str] = {}
recurring: dict[str, timedelta] = {}


def job(
    name: str, *, attempts: int = 8, priority: int = NORMAL, longest: timedelta = LONGEST
) -> Callable[[F], F]:  # fmt: skip
    """Make a function a job that can be enqueued; after `longest` another worker may begin it anew."""

    def register(work: F) -> F:
        if name in kinds and _origin(kinds[name].work) != _origin(work):
            raise ValueError(f"Two jobs are called {name}.")
        kinds[name] = Kind(name, work, attempts, priority, longest)
        _names[work] = name
        return work

    return register


def periodic(name: str, *, every: timedelta, attempts: int = 3, priority: int = NORMAL) -> Callable[[F], F]:
    """Make a function a job that runs again and again, once for all workers; for the first time after one interval."""

    def register(work: F) -> F:
        recurring[name] = every
        return job(name, attempts=attempts, priority=priority)(work)

    return register


def kind_of(work: Callable[..., Any]) -> Kind:
    """The kind that a function was registered as."""
    if work not in _names:
        raise LookupError(f"{_origin(work)} is no job; mark it with @job(name).")
    return kinds[_names[work]]


def _origin(work: Callable[..., Any]) -> str:
    return f"{work.__module__}.{getattr(work, '__qualname__', work)}"
