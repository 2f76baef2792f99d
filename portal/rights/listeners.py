"""Whoever signs in again is back: a waiting erasure is called off; and what a restored backup brought back goes again."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, after_this_request, has_request_context
from sqlalchemy import bindparam, inspect, select

from portal.core import backup
from portal.core.access import system_viewer
from portal.core.db import db, rows, upsert
from portal.core.web import say
from portal.people.models import Person
from portal.people.signals import person_changed
from portal.rights import actions, queries
from portal.rights.models import ErasedPerson

STOPPED = "What was asked of you as an advocate was stopped, and stays so."
_LISTED = select(Person.id).where(Person.id == bindparam("person_id"), Person.listed)


@person_changed.connect
def came_back(_sender: Any, *, person_id: int) -> None:
    """Signing in lists a person again."""
    if rows(_LISTED, person_id=person_id):
        called_off = actions.call_off(person_id, by=system_viewer())
        if called_off is not None and has_request_context():
            welcome = partial(_welcome, stopped=queries.has_stopped(called_off))
            after_this_request(welcome)  # signing in begins a new session, in which it is to be read


def _welcome(answer: Response, *, stopped: bool) -> Response:
    say(f"Welcome back. Nothing is erased: your account stays as it was.{f' {STOPPED}' if stopped else ''}")
    return answer


def _read() -> list[dict[str, Any]]:
    if not inspect(db.session.connection()).has_table(ErasedPerson.__tablename__):
        return []
    return [dict(row._mapping) for row in rows(select(ErasedPerson.digest, ErasedPerson.posts, ErasedPerson.at))]  # noqa: SLF001


def _write(kept: list[dict[str, Any]]) -> None:
    """The list of before joins the backup's, and who is on it is erased again, before anybody can look; in a backup of an older version
    as soon as the daily job runs on the new tables."""
    ErasedPerson.__table__.create(db.session.connection(), checkfirst=True)  # type: ignore[attr-defined]
    for values in kept:
        db.session.execute(upsert(ErasedPerson.__table__, values, keys=["digest"]))
    if any(column["name"] == "erased_at" for column in inspect(db.session.connection()).get_columns("person")):
        actions.erase_again(by=system_viewer())


backup.carry_over("erased persons", _read, _write)
