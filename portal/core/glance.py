"""What many pages need to know of their member, asked together instead of by a statement each.

What every page shows comes with the statement that finds out who asks. What only the day's pages show, the tasks of
all features, is asked at once when the first of them is.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, func, select

from portal.core.db import is_sqlite, rows
from portal.core.memory import in_request, keep_in_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Row, Select

    Builder = Callable[[Any], ColumnElement[Any]]

PAGE, TASKS = "page", "tasks"
_builders: dict[str, dict[str, Builder]] = {PAGE: {}, TASKS: {}}


def on_pages(name: str, build: Builder) -> None:
    """One value about the person whose id is given, a scalar subquery: cheap enough for each page.

    The id is a column of the statement around it: say explicitly what does not correlate.
    """
    _builders[PAGE][name] = build


def for_tasks(name: str, build: Builder) -> None:
    """One value about a person that only home and the day's pages need, a scalar subquery."""
    _builders[TASKS][name] = build


def columns(person_id: Any) -> list[Any]:
    """What pages show, for a statement that each request makes anyway; hand its row to `take`."""
    return [build(person_id).label(name) for name, build in _builders[PAGE].items()]


def take(person_id: int, found: Row[Any]) -> None:
    """Keep what `columns` brought, for this request; it is asked anew once something is written."""
    keep_in_request((PAGE, person_id), found)


def of(name: str, person_id: int | None) -> Any:
    """The value for a person."""
    group = PAGE if name in _builders[PAGE] else TASKS
    return in_request((group, person_id), lambda: rows(_all(group, is_sqlite()), me=person_id)[0])._mapping[name]


@cache
def _all(group: str, _sqlite: bool) -> Select[Any]:
    me = bindparam("me", type_=Integer)
    return select(*(build(me).label(name) for name, build in _builders[group].items()))


def collected(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The values of a column as one value; read it with `listed`."""
    return func.json_group_array(column) if is_sqlite() else func.json_agg(column)


def listed(found: str | list[Any] | None) -> set[Any]:
    """The values that `collected` brought."""
    return set(json.loads(found) if isinstance(found, str) else found or ())
