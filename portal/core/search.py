"""Finding by words and, for names, in spite of typing errors: with SQLite's FTS5 or with PostgreSQL.

An index is a table of its own beside the rows it finds, written in their transaction. Its name contains `_fts`,
which keeps Alembic's hands off it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Text,
    bindparam,
    column,
    delete,
    event,
    false,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError

from portal.core.db import Base, db, is_sqlite
from portal.core.search_words import (
    beginnings,
    closest,
    excerpt,
    indexed,
    parse,
    postgres_query,
    sqlite_query,
    trigrams,
)
from portal.core.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import ColumnElement, Connection, MetaData, Select, Subquery

__all__ = ["SearchIndex", "closest", "excerpt"]
CANDIDATES = 300
SIMILAR = 0.35  # from here PostgreSQL offers a candidate; "Siobahn Obrien" needs it this low
BATCH = 500
SIMPLE: Any = literal_column("'simple'")


class SearchIndex:
    """The words of one kind of row, found by its integer id; with `typos` also what was typed wrongly."""

    def __init__(self, name: str, *, typos: bool = False, metadata: MetaData | None = None) -> None:
        self.sqlite = SqliteWords(f"{name}_fts", typos)
        self.postgres = PostgresWords(f"{name}_fts", typos)
        target = Base.metadata if metadata is None else metadata
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
        bodies = {row_id: indexed(body) for row_id, body in rows}
        self._remove(list(bodies))
        if bodies:
            self._here().put(bodies)

    def remove(self, row_id: int) -> None:
        """Forget a row's text, in the caller's transaction."""
        self._remove([row_id])

    def matches(
        self, id_column: Any, query: str, *, newest: int | None = None, within: int | None = None,
        before: int | None = None, also: Callable[[str], Iterable[str]] | None = None,
    ) -> ColumnElement[bool]:  # fmt: skip
        """Where-clause: the row has every word of the query (the last may be only begun) and every "quoted phrase".

        `within` looks through that many of the highest ids only (below `before`, for the next page): quick for a word
        that is everywhere. `newest` takes that many of the highest ids that match: quick for a rare one.
        `also` tells words that mean the same.
        """
        terms = parse(query, also)
        if not terms:
            return false()
        here = self._here()
        found, key = here.matching(terms)
        if before is not None:
            found = found.where(key < before)
        if within is not None:
            found = found.where(key > (before or here.highest()) - within)
        if newest is not None:
            found = found.order_by(here.by_match(key).desc()).limit(newest)
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


class SqliteWords:
    """An FTS5 table of words and, for typing errors, another one of trigrams."""

    def __init__(self, name: str, typos: bool) -> None:
        self.words = table(name, column("rowid", BigInteger), column("body", Text), column("rank"))
        self.typos = table(f"{name}_typos", column("rowid", BigInteger), column("body", Text), column("rank"))
        self.tables = [self.words, self.typos] if typos else [self.words]

    def create(self, connection: Connection) -> None:
        """Make the virtual tables."""
        how = ("tokenize='unicode61 remove_diacritics 2', prefix='2 3'", "tokenize='trigram'")
        for each, options in zip(self.tables, how, strict=False):
            connection.execute(text(f"CREATE VIRTUAL TABLE IF NOT EXISTS {each.name} USING fts5(body, {options})"))

    def drop(self, connection: Connection) -> None:
        """Take the virtual tables away."""
        for each in self.tables:
            connection.execute(text(f"DROP TABLE IF EXISTS {each.name}"))

    def put(self, bodies: dict[int, str]) -> None:
        """Add rows; the space in front makes the first letters of the first word a trigram too."""
        rows = [{"rowid": row_id, "body": f" {body}"} for row_id, body in bodies.items()]
        for each in self.tables:
            db.session.execute(insert(each), rows)

    def remove(self, ids: list[int]) -> None:
        """Take rows away."""
        for each in self.tables:
            db.session.execute(delete(each).where(each.c.rowid.in_(ids)))

    def matching(self, terms: list[Any]) -> tuple[Select[Any], ColumnElement[int]]:
        """The ids that match, and the id's column."""
        found = select(self.words.c.rowid).where(literal_column(self.words.name).op("MATCH")(sqlite_query(terms)))
        return found, self.words.c.rowid

    def highest(self) -> Any:
        """The highest id."""
        return select(func.max(self.words.c.rowid)).scalar_subquery()

    def by_match(self, key: Any) -> Any:
        """How to order by id: FTS5 finds its matches in that order."""
        return key

    def near(self, query: str) -> Select[Any]:
        """Rows that share most trigrams with the query."""
        rows = self.typos.c
        found = select(rows.rowid.label("id"), rows.body, (-rows.rank).label("score")).order_by(rows.rank)
        some = trigrams(query)
        return found.where(literal_column(self.typos.name).op("MATCH")(some) if some else false())


class PostgresWords:
    """A table with a generated tsvector and, for typing errors, pg_trgm's index where the extension may be had."""

    def __init__(self, name: str, typos: bool) -> None:
        self.rows = table(name, column("id", BigInteger), column("body", Text), column("tsv"))
        self.typos = typos

    def create(self, connection: Connection) -> None:
        """Make the table and its indexes."""
        name = self.rows.name
        connection.execute(text(
            f"CREATE TABLE IF NOT EXISTS {name} (id bigint PRIMARY KEY, body text NOT NULL,"
            " tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED)"
        ))  # fmt: skip
        connection.execute(text(f"CREATE INDEX IF NOT EXISTS ix_{name}_tsv ON {name} USING gin (tsv)"))
        if self.typos and _extension_allowed(connection):
            index = f"ix_{name}_typos ON {name} USING gin (body gin_trgm_ops)"
            connection.execute(text(f"CREATE INDEX IF NOT EXISTS {index}"))

    def drop(self, connection: Connection) -> None:
        """Take the table away."""
        connection.execute(text(f"DROP TABLE IF EXISTS {self.rows.name}"))

    def put(self, bodies: dict[int, str]) -> None:
        """Add rows."""
        rows = [{"id": row_id, "body": body} for row_id, body in bodies.items()]
        db.session.execute(insert(self.rows), rows)

    def remove(self, ids: list[int]) -> None:
        """Take rows away."""
        db.session.execute(delete(self.rows).where(self.rows.c.id.in_(ids)))

    def matching(self, terms: list[Any]) -> tuple[Select[Any], ColumnElement[int]]:
        """The ids that match, and the id's column."""
        # Written into the statement: a plan that fits every word fits none.
        terms_ = bindparam("words", postgres_query(terms), type_=Text, unique=True, literal_execute=True)
        wanted = func.to_tsquery(SIMPLE, terms_)
        return select(self.rows.c.id).where(self.rows.c.tsv.op("@@")(wanted)), self.rows.c.id

    def highest(self) -> Any:
        """The highest id."""
        return select(func.max(self.rows.c.id)).scalar_subquery()

    def by_match(self, key: Any) -> Any:
        """How to order by id after the words were looked up; by the bare id PostgreSQL would walk all rows instead."""
        return key + 0

    def near(self, query: str) -> Select[Any]:
        """Rows with words like the query's; without pg_trgm, rows with words that begin like them."""
        rows, wanted = self.rows.c, " ".join(words(query))
        if not wanted:
            return select(rows.id, rows.body, literal_column("0.0").label("score")).where(false())
        if has_trigrams():
            # The operator that the index serves reads its threshold from the connection.
            db.session.execute(select(func.set_config("pg_trgm.word_similarity_threshold", str(SIMILAR), False)))
            return self._scored(func.word_similarity(wanted, rows.body)).where(rows.body.op("%>")(wanted))
        begun = func.to_tsquery(SIMPLE, beginnings(query))
        return self._scored(func.ts_rank(rows.tsv, begun)).where(rows.tsv.op("@@")(begun))

    def _scored(self, score: Any) -> Select[Any]:
        return select(self.rows.c.id, self.rows.c.body, score.label("score")).order_by(score.desc())


def _extension_allowed(connection: Connection) -> bool:
    """Install pg_trgm if this role may; without it typing errors are found less well, nothing else changes."""
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except DBAPIError:
        return False
    return True


_trigrams_known: dict[str, bool] = {}


def has_trigrams() -> bool:
    """Whether this PostgreSQL has pg_trgm; asked once in a process."""
    where = db.engine.url.render_as_string()
    if where not in _trigrams_known:
        extensions = table("pg_extension", column("extname"))
        installed = select(extensions.c.extname).where(extensions.c.extname == "pg_trgm")
        _trigrams_known[where] = db.session.execute(installed).first() is not None
    return _trigrams_known[where]
