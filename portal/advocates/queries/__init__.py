"""Reading advocates, their acts and their flags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from portal.advocates import policies
from portal.advocates.models import Act, Advocate, CheckIn, Flag, Pause, RecordView
from portal.consents import queries as consents
from portal.core import clock, stamps, tokens
from portal.core.db import db, get_one, rows, scalars
from portal.core.errors import Gone
from portal.core.memory import Memory
from portal.core.pages import Page, keyset
from portal.people.faces import FACE, Face
from portal.people.models import Person
from portal.people.queries import holders

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from portal.consents.models import Consent
    from portal.core.access import Viewer

PAGE_SIZE = 50
NO_ACT = "There is no such act."
NO_FLAG = "There is no such flag."
USED_UP = "This link has been used, or its time is over. You can always answer on your advocate page."


@dataclass(frozen=True, slots=True)
class Willing:
    """An act as one member stands to it."""

    act: Act
    version: int  # of the wording in force
    last: Consent | None

    @property
    def is_on(self) -> bool:
        """Whether the newest word is a yes that has not run out."""
        given = self.last is not None and self.last.state == "given"
        return given and (self.last.until is None or self.last.until > clock.now())  # type: ignore[union-attr]

    @property
    def is_reworded(self) -> bool:
        """Whether the words have changed since the yes."""
        return self.is_on and self.last is not None and self.last.version < self.version


def acts(*, closed: bool = False) -> list[Act]:
    """The acts in their order; those that nobody is asked for any more only when asked for."""
    found = select(Act).order_by(Act.position, Act.id)
    return scalars(found if closed else found.where(Act.closed_at.is_(None)))


class OpenAct(NamedTuple):
    """An act that members can be asked for, as lists need it."""

    key: str
    name: str
    consent_kind: str
    is_call: bool


_open_acts: Memory[int, list[OpenAct]] = Memory(2)


def open_acts() -> list[OpenAct]:
    """The acts that members can be asked for, in their order; remembered until one changes."""
    return _open_acts.get(stamps.current("acts"), lambda: [
        OpenAct(one.key, one.name, one.consent_kind, one.is_call) for one in acts()
    ])  # fmt: skip


def act(key: str) -> Act:
    """One act that members can be asked for."""
    return get_one(select(Act).where(Act.key == key, Act.closed_at.is_(None)), NO_ACT)


def any_act(key: str) -> Act:
    """One act, open or not, for those who keep the list."""
    return get_one(select(Act).where(Act.key == key), NO_ACT)


def willing(person_id: int) -> list[Willing]:
    """Every open act as a member stands to it."""
    every, versions = acts(), consents.in_force()
    newest = consents.latest(person_id, [one.consent_kind for one in every])
    return [
        Willing(one, versions[one.consent_kind][0], newest.get(one.consent_kind))
        for one in every
        if one.consent_kind in versions
    ]


def consents_in_force(person_id: int) -> list[Willing]:
    """What a member agreed to and has not taken back, acts that are closed too."""
    every, versions = acts(closed=True), consents.in_force()
    newest = consents.latest(person_id, [one.consent_kind for one in every])
    found = [Willing(one, versions.get(one.consent_kind, (0,))[0], newest.get(one.consent_kind)) for one in every]
    return [one for one in found if one.is_on]


def advocate(person_id: int) -> Advocate | None:
    """The member's limits and last answer, if they ever opted in."""
    found = select(Advocate).where(Advocate.person_id == person_id)
    return db.session.execute(found).scalar_one_or_none()


_OPTED_IN = select(Advocate.person_id).where(Advocate.person_id == bindparam("me"))


def facts(person_id: int) -> dict[str, Any]:
    """Whether a viewer ever opted in: only then is anything asked of them."""
    return {"is_advocate": bool(rows(_OPTED_IN, me=person_id))}


def lock(person_id: int) -> Advocate | None:
    """Hold the advocate's row until the transaction ends: who else asks the same advocate waits (A4)."""
    found = select(Advocate).where(Advocate.person_id == person_id).with_for_update()
    return db.session.execute(found, execution_options={"populate_existing": True}).scalar_one_or_none()


def pauses(person_id: int) -> list[Pause]:
    """Pauses that run or are to come, the next first."""
    found = select(Pause).where(Pause.person_id == person_id, Pause.ends_on >= clock.today())
    return scalars(found.order_by(Pause.starts_on, Pause.id))


def own_pause(person_id: int, public_id: str) -> Pause:
    """One of a member's own pauses."""
    found = select(Pause).where(Pause.public_id == public_id, Pause.person_id == person_id)
    return get_one(found, "There is no such pause.")


def open_flags(person_id: int) -> list[Flag]:
    """What is wrong at present, the newest first."""
    found = select(Flag).where(Flag.person_id == person_id, Flag.closed_at.is_(None))
    return scalars(found.options(joinedload(Flag.raised_by), joinedload(Flag.owner)).order_by(Flag.id.desc()))


def flag_for(viewer: Viewer, public_id: str) -> Flag:
    """An open flag, for who may close it."""
    found = select(Flag).where(Flag.public_id == public_id, Flag.closed_at.is_(None))
    return get_one(found if policies.can_close_flag(viewer) else found.where(Flag.id < 0), NO_FLAG)


def oldest_flags(limit: int) -> list[Flag]:
    """Open flags with their advocates and owners, the oldest first."""
    found = select(Flag).where(Flag.closed_at.is_(None)).options(joinedload(Flag.person), joinedload(Flag.owner))
    return scalars(found.order_by(Flag.raised_at, Flag.id).limit(limit))


def check_in(secret: str) -> CheckIn:
    """A mailed check-in that can still be answered; looking at it uses nothing up (R8)."""
    found = select(CheckIn).where(CheckIn.token_hash == tokens.digest(secret), CheckIn.ended_at.is_(None))
    row = db.session.execute(found.where(CheckIn.expires_at > clock.now())).scalar_one_or_none()
    if row is None:
        raise Gone(USED_UP)
    return row


def open_check_in(person_id: int) -> CheckIn | None:
    """The check-in that was mailed and waits for an answer."""
    found = select(CheckIn).where(CheckIn.person_id == person_id, CheckIn.ended_at.is_(None))
    found = found.where(CheckIn.expires_at > clock.now()).order_by(CheckIn.id.desc()).limit(1)
    return db.session.execute(found).scalar_one_or_none()


def manager_id() -> int | None:
    """Who owns what nobody else does: the programme's manager, else nobody."""
    return next((person.id for person in holders("manager")), None)


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at an advocate's record."""

    face: Face
    at: datetime
    reason: str


def looks(person_id: int, *, after: str | None = None, before: str | None = None) -> Page[Look]:
    """Who looked at a member's record for the programme, the newest first (P4)."""
    found = select(RecordView.at, RecordView.reason, *FACE).join(Person, Person.id == RecordView.viewer_id)
    found = found.where(RecordView.person_id == person_id)
    return keyset(found, [RecordView.id], size=PAGE_SIZE, after=after, before=before).map(_look)


def _look(row: Row[*tuple[object, ...]]) -> Look:
    return Look(Face.of(row), row.at, row.reason)


def looked_lately(person_id: int, limit: int = 5) -> Sequence[Look]:
    """The last few who looked."""
    found = select(RecordView.at, RecordView.reason, *FACE).join(Person, Person.id == RecordView.viewer_id)
    found = found.where(RecordView.person_id == person_id).order_by(RecordView.id.desc()).limit(limit)
    return [_look(row) for row in db.session.execute(found)]
