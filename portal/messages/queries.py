"""Reading hellos, connections and blocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.core import clock, glance
from portal.core.access import Viewer
from portal.core.db import db, get_one, scalars
from portal.core.pages import Page, keyset
from portal.core.sets import is_word
from portal.directory.queries import cards
from portal.messages import policies
from portal.messages.models import DECLINED, OPEN, Hello
from portal.people import bonds
from portal.people.faces import FACE, Face
from portal.people.models import Block, Connection, Person
from portal.people.policies import apart, listed_for
from portal.people.queries import NOBODY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from portal.directory.queries.cards import Card

PAGE_SIZE = 24
NONE_SUCH = "There is no such hello, or it is not for you."
WAITS = is_word(Hello.state, OPEN)


class Line(NamedTuple):
    """A hello in a list, with the other person."""

    public_id: str
    body: str
    state: str
    is_hidden: bool
    at: datetime
    person: Card


class Since(NamedTuple):
    """A person and since when: connected, or blocked."""

    person: Any
    at: datetime


def received(viewer: Viewer, **cursor: str | None) -> Page[Line]:
    """What was said to the viewer, newest first."""
    return _lines(viewer, policies.received_by(viewer), Hello.sender_id, cursor)


def sent(viewer: Viewer, **cursor: str | None) -> Page[Line]:
    """What the viewer said, newest first."""
    return _lines(viewer, policies.sent_by(viewer), Hello.recipient_id, cursor)


def _lines(viewer: Viewer, whose: ColumnElement[bool], other: Any, cursor: Any) -> Page[Line]:
    columns = (Hello.public_id, Hello.body, Hello.state, Hello.is_hidden, Hello.created_at)
    found = select(*columns, *FACE).join(Person, Person.id == other).where(whose, listed_for(viewer))
    page = keyset(found, [Hello.id], size=PAGE_SIZE, **cursor)
    people = {card.face.id: card for card in cards.dress(viewer, [Face.of(row) for row in page.items])}
    return page.map(
        lambda row: Line(row.public_id, row.body, row.state, row.is_hidden, row.created_at, people[row.face_id])
    )


def hello_for(viewer: Viewer, public_id: str) -> Hello:
    """A hello of which the viewer is a part, while both may still meet."""
    other = or_(
        and_(Hello.sender_id == viewer.person_id, Person.id == Hello.recipient_id),
        and_(Hello.recipient_id == viewer.person_id, Person.id == Hello.sender_id),
    )
    found = select(Hello).join(Person, other).where(policies.readable_by(viewer), listed_for(viewer))
    both = (joinedload(Hello.sender), joinedload(Hello.recipient))
    return get_one(found.where(Hello.public_id == public_id).options(*both), NONE_SUCH)


def any_hello(public_id: str) -> Hello:
    """A hello, for moderation."""
    found = select(Hello).where(Hello.public_id == public_id).options(joinedload(Hello.sender))
    return get_one(found, NONE_SUCH)


def open_between(viewer: Viewer, person_id: int) -> Hello | None:
    """The hello that waits between two people, whoever said it."""
    found = select(Hello).where(WAITS, *_pair(viewer, person_id))
    return db.session.execute(found).scalar_one_or_none()


def declined_at(viewer: Viewer, person_id: int) -> datetime | None:
    """When the person last said "not now" to the viewer."""
    said = and_(Hello.sender_id == viewer.person_id, Hello.recipient_id == person_id, Hello.state == DECLINED)
    return db.session.execute(select(func.max(Hello.answered_at)).where(said)).scalar_one()


def said_today(viewer: Viewer) -> int:
    """How many hellos the viewer said in the last 24 hours."""
    lately = and_(policies.sent_by(viewer), Hello.created_at > clock.now() - timedelta(days=1))
    return db.session.execute(select(func.count()).select_from(Hello).where(lately)).scalar_one()


def _waiting_for(person_id: Any) -> ColumnElement[int]:
    said = select(func.count(Hello.id)).join(Person, Person.id == Hello.sender_id)
    waits = said.where(Hello.recipient_id == person_id, WAITS)
    return waits.where(Person.listed, ~apart(person_id, Hello.sender_id)).scalar_subquery()


glance.for_tasks("hellos", _waiting_for)
bonds.register(
    bonds.Way("said", Hello.sender_id, Hello.recipient_id, Hello.created_at, (WAITS,)),
    bonds.Way("heard", Hello.recipient_id, Hello.sender_id, Hello.created_at, (WAITS,)),
)


def waiting_for(viewer: Viewer) -> int:
    """How many hellos wait for the viewer's answer."""
    return int(glance.of("hellos", viewer.person_id))


def still_readable(viewer: Viewer, rows: Sequence[Any]) -> set[int]:
    """Of some notifications, those whose hello the viewer can still read; the group key names it."""
    ids = {row.group_key.partition(":")[2]: row.id for row in rows}
    found = select(Hello.public_id).where(Hello.public_id.in_(ids), policies.readable_by(viewer))
    if viewer.blocks:
        found = found.where(Hello.sender_id.not_in(viewer.blocks), Hello.recipient_id.not_in(viewer.blocks))
    return {ids[public_id] for public_id in db.session.scalars(found)}


def is_connected(viewer: Viewer, person_id: int) -> bool:
    """Whether the two agreed to know each other's ways of contact."""
    low, high = sorted((viewer.person_id or 0, person_id))
    found = select(Connection.since).where(Connection.low_id == low, Connection.high_id == high)
    return db.session.execute(found).first() is not None


def connections(viewer: Viewer, **cursor: str | None) -> Page[Since]:
    """The people the viewer is connected with, by name."""
    me = viewer.person_id
    pair = or_(
        and_(Connection.low_id == me, Connection.high_id == Person.id),
        and_(Connection.high_id == me, Connection.low_id == Person.id),
    )
    found = select(*FACE, Connection.since).join(Connection, pair).where(listed_for(viewer))
    page = keyset(found, [Person.sort_name, Person.id], size=PAGE_SIZE, ascending=True, **cursor)
    since = [row.since for row in page.items]
    dressed = cards.dress(viewer, [Face.of(row) for row in page.items])
    return Page([Since(*each) for each in zip(dressed, since, strict=True)], page.older, page.newer)


def blocked(viewer: Viewer) -> list[Since]:
    """Whom the viewer does not want to meet, the latest first."""
    mine = (
        select(*FACE, Block.since)
        .join(Block, Block.blocked_id == Person.id)
        .where(Block.blocker_id == viewer.person_id)
    )
    found = db.session.execute(mine.order_by(Block.since.desc(), Person.id))
    return [Since(Face.of(row), row.since) for row in found]


def blocked_person(viewer: Viewer, public_id: str) -> Person:
    """Somebody whom the viewer has blocked."""
    mine = select(Block.blocked_id).where(Block.blocker_id == viewer.person_id)
    return get_one(select(Person).where(Person.public_id == public_id, Person.id.in_(mine)), NOBODY)


def open_hellos_between(viewer: Viewer, person_id: int) -> list[Hello]:
    """What waits between two people."""
    return scalars(select(Hello).where(WAITS, *_pair(viewer, person_id)))


def _pair(viewer: Viewer, person_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    low, high = sorted((viewer.person_id or 0, person_id))
    return Hello.low_id == low, Hello.high_id == high
