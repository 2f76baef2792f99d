"""Reading what somebody asked for about their own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.accounts.models import EmailAddress
from portal.core import clock, crypto, tokens
from portal.core.db import db, get_one, rows, scalars
from portal.people.models import Person
from portal.rights.models import DataExport, ErasedPerson, Erasure

if TYPE_CHECKING:
    from datetime import datetime

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
    mine = select(Erasure).where(Erasure.person_id == person_id, Erasure.called_off_at.is_(None))
    return db.session.execute(mine.where(Erasure.done_at.is_(None))).scalar_one_or_none()


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
