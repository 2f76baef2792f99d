"""Lists page by keyset: a deep page costs what the first one costs (T6)."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import tuple_

from portal.core.db import db
from portal.core.errors import Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Row, Select

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, with cursors to its neighbours when there are any."""

    items: list[T]
    older: str | None = None
    newer: str | None = None

    def map(self, change: Callable[[T], Any]) -> Page[Any]:
        """The same page of other things."""
        return Page([change(item) for item in self.items], self.older, self.newer)


def keyset(
    statement: Select[*tuple[Any, ...]],
    order: Sequence[Any],
    *,
    size: int,
    after: str | None = None,
    before: str | None = None,
    ascending: bool = False,
) -> Page[Row[Any]]:
    """One page of `statement`, ordered by columns that are unique together, newest first unless `ascending`.

    `after` and `before` are cursors of an earlier page. Rows carry the order columns at their end.
    """
    backwards = before is not None
    cursor = before if backwards else after
    rising = ascending != backwards
    if cursor:
        statement = statement.where(_beyond(order, _decode(cursor, len(order)), rising))
    direction = [column.asc() if rising else column.desc() for column in order]
    labelled = [column.label(f"_key{n}") for n, column in enumerate(order)]
    found = list(db.session.execute(statement.add_columns(*labelled).order_by(*direction).limit(size + 1)))
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    first, last = (_encode(found[0], len(order)), _encode(found[-1], len(order))) if found else (None, None)
    has_older = more if not backwards else bool(found)
    has_newer = more if backwards else bool(cursor)
    return Page(found, last if has_older else None, first if has_newer else None)


def _beyond(order: Sequence[Any], values: list[Any], rising: bool) -> ColumnElement[bool]:
    left = tuple_(*order)
    right = tuple_(*values)
    return left > right if rising else left < right


def _encode(row: Row[Any], width: int) -> str:
    values = [value.isoformat() if isinstance(value, date) else value for value in row[-width:]]
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(cursor: str, width: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != width:
        raise Missing("That page is not here any more. Go back to the beginning of the list.")
    return [_moment(value) for value in values]


def _moment(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 9 and value[4:5] == "-":
        try:
            return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            return value
    return value
