"""Telling members what happened, and what they do with it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, delete, update

from portal.core import clock, settings
from portal.core.db import add, after_view, db, upsert
from portal.core.errors import Invalid
from portal.core.jobs import enqueue
from portal.core.policy import require
from portal.notifications import kinds, policies, queries
from portal.notifications.mailing import mail_notification
from portal.notifications.models import MailPause, Notification, NotificationPreference

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement, Connection, Update

    from portal.core.access import Viewer

GROUPED_FROM = 3
LONGEST_PAUSE = timedelta(days=366)
NOT_YOURS = "These are somebody else's notifications."


def notify(
    person_id: int, kind: str, *, title: str, url: str, actor_id: int | None = None, group_key: str | None = None,
    many: str = "", by: Viewer,
) -> Notification | None:  # fmt: skip
    """Tell a person, in the caller's transaction; nothing for oneself, between blocked people or for who stepped back.

    From the third unread one with the same `group_key` within 120 minutes there is a single line: `many` with the
    number in place of "{n}" ("{n} replies in “Trains”"), leading to the first of them.
    """
    require(policies.can_notify(by), "Please sign in first.")
    declared = kinds.type_of(kind)
    if person_id in (actor_id, by.person_id) or not queries.can_hear(person_id, actor_id):
        return None
    joined = _join_group(person_id, kind, group_key, many, actor_id) if group_key else None
    if joined is not None:
        return joined
    made = add(
        Notification(
            person_id=person_id, kind=kind, group_key=group_key or "", title=title[:300], url=url, actor_id=actor_id
        )
    )
    minutes = declared.mail_minutes if declared.mail_minutes is not None else settings.get("notification_mail_minutes")
    if not declared.letter:
        enqueue(mail_notification, made.id, run_at=clock.now() + timedelta(minutes=minutes))
    return made


def _join_group(person_id: int, kind: str, group_key: str, many: str, actor_id: int | None) -> Notification | None:
    since = clock.now() - timedelta(minutes=settings.get("notification_group_minutes"))
    group = queries.group_of(person_id, kind, group_key, since)
    events = sum(each.count for each in group) + 1
    if not many or events < GROUPED_FROM:
        return None
    kept = group[-1]
    if len(group) > 1:
        db.session.execute(delete(Notification).where(Notification.id.in_([each.id for each in group[:-1]])))
    kept.count, kept.updated_at, kept.actor_id = events, clock.now(), actor_id
    kept.title = many.replace("{n}", str(events))[:300]
    db.session.flush()
    return kept


def open_notification(notification: Notification, *, by: Viewer) -> None:
    """Going where it leads marks it read, beside the reading of the page."""
    require(policies.can_keep_own(by, notification.person_id), NOT_YOURS)
    if notification.read_at is None:
        _read_after_view(Notification.id == notification.id)


def read_about(group_key: str, *, by: Viewer) -> None:
    """Who opened the thing itself has read what was told about it; call it while showing the thing's page."""
    require(by.is_member, "Please sign in first.")
    if queries.unread_about(by, group_key):
        _read_after_view(policies.own(by) & (Notification.group_key == group_key))


def mark_read(notification: Notification, *, by: Viewer) -> None:
    """Mark one as read."""
    require(policies.can_keep_own(by, notification.person_id), NOT_YOURS)
    notification.read_at = notification.read_at or clock.now()


def read_for(person_ids: Collection[int], kind: str, group_key: str, *, by: Viewer) -> None:
    """What these people were told of a thing is overtaken: it counts as read, so that no mail tells it late."""
    require(policies.can_notify(by), "Please sign in first.")
    told = (Notification.person_id.in_(person_ids), Notification.kind == kind, Notification.group_key == group_key)
    db.session.execute(_reading(and_(*told)))


def mark_all_read(*, by: Viewer) -> None:
    """Mark everything as read."""
    require(by.is_member, "Please sign in first.")
    db.session.execute(_reading(policies.own(by)))


def choose_mail(wanted: Mapping[str, str], *, by: Viewer) -> None:
    """Keep how each kind comes by mail; what is not named stays as it was."""
    require(by.is_member, "Please sign in first.")
    for declared in kinds.every_type():
        if wanted.get(declared.kind) in declared.choices:
            _prefer(by.person_id or 0, declared.kind, wanted[declared.kind])


def stop_mail(person_id: int, kind: str, *, by: Viewer) -> None:
    """No more mail of this kind: by the link in the mail, which needs no sign-in (R24)."""
    require(by.system or by.is_person(person_id), NOT_YOURS)
    _prefer(person_id, kind, kinds.OFF)


def pause_mail(until: date | None, *, by: Viewer) -> None:
    """No mail before this day, beside what concerns sign-in and safety."""
    require(by.is_member, "Please sign in first.")
    today = clock.now().astimezone(ZoneInfo(by.timezone)).date()
    if until is None or not today < until <= today + LONGEST_PAUSE:
        raise Invalid("Choose a day from tomorrow on, within a year.", "until")
    ends = datetime.combine(until, time(), ZoneInfo(by.timezone))
    values = {"person_id": by.person_id, "until": ends, "since": clock.now()}
    db.session.execute(upsert(MailPause.__table__, values, keys=["person_id"], update={"until": ends}))


def resume_mail(*, by: Viewer) -> None:
    """The pause is over before its day."""
    require(by.is_member, "Please sign in first.")
    db.session.execute(delete(MailPause).where(MailPause.person_id == by.person_id))


def forget_old(*, by: Viewer) -> None:
    """Drop what is older than the days that notifications are kept."""
    require(by.system, "This is done by the system, daily.")
    oldest = clock.now() - timedelta(days=settings.get("notification_days"))
    db.session.execute(delete(Notification).where(Notification.created_at < oldest))


def _prefer(person_id: int, kind: str, choice: str) -> None:
    values = {"person_id": person_id, "kind": kind, "choice": choice, "changed_at": clock.now()}
    changed = {"choice": choice, "changed_at": values["changed_at"]}
    db.session.execute(upsert(NotificationPreference.__table__, values, keys=["person_id", "kind"], update=changed))


def _read_after_view(which: ColumnElement[bool]) -> None:
    def write(connection: Connection) -> None:
        connection.execute(_reading(which))

    after_view(write)


def _reading(which: ColumnElement[bool]) -> Update:
    return update(Notification).where(which, Notification.read_at.is_(None)).values(read_at=clock.now())
