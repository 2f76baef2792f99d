"""Reading what people get in with: passwords, authenticators, devices and mailed secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, func, literal, select, union_all

from portal.accounts import policies, providers
from portal.accounts.models import (
    HOLDING,
    Credential,
    EmailAddress,
    LoginToken,
    Passkey,
    ProviderSignIn,
    RecoveryCode,
    Session,
    WaitingReset,
)
from portal.accounts.models.helping import RUNNING, AddressDispute, RecoveryCase
from portal.accounts.queries.addresses import HAS_ACCOUNT, is_work, live_addresses, mailable
from portal.accounts.strength import Way
from portal.core import clock, glance, settings, tokens
from portal.core.db import db, get_one, rows, scalars
from portal.core.errors import Gone
from portal.core.sets import is_word
from portal.organisations.queries import domains_of
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, CompoundSelect, Row, Select

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


def named_by(norm: str) -> Select[int]:
    """The accounts that have or had this address, as a select: whoever reads it now is another question (I5, I7)."""
    held = EmailAddress.state.in_((*HOLDING, "retired", "dead"))
    found = select(EmailAddress.person_id).join(Person, Person.id == EmailAddress.person_id)
    return found.where(EmailAddress.norm == norm, held, *HAS_ACCOUNT)


def row_named(norm: str) -> EmailAddress | None:
    """The address by which somebody has or had an account, a live one first."""
    found = select(EmailAddress).join(Person, Person.id == EmailAddress.person_id)
    held = EmailAddress.state.in_((*HOLDING, "retired", "dead"))
    mine = found.where(EmailAddress.norm == norm, held, *HAS_ACCOUNT)
    order = (EmailAddress.live_norm.is_(None), EmailAddress.id.desc())
    return db.session.execute(mine.order_by(*order).limit(1)).scalar_one_or_none()


def credential(person_id: int, kind: str) -> Credential | None:
    """A person's password or authenticator."""
    found = select(Credential).where(Credential.person_id == person_id, Credential.kind == kind)
    return db.session.execute(found).scalar_one_or_none()


def _held_by(me: Any) -> CompoundSelect[Any]:
    return union_all(
        select(Credential.kind).where(Credential.person_id == me),
        select(EmailAddress.kind).where(EmailAddress.person_id == me, mailable()),
        select(literal("passkey")).where(exists().where(Passkey.person_id == me)),
        select(literal("paper")).where(exists().where(RecoveryCode.person_id == me, RecoveryCode.used_at.is_(None))),
        select(ProviderSignIn.issuer).where(ProviderSignIn.person_id == me),
        select(literal("case")).where(
            exists().where(RecoveryCase.person_id == me, is_word(RecoveryCase.state, *RUNNING))
        ),
        select(literal("question")).where(
            exists().where(AddressDispute.holder_id == me, is_word(AddressDispute.state, "open"))
        ),
    )


def _collected(me: Any) -> ColumnElement[Any]:
    held = _held_by(me).subquery()
    return select(glance.collected(held.c.kind)).scalar_subquery()


_KEYS: Any = _held_by(bindparam("me"))
glance.for_tasks("keys", _collected)


def keys_at_a_glance(person_id: int) -> policies.Keys:
    """What a person could show, for the tasks of home: never to decide by."""
    return _keys(glance.listed(glance.of("keys", person_id)))


def keys_of(person_id: int) -> policies.Keys:
    """What a person could show; one query."""
    return _keys({row[0] for row in rows(_KEYS, me=person_id)})


def _keys(found: set[str]) -> policies.Keys:
    return policies.Keys(
        password="password" in found,
        totp="totp" in found,
        live_personal="personal" in found,
        live=bool(found & {"personal", "work"}),
        passkey="passkey" in found,
        paper="paper" in found,
        case="case" in found,
        question="question" in found,
        provider=any(each.is_own for each in providers.configured() if each.issuer in found),
    )


def ways_of(person_id: int) -> list[Way]:
    """The ways in that a person has today: each address, each passkey, each provider, the password, the codes."""
    keys, held = keys_of(person_id), live_addresses(person_id)
    ways = [Way("mail", not is_work(address)) for address in held]
    ways += [Way("passkey") for _ in passkeys_of(person_id)]
    ways += [Way("provider", each.is_own) for each, _ in connected(person_id)]
    return ways + [Way(kind) for kind in ("password", "paper") if getattr(keys, kind)]


def has_way_beside(person_id: int, norm: str) -> bool:
    """Whether a person gets in by anything but this address."""
    keys = keys_of(person_id)
    if keys.password or keys.passkey or keys.provider or keys.paper:
        return True
    return any(address.norm != norm for address in live_addresses(person_id))


def passkeys_of(person_id: int) -> list[Passkey]:
    """A person's passkeys, the oldest first."""
    return scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id))


def own_passkey(person_id: int, public_id: str) -> Passkey:
    """One of a person's own passkeys."""
    found = select(Passkey).where(Passkey.public_id == public_id, Passkey.person_id == person_id)
    return get_one(found, "There is no such passkey among yours.")


def passkey_named(key_id: str) -> Passkey | None:
    """The passkey that an authenticator calls so, of somebody who can have an account."""
    found = select(Passkey).join(Person, Person.id == Passkey.person_id).where(Passkey.key_id == key_id, *HAS_ACCOUNT)
    return db.session.execute(found).scalar_one_or_none()


_SIGN_INS = select(ProviderSignIn).where(ProviderSignIn.person_id == bindparam("person_id"))


def connected(person_id: int) -> list[tuple[providers.Provider, ProviderSignIn]]:
    """The sign-ins of providers that a person has connected, those that are still configured."""
    held = {row.issuer: row for row in scalars(_SIGN_INS, person_id=person_id)}
    return [(each, held[each.issuer]) for each in providers.configured() if each.issuer in held]


def providers_at(person_id: int, organisation_id: int) -> list[providers.Provider]:
    """The sign-ins of an employer that a person has connected."""
    domains = set(domains_of(organisation_id))
    return [each for each, _ in connected(person_id) if each.domain in domains]


def behind_provider(issuer: str, subject: str) -> ProviderSignIn | None:
    """Who connected this sign-in; nobody is found by an address (R12, R13)."""
    found = select(ProviderSignIn).join(Person, Person.id == ProviderSignIn.person_id)
    mine = found.where(ProviderSignIn.issuer == issuer, ProviderSignIn.subject == subject, *HAS_ACCOUNT)
    return db.session.execute(mine).scalar_one_or_none()


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


def way_of(session_id: int) -> str:
    """What a session was opened with."""
    return db.session.execute(select(Session.opened_through).where(Session.id == session_id)).scalar() or ""


def ticket(purpose: str, secret: str) -> LoginToken:
    """A mailed secret that can still be used for this purpose; looking at it uses nothing up."""
    found = select(LoginToken).where(LoginToken.token_hash == tokens.digest(secret), LoginToken.purpose == purpose)
    row = db.session.execute(
        found.where(LoginToken.used_at.is_(None), LoginToken.expires_at > clock.now())
    ).scalar_one_or_none()
    if row is None:
        raise Gone(USED_UP)
    return row


def proved_through(secret: str) -> EmailAddress | None:
    """The address that a used link has confirmed, while it still counts."""
    mailed = select(EmailAddress).join(LoginToken, LoginToken.address_id == EmailAddress.id)
    used = mailed.where(
        LoginToken.token_hash == tokens.digest(secret), LoginToken.purpose == "verify", LoginToken.used_at.is_not(None),
        LoginToken.person_id == EmailAddress.person_id, EmailAddress.state == "live",
    )  # fmt: skip
    return db.session.execute(used).scalar_one_or_none()


def waiting_reset(person_id: int) -> WaitingReset | None:
    """A password that has come through a work address and waits (I6)."""
    found = select(WaitingReset).where(WaitingReset.person_id == person_id, WaitingReset.ended_at.is_(None))
    return db.session.execute(found.order_by(WaitingReset.id.desc()).limit(1)).scalar_one_or_none()
