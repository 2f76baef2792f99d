"""Reading what people get in with: passwords, authenticators, devices and mailed secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, func, select, union_all

from portal.accounts import policies
from portal.accounts.models import HOLDING, Credential, EmailAddress, LoginToken, RecoveryCode, Session, WaitingReset
from portal.accounts.queries.addresses import HAS_ACCOUNT, mailable
from portal.core import clock, settings, tokens
from portal.core.db import db, get_one, rows, scalars
from portal.core.errors import Gone
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

USED_UP = "This link has been used, or its time is over. Ask for a new one."


def password_behind(norm: str) -> Row[int, int, str] | None:
    """Person, address and password hash that a typed address names, in one query whether it is known or not (I12).

    A retired address still names its account here, after a live one of the same form: the password opens it (I5).
    """
    found = (
        select(EmailAddress.person_id, EmailAddress.id, Credential.secret)
        .join(Person, Person.id == EmailAddress.person_id)
        .join(Credential, (Credential.person_id == Person.id) & (Credential.kind == "password"))
        .where(EmailAddress.norm == norm, EmailAddress.state.in_((*HOLDING, "retired")), *HAS_ACCOUNT)
        .order_by(EmailAddress.live_norm.is_(None), EmailAddress.retired_at.desc(), EmailAddress.id.desc())
    )
    return db.session.execute(found.limit(1)).one_or_none()


def credential(person_id: int, kind: str) -> Credential | None:
    """A person's password or authenticator."""
    found = select(Credential).where(Credential.person_id == person_id, Credential.kind == kind)
    return db.session.execute(found).scalar_one_or_none()


_KEYS: Any = union_all(
    select(Credential.kind).where(Credential.person_id == bindparam("me")),
    select(EmailAddress.kind).where(EmailAddress.person_id == bindparam("me"), mailable()),
)


def keys_of(person_id: int) -> policies.Keys:
    """What a person could show; one query."""
    found = {row[0] for row in rows(_KEYS, me=person_id)}
    return policies.Keys(
        password="password" in found,
        totp="totp" in found,
        live_personal="personal" in found,
        live=bool(found & {"personal", "work"}),
    )


def context_words(person_id: int) -> list[str]:
    """Names and addresses that must not carry the person's password (ASVS 6.2.11)."""
    name = db.session.execute(select(Person.full_name).where(Person.id == person_id)).scalar_one()
    mine = scalars(select(EmailAddress.norm).where(EmailAddress.person_id == person_id))
    house = [str(settings.get(key)) for key in ("brand_name", "brand_short_name", "host_name")]
    return [name, *mine, *house]


def codes_left(person_id: int) -> int:
    """How many codes on paper are unused."""
    found = select(func.count()).select_from(RecoveryCode)
    return db.session.execute(
        found.where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    ).scalar_one()


def knows_browser(person_id: int, browser_hash: str) -> bool:
    """Whether the person has been signed in on this browser before."""
    if not browser_hash:
        return False
    return bool(db.session.execute(
        select(exists().where(Session.person_id == person_id, Session.browser_hash == browser_hash))
    ).scalar())  # fmt: skip


def has_signed_in(person_id: int) -> bool:
    """Whether the person has ever been signed in."""
    return bool(db.session.execute(select(exists().where(Session.person_id == person_id))).scalar())


def been_here(person_id: Any, since: datetime) -> ColumnElement[bool]:
    """Where-clause: the person of each row was signed in since then."""
    return exists(select(Session.id).where(Session.person_id == person_id, Session.last_used_at > since))


def open_sessions(person_id: int) -> list[Session]:
    """The devices that are signed in, the last used first."""
    return scalars(
        select(Session)
        .where(Session.person_id == person_id, *running())
        .order_by(Session.last_used_at.desc(), Session.id.desc())
    )


def running() -> tuple[ColumnElement[bool], ...]:
    """Sessions that have neither ended nor run out."""
    return Session.ended_at.is_(None), Session.expires_at > clock.now()


def runs(session_id: int) -> bool:
    """Whether a device is signed in still."""
    return db.session.execute(select(Session.id).where(Session.id == session_id, *running())).first() is not None


def opened_through(address_ids: list[int]) -> bool:
    """Whether any device is signed in through one of these addresses."""
    found = select(Session.id).where(Session.address_id.in_(address_ids), *running()).limit(1)
    return db.session.execute(found).first() is not None


def own_session(person_id: int, public_id: str) -> Session:
    """One of a person's own devices."""
    found = select(Session).where(Session.public_id == public_id, Session.person_id == person_id, *running())
    return get_one(found, "That device is not signed in any more.")


def ticket(purpose: str, secret: str) -> LoginToken:
    """A mailed secret that can still be used for this purpose; looking at it uses nothing up."""
    found = select(LoginToken).where(LoginToken.token_hash == tokens.digest(secret), LoginToken.purpose == purpose)
    row = db.session.execute(
        found.where(LoginToken.used_at.is_(None), LoginToken.expires_at > clock.now())
    ).scalar_one_or_none()
    if row is None:
        raise Gone(USED_UP)
    return row


def waiting_reset(person_id: int) -> WaitingReset | None:
    """A password that has come through a work address and waits (I6)."""
    found = select(WaitingReset).where(WaitingReset.person_id == person_id, WaitingReset.ended_at.is_(None))
    return db.session.execute(found.order_by(WaitingReset.id.desc()).limit(1)).scalar_one_or_none()
