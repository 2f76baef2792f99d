"""A member's place: how far they have read, what they follow, what they are writing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, delete

from portal.boards.grants import readable_boards
from portal.boards.models import BoardReader, Draft, TopicReader
from portal.core import clock
from portal.core.db import aside, change, db, prepared, upsert
from portal.core.policy import require

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from portal.boards.models import Topic
    from portal.core.access import Viewer

SIGN_IN = "Please sign in first."


def reached(topic_id: int, number: int, *, follow: bool = False, by: Viewer, on: Connection | None = None) -> None:
    """The member has read up to this number: only forward, one row. Who writes in a topic follows it, unless muted."""
    require(by.person_id is not None, SIGN_IN)
    values = {
        "person_id": by.person_id,
        "topic_id": topic_id,
        "last_read": number,
        "read_at": clock.now(),
        "level": "follow" if follow else "",
    }
    (on or db.session.connection()).execute(_write_place() if follow else _read_place(), values)


def _place(**more: Any) -> Any:
    row = {
        name: bindparam(name, type_=PLACE[name].type)
        for name in ("person_id", "topic_id", "last_read", "read_at", "level")
    }
    further = case((PLACE.last_read < row["last_read"], row["last_read"]), else_=PLACE.last_read)
    update = {"last_read": further, "read_at": row["read_at"], **more}
    return upsert(TopicReader.__table__, row, keys=["person_id", "topic_id"], update=update)


PLACE: Any = TopicReader.__table__.c
_read_place = prepared(_place)
_write_place = prepared(lambda: _place(level=case((PLACE.level == "", "follow"), else_=PLACE.level)))


def saw_board(board_id: int, *, by: Viewer, on: Connection) -> None:
    """The member looked at a board's list."""
    require(by.is_member, SIGN_IN)
    now = clock.now()
    values = {"person_id": by.person_id, "board_id": board_id, "seen_at": now, "read_until": None}
    on.execute(upsert(BoardReader.__table__, values, keys=["person_id", "board_id"], update={"seen_at": now}))


def mark_board_read(board_id: int, *, by: Viewer) -> None:
    """Everything on a board counts as read."""
    require(by.is_member and board_id in readable_boards(by), SIGN_IN)
    now = clock.now()
    values = {"person_id": by.person_id, "board_id": board_id, "seen_at": now, "read_until": now}
    update = {"seen_at": now, "read_until": now}
    db.session.execute(upsert(BoardReader.__table__, values, keys=["person_id", "board_id"], update=update))


def follow(topic: Topic, level: str, *, by: Viewer) -> None:
    """Follow a topic, mute it, or neither."""
    require(by.is_member and level in ("", "follow", "mute"), SIGN_IN)
    values = {"person_id": by.person_id, "topic_id": topic.id, "last_read": 0, "read_at": clock.now(), "level": level}
    db.session.execute(upsert(TopicReader.__table__, values, keys=["person_id", "topic_id"], update={"level": level}))


def save_draft(place: str, title: str, body: str, *, by: Viewer) -> None:
    """Keep what somebody is writing; nothing written means nothing kept."""
    require(by.is_member, SIGN_IN)
    if not (title.strip() or body.strip()):
        drop_draft(place, by=by)
        return
    db.session.execute(_kept(place, title, body, by))


def keep_refused(place: str, title: str, body: str, *, by: Viewer) -> None:
    """What could not be posted is a draft, also where the refusal undoes all else: going back finds it again."""
    require(by.is_member, SIGN_IN)
    if title.strip() or body.strip():
        kept = _kept(place, title, body, by)
        aside(partial(_write, kept))


def _write(kept: Any, connection: Connection) -> None:
    connection.execute(kept)


def _kept(place: str, title: str, body: str, by: Viewer) -> Any:
    update = {"title": title[:200], "body": body[:32_000], "saved_at": clock.now()}
    values = update | {"person_id": by.person_id, "place": place[:40]}
    return upsert(Draft.__table__, values, keys=["person_id", "place"], update=update)


def drop_draft(place: str, *, by: Viewer) -> None:
    """It was sent, or given up."""
    require(by.is_member, SIGN_IN)
    change(_DROP_DRAFT, person=by.person_id, place_=place)


DRAFTS: Any = Draft.__table__
_DROP_DRAFT = delete(DRAFTS).where(DRAFTS.c.person_id == bindparam("person"), DRAFTS.c.place == bindparam("place_"))
