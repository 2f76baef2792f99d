"""Reading who leaves, and whose letter is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import EmailAddress, Invitation
from portal.careers.models import Relation
from portal.core import clock
from portal.core.db import db, get_one, scalars
from portal.leavers.models import Leaver
from portal.organisations.queries import host
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

# An invitation again, so many days before the last one; and once more after it, if there is an address of their own.
BEFORE, AFTER = (14, 7, 1), -3
SHOWN = timedelta(days=60)
SEEN = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A leaver as those who announce see them: in words, without a way in."""

    name: str
    ends_on: date
    state: str
    mood: str
    public_id: str = ""  # while the day lies ahead, and can be changed


def upcoming() -> list[Shown]:
    """Who leaves soon or left lately, the next day first."""
    near = Leaver.ends_on >= clock.today() - SHOWN
    found = scalars(
        select(Leaver).where(near).options(joinedload(Leaver.person)).order_by(Leaver.ends_on, Leaver.id).limit(SEEN)
    )
    ids = [row.person_id for row in found]
    live = (EmailAddress.person_id.in_(ids), EmailAddress.state == "live", EmailAddress.kind == "personal")
    own = set(scalars(select(EmailAddress.person_id).where(*live)))
    return [_shown(row, row.person_id in own) for row in found]


def _shown(row: Leaver, has_own: bool) -> Shown:
    if row.person.claimed_at is None:
        words, mood = ("Invited, not here yet", "warn") if row.letters else ("No letter could go out", "bad")
    elif has_own:
        words, mood = "Here, with an address of their own", "good"
    else:
        words, mood = "Here; asked for an address of their own", "warn"
    return Shown(row.person.full_name, row.ends_on, words, mood, row.public_id if row.ends_on > clock.today() else "")


def person_at(norm: str) -> Person | None:
    """The one person who has, or was invited at, exactly this address; several are none (R17, R20)."""
    held = exists().where(
        EmailAddress.person_id == Person.id, EmailAddress.norm == norm, EmailAddress.state != "removed"
    )
    asked = exists().where(Invitation.person_id == Person.id, Invitation.norm == norm)
    found = scalars(
        select(Person).where(or_(held, asked), Person.merged_into_id.is_(None), Person.erased_at.is_(None)).limit(2)
    )
    return found[0] if len(found) == 1 else None


def leaver_of(person_id: int) -> Leaver | None:
    """What was announced of a person."""
    return db.session.execute(select(Leaver).where(Leaver.person_id == person_id)).scalar_one_or_none()


def coming(public_id: str) -> Leaver:
    """An announced exit whose day lies ahead."""
    found = select(Leaver).where(Leaver.public_id == public_id, Leaver.ends_on > clock.today())
    return get_one(found.options(joinedload(Leaver.person)), "Nobody is announced here, or the day has come.")


def announced_employment(row: Leaver) -> Relation | None:
    """The employment at the host that ends on the announced day."""
    found = select(Relation).where(
        Relation.person_id == row.person_id, Relation.kind == "employee", Relation.organisation_id == host().id,
        Relation.ends_on == row.ends_on,
    )  # fmt: skip
    return db.session.execute(found.order_by(Relation.id.desc()).limit(1)).scalar_one_or_none()


def announced(people: list[int], since: datetime) -> list[Leaver]:
    """Exits of people without an account that were announced since a moment."""
    mine = select(Leaver).join(Person, Person.id == Leaver.person_id).where(Leaver.person_id.in_(people))
    new = mine.where(Leaver.announced_at >= since, Person.claimed_at.is_(None))
    return scalars(new.options(joinedload(Leaver.person)))


def open_employment(person_id: int) -> Relation | None:
    """A person's employment at the host that has not ended."""
    found = select(Relation).where(
        Relation.person_id == person_id, Relation.kind == "employee", Relation.organisation_id == host().id,
        Relation.open_on(clock.today()),
    )  # fmt: skip
    return db.session.execute(found.order_by(Relation.id.desc()).limit(1)).scalar_one_or_none()


def unanswered() -> list[Leaver]:
    """Leavers who have not come yet and may be written to again."""
    near = Leaver.ends_on.between(clock.today() - timedelta(days=14), clock.today() + timedelta(days=max(BEFORE)))
    waiting = select(Leaver).join(Person, Person.id == Leaver.person_id).where(near, Person.claimed_at.is_(None))
    return scalars(waiting.options(joinedload(Leaver.person)).order_by(Leaver.ends_on).limit(500))


def is_due(row: Leaver, today: date) -> bool:
    """Whether a mark has come since the last letter: fourteen, seven and one day before, three after."""
    days = (row.ends_on - today).days
    marks = [mark for mark in (*BEFORE, *((AFTER,) if row.own_address else ())) if days <= mark]
    if not marks or (days < 0 and not row.own_address):
        return False
    reached = row.ends_on - timedelta(days=min(marks))
    return row.last_at is None or _day(row.last_at) < reached


def _day(at: datetime) -> date:
    return at.date()
