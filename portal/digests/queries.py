"""Who is due a letter, and what the letters before told them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select

from portal.accounts.queries import been_here, has_proved_address
from portal.core import clock, settings
from portal.core.db import db, scalars
from portal.digests.models import POSTED, WeeklyLetter
from portal.notifications.kinds import WEEKLY
from portal.notifications.queries import mail_choice
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Select

KIND = "weekly_letter"  # as the settings know it, and as the outbox does
APART = timedelta(days=6)  # between two letters, whatever the settings become meanwhile


def due(zones: list[str], week: date, *, after: int, limit: int) -> list[int]:
    """Members of these time zones who get letters and for whom none was looked for this week, by key."""
    found = _wanted().where(Person.timezone.in_(zones), Person.id > after, ~_looked_for(week))
    return scalars(found.order_by(Person.id).limit(limit))


def is_wanted(person_id: int) -> bool:
    """Whether this member gets letters at all, now."""
    return bool(scalars(_wanted().where(Person.id == person_id)))


def letter_of(person_id: int, week: date) -> WeeklyLetter | None:
    """What became of a week's letter."""
    return db.session.get(WeeklyLetter, (person_id, week))


def last_letters(person_id: int) -> list[WeeklyLetter]:
    """The letters that were posted to a member in the weeks that are remembered, the newest first."""
    oldest = clock.today() - timedelta(weeks=settings.get("letter_person_weeks"))
    found = select(WeeklyLetter).where(WeeklyLetter.person_id == person_id, WeeklyLetter.state == POSTED)
    return scalars(found.where(WeeklyLetter.week >= oldest).order_by(WeeklyLetter.week.desc()))


def _wanted() -> Select[int]:
    """Members who chose the letter, were here lately, can be written to, and are neither suspended nor away."""
    now = clock.now()
    return select(Person.id).where(
        Person.listed,
        Person.is_system.is_(False),
        Person.remembered_at.is_(None),
        or_(Person.suspended_until.is_(None), Person.suspended_until <= now),
        been_here(Person.id, now - timedelta(days=settings.get("letter_away_days"))),
        has_proved_address(Person.id),
        mail_choice(KIND) == WEEKLY,
    )


def _looked_for(week: date) -> ColumnElement[bool]:
    this = WeeklyLetter.week == week
    lately = and_(WeeklyLetter.state == POSTED, WeeklyLetter.made_at > clock.now() - APART)
    return exists(select(WeeklyLetter.week).where(WeeklyLetter.person_id == Person.id, or_(this, lately)))
