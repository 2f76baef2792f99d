"""What PostgreSQL's connections need beside an address; imported only where they are used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import _queries
from psycopg.types.numeric import Int8Dumper

if TYPE_CHECKING:
    from sqlalchemy import Connection


KEEPS = "keeps-plans"


class Columns(Sequence[Any]):
    """The columns of a result, described only when somebody looks: SQLAlchemy does so once for each statement."""

    def __init__(self, cursor: QuietCursor) -> None:
        self._cursor = cursor

    def __getitem__(self, index: Any) -> Any:
        return (self._cursor.described() or [])[index]

    def __len__(self) -> int:
        return len(self._cursor.described() or ())


class QuietCursor(psycopg.Cursor[Any]):
    """The driver's cursor; describing every column of every result anew costs it a sixth of an execution."""

    @property
    def description(self) -> Any:
        """None where there is no result, as DB-API wants it."""
        return None if self.pgresult is None or not self.pgresult.nfields else Columns(self)

    def described(self) -> list[psycopg.Column] | None:
        """The columns, as the driver describes them."""
        return super().description


def prepare(dbapi: Any, _record: Any) -> None:
    """Let a page's statements stay prepared on the server, where planning one costs more than executing it."""
    # The driver takes a longer statement apart at each use; the longest of ours (who worked with somebody of a long
    # career) have 25,000 characters and 140 parameters.
    _queries.MAX_CACHED_STATEMENT_LENGTH, _queries.MAX_CACHED_STATEMENT_PARAMS = 50_000, 300
    dbapi.prepare_threshold = 2
    dbapi.prepared_max = 400
    # The driver types a number by its size, and prepares a statement anew for each combination of sizes.
    dbapi.adapters.register_dumper(int, Int8Dumper)
    dbapi.cursor_factory = QuietCursor
    dbapi.autocommit = True  # or the setting would begin a transaction
    dbapi.execute("SET TIME ZONE 'UTC'")  # moments come back as they are
    dbapi.autocommit = False


def keep_plans(connection: Connection) -> None:
    """On connections that answer requests, the plan of a statement is kept; by itself PostgreSQL plans anew for each value.

    Jobs and commands don't read so: a plan that was made when a table was empty is no plan once an import has filled it.
    What pages look up is in memory: at the usual price of an index, whole tables were read instead.
    """
    if not connection.info.get(KEEPS):
        connection.exec_driver_sql("SET plan_cache_mode = force_generic_plan")
        connection.exec_driver_sql("SET random_page_cost = 1.1")
        connection.info[KEEPS] = True
