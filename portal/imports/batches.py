"""Many rows at once: questions about hundreds of values, writes by the hundred, each with one statement.

PostgreSQL is given arrays: a statement then reads the same for any number of values, has one parameter for each column
instead of one for each value, and is sent once instead of row by row. SQLite has no arrays and needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import JSON, String, any_, bindparam, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from portal.core.db import db, is_sqlite, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement, Select, Subquery

T = TypeVar("T")
BATCH = 500  # rows in one transaction
AT_ONCE = 800  # values in one question
LOOKED_AT = {0, *(4**n for n in range(10))}  # after how many batches the tables are looked at again
FILLED = ("import_row", "imported_value", "imported_thing", "import_match", "person", "email_address", "organisation",
          "position", "relation")  # fmt: skip


def in_parts(values: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """The values in lists that a question can hold, in an order that stays."""
    every = list(values)
    for start in range(0, len(every), size):
        yield every[start : start + size]


def asked(statement: Select[*tuple[Any, ...]]) -> list[Any]:
    """The rows of a question about columns."""
    return list(rows(statement))


def among(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column has one of many values."""
    every = list(values)
    found: ColumnElement[bool] = column.in_(every) if is_sqlite() else column == any_(_array(column, every))
    return found


def insert_all(model: Any, values: list[dict[str, Any]]) -> None:
    """Insert many rows with one statement; all of them have values for the same columns."""
    if not values:
        return
    if is_sqlite():
        db.session.connection().execute(insert(model.__table__), values)
        return
    new = _table({name: (model.__table__.c[name], [each[name] for each in values]) for name in values[0]})
    db.session.connection().execute(insert(model.__table__).from_select(list(values[0]), select(new)))


def change_all(model: Any, changed: dict[int, dict[str, Any]], key: str = "id", **where: Any) -> None:
    """Change many rows, each by its key, with one statement; all of them get values for the same columns."""
    if not changed:
        return
    table, names = model.__table__, list(next(iter(changed.values())))
    statement = update(table).where(*(table.c[name] == value for name, value in where.items()))
    if is_sqlite():
        new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        values = [{"which": row} | {f"new_{name}": each[name] for name in names} for row, each in changed.items()]
        db.session.connection().execute(statement.where(table.c[key] == bindparam("which")).values(new), values)
        return
    columns = {f"new_{name}": (table.c[name], [each[name] for each in changed.values()]) for name in names}
    given = _table({"which": (table.c[key], list(changed)), **columns})
    statement = statement.where(table.c[key] == given.c.which)
    db.session.connection().execute(statement.values({name: given.c[f"new_{name}"] for name in names}))


def tell_sizes(batches: int) -> None:
    """Have PostgreSQL look at the tables again when four times as much is done.

    Until it does it takes a table that has just been filled for an empty one, and reads it whole for every question.
    """
    if is_sqlite() or batches not in LOOKED_AT:
        return
    for name in FILLED:
        db.session.execute(text(f"ANALYZE {name}"))


def _array(column: Any, values: list[Any]) -> ColumnElement[Any]:
    """Values of a column as one parameter; without a length, or PostgreSQL would cut what is too long in silence."""
    kind = String() if isinstance(column.type, String) else column.type
    return literal(values, ARRAY(kind, dimensions=1))


def _each(column: Any, values: list[Any]) -> ColumnElement[Any]:
    """The values one by one; JSON is one document, because each quotation mark of it costs in an array."""
    if isinstance(column.type, JSON):
        return func.json_array_elements(literal(values, JSON()), type_=column.type)
    return func.unnest(_array(column, values), type_=column.type)


def _table(columns: dict[str, tuple[Any, list[Any]]]) -> Subquery:
    """Rows that are given with the question, as a table: by the names, the column whose values they are, and these."""
    return select(*(_each(*given).label(name) for name, given in columns.items())).subquery("given")
