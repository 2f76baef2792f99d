"""What SQLAlchemy made of our statements, found again without spelling them out."""

from __future__ import annotations

from typing import Any

MOST = 1_000  # far more than we have; what is built anew for each request would fill it


class Compiled(dict[Any, Any]):
    """The compiled statements of an engine, for its option `compiled_cache`.

    A key holds each part of its statement, and hashing a page's half dozen took a twentieth of the page. A statement
    that is built once keeps the same key, which is known by being the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[int, tuple[Any, Any]] = {}  # with the key, so that nothing else is given its id

    def get(self, key: Any, default: Any = None) -> Any:
        """What was compiled for (dialect, statement's key, names of parameters, …)."""
        known = self._known.get(id(key[1]))
        if known is not None and _same(known[0], key):
            return known[1]
        found = super().get(key)
        if found is None:
            return default
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[id(key[1])] = (key, found)
        return found

    def __setitem__(self, key: Any, compiled: Any) -> None:
        if len(self) >= MOST and key not in self:
            self.clear()
        super().__setitem__(key, compiled)

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self._known.clear()


def _same(known: Any, key: Any) -> bool:
    return known[1] is key[1] and known[0] is key[0] and bool(known[2:] == key[2:])
