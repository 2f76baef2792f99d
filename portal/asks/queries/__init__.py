"""Reading asks: one's own, those that one made, and the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.queries import primary_address
from portal.advocates.policies import in_programme
from portal.asks import policies
from portal.asks.models import Ask
from portal.core import clock, tokens
from portal.core.db import db, get_one, scalars
from portal.core.errors import Gone
from portal.core.pages import Page, keyset

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.core.access import Viewer

PAGE_SIZE = 50
NO_SUCH = "There is no such ask."
USED_UP = "This ask has been answered, or its time is over. Sign in to see it on your advocate page."


def ask_by_id(ask_id: int) -> Ask | None:
    """An ask by the key inside."""
    return db.session.execute(_loaded().where(Ask.id == ask_id)).scalar_one_or_none()


def own_ask(person_id: int, public_id: str) -> Ask:
    """An ask to this member."""
    return get_one(_loaded().where(Ask.public_id == public_id, Ask.person_id == person_id), NO_SUCH)


def ask_for(viewer: Viewer, public_id: str) -> Ask:
    """An ask, for who made it and those who look after advocates."""
    return get_one(_loaded().where(Ask.public_id == public_id, policies.seen_by(viewer)), NO_SUCH)


def ask_behind(secret: str) -> Ask:
    """The ask that a mailed link answers; looking at it uses nothing up (R8)."""
    found = _loaded().where(Ask.token_hash == tokens.digest(secret), Ask.state == "waiting")
    row = db.session.execute(found.where(Ask.answer_by > clock.now())).scalar_one_or_none()
    if row is None:
        raise Gone(USED_UP)
    return row


def in_flight(person_id: int, states: tuple[str, ...], act_id: int | None = None) -> list[Ask]:
    """What waits for an answer or for the day, of one advocate."""
    found = _loaded().where(Ask.person_id == person_id, Ask.state.in_(states))
    return scalars(found if act_id is None else found.where(Ask.act_id == act_id))


def waiting_for(person_id: int) -> list[Ask]:
    """The asks that wait for this member's answer, the most urgent first."""
    found = _loaded().where(Ask.person_id == person_id, Ask.state == "waiting", Ask.answer_by > clock.now())
    return scalars(found.order_by(Ask.answer_by))


def ledger(person_id: int, *, after: str | None = None, before: str | None = None) -> Page[Ask]:
    """Everything that was asked of a member, the newest first (A7)."""
    found = _loaded().where(Ask.person_id == person_id)
    return keyset(found, [Ask.asked_at, Ask.id], size=PAGE_SIZE, after=after, before=before).map(_first)


def history(viewer: Viewer, person_id: int, limit: int = 20) -> list[Ask]:
    """The asks to an advocate that the viewer may see, the newest first."""
    found = _loaded().where(Ask.person_id == person_id, policies.seen_by(viewer))
    return scalars(found.order_by(Ask.asked_at.desc(), Ask.id.desc()).limit(limit))


def page(viewer: Viewer, show: str, *, after: str | None = None, before: str | None = None) -> Page[Ask]:
    """Asks that are not at their end, the first date first; or those that are, the newest first."""
    found = _loaded().where(policies.seen_by(viewer))
    if show == "ended":
        over = found.where(or_(Ask.ended_at.is_not(None), Ask.thanked_at.is_not(None)))
        return keyset(over, [Ask.id], size=PAGE_SIZE, after=after, before=before).map(_first)
    order = [Ask.by_date, Ask.id]
    open_ = found.where(Ask.ended_at.is_(None))
    return keyset(open_, order, size=PAGE_SIZE, after=after, before=before, ascending=True).map(_first)


def lapsed() -> list[Ask]:
    """Those whose date for an answer has gone by."""
    found = _loaded().where(Ask.state == "waiting", Ask.answer_by <= clock.now())
    return scalars(found.order_by(Ask.answer_by, Ask.id).limit(500))


def readable(viewer: Viewer, found: Any) -> set[int]:
    """Which notifications about asks their reader may still see."""
    ids = {row.group_key.partition(":")[2] for row in found}
    mine = or_(Ask.person_id == viewer.person_id, policies.seen_by(viewer))
    if not in_programme(viewer):
        mine = Ask.person_id == viewer.person_id
    known = set(scalars(select(Ask.public_id).where(Ask.public_id.in_(ids), mine)))
    return {row.id for row in found if row.group_key.partition(":")[2] in known}


def reach(ask: Ask) -> str | None:
    """Where the advocate can be reached, once they said yes and while it lasts."""
    return primary_address(ask.person_id) if ask.state == "accepted" else None


def _loaded() -> Select[Ask]:
    return select(Ask).options(joinedload(Ask.person), joinedload(Ask.asked_by), joinedload(Ask.act))


def _first(row: Any) -> Ask:
    found: Ask = row[0]
    return found
