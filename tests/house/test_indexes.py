"""Who looks for what points to a row finds it by an index: undoing an import, erasing and merging ask that of every table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, inspect

from portal.core.db import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from portal.core.application import Portal

# "table.column": why nobody ever looks for what points there.
WITHOUT: dict[str, str] = {}


def test_every_foreign_key_has_an_index_that_begins_with_it(app: Portal) -> None:
    bare = {
        f"{table.name}.{key.parent.name}"
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.parent.name not in set(_first_columns(table))
    }
    assert bare == set(WITHOUT), sorted(bare ^ set(WITHOUT))


def test_the_database_has_the_indexes_that_the_models_name(app: Portal) -> None:
    look = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        made = {index["name"] for index in look.get_indexes(table.name)}
        assert {str(index.name) for index in table.indexes} <= made, table.name


def _first_columns(table: Table) -> Iterator[str]:
    """What indexes over all rows of the table begin with; one over some of them finds only these."""
    for index in table.indexes:
        if not _is_partial(index) and (column := next(iter(index.columns), None)) is not None:
            yield column.name
    for held in table.constraints:
        if held is table.primary_key or isinstance(held, UniqueConstraint):
            yield from (column.name for column in list(held.columns)[:1])


def _is_partial(index: Index) -> bool:
    return any(index.dialect_options[name].get("where") is not None for name in ("sqlite", "postgresql"))
