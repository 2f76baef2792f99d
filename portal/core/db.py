"""The database: models' base, transactions that the edge commits once, and the two ways to write beside them.

Reads run in autocommit on both engines; a request that writes begins at `start_writing`, which takes SQLite's one
write lock at once (a deferred BEGIN loses updates or fails under load; see docs/decisions/0003).
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from flask import current_app, g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as ExtensionSession
from sqlalchemy import DateTime, MetaData, String, event
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry, relationship
from sqlalchemy.types import TypeDecorator

from portal.core import sqlite
from portal.core.compiled import Compiled
from portal.core.errors import Missing
from portal.core.tokens import new_public_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask
    from sqlalchemy import Connection, CursorResult, Engine, Row, Select

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
T = TypeVar("T")


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC; naive values are refused, SQLite's are made aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone; take it from clock.now().")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[Any], datetime | None] | None:
        """A list holds hundreds of moments: SQLite's text is read as UTC in one step, PostgreSQL's are in UTC already."""
        return _moment_of_text if dialect.name == "sqlite" else None


def _moment_of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


class Base(DeclarativeBase):
    """What every table shares: names of constraints, moments in UTC."""

    # The map lives on the registry: the extension copies this class, and the copy must not bring a second one.
    registry = registry(type_annotation_map={datetime: UTCDateTime}, metadata=MetaData(naming_convention=NAMES))


class PortalSession(ExtensionSession):
    """Reads of a request go through the autocommit engine until it starts writing."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """The engine for reading or for writing."""
        bind = super().get_bind(*args, **kwargs)
        return db.reading_engine if is_reading() else bind

    def reading_connection(self) -> Connection:
        """The connection of this request's reads: looking for it anew each time costs as much as asking."""
        kept: Connection | None = self.info.get(READING)
        if kept is None or kept.closed:
            kept = self.info[READING] = self.connection()
        return kept


class Database(SQLAlchemy):
    """The extension, with a second view of its engine for reads."""

    @property
    def reading_engine(self) -> Engine:
        """The same pool without BEGIN: a page's reads don't need a transaction."""
        engine: Engine = current_app.extensions[READING]
        return engine


READING = "portal-reading"
PublicId = Annotated[str, mapped_column(String(10), unique=True, default=new_public_id)]
related = partial(relationship, lazy="raise_on_sql")
db = Database(model_class=Base, session_options={"class_": PortalSession, "expire_on_commit": False})

if TYPE_CHECKING:

    class Model(Base):
        """A table."""

        __abstract__ = True
else:
    Model = db.Model


def init(app: Flask) -> None:
    """Connect the application to its database."""
    db.init_app(app)
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", sqlite.prepare)
            event.listen(engine, "begin", sqlite.begin)
            reading = engine.execution_options(compiled_cache=Compiled(), **sqlite.READS)
        else:
            from portal.core import postgres

            event.listen(engine, "connect", postgres.prepare)
            reading = engine.execution_options(compiled_cache=Compiled(), isolation_level="AUTOCOMMIT")
            event.listen(reading, "engine_connect", postgres.keep_plans)
        app.extensions[READING] = reading


def is_reading() -> bool:
    """Whether this request has not begun to write; jobs and commands always write."""
    return has_request_context() and not g.get("writing", False)


def is_sqlite() -> bool:
    """Whether the database is SQLite."""
    return db.engine.dialect.name == "sqlite"


def start_writing() -> None:
    """End the reads and begin the request's one write transaction."""
    db.session.rollback()
    if has_request_context():
        g.writing = True
        g.pop("in_request", None)  # what this request knew before


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Commit once when the block ends, roll back when it raises; then run what waits beside the transaction."""
    try:
        yield
        db.session.commit()
        waiting = _take("after") + _take("aside")
    except BaseException:
        db.session.rollback()
        _take("after")
        _run(_take("aside"))
        raise
    finally:
        if has_request_context():
            g.writing = False  # what is read for an error's page takes no lock
    _run(waiting)


def end_reading() -> None:
    """Run the small writes that the page asked for; without any, the end of the request gives the connection back."""
    if waiting := _take("after") + _take("aside"):
        db.session.rollback()
        _run(waiting)


def after_view(write: Callable[[Connection], None]) -> None:
    """Run a small idempotent write in its own transaction once this unit of work has succeeded."""
    db.session.info.setdefault("after", []).append(write)


def aside(write: Callable[[Connection], None]) -> None:
    """Run a small write in its own transaction when this unit of work is over, even if it is rolled back."""
    db.session.info.setdefault("aside", []).append(write)


def _take(name: str) -> list[Callable[[Connection], None]]:
    waiting: list[Callable[[Connection], None]] = db.session.info.pop(name, [])
    return waiting


def _run(waiting: list[Callable[[Connection], None]]) -> None:
    if waiting:
        with db.engine.begin() as connection:
            for write in waiting:
                write(connection)


def add(thing: T) -> T:
    """Add a row and give it its id."""
    db.session.add(thing)
    db.session.flush()
    return thing


def get_one(statement: Select[T], message: str, **params: Any) -> T:
    """The one row, or `Missing` with this sentence; `params` are a prepared statement's."""
    found = db.session.execute(statement, params).unique().scalar_one_or_none()
    if found is None:
        raise Missing(message)
    return found


def scalars(statement: Select[T], **params: Any) -> list[T]:
    """All rows of a one-column select."""
    return list(db.session.execute(statement, params).unique().scalars())


def rows(statement: Select[*tuple[Any, ...]], **params: Any) -> Sequence[Row[Any]]:
    """All rows of columns (never of whole entities); where nothing is written, without what the ORM adds."""
    session: PortalSession = db.session()  # type: ignore[assignment]
    source = session.reading_connection() if is_reading() else session
    return source.execute(statement, params).all()


def change(statement: Any, **params: Any) -> CursorResult[Any]:
    """Execute a prepared write in the session's transaction, without what the ORM adds; what is loaded stays as it was."""
    return db.session.connection().execute(statement, params)


def prepared(build: Callable[[], Any]) -> Callable[[], Any]:
    """A statement that is built once for each engine: putting it together anew costs as much as executing it."""
    built: dict[bool, Any] = {}

    def statement() -> Any:
        which = is_sqlite()
        if which not in built:
            built[which] = build()
        return built[which]

    return statement


def upsert(
    table: Any, values: dict[str, Any], *, keys: list[str], update: dict[str, Any] | None = None, where: Any = None
) -> Any:
    """An insert that updates on a clash of keys (or does nothing without `update`), for both engines.

    With `where` only a row that is so is updated; `returning` then tells whether anything was written.
    """
    if db.engine.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    statement = insert(table).values(**values)
    if update is None:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_=update, where=where)
