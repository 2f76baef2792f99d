"""What joining two accounts changed, row by row, and how to change it back: for every table there is, by its keys alone.

Before and after the moves every row that names one of the two is looked at, and the counters of the rows that those
hang on. Only differences are kept. Going back changes a value only where it is still as the joining left it, so that
nothing that was done since is lost.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Date, DateTime, Integer, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.core.partial_dates import PartialDate, PartialDateType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Column, ColumnElement, Table

# Derived from other rows, secrets that must not come back to life, and this feature's own notes.
LEFT_OUT = frozenset(
    {"person_term", "login_token", "waiting_reset", "merge_request", "account_merge", "data_export", "erasure"}
)
NOT_BACK = frozenset({("session", "ended_at"), ("person", "access_version")})
AT_ONCE = 400
Key = tuple[Any, ...]
Rows = dict[str, dict[Key, dict[str, Any]]]


@dataclass(slots=True)
class Seen:
    """The rows of two persons, and the counters of what those rows hang on."""

    rows: Rows = field(default_factory=dict)
    counters: Rows = field(default_factory=dict)


def look(persons: tuple[int, int], again: Seen | None = None) -> Seen:
    """See how it is now; `again` are rows that were seen before, wherever they are by now."""
    seen = Seen()
    for table in _tables():
        columns = _naming(table)
        found = _select(table, or_(*(column.in_(persons) for column in columns)))
        seen.rows[table.name] = found | _by_keys(table, (again.rows[table.name].keys() - found.keys()) if again else ())
    for table in db.metadata.sorted_tables:
        keys = again.counters.get(table.name, {}).keys() if again else _parents(table, seen)
        if keys and _counters(table):
            seen.counters[table.name] = {
                key: {column.name: row[column.name] for column in _counters(table)}
                for key, row in _by_keys(table, keys).items() if key not in seen.rows.get(table.name, {})
            }  # fmt: skip
    return seen


def differences(before: Seen, after: Seen) -> str:
    """What is other now, as JSON."""
    named: dict[str, dict[str, list[Any]]] = {"changed": {}, "removed": {}, "added": {}, "counted": {}}
    for name, old in before.rows.items():
        new = after.rows[name]
        named["changed"][name] = [
            [_written(key), {c: [_plain(row[c]), _plain(new[key][c])] for c in row if row[c] != new[key][c]}]
            for key, row in old.items() if key in new and row != new[key]
        ]  # fmt: skip
        named["removed"][name] = [
            {c: _plain(value) for c, value in row.items()} for key, row in old.items() if key not in new
        ]
        named["added"][name] = [_written(key) for key in new if key not in old]
    for name, old in before.counters.items():
        new = after.counters.get(name, {})
        named["counted"][name] = [
            [_written(key), {c: new[key][c] - row[c] for c in row if new[key][c] != row[c]}]
            for key, row in old.items() if key in new and row != new[key]
        ]  # fmt: skip
    return json.dumps({what: {name: kept for name, kept in each.items() if kept} for what, each in named.items()})


def go_back(text: str) -> int:
    """Change it all back; how many rows could not be, because something newer stands in their place."""
    kept, lost = json.loads(text), 0
    for table in reversed(db.metadata.sorted_tables):
        for key in kept["added"].get(table.name, ()):
            lost += not _try(delete(table).where(_is(table, key)))
    for table in db.metadata.sorted_tables:
        for row in kept["removed"].get(table.name, ()):
            lost += not _try(insert(table).values({c: _read(table.c[c], value) for c, value in row.items()}))
        for key, values in kept["changed"].get(table.name, ()):
            lost += not _change_back(table, key, values)
        for key, steps in kept["counted"].get(table.name, ()):
            less = {c: table.c[c] - step for c, step in steps.items()}
            _try(update(table).where(_is(table, key)).values(less))
    return lost


def _change_back(table: Table, key: list[Any], values: dict[str, list[Any]]) -> bool:
    """A value goes back where it is still as the joining left it; the ones together first, because some belong together."""
    known = {c: pair for c, pair in values.items() if (table.name, c) not in NOT_BACK}
    now = _by_keys(table, [tuple(_read(column, part) for column, part in zip(table.primary_key, key, strict=True))])
    row = next(iter(now.values()), None)
    if row is None:
        return False
    still = {c: _read(table.c[c], pair[0]) for c, pair in known.items() if _plain(row[c]) == pair[1]}
    return not still or _try(update(table).where(_is(table, key)).values(still))


def _try(statement: Any) -> bool:
    try:
        with db.session.begin_nested():
            db.session.execute(statement, execution_options={"synchronize_session": False})
    except IntegrityError:
        return False
    return True


def _tables() -> Iterator[Table]:
    """Every table that names persons, and the persons' own."""
    return (table for table in db.metadata.sorted_tables if table.name not in LEFT_OUT and _naming(table))


def _naming(table: Table) -> list[Column[Any]]:
    own = [table.c.id] if table.name == "person" else []
    return own + [
        column for column in table.columns if any(key.column.table.name == "person" for key in column.foreign_keys)
    ]


def _counters(table: Table) -> list[Column[Any]]:
    return [
        column for column in table.columns
        if isinstance(column.type, Integer) and not isinstance(column.type, Boolean) and not column.primary_key
        and not column.foreign_keys and not column.nullable
    ]  # fmt: skip


def _parents(table: Table, seen: Seen) -> set[Key]:
    """The keys in this table that seen rows point to."""
    found: set[Key] = set()
    if len(table.primary_key.columns) != 1 or table.name == "person":
        return found
    for name, rows in seen.rows.items():
        for column in db.metadata.tables[name].columns:
            if any(key.column.table is table for key in column.foreign_keys):
                found |= {(row[column.name],) for row in rows.values() if row[column.name] is not None}
    return found


def _select(table: Table, where: ColumnElement[bool]) -> dict[Key, dict[str, Any]]:
    found = db.session.execute(select(table).where(where)).mappings()
    return {tuple(row[column.name] for column in table.primary_key): dict(row) for row in found}


def _by_keys(table: Table, keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    wanted, columns = list(keys), list(table.primary_key)
    found: dict[Key, dict[str, Any]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        if len(columns) == 1:
            where: ColumnElement[bool] = columns[0].in_([key[0] for key in part])
        else:
            where = or_(*(and_(*(c == value for c, value in zip(columns, key, strict=True))) for key in part))
        found |= _select(table, where)
    return found


def _is(table: Table, key: list[Any]) -> ColumnElement[bool]:
    return and_(*(column == _read(column, part) for column, part in zip(table.primary_key, key, strict=True)))


def _written(key: Key) -> list[Any]:
    return [_plain(part) for part in key]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, PartialDate):
        return value.text
    return value.isoformat() if isinstance(value, datetime | date) else value


def _read(column: Column[Any], value: Any) -> Any:
    """The value again, as its column wants it."""
    kind = column.type
    if value is None or not isinstance(value, str):
        return value
    if isinstance(kind, PartialDateType):
        return PartialDate(value)
    kind = getattr(kind, "impl_instance", kind)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
