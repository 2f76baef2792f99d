"""The log that members read: what was decided and why, without names and without text (M3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, extract, func, or_, select

from portal.boards.grants import readable_boards
from portal.boards.models import Board
from portal.core import clock
from portal.core.db import db
from portal.core.pages import Page, keyset
from portal.moderation import reasons
from portal.moderation.models import Case, Decision

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row

    from portal.core.access import Viewer

PAGE_SIZE = 50
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One decision, as every member may know it."""

    at: datetime
    kind: str
    place: str
    done: str
    reason: str
    state: str  # "", waiting, reversed


@dataclass(frozen=True, slots=True)
class Month:
    """How much was decided in a month."""

    name: str
    counts: dict[str, int]
    reversed: int


def took_effect() -> ColumnElement[bool]:
    """Decisions that changed something, if only until a second moderator looked."""
    return or_(Decision.hides, Decision.in_force_at.is_not(None))


def page(viewer: Viewer, after: str | None = None, before: str | None = None) -> Page[Line]:
    """A page of the log, newest first; held posts that were let through are only counted."""
    found = (
        select(
            Decision.at,
            Decision.verb,
            Decision.hides,
            Decision.reason,
            Decision.in_force_at,
            Decision.reversed_at,
            Case.kind,
            Case.board_id,
            Board.name.label("board_name"),
        )
        .join(Case, Case.id == Decision.case_id)
        .outerjoin(Board, Board.id == Case.board_id)
        .where(took_effect(), Decision.verb != "release")
    )
    readable = readable_boards(viewer)
    return keyset(found, (Decision.id,), size=PAGE_SIZE, after=after, before=before).map(
        lambda row: _line(row, readable)
    )


def _line(row: Row[Any], readable: frozenset[int]) -> Line:
    place = "" if row.board_id is None else row.board_name if row.board_id in readable else "a board"
    waits = row.in_force_at is None and row.reversed_at is None
    done = "Hidden" if waits or (row.in_force_at is None and row.hides) else reasons.DONE[row.verb]
    if row.hides and row.verb != "hide" and row.in_force_at is not None:
        done += " and hidden" if row.verb == "warn" else ", post hidden"
    state = "reversed" if row.reversed_at else "waiting" if waits else ""
    return Line(row.at, reasons.kind_words(row.kind), place, done, reasons.label(row.reason), state)


def months() -> list[Month]:
    """The totals of the last twelve months, newest first."""
    year, month = extract("year", Decision.at), extract("month", Decision.at)
    taken_back = func.sum(case((Decision.reversed_at.is_not(None), 1), else_=0))
    today = clock.today()
    since = datetime(today.year - 1, today.month, 1, tzinfo=clock.now().tzinfo)
    counted = (
        select(
            year.label("year"),
            month.label("month"),
            Decision.verb,
            func.count().label("n"),
            taken_back.label("reversed"),
        )
        .where(took_effect(), Decision.at >= since)
        .group_by(year, month, Decision.verb)
    )
    found: dict[tuple[int, int], list[Row[Any]]] = {}
    for row in db.session.execute(counted):
        found.setdefault((int(row.year), int(row.month)), []).append(row)
    return [_month(key, found[key]) for key in sorted(found, reverse=True)][:MONTHS]


def _month(key: tuple[int, int], rows: list[Row[Any]]) -> Month:
    name = f"{datetime(key[0], key[1], 1):%B} {key[0]}"  # noqa: DTZ001 - only its name is used
    return Month(name, {row.verb: row.n for row in rows}, sum(int(row.reversed) for row in rows))
