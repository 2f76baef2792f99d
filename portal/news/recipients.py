"""Who gets an item by mail: its audience, less those who stepped back, are paused, chose not to, or can't be reached.

The same clauses count before sending, choose each batch, and are asked once more about each mail just before it goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, exists, func, select

from portal.accounts.models import EmailAddress
from portal.accounts.queries.addresses import mailable
from portal.careers.audiences import MEMBERS, any_of
from portal.core import clock, suppression
from portal.core.db import db, rows
from portal.notifications.queries import mail_choice
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement

    from portal.careers.audiences import Audience

KIND = "news"
AT_ONCE = 5000


class Recipient(NamedTuple):
    """Somebody who gets the mail, and where."""

    person_id: int
    address: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of an audience get the mail, and why the others don't."""

    members: int
    mails: int
    chose_not: int
    stepped_back: int
    paused: int
    unreachable: int
    suppressed: int

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Why some get none, in words; a reason that nobody has is left out."""
        said = (
            (self.chose_not, "chose not to get news by mail at once"),
            (self.stepped_back, "stepped back"),
            (self.paused, "can’t take part just now"),
            (self.unreachable, "have no address that mail reaches"),
            (self.suppressed, "asked that nothing be sent to their address"),
        )
        return [(number, words) for number, words in said if number]


def tally(lines: Sequence[Audience]) -> Tally:
    """Count an audience by what an item sent now would do."""
    here, reached = and_(Person.listed, ~_paused()), _reachable()
    wants = mail_choice(KIND) == "now"
    counts = (
        func.count().label("members"), func.count().filter(~Person.listed).label("stepped_back"),
        func.count().filter(Person.listed, _paused()).label("paused"), func.count().filter(here, ~wants).label("chose_not"),
        func.count().filter(here, wants, ~reached).label("unreachable"), func.count().filter(here, wants, reached).label("mails"),
    )  # fmt: skip
    found = db.session.execute(select(*counts).select_from(Person).where(MEMBERS, any_of(lines))).one()
    blocked = _suppressed(lines)
    return Tally(
        found.members,
        found.mails - blocked,
        found.chose_not,
        found.stepped_back,
        found.paused,
        found.unreachable,
        blocked,
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """How many members see an item before and after its audience changes."""

    gain: int
    lose: int
    keep: int


def turn(before: Sequence[Audience], after: Sequence[Audience]) -> Turn:
    """Count who would see what they did not, and who would not see what they did; one statement."""
    old, new = any_of(before), any_of(after)
    counts = (
        func.count().filter(new, ~old).label("gain"), func.count().filter(old, ~new).label("lose"),
        func.count().filter(old, new).label("keep"),
    )  # fmt: skip
    found = db.session.execute(select(*counts).select_from(Person).where(MEMBERS, Person.listed)).one()
    return Turn(found.gain, found.lose, found.keep)


def batch(lines: Sequence[Audience], *, after: int, size: int) -> list[Recipient]:
    """The next recipients by key, each with the address that their mail goes to; suppressed ones are not left out here."""
    chosen = select(Person.id).where(wanting(lines), _reachable(), Person.id > after).order_by(Person.id).limit(size)
    order = (EmailAddress.person_id, EmailAddress.is_primary.desc(), EmailAddress.kind == "work", EmailAddress.id)
    found = select(EmailAddress.person_id, EmailAddress.address).where(EmailAddress.person_id.in_(chosen), mailable())
    best: dict[int, str] = {}
    for row in rows(found.order_by(*order)):
        best.setdefault(row.person_id, row.address)
    return [Recipient(person_id, address) for person_id, address in best.items()]


def still_gets(lines: Iterable[Audience], person_id: int) -> bool:
    """Whether a person belongs to the audience and wants the mail, at this very moment; one statement."""
    asked = select(Person.id).where(Person.id == person_id, wanting(lines))
    return db.session.execute(asked).first() is not None


def wanting(lines: Iterable[Audience]) -> ColumnElement[bool]:
    """Where-clause on `Person`: in the audience, taking part, and wanting news by mail now."""
    return and_(MEMBERS, Person.listed, ~_paused(), any_of(lines), mail_choice(KIND) == "now")


def _paused() -> ColumnElement[bool]:
    """A suspension is running; SQL's own answer is never "unknown"."""
    return func.coalesce(Person.suspended_until > clock.now(), False)


def _reachable() -> ColumnElement[bool]:
    return exists().where(EmailAddress.person_id == Person.id, mailable())


def _suppressed(lines: Sequence[Audience]) -> int:
    """How many addresses are on the list that nobody writes to; it holds digests, so each address is looked up."""
    if db.session.execute(select(suppression.SuppressedAddress.digest).limit(1)).first() is None:
        return 0
    after, found = 0, 0
    while some := batch(lines, after=after, size=AT_ONCE):
        found += len(suppression.suppressed_among([each.address for each in some]))
        after = some[-1].person_id
    return found
