"""Reading what somebody asked for about their own data."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import EmailAddress
from portal.asks.models import Ask
from portal.careers.models import Move
from portal.careers.queries import current_positions
from portal.consents.models import Consent
from portal.core import clock, crypto, parts, tokens
from portal.core.db import db, get_one, rows, scalars
from portal.core.errors import Gone
from portal.notifications.kinds import NOW
from portal.notifications.queries import mail_choice
from portal.people.models import Person
from portal.rights.models import AccountMerge, DataExport, ErasedPerson, Erasure, MergeRequest, YearlyQuestion

if TYPE_CHECKING:
    from datetime import datetime

PROOF_OVER = "This link has been used, or its time is over. Ask for a new one on the page where you asked for this one."
STILL_RIGHT = "still_right"
ANSWERED = (
    "This question has been answered, or its time is over. You can change your career at any time after signing in."
)
NO_REQUEST = "There is nothing to join, or its time is over. Begin again."
NO_EXPORT = "There is no such copy of yours, or its week is over. You can ask for a new one."


def exports_of(person_id: int) -> list[DataExport]:
    """The copies that are being made or can still be had, the newest first."""
    mine = select(DataExport).where(DataExport.person_id == person_id, DataExport.state != "over")
    return scalars(mine.order_by(DataExport.id.desc()))


def own_export(person_id: int, public_id: str) -> DataExport:
    """One of a person's own copies."""
    mine = select(DataExport).where(DataExport.public_id == public_id, DataExport.person_id == person_id)
    return get_one(mine.where(DataExport.state != "over"), NO_EXPORT)


def exports_over() -> list[DataExport]:
    """Copies whose week has passed."""
    late = select(DataExport).where(DataExport.state == "ready", DataExport.expires_at <= clock.now())
    return scalars(late.order_by(DataExport.id).limit(100))


def open_erasure(person_id: int) -> Erasure | None:
    """The erasure that waits for its day, if there is one."""
    return db.session.execute(_OPEN_ERASURE, {"person_id": person_id}).scalar_one_or_none()


_OPEN_ERASURE = select(Erasure).where(
    Erasure.person_id == bindparam("person_id"), Erasure.called_off_at.is_(None), Erasure.done_at.is_(None)
)


def has_stopped(erasure: Erasure) -> bool:
    """Whether something that was asked of the person was stopped since they asked to be erased; that is not taken back."""
    stopped = select(Ask.id).where(Ask.person_id == erasure.person_id, Ask.state == "stopped")
    since = stopped.where(Ask.stopped_because == "gone", Ask.ended_at >= erasure.asked_at)
    return db.session.execute(since.limit(1)).first() is not None


def erasures_due(until: datetime, *, reminded: bool = True) -> list[int]:
    """The erasures whose day comes until then, by key; or those of them whose persons were not reminded yet."""
    waiting = select(Erasure.id).where(
        Erasure.due_at <= until, Erasure.called_off_at.is_(None), Erasure.done_at.is_(None)
    )
    return scalars(
        (waiting if reminded else waiting.where(Erasure.reminded_at.is_(None))).order_by(Erasure.id).limit(200)
    )


def words_of(person: Person) -> list[str]:
    """What names a person in mails and jobs: the public id, the name, every address they ever gave."""
    given = select(EmailAddress.address, EmailAddress.norm).where(EmailAddress.person_id == person.id)
    addresses = {part for row in rows(given) for part in row}
    return [person.public_id, person.full_name, *sorted(addresses)]


def proved_addresses(person_id: int) -> list[str]:
    """The addresses that the person showed to be theirs."""
    proved = select(EmailAddress.norm).where(EmailAddress.person_id == person_id, EmailAddress.verified_at.is_not(None))
    return scalars(proved)


def digest_of(public_id: str) -> str:
    """By what an erased person is known again: nobody without the deployment's key can make it."""
    return tokens.keyed_digest(crypto.own_key("erasure"), public_id)


def erased_again() -> list[tuple[int, str]]:
    """Persons who are there although they were erased: a backup from before brought them back."""
    known = {row.digest: row.posts for row in rows(select(ErasedPerson.digest, ErasedPerson.posts))}
    if not known:
        return []
    there = rows(select(Person.id, Person.public_id).where(Person.erased_at.is_(None)))
    return [(row.id, known[digest]) for row in there if (digest := digest_of(row.public_id)) in known]


def request_behind(person_id: int, secret: str) -> MergeRequest:
    """The request that a mailed link proves, for whoever asked for it; looking at it uses nothing up."""
    found = select(MergeRequest).where(
        MergeRequest.token_hash == tokens.digest(secret), MergeRequest.person_id == person_id,
        MergeRequest.ended_at.is_(None), MergeRequest.expires_at > clock.now(),
    )  # fmt: skip
    row = db.session.execute(found).scalar_one_or_none()
    if row is None:
        raise Gone(PROOF_OVER)
    return row


def proved_request(person_id: int, public_id: str) -> MergeRequest:
    """One's own request whose other account is proved, for an hour."""
    found = select(MergeRequest).where(
        MergeRequest.public_id == public_id, MergeRequest.person_id == person_id, MergeRequest.ended_at.is_(None),
        MergeRequest.proved_at > clock.now() - timedelta(hours=1),
    )  # fmt: skip
    return get_one(found, NO_REQUEST)


def merges_of(person_id: int) -> list[AccountMerge]:
    """The accounts that were joined with this one and can still be parted, the newest first."""
    mine = select(AccountMerge).where(AccountMerge.kept_id == person_id, AccountMerge.undone_at.is_(None))
    open_ = mine.where(AccountMerge.final_at.is_(None), AccountMerge.undo_until > clock.now())
    return scalars(open_.options(joinedload(AccountMerge.gone)).order_by(AccountMerge.id.desc()))


def own_merge(person_id: int, public_id: str) -> AccountMerge:
    """One of a person's own joined accounts."""
    mine = select(AccountMerge).where(AccountMerge.public_id == public_id, AccountMerge.kept_id == person_id)
    return get_one(mine, "There is no such account of yours.")


def joined_since(merge: AccountMerge) -> bool:
    """Whether the account that stayed was joined with another one after this."""
    later = select(AccountMerge.id).where(AccountMerge.id > merge.id, AccountMerge.undone_at.is_(None))
    ends = or_(AccountMerge.kept_id == merge.kept_id, AccountMerge.gone_id == merge.kept_id)
    return db.session.execute(later.where(ends)).first() is not None


def merges_over() -> list[AccountMerge]:
    """Joined accounts that can't be parted any more, and are not tidied yet."""
    late = select(AccountMerge).where(AccountMerge.undo_until <= clock.now(), AccountMerge.final_at.is_(None))
    return scalars(late.where(AccountMerge.undone_at.is_(None)).order_by(AccountMerge.id).limit(50))


def doubles_of(person_id: int) -> list[int]:
    """The accounts that were joined with this one, by key."""
    return scalars(select(Person.id).where(Person.merged_into_id == person_id, Person.erased_at.is_(None)))


def stricter_consents(kept_id: int, gone_id: int) -> list[tuple[str, int]]:
    """What one of the two took back and the other still allows: kind and version (R16)."""
    newest: dict[tuple[int, str], Consent] = {}
    both = select(Consent).where(Consent.person_id.in_((kept_id, gone_id))).order_by(Consent.id)
    for row in scalars(both):
        newest[row.person_id, row.kind] = row
    strict = []
    for kind in sorted({kind for _, kind in newest}):
        words = sorted((row for (_, each), row in newest.items() if each == kind), key=lambda row: row.id)
        if {row.state for row in words} == {"given", "withdrawn"} and words[-1].state == "given":
            strict.append((kind, words[-1].version))
    return strict


def kept_by(person_id: int) -> list[tuple[str, int]]:
    """How much each feature keeps about a person, of those that keep something: for the page before joining."""
    counted: dict[str, int] = {}
    for part in parts.every("person_data"):
        name = type(part).__module__.split(".")[1]
        counted[name] = counted.get(name, 0) + part.count(person_id)
    return [(name, number) for name, number in counted.items() if number]


def to_be_asked(limit: int) -> list[int]:
    """Members of more than a year, by key, who said nothing of their career for a year and were not asked in it."""
    year_ago = clock.now() - timedelta(days=365)
    asked = exists().where(YearlyQuestion.person_id == Person.id, YearlyQuestion.sent_at > year_ago)
    moved = exists().where(Move.person_id == Person.id, Move.declared_at > year_ago)
    own = exists().where(
        EmailAddress.person_id == Person.id, EmailAddress.state == "live", EmailAddress.kind == "personal"
    )  # fmt: skip
    found = select(Person.id).where(Person.listed, Person.remembered_at.is_(None), Person.claimed_at < year_ago, own)
    wanted = found.where(~asked, ~moved, mail_choice(STILL_RIGHT) == NOW)
    return scalars(wanted.order_by(Person.id).limit(limit))


def question(secret: str) -> YearlyQuestion:
    """A question that can still be answered: its address is still the person's, and they are still here."""
    found = (
        select(YearlyQuestion)
        .join(Person, Person.id == YearlyQuestion.person_id)
        .join(EmailAddress, EmailAddress.id == YearlyQuestion.address_id)
        .where(YearlyQuestion.token_hash == tokens.digest(secret), YearlyQuestion.ended_at.is_(None),
               YearlyQuestion.expires_at > clock.now(), EmailAddress.state == "live", Person.listed,
               EmailAddress.person_id == YearlyQuestion.person_id, Person.remembered_at.is_(None))
    )  # fmt: skip
    row = db.session.execute(found).scalar_one_or_none()
    if row is None:
        raise Gone(ANSWERED)
    return row


def now_at(person_id: int) -> list[str]:
    """What a person's career says of today, a line each."""
    return [", ".join(filter(None, (each.title, each.organisation.name))) for each in current_positions(person_id)]
