"""The two ways to keep the words of an index: SQLite's FTS5 and PostgreSQL's tsvector with pg_trgm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Text,
    column,
    delete,
    false,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.exc import DBAPIError

from portal.core.db import db
from portal.core.search_words import beginnings, postgres_query, sqlite_query, trigrams
from portal.core.sets import is_one_of, several
from portal.core.text import words

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from portal.core.search_words import Term

SIMILAR = 0.35  # from here PostgreSQL offers a candidate; "Siobahn Obrien" needs it this low
# PostgreSQL looks at so many rows before it asks its index, for a page of at most so many; a common word fills it.
WALKED, FEW = 2000, 200
# Lengths of beginnings that SQLite keeps apart: of another length, all words that begin so are gathered for each search,
# however few of their rows are wanted. Longer ones begin few words.
BEGINNINGS = "2 3 4 5 6"
MERGED_AT_ONCE = 200  # pages in one step of pressing out what was taken away
SIMPLE: Any = literal_column("'simple'")
IDS = several("ids", BigInteger)


class SqliteWords:
    """An FTS5 table of words and, for typing errors, another one of trigrams."""

    def __init__(self, name: str, typos: bool) -> None:
        self.words = table(name, column("rowid", BigInteger), column("body", Text), column("rank"))
        self.typos = table(f"{name}_typos", column("rowid", BigInteger), column("body", Text), column("rank"))
        self.tables = [self.words, self.typos] if typos else [self.words]
        self.removals = [delete(each).where(is_one_of(each.c.rowid, IDS)) for each in self.tables]

    def create(self, connection: Connection) -> None:
        """Make the virtual tables."""
        how = (f"tokenize='unicode61 remove_diacritics 2', prefix='{BEGINNINGS}'", "tokenize='trigram'")
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
        for each in self.removals:
            db.session.execute(each, {"ids": ids})

    def query(self, terms: tuple[Term, ...]) -> str:
        """The terms in FTS5's own language."""
        return sqlite_query(terms)

    def squeeze(self) -> bool:
        """Merge some pages of the index; FTS5 writes fewer than two rows when nothing is left to merge."""
        written = 0
        for each in self.tables:
            before = _total_changes()
            db.session.execute(text(f"INSERT INTO {each.name}({each.name}, rank) VALUES('merge', -{MERGED_AT_ONCE})"))  # noqa: S608
            written += _total_changes() - before >= 2
        return bool(written)

    def matching(self, words_: Any, *, newest: int | None, within: int | None, before: Any) -> Any:
        """The ids that match; FTS5 finds them in the order of their ids."""
        key = self.words.c.rowid
        found = select(key).where(literal_column(self.words.name).op("MATCH")(words_))
        if before is not None:
            found = found.where(key < before)
        if within is not None:
            found = found.where(key > (_highest(key) if before is None else before) - within)
        return found if newest is None else found.order_by(key.desc()).limit(newest)

    def near(self, query: str) -> Select[Any]:
        """Rows that share most trigrams with the query."""
        rows = self.typos.c
        found = select(rows.rowid.label("id"), rows.body, (-rows.rank).label("score")).order_by(rows.rank)
        some = trigrams(query)
        return found.where(literal_column(self.typos.name).op("MATCH")(some) if some else false())


def _highest(key: Any) -> Any:
    return select(func.max(key)).scalar_subquery()


def _total_changes() -> int:
    return int(db.session.execute(text("SELECT total_changes()")).scalar_one())


class PostgresWords:
    """A table with a generated tsvector and, for typing errors, pg_trgm's index where the extension may be had."""

    def __init__(self, name: str, typos: bool) -> None:
        self.rows = table(name, column("id", BigInteger), column("body", Text), column("tsv"))
        self.removal = delete(self.rows).where(is_one_of(self.rows.c.id, IDS))
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
        db.session.execute(self.removal, {"ids": ids})

    def query(self, terms: tuple[Term, ...]) -> str:
        """The terms in PostgreSQL's own language."""
        return postgres_query(terms)

    def matching(self, words_: Any, *, newest: int | None, within: int | None, before: Any) -> Any:
        """The ids that match.

        Whether a word is common decides between walking down the newest rows and asking the index for all of its rows.
        A plan that is kept cannot know the word, so the statement says which is meant: with `within` only the newest
        are walked, with a small `newest` the index is asked only if that walk did not find enough.
        """
        # As a subselect the query is parsed once, not once a row.
        wanted = select(func.to_tsquery(SIMPLE, words_)).scalar_subquery()
        if within is not None:
            return self._walked(wanted, within, before, newest)
        key = self.rows.c.id
        found = select(key).where(self.rows.c.tsv.op("@@")(wanted))
        if before is not None:
            found = found.where(key < before)
        by_id = found.order_by((key + 0).desc())  # + 0: by the bare id PostgreSQL would walk all rows
        if newest is None or newest > FEW:
            return found if newest is None else by_id.limit(newest)
        walked = self._walked(wanted, WALKED, before, newest).cte().prefix_with("MATERIALIZED")
        enough = select(func.count()).select_from(walked).scalar_subquery() >= newest
        rest = by_id.where(~enough).limit(newest).subquery()
        return union_all(select(walked.c.id), select(rest.c.id))

    def _walked(self, wanted: Any, within: int, before: Any, newest: int | None) -> Select[Any]:
        key = self.rows.c.id
        rows = select(key, self.rows.c.tsv).where(key > (_highest(key) if before is None else before) - within)
        if before is not None:
            rows = rows.where(key < before)
        walk = rows.order_by(key.desc()).cte().prefix_with("MATERIALIZED")  # walked as it stands
        return select(walk.c.id).where(walk.c.tsv.op("@@")(wanted)).limit(newest)

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
