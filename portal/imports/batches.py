"""Many rows at once: questions with IN (…) in parts, writes by the hundred."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, insert, update

from portal.core.db import db, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Select

T = TypeVar("T")
BATCH = 500  # rows in one transaction
AT_ONCE = 800  # values in one question


def in_parts(values: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """The values in lists that a question can hold, in an order that stays."""
    every = list(values)
    for start in range(0, len(every), size):
        yield every[start : start + size]


def asked(statement: Select[*tuple[Any, ...]]) -> list[Any]:
    """The rows of a question about columns."""
    return list(rows(statement))


def insert_all(model: Any, values: list[dict[str, Any]]) -> None:
    """Insert many rows with one statement."""
    if values:
        db.session.connection().execute(insert(model.__table__), values)


def change_all(model: Any, changed: dict[int, dict[str, Any]], key: str = "id", **where: Any) -> None:
    """Change many rows, each by its key, with one statement; all of them get values for the same columns."""
    if not changed:
        return
    columns = model.__table__.c
    names = list(next(iter(changed.values())))
    statement = update(model.__table__).where(columns[key] == bindparam("which"))
    for name, value in where.items():
        statement = statement.where(columns[name] == value)
    statement = statement.values({name: bindparam(f"new_{name}", type_=columns[name].type) for name in names})
    values = [{"which": row} | {f"new_{name}": each[name] for name in names} for row, each in changed.items()]
    db.session.connection().execute(statement, values)
