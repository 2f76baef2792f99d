"""What every page shows of its member: brought by the statement that finds out who asks, not by one of its own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, select

from portal.core.db import is_sqlite, rows
from portal.core.memory import in_request, keep_in_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Row, Select

    Builder = Callable[[ColumnElement[int]], ColumnElement[Any]]

_columns: dict[str, Builder] = {}


def register(name: str, build: Builder) -> None:
    """Something of one value about the person whose id is given: a scalar subquery, cheap enough for each page."""
    _columns[name] = build


def columns(person_id: Any) -> list[Any]:
    """All of them, for a statement that each request makes anyway; hand its row to `take`."""
    return [build(person_id).label(f"glance_{name}") for name, build in _columns.items()]


def take(person_id: int, found: Row[Any]) -> None:
    """Keep what `columns` brought, for this request; it is asked anew once something is written."""
    for name in _columns:
        keep_in_request(("glance", name, person_id), found._mapping[f"glance_{name}"])


def of(name: str, person_id: int | None) -> Any:
    """The value for a person; where the request did not begin with it, it is asked."""
    return in_request(("glance", name, person_id), lambda: rows(_one(name, is_sqlite()), me=person_id)[0][0])


@cache
def _one(name: str, _sqlite: bool) -> Select[Any]:
    return select(_columns[name](bindparam("me", type_=Integer)))
