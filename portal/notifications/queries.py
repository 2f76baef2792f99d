"""Reading notifications."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select

from portal.core import clock
from portal.core.db import db, get_one
from portal.core.pages import Page, keyset
from portal.notifications import kinds, policies
from portal.notifications.models import Notification, NotificationPreference
from portal.people.faces import FACE, Face
from portal.people.models import Block, Person

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row

    from portal.core.access import Viewer

PAGE_SIZE = 50
BADGE_LIMIT = 100
NONE_SUCH = "There is no such notification."


@dataclass(frozen=True, slots=True)
class Line:
    """A notification as the page shows it."""

    public_id: str
    kind: str
    label: str
    icon: str
    title: str
    at: datetime
    unread: bool
    actor: Face | None


def unread_count(viewer: Viewer) -> int:
    """How many are unread, counted no further than the badge shows."""
    some = select(Notification.id).where(policies.own(viewer), Notification.read_at.is_(None)).limit(BADGE_LIMIT)
    return db.session.execute(select(func.count()).select_from(some.subquery())).scalar_one()


def page_for(viewer: Viewer, after: str | None, before: str | None) -> Page[Line]:
    """A page of the viewer's notifications, newest first, without those they may not see any more."""
    columns = (
        Notification.id, Notification.public_id, Notification.kind, Notification.group_key, Notification.url,
        Notification.title, Notification.updated_at, Notification.read_at, Notification.actor_id,
    )  # fmt: skip
    found = select(*columns, *FACE).outerjoin(Person, Person.id == Notification.actor_id).where(policies.own(viewer))
    page = keyset(found, [Notification.updated_at, Notification.id], size=PAGE_SIZE, after=after, before=before)
    readable = _readable(viewer, page.items)
    return Page([_line(row) for row in page.items if row.id in readable], page.older, page.newer)


def notification_for(viewer: Viewer, public_id: str) -> Notification:
    """One of the viewer's own."""
    return get_one(select(Notification).where(Notification.public_id == public_id, policies.own(viewer)), NONE_SUCH)


def is_readable(viewer: Viewer, notification: Notification) -> bool:
    """Whether the viewer may still see what it is about."""
    return bool(_readable(viewer, [notification]))


def group_of(person_id: int, kind: str, group_key: str, since: datetime) -> list[Notification]:
    """The unread ones that a new event may join, newest first."""
    found = select(Notification).where(
        Notification.person_id == person_id, Notification.kind == kind, Notification.group_key == group_key,
        Notification.read_at.is_(None), Notification.updated_at > since,
    )  # fmt: skip
    return list(db.session.scalars(found.order_by(Notification.id.desc())))


def can_hear(person_id: int, actor_id: int | None) -> bool:
    """Whether a person is told things at all, and by this actor: stepped back and blocked pairs are not."""
    listens = select(Person.id).where(Person.id == person_id, Person.listed)
    if actor_id is not None:
        pair = or_(
            and_(Block.blocker_id == person_id, Block.blocked_id == actor_id),
            and_(Block.blocker_id == actor_id, Block.blocked_id == person_id),
        )
        listens = listens.where(~exists().where(pair))
    return db.session.execute(listens).first() is not None


def unread_about(viewer: Viewer, group_key: str) -> bool:
    """Whether something unread is about this thing, so that opening it can mark that read."""
    unread = select(Notification.id).where(policies.own(viewer), Notification.read_at.is_(None))
    return db.session.execute(unread.where(Notification.group_key == group_key).limit(1)).first() is not None


def wants_mail(person_id: int, kind: str) -> bool:
    """Whether a member wants this kind by mail."""
    chosen = preferences(person_id).get(kind)
    return kinds.type_of(kind).by_mail if chosen is None else chosen


def mail_choice(kind: str, person_id: Any = Person.id) -> ColumnElement[str]:
    """How the person of each row wants this kind by mail: "now" or "off"; for whoever writes to many."""
    chosen = select(NotificationPreference.by_mail).where(
        NotificationPreference.person_id == person_id, NotificationPreference.kind == kind
    )
    wanted = func.coalesce(chosen.scalar_subquery(), kinds.type_of(kind).by_mail)
    return case((wanted, "now"), else_="off")


def mailed_kinds(person_id: int) -> list[str]:
    """The kinds that a member gets by mail."""
    chosen = preferences(person_id)
    return [each.kind for each in kinds.every_type() if chosen.get(each.kind, each.by_mail)]


def preferences(person_id: int) -> dict[str, bool]:
    """What a member chose, kind by kind."""
    chosen = select(NotificationPreference.kind, NotificationPreference.by_mail)
    chosen = chosen.where(NotificationPreference.person_id == person_id)
    return {row.kind: row.by_mail for row in db.session.execute(chosen)}


def mails_of_today(person_id: int) -> int:
    """How many notification mails a person got in the last 24 hours."""
    recent = Notification.mailed_at > clock.now() - timedelta(days=1)
    return db.session.execute(select(func.count()).where(Notification.person_id == person_id, recent)).scalar_one()


def _readable(viewer: Viewer, found: list[Any]) -> set[int]:
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for row in found:
        by_kind[row.kind].append(row)
    readable: set[int] = set()
    for kind, rows in by_kind.items():
        if kinds.known(kind):
            asks = kinds.type_of(kind).still_readable
            readable |= asks(viewer, rows) if asks else {row.id for row in rows}
    return readable


def _line(row: Row[Any]) -> Line:
    kind = kinds.type_of(row.kind)
    actor = Face.of(row) if row.actor_id else None
    return Line(row.public_id, row.kind, kind.label, kind.icon, row.title, row.updated_at, row.read_at is None, actor)
