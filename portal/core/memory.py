"""What a process remembers between requests; every cache is keyed by a version and can be forgotten whole."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from flask import g, has_request_context

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")
T = TypeVar("T")


class Memory(Generic[K, V]):
    """The last `size` values by key."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.values: OrderedDict[K, V] = OrderedDict()
        _all.append(self)

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value under a key, made if it is not remembered."""
        try:
            return self.values[key]
        except KeyError:
            return self.keep(key, make())

    def keep(self, key: K, value: V) -> V:
        """Remember a value in place of what was under its key; it is the answer too."""
        self.values[key] = value
        while len(self.values) > self.size:
            self.values.popitem(last=False)
        return value


def in_request(key: Hashable, make: Callable[[], T]) -> T:
    """What one request asks for more than once; jobs and commands make it each time."""
    if not has_request_context():
        return make()
    known: dict[Hashable, Any] | None = g.get("in_request")  # a dozen things ask on each page: one look is enough
    if known is None:
        if g.get("writing", False):
            return make()
        known = g.in_request = {}
    if key not in known:
        known[key] = make()
    value: T = known[key]
    return value


def keep_in_request(key: Hashable, value: object) -> None:
    """Let `in_request` answer with this."""
    g.setdefault("in_request", {})[key] = value


_all: list[Memory[Any, Any]] = []


def forget() -> None:
    """Forget everything: another database is behind the same names now (tests, restore)."""
    for memory in _all:
        memory.values.clear()
