"""Reading notifications."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select

from portal.core import clock, glance
from portal.core.access import Viewer
from portal.core.db import db, get_one
from portal.core.outbox import CANCELLED, OutboxMail
from portal.core.pages import Page, keyset
from portal.notifications import kinds, policies
from portal.notifications.models import MailPause, Notification, NotificationPreference
from portal.people.faces import FACE, Face
from portal.people.models import Block, Person

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row, Select

PAGE_SIZE = 50
LOOKED_AT = 20  # of which the weekly letter takes what may still be seen
BADGE_LIMIT = 100
PURPOSE = "notification"  # of a mail in the outbox, before the notification's id
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
    mail: str  # how the member wants its kind by mail


def _unread_of(person_id: ColumnElement[int]) -> ColumnElement[int]:
    unread = select(Notification.id).where(policies.owned_by(person_id), Notification.read_at.is_(None))
    some = unread.correlate_except(Notification).limit(BADGE_LIMIT).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


glance.on_pages("unread_notifications", _unread_of)


def unread_count(viewer: Viewer) -> int:
    """How many are unread, counted no further than the badge shows."""
    return int(glance.of("unread_notifications", viewer.person_id))


def page_for(
    viewer: Viewer, after: str | None = None, before: str | None = None, *, size: int = PAGE_SIZE
) -> Page[Line]:
    """A page of the viewer's notifications, newest first, without those they may not see any more."""
    columns = (
        Notification.id, Notification.public_id, Notification.kind, Notification.group_key, Notification.url,
        Notification.title, Notification.updated_at, Notification.read_at, Notification.actor_id,
    )  # fmt: skip
    found = select(*columns, *FACE).outerjoin(Person, Person.id == Notification.actor_id).where(policies.own(viewer))
    page = keyset(found, [Notification.updated_at, Notification.id], size=size, after=after, before=before)
    readable, wanted = _readable(viewer, page.items), choices(viewer.person_id or 0) if page.items else {}
    return Page([_line(row, wanted) for row in page.items if row.id in readable], page.older, page.newer)


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
    listens = select(Person.id).where(Person.id == person_id, Person.listed, Person.remembered_at.is_(None))
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


def chosen(person_id: int, kind: str) -> str:
    """How a member wants this kind by mail, whether or not all of it is paused just now."""
    return preferences(person_id).get(kind, kinds.type_of(kind).mail)


def wants_mail(person_id: int, kind: str) -> bool:
    """Whether a member wants this kind by mail now."""
    return _choice(person_id, kind) == kinds.NOW


def wants_weekly(person_id: int, kind: str) -> bool:
    """Whether a member wants this kind in the weekly letter."""
    return _choice(person_id, kind) == kinds.WEEKLY


def mail_choice(kind: str, person_id: Any = Person.id) -> ColumnElement[str]:
    """How the person of each row wants this kind by mail: "now", "weekly" or "off" (who paused their mail: "off").

    For whoever writes to many: `select(Person.id).where(Person.listed, mail_choice("news") == "now")` (C9).
    """
    own = select(NotificationPreference.choice).where(
        NotificationPreference.person_id == person_id, NotificationPreference.kind == kind
    )
    wanted = func.coalesce(own.scalar_subquery(), kinds.type_of(kind).mail)
    return case((paused(person_id), kinds.OFF), else_=wanted)


def paused(person_id: Any) -> ColumnElement[bool]:
    """Where-clause: the person wants no mail for some time."""
    return exists(select(MailPause.until).where(MailPause.person_id == person_id, MailPause.until > clock.now()))


def paused_until(person_id: int) -> datetime | None:
    """Until when a member wants no mail at all."""
    found = select(MailPause.until).where(MailPause.person_id == person_id, MailPause.until > clock.now())
    return db.session.execute(found).scalar_one_or_none()


def choices(person_id: int) -> dict[str, str]:
    """How a member wants each kind by mail, whether or not they pause it all just now."""
    own = preferences(person_id)
    return {each.kind: own.get(each.kind, each.mail) for each in kinds.every_type()}


def preferences(person_id: int) -> dict[str, str]:
    """What a member chose, kind by kind."""
    own = select(NotificationPreference.kind, NotificationPreference.choice)
    own = own.where(NotificationPreference.person_id == person_id)
    return {row.kind: row.choice for row in db.session.execute(own)}


def _choice(person_id: int, kind: str) -> str:
    return db.session.execute(select(mail_choice(kind)).where(Person.id == person_id)).scalar_one_or_none() or kinds.OFF


def for_letter(viewer: Viewer, since: datetime, limit: int) -> list[Row[Any]]:
    """Unread ones that wait for the weekly letter: of kinds chosen weekly, or too much for their day, newest first."""
    wanted = choices(viewer.person_id or 0)
    weekly = [kind for kind, choice in wanted.items() if choice == kinds.WEEKLY]
    now = [kind for kind, choice in wanted.items() if choice == kinds.NOW]
    waits = or_(Notification.kind.in_(weekly), and_(Notification.deferred, Notification.kind.in_(now)))
    found = _unread_lines(viewer).where(waits, Notification.updated_at > since)
    found = found.order_by(Notification.updated_at.desc(), Notification.id.desc()).limit(LOOKED_AT)
    lines = list(db.session.execute(found))
    readable = _readable(viewer, lines)
    return [line for line in lines if line.id in readable][:limit]


def still_for_letter(viewer: Viewer, ids: set[int]) -> set[int]:
    """Which of these are still unread and about something that the viewer may see."""
    return _readable(viewer, list(db.session.execute(_unread_lines(viewer).where(Notification.id.in_(ids)))))


def _unread_lines(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    columns = (
        Notification.id, Notification.public_id, Notification.kind, Notification.group_key, Notification.url,
        Notification.title, Notification.count.label("events"), Notification.updated_at,
    )  # fmt: skip
    return select(*columns).where(policies.own(viewer), Notification.read_at.is_(None))


def mails_of_today(person_id: int) -> int:
    """How many notification mails a person got, or will get, of the last 24 hours.

    The outbox knows: notifications that were mailed may have become one line since.
    """
    mails = select(func.count()).select_from(OutboxMail).where(
        OutboxMail.person_id == person_id, OutboxMail.purpose.startswith(f"{PURPOSE}:"),
        OutboxMail.state != CANCELLED, OutboxMail.created_at > clock.now() - timedelta(days=1),
    )  # fmt: skip
    return db.session.execute(mails).scalar_one()


def _readable(viewer: Viewer, found: list[Any]) -> set[int]:
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for row in found:
        by_kind[row.kind].append(row)
    readable: set[int] = set()
    for kind, some in by_kind.items():
        if kinds.known(kind):
            asks = kinds.type_of(kind).still_readable
            readable |= asks(viewer, some) if asks else {row.id for row in some}
    return readable


def _line(row: Row[Any], wanted: dict[str, str]) -> Line:
    kind = kinds.type_of(row.kind)
    actor = Face.of(row) if row.actor_id else None
    return Line(
        row.public_id, row.kind, kind.label, kind.icon, row.title, row.updated_at, row.read_at is None, actor,
        wanted.get(row.kind, ""),
    )  # fmt: skip
