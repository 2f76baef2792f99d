"""Reading waves of invitations: whom one could reach, who is due, how far they came."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, exists, false, func, or_, select

from portal.accounts.models import EmailAddress, Invitation, InvitationWave, WaveInvitee
from portal.accounts.queries.joining import still_theirs
from portal.accounts.signals import invitee_sources
from portal.careers.models import Relation
from portal.core import clock, settings
from portal.core.db import db, get_one, rows, scalars
from portal.core.mail_domains import is_provider
from portal.core.pages import Page, keyset
from portal.core.suppression import suppressed_among
from portal.people.models import GroupMember, Person

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

AGAIN_AFTER = timedelta(days=180)  # who was invited this recently is not invited by another wave
OPEN = ("counting", "ready", "running", "paused")
NO_SUCH_WAVE = "There is no such wave of invitations."


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a wave is for, as it was chosen; what is left empty is open."""

    kind: str = ""
    phase: str = ""
    group_id: int | None = None
    left_from: int | None = None
    left_to: int | None = None
    source: str = ""  # "<name>:<key>" of an InviteeSource
    person_ids: list[int] | None = None


class Sorted(NamedTuple):
    """What is to be done about one person: `invite` at the address, or which sort of not."""

    person_id: int
    verdict: str  # invite | no_address | unsubscribed | invited_before | came_back
    address: str = ""


def unclaimed(choice: Choice, after: int, size: int) -> list[int]:
    """The next people of a choice whom nobody has claimed, by id."""
    found = select(Person.id).where(
        Person.id > after, Person.claimed_at.is_(None), Person.is_system.is_(False), Person.remembered_at.is_(None),
        *_chosen(choice),
    )  # fmt: skip
    return scalars(found.order_by(Person.id).limit(size))


def _chosen(choice: Choice) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if tie := _tie(choice):
        wanted.append(exists().where(Relation.person_id == Person.id, *tie))
    if choice.group_id:
        wanted.append(exists().where(GroupMember.person_id == Person.id, GroupMember.group_id == choice.group_id))
    if choice.person_ids is not None:
        wanted.append(Person.id.in_(choice.person_ids))
    if choice.source:
        name, _, key = choice.source.partition(":")
        known = [Person.id.in_(source.people(key)) for source in invitee_sources if source.name == name]
        wanted += known or [false()]
    return wanted


def _tie(choice: Choice) -> list[ColumnElement[bool]]:
    over, today = Relation.ends_on, clock.today()
    tie = [Relation.kind == choice.kind] if choice.kind else []
    if choice.phase:
        tie.append(over <= today if choice.phase == "former" else or_(over.is_(None), over > today))
    if choice.left_from:
        tie.append(over >= date(choice.left_from, 1, 1))
    if choice.left_to:
        tie.append(over <= date(choice.left_to, 12, 31))
    return tie


def sort_out(person_ids: Collection[int]) -> list[Sorted]:
    """Who of these can be invited and where, and why the others can't; five questions, however many they are."""
    held: dict[int, list[EmailAddress]] = defaultdict(list)
    mine = select(EmailAddress).where(EmailAddress.person_id.in_(person_ids), EmailAddress.state == "unverified")
    for row in scalars(mine.order_by(EmailAddress.kind == "work", EmailAddress.id)):
        held[row.person_id].append(row)
    every = [row for own in held.values() for row in own]
    quiet = suppressed_among([row.address for row in every])
    taken = set(scalars(select(EmailAddress.live_norm).where(EmailAddress.live_norm.in_([row.norm for row in every]))))
    before = _invited_before(person_ids)
    return [_sort(each, held[each], quiet, taken, before) for each in person_ids]


def _sort(person_id: int, own: list[EmailAddress], quiet: set[str], taken: set[str | None], before: set[int]) -> Sorted:
    if any(row.address in quiet for row in own):
        return Sorted(person_id, "unsubscribed")
    if person_id in before:
        return Sorted(person_id, "invited_before")
    reached = [row for row in own if row.norm not in taken and reaches(person_id, row.domain)]
    for row in reached:
        if row.bounced_at is None:
            return Sorted(person_id, "invite", row.address)
    return Sorted(person_id, "came_back" if reached else "no_address")


def _invited_before(person_ids: Collection[int]) -> set[int]:
    lately = select(Invitation.person_id).where(
        Invitation.person_id.in_(person_ids), Invitation.created_at > clock.now() - AGAIN_AFTER
    )
    waiting = select(WaveInvitee.person_id).join(InvitationWave, InvitationWave.id == WaveInvitee.wave_id)
    waiting = waiting.where(
        WaveInvitee.person_id.in_(person_ids), InvitationWave.state.in_(OPEN), WaveInvitee.state == "waiting"
    )
    return set(scalars(lately)) | set(scalars(waiting))


def reaches(person_id: int, domain: str) -> bool:
    """Whether mail to an address there reaches this person: a firm's only while they are there (I5, R20)."""
    return is_provider(domain) or still_theirs(person_id, domain)


def is_on_record(person_id: int, address: str) -> bool:
    """Whether the record still has this address, and nobody proved it."""
    found = select(EmailAddress.id).where(EmailAddress.person_id == person_id, EmailAddress.address == address)
    return db.session.execute(found.where(EmailAddress.state == "unverified")).first() is not None


def wave(public_id: str) -> InvitationWave:
    """A wave."""
    return get_one(select(InvitationWave).where(InvitationWave.public_id == public_id), NO_SUCH_WAVE)


def waves(*, after: str | None = None, before: str | None = None, size: int = 30) -> Page[InvitationWave]:
    """All waves, the newest first."""
    found = keyset(select(InvitationWave), (InvitationWave.id,), size=size, after=after, before=before)
    return found.map(lambda row: row[0])


def source_of(wave: InvitationWave) -> tuple[str, str] | None:
    """What another feature calls the set of people that a wave was made for, and where it shows it."""
    name, _, key = str(wave.choice.get("source") or "").partition(":")
    return next((source.shown(key) for source in invitee_sources if source.name == name), None)


def due_invitees(limit: int) -> list[WaveInvitee]:
    """Whose letter is due now in a wave that runs, the longest due first; each is held by one worker."""
    running = select(InvitationWave.id).where(InvitationWave.state == "running")
    found = select(WaveInvitee).where(WaveInvitee.next_at <= clock.now(), WaveInvitee.wave_id.in_(running))
    order = (WaveInvitee.next_at, WaveInvitee.id)
    return scalars(found.order_by(*order).limit(limit).with_for_update(skip_locked=True))


def letters_now() -> int:
    """How many letters may go out in this minute: its share of an hour's, and never more in any hour than that."""
    an_hour: int = settings.get("invitations_per_hour")
    lately = select(func.count()).select_from(WaveInvitee).where(WaveInvitee.last_at > clock.now() - timedelta(hours=1))
    return max(0, min(an_hour - db.session.execute(lately).scalar_one(), -(-an_hour // 60)))


def counted(wave_id: int) -> dict[str, Any]:
    """How far the people of a wave came, counted anew."""
    went = WaveInvitee.letters > 0
    numbers = {
        "people": func.count(),
        "invited": func.count().filter(went),
        "delivered": func.count().filter(WaveInvitee.left_at.is_not(None)),
        **{
            state: func.count().filter(and_(went, WaveInvitee.state == state))
            for state in ("returned", "refused", "claimed")
        },
    }
    found = select(*(number.label(name) for name, number in numbers.items())).where(WaveInvitee.wave_id == wave_id)
    return dict(rows(found)[0]._mapping)  # noqa: SLF001


def is_over(wave_id: int) -> bool:
    """Whether no letter of a wave is to come any more."""
    left = exists().where(WaveInvitee.wave_id == wave_id, WaveInvitee.next_at.is_not(None))
    return not db.session.execute(select(left)).scalar()


def is_stopped(person_id: int, written_at: datetime) -> bool:
    """Whether a wave that the person is in has been stopped since a letter was written."""
    found = select(WaveInvitee.id).join(InvitationWave, InvitationWave.id == WaveInvitee.wave_id)
    stopped = found.where(
        WaveInvitee.person_id == person_id, InvitationWave.state == "stopped", InvitationWave.ended_at >= written_at
    )
    return db.session.execute(stopped.limit(1)).first() is not None
