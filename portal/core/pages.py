"""Lists page by keyset: a deep page costs what the first one costs (T6)."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, bindparam, tuple_
from sqlalchemy.orm import QueryableAttribute

from portal.core.db import db, rows
from portal.core.errors import Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Row, Select
    from sqlalchemy.types import TypeEngine

T = TypeVar("T")
LARGEST = 2**63
COLUMNS = (ColumnElement, QueryableAttribute)  # a mapped column is the second


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, with cursors to its neighbours when there are any."""

    items: list[T]
    older: str | None = None
    newer: str | None = None

    def map(self, change: Callable[[T], Any]) -> Page[Any]:
        """The same page of other things."""
        return Page([change(item) for item in self.items], self.older, self.newer)


class Keyset:
    """A list that pages, prepared once: a select with bound parameters, ordered by columns that are unique together.

    The newest stand first unless `ascending`. Rows carry the order columns at their end.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], order: Sequence[Any], *, ascending: bool = False) -> None:
        self.statement, self.order, self.ascending = statement, tuple(order), ascending
        # Rows of columns are read without what the ORM adds; a list of whole entities needs it.
        self.read = (
            rows if all(isinstance(each["expr"], COLUMNS) for each in statement.column_descriptions) else _entities
        )
        self.prepared: dict[tuple[bool, bool], Select[*tuple[Any, ...]]] = {}

    def page(self, *, size: int, after: str | None = None, before: str | None = None, **params: Any) -> Page[Row[Any]]:
        """One page; `after` and `before` are cursors of an earlier one."""
        backwards, cursor = before is not None, before or after
        rising, width = self.ascending != backwards, len(self.order)
        place = decode_cursor(cursor, [column.type for column in self.order]) if cursor else []
        values = {f"_cursor{n}": value for n, value in enumerate(place)}
        statement = self._prepare(rising, bool(cursor))
        found = list(self.read(statement, **params, **values, _size=size + 1))
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        first, last = (encode_cursor(found[0][-width:]), encode_cursor(found[-1][-width:])) if found else (None, None)
        has_older = more if not backwards else bool(found)
        has_newer = more if backwards else bool(cursor)
        return Page(found, last if has_older else None, first if has_newer else None)

    def _prepare(self, rising: bool, with_cursor: bool) -> Select[*tuple[Any, ...]]:
        if (rising, with_cursor) not in self.prepared:
            self.prepared[rising, with_cursor] = self._build(rising, with_cursor)
        return self.prepared[rising, with_cursor]

    def _build(self, rising: bool, with_cursor: bool) -> Select[*tuple[Any, ...]]:
        statement = self.statement
        if with_cursor:
            here = tuple_(*(bindparam(f"_cursor{n}", type_=column.type) for n, column in enumerate(self.order)))
            statement = statement.where(tuple_(*self.order) > here if rising else tuple_(*self.order) < here)
        direction = [column.asc() if rising else column.desc() for column in self.order]
        labelled = [column.label(f"_key{n}") for n, column in enumerate(self.order)]
        return statement.add_columns(*labelled).order_by(*direction).limit(bindparam("_size", type_=Integer))


def _entities(statement: Select[*tuple[Any, ...]], **params: Any) -> Sequence[Row[Any]]:
    return db.session.execute(statement, params).all()


def keyset(
    statement: Select[*tuple[Any, ...]],
    order: Sequence[Any],
    *,
    size: int,
    after: str | None = None,
    before: str | None = None,
    ascending: bool = False,
    **params: Any,
) -> Page[Row[Any]]:
    """One page of a select that is built for this request; hot pages prepare a `Keyset` instead."""
    return Keyset(statement, order, ascending=ascending).page(size=size, after=after, before=before, **params)


def encode_cursor(values: Sequence[Any]) -> str:
    """A place in a list, for an address."""
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, types: Sequence[TypeEngine[Any]]) -> list[Any]:
    """The place that an address names, one value for each of these columns' types, or `Missing`."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        values = None
    place = [_moment(value) for value in values] if isinstance(values, list) else []
    if len(place) != len(types) or not all(_fits(value, kind) for value, kind in zip(place, types, strict=True)):
        raise Missing("That page is not here any more. Go back to the beginning of the list.")
    return place


def _fits(value: Any, kind: TypeEngine[Any]) -> bool:
    """Whether a value is one of the column's: addresses are typed by hand too."""
    if value is None or isinstance(value, bool):
        return value is None or kind.python_type is bool
    if kind.python_type is int:
        return isinstance(value, int) and abs(value) < LARGEST
    return isinstance(value, kind.python_type)


def _moment(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 9 and value[4:5] == "-":
        try:
            return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            return value
    return value
