"""Fills every table that names a person with rows of theirs, whatever features there are: nothing can be left out."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, Numeric, String, insert, select
from sqlalchemy.types import TypeDecorator

from portal.core import clock
from portal.core.db import db
from portal.core.partial_dates import PartialDate, PartialDateType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Table

SKIPPED = {"person"}  # the row itself
IN = re.compile(r"(\w+) IN \(([^)]*)\)")
# What a table asks for beyond what its columns say.
SPECIAL: dict[str, dict[str, Any]] = {
    "profile_entry": {"field": "about", "folded": ""},
    "board_audience": {"relation_kind": "any", "phase": "any", "group_id": None, "role": None},
    "legal_text": {"kind": "act:made-up"},
    "person_role": {"ended_at": clock.now()},
    "topic": {"home_url": ""},
    "data_export": {"file_key": ""},
    "erasure": {"called_off_at": clock.now()},
    "memorial": {"ended_at": clock.now()},
    "relation": {"starts_on": None, "ends_on": None, "start": None, "end": None, "end_told": False},
    "position": {
        "starts_on": None,
        "ends_on": None,
        "start": None,
        "end": None,
        "relation_id": None,
        "end_told": False,
    },
    "address_dispute": {"state": "kept"},
    "advocate_flag": {"closed_at": clock.now()},
    "ask": {"state": "done", "outcome": "helped", "stopped_because": "", "ended_at": clock.now()},
    "referral": {"amount": None, "currency": ""},
}
PAIRS = ("connection", "hello", "import_match")


class Filler:
    """Writes rows of one person; words that they could have written hold the marker."""

    def __init__(self, person_id: int, others: list[int], marker: str) -> None:
        self.person_id, self.others, self.marker = person_id, others, marker
        self.count = self.number = 0
        self.other_id = others[0]
        self.shared: dict[
            tuple[str, str, str], Any
        ] = {}  # what rows hang on, so that two persons' rows can hang on the same
        self.pairs: set[tuple[str, int, int]] = set()
        self.made: dict[int, str] = {}  # by the number in the words: the column that named the person

    def fill(self) -> set[str]:
        """One row for each column that names a person; the columns, as table.column."""
        done = set()
        for table, column in named_columns():
            self.row(table, column)
            done.add(f"{table.name}.{column}")
        db.session.flush()
        return done

    def row(self, table: Table, column: str) -> None:
        """A row of the table in which this column names the person."""
        db.session.execute(insert(table).values(**self.values(table, column)))

    def values(self, table: Table, owned_by: str) -> dict[str, Any]:
        """Values for every column that has to have one, and for every one that holds words."""
        self.count += 1
        self.number = self.count
        self.made[self.count] = f"{table.name}.{owned_by}"
        allowed = {name: value for check in table.constraints if hasattr(check, "sqltext")
                   for name, value in choices(str(check.sqltext))}  # fmt: skip
        found = {each.name: self.value(each, owned_by, allowed) for each in table.columns if not is_automatic(each)}
        found |= SPECIAL.get(table.name, {})
        found = {name: value for name, value in found.items() if value is not LEFT_OUT}
        if table.name == "email_address":
            found |= {"state": "retired", "live_norm": None, "is_primary": False}
        return found | (self.pair(table, owned_by) if table.name in PAIRS else {})

    def value(self, column: Column[Any], owned_by: str, allowed: dict[str, str]) -> Any:
        """What fits into one column."""
        key = next(iter(column.foreign_keys), None)
        if column.name == owned_by:
            return self.person_id
        if key is not None and key.column.table.name == "person":
            return LEFT_OUT if column.nullable else self.other_id
        if key is not None:
            place = (column.table.name, owned_by, f"{column.name}{self.number if column.unique else ''}")
            return LEFT_OUT if column.nullable else self.parent(key.column.table, place)
        if column.name in allowed:
            return allowed[column.name]
        if column.default is not None and column.default.is_callable:
            return LEFT_OUT
        return self.written(column)

    def written(self, column: Column[Any]) -> Any:
        """Words with the marker, and plain values of other types."""
        kind = column.type
        if isinstance(kind, PartialDateType):
            return None if column.nullable else PartialDate.parse("2020")
        if isinstance(kind, TypeDecorator):
            kind = kind.impl_instance if hasattr(kind, "impl_instance") else kind.impl
        if isinstance(kind, String):
            return f"{self.marker} {self.number}." if (kind.length or 99) > 13 else "x"
        if isinstance(kind, JSON):
            return (
                []
                if column.default is not None and column.default.arg is list
                else {"said": f"{self.marker} {self.number}."}
            )
        if column.nullable or (column.default is not None and column.default.is_scalar):
            return LEFT_OUT
        if isinstance(kind, DateTime):
            return clock.now()
        if isinstance(kind, Date):
            return date(2020, 1, 1) + timedelta(days=self.count)
        return False if isinstance(kind, Boolean) else self.count if isinstance(kind, Integer | Numeric) else LEFT_OUT

    def parent(self, table: Table, place: tuple[str, str, str]) -> Any:
        """A row of nobody's in a table that another one points to: one for each place where somebody is named."""
        if place not in self.shared:
            values = Filler(self.other_id, self.others, "Nobody's")
            values.count, self.count = self.count + 1, self.count + 20
            made = insert(table).values(**values.values(table, "")).returning(table.c.id)
            self.shared[place] = db.session.execute(made).scalar_one()
        return self.shared[place]

    def pair(self, table: Table, owned_by: str) -> dict[str, int]:
        """Two people in their order who are not a pair in this table yet; the person is the one that is asked for."""
        persons = {"low_id": self.others, "high_id": self.others}
        if owned_by in persons:
            persons[owned_by] = [self.person_id]
        elif owned_by in ("sender_id", "recipient_id"):
            persons["low_id"] = [self.person_id]
        low, high = next(
            (low, high) for low in persons["low_id"] for high in persons["high_id"]
            if low < high and (table.name, low, high) not in self.pairs
        )  # fmt: skip
        self.pairs.add((table.name, low, high))
        ends = (
            {"sender_id": low, "recipient_id": high}
            if owned_by != "recipient_id"
            else {"sender_id": high, "recipient_id": low}
        )
        return {"low_id": low, "high_id": high} | (ends if table.name == "hello" else {})


LEFT_OUT = object()


def named_columns() -> Iterator[tuple[Table, str]]:
    """Every column of every table that names a person."""
    for table in db.metadata.sorted_tables:
        if table.name in SKIPPED:
            continue
        for column in table.columns:
            if any(key.column.table.name == "person" for key in column.foreign_keys):
                yield table, column.name


def is_automatic(column: Column[Any]) -> bool:
    """A key that the database gives."""
    return bool(column.primary_key and column.name == "id" and isinstance(column.type, Integer))


def choices(text: str) -> Iterator[tuple[str, str]]:
    """What a check constraint lets a column be: the first of its words."""
    for name, words in IN.findall(text):
        quoted = re.findall(r"'([^']*)'", words)
        if quoted and not text.strip().startswith("("):
            yield name, quoted[0]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in its order."""
    found = {}
    for table in db.metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        found[table.name] = [dict(row._mapping) for row in db.session.execute(select(table).order_by(*keys))]
    return found


def named(person_id: int) -> set[str]:
    """The columns that still name a person."""
    return {
        f"{table.name}.{column}"
        for table, column in named_columns()
        if db.session.execute(select(table.c[column]).where(table.c[column] == person_id).limit(1)).first()
    }
