"""The clocks that run on asks: rows of a few columns, from statements that are prepared once."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Integer, String, and_, bindparam, literal_column, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.advocates.models import Act, Advocate
from portal.advocates.policies import checked_in, sees_everybody, times
from portal.asks.models import Ask
from portal.core import clock
from portal.core.db import rows
from portal.core.sets import is_word
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, CompoundSelect, Row

    from portal.core.access import Viewer

_Asker = aliased(Person)
_MOST = bindparam("most", type_=Integer)


def _word(what: str) -> ColumnElement[str]:
    return literal_column(f"'{what}'", String).label("what")


_TODAY, _SOON = bindparam("today", type_=Date), bindparam("soon", type_=Date)
_RUNNING = (
    select(
        Ask.public_id, Ask.state, Ask.by_date, Ask.answer_by, Ask.asked_at, Ask.answered_at, Act.name.label("act"),
        Person.full_name.label("advocate"), Person.public_id.label("advocate_public_id"), _Asker.full_name.label("asker"),
    )
    .select_from(Ask)
    # Outer, so that the asks are read along their own index and the names looked up for the few that are shown.
    .outerjoin(Act, Act.id == Ask.act_id)
    .outerjoin(Person, Person.id == Ask.person_id)
    .outerjoin(_Asker, _Asker.id == Ask.asked_by_id)
)  # fmt: skip
# What is due differs from state to state, so the first of each are found apart: within one they are due in this order.
_ORDERS = (("waiting", Ask.answer_by), ("unanswered", Ask.answer_by), ("accepted", Ask.by_date), ("done", Ask.by_date))


def _first(*, everybody: bool) -> CompoundSelect[Any]:
    """The asks that are due first, of each state as many as are wanted in all."""
    found = []
    for state, order in _ORDERS:
        running = select(Ask.id).where(Ask.ended_at.is_(None))
        # One asker's are few: put together, the state leads to no index of everybody's in that state.
        running = running.where(
            is_word(Ask.state, state)
            if everybody
            else and_(is_word(Ask.state.concat(""), state), Ask.asked_by_id == bindparam("me"))
        )
        found.append(select(running.order_by(order, Ask.id).limit(_MOST).subquery().c.id))
    return union_all(*found)


_STALE = (
    _RUNNING.add_columns(_word("check_in"))
    .join(Advocate, Advocate.person_id == Ask.person_id)
    .where(
        and_(Ask.ended_at.is_(None), is_word(Ask.state, "accepted"), Ask.by_date >= _TODAY, Ask.by_date <= _SOON),
        or_(~checked_in(Ask.is_call), Advocate.answered_at.is_(None)),
    )
    .order_by(Ask.by_date, Ask.id)
    .limit(_MOST)
)


@cache
def _due(*, everybody: bool, check_ins: bool) -> Any:
    found = _RUNNING.add_columns(_word("ask")).where(Ask.id.in_(_first(everybody=everybody)))
    if not check_ins:
        return found
    stale = _STALE if everybody else _STALE.where(Ask.asked_by_id == bindparam("me"))
    return union_all(found, select(stale.subquery()))


def due(viewer: Viewer, limit: int, *, mine: bool) -> Sequence[Row[Any]]:
    """Asks without an answer, an outcome or thanks: everybody's, or those that one made; `what` is "ask".

    For whoever sees everybody's also, as "check_in", accepted asks still to come whose advocate was not heard of
    lately: check in before anybody calls. Whatever is among the first `limit` to be due is here, in no order; and more,
    for whoever knows when each is.
    """
    everything = sees_everybody(viewer)
    statement = _due(everybody=everything and not mine, check_ins=everything)
    soon = {"soon": clock.today() + timedelta(days=7), **times(clock.now())} if everything else {}
    return rows(statement, me=viewer.person_id, most=limit, **soon)
