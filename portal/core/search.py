"""Finding by words and, for names, in spite of typing errors: with SQLite's FTS5 or with PostgreSQL.

An index is a table of its own beside the rows it finds, written in their transaction. Its name contains `_fts`,
which keeps Alembic's hands off it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, event, false

from portal.core.db import Base, is_sqlite
from portal.core.search_engines import PostgresWords, SqliteWords
from portal.core.search_words import closest, excerpt, indexed, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import ColumnElement, Connection, MetaData, Subquery

__all__ = ["SearchIndex", "closest", "excerpt"]
CANDIDATES = 300
BATCH = 500


indexes: list[SearchIndex] = []


class SearchIndex:
    """The words of one kind of row, found by its integer id; with `typos` also what was typed wrongly."""

    def __init__(self, name: str, *, typos: bool = False, metadata: MetaData | None = None) -> None:
        self.of_names = typos
        self.sqlite = SqliteWords(f"{name}_fts", typos)
        self.postgres = PostgresWords(f"{name}_fts", typos)
        target = Base.metadata if metadata is None else metadata
        if metadata is None:
            indexes.append(self)
        event.listen(target, "after_create", lambda _target, connection, **_: self.create(connection))
        event.listen(target, "before_drop", lambda _target, connection, **_: self.drop(connection))

    def create(self, connection: Connection) -> None:
        """Make the index's tables where they aren't there yet."""
        (self.sqlite if connection.dialect.name == "sqlite" else self.postgres).create(connection)

    def drop(self, connection: Connection) -> None:
        """Take the index's tables away."""
        (self.sqlite if connection.dialect.name == "sqlite" else self.postgres).drop(connection)

    def put(self, row_id: int, body: str) -> None:
        """Index a row's text, or index it anew, in the caller's transaction."""
        self.put_many([(row_id, body)])

    def put_many(self, rows: Iterable[tuple[int, str]]) -> None:
        """Index many rows at once."""
        bodies = {row_id: indexed(body, names=self.of_names) for row_id, body in rows}
        self._remove(list(bodies))
        if bodies:
            self._here().put(bodies)

    def remove(self, row_id: int) -> None:
        """Forget a row's text, in the caller's transaction."""
        self._remove([row_id])

    def squeeze(self) -> bool:
        """Press out a little of what was taken away; whether there is more to do. The words of rows that are gone stay
        in SQLite's tables until then; PostgreSQL has none left."""
        return is_sqlite() and self.sqlite.squeeze()

    def matches(
        self, id_column: Any, query: str, *, newest: int | None = None, within: int | None = None,
        before: int | None = None, also: Callable[[str], Iterable[str]] | None = None,
    ) -> ColumnElement[bool]:  # fmt: skip
        """Where-clause: the row has every word of the query (the last may be only begun) and every "quoted phrase".

        `within` looks through that many of the highest ids only (below `before`, for the next page): quick for a word
        that is everywhere. `newest` takes that many of the highest ids that match: quick for a rare one.
        `also` tells words that mean the same.
        """
        words_ = self.words_of(query, also)
        if not words_:
            return false()
        return self._clause(id_column, bindparam("words", words_, type_=Text, unique=True), newest, within, before)

    def bound(
        self, id_column: Any, name: str = "words", /, *, newest: int | None = None, within: int | None = None,
        before: Any = None,
    ) -> ColumnElement[bool]:  # fmt: skip
        """The same for a statement that is prepared once: `name` is filled in with what `words_of` makes of a query."""
        return self._clause(id_column, bindparam(name, type_=Text), newest, within, before)

    def words_of(self, query: str, also: Callable[[str], Iterable[str]] | None = None) -> str:
        """What is filled in for `words`; nothing when the query has no word to look for."""
        return self._here().query(parse(query, also))

    def _clause(
        self, id_column: Any, words_: Any, newest: int | None, within: int | None, before: Any
    ) -> ColumnElement[bool]:
        found = self._here().matching(words_, newest=newest, within=within, before=before)
        clause: ColumnElement[bool] = id_column.in_(found)
        return clause

    def near(self, query: str, limit: int = CANDIDATES) -> Subquery:
        """Candidates in spite of typing errors, to join: columns id, body, score. Judge them with `closest`."""
        return self._here().near(query).limit(limit).subquery()

    def _remove(self, ids: list[int]) -> None:
        for start in range(0, len(ids), BATCH):
            self._here().remove(ids[start : start + BATCH])

    def _here(self) -> SqliteWords | PostgresWords:
        return self.sqlite if is_sqlite() else self.postgres
