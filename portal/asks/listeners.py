"""What stops an ask in flight, in the same transaction, and what is asked again before its mail goes out (A3, R25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from portal.advocates.models import Act
from portal.advocates.signals import paused
from portal.asks import emails, queries
from portal.asks.actions import stop_asks
from portal.asks.models import Ask
from portal.asks.queries.lights import is_green
from portal.consents.signals import consent_withdrawn
from portal.core.access import system_viewer
from portal.core.db import db, rows
from portal.core.outbox import still_wanted
from portal.people.models import Person
from portal.people.signals import person_changed

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.outbox import OutboxMail


@paused.connect
def stop_at_once(_sender: Any, *, person_id: int, because: str, by: Viewer) -> None:
    """A flag, days left out, “not now”: nothing goes on."""
    stop_asks(person_id, because, by=by)


@consent_withdrawn.connect
def stop_what_rests_on_it(_sender: Any, *, person_id: int, kind: str, by: Viewer) -> None:
    """A consent was taken back, by whatever door: what rests on it stops."""
    act_id = db.session.execute(select(Act.id).where(Act.consent_kind == kind)).scalar_one_or_none()
    if act_id is not None:
        stop_asks(person_id, "withdrawn", act_id=act_id, by=by)


@still_wanted(emails.ASK)
def still_green(mail: OutboxMail) -> bool:
    """The gate again, at the moment of sending; the ask itself does not count against itself."""
    ask_id = db.session.execute(select(Ask.id).where(Ask.public_id == mail.purpose)).scalar_one_or_none()
    ask = queries.ask_by_id(ask_id) if ask_id is not None else None
    if ask is None or ask.state != "waiting":
        return False
    return is_green(ask.person_id, ask.act, beside=ask.id, override=bool(ask.override_reason))


@person_changed.connect
def stop_for_who_is_gone(_sender: Any, *, person_id: int) -> None:
    """Whoever stepped back or is remembered is asked for nothing (I15)."""
    if not rows(_HERE, person_id=person_id):
        stop_asks(person_id, "gone", by=system_viewer())


_HERE = select(Person.id).where(Person.id == bindparam("person_id"), Person.listed, Person.remembered_at.is_(None))
