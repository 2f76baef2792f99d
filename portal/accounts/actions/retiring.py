"""When work ends, its addresses end here: leavers are asked before, and the account stays theirs (I4, I5, R4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from portal.accounts import emails, policies, queries
from portal.accounts.actions.addresses import let_go
from portal.accounts.models import AddressDispute, EmailAddress, LeaverNotice, RecoveryCase, Session, SpentChallenge
from portal.accounts.policies import RECOVERS_FOR
from portal.core import clock
from portal.core.db import db, rows, scalars, upsert
from portal.core.mail_domains import is_provider, with_parents
from portal.core.policy import require
from portal.organisations.models import Organisation, OrganisationDomain
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer

MARKS = (1, 7, 14, 30)  # days before
QUESTION_KEPT = timedelta(days=1)  # an answer to it is good for ten minutes
NETWORK_KEPT, DEVICE_KEPT, CLAIM_KEPT = timedelta(days=90), timedelta(days=400), timedelta(days=14)


def retire_addresses(person_id: int, organisation_id: int, *, by: Viewer) -> list[EmailAddress]:
    """The addresses at an organisation's domains end with the last tie to it; the person is told by the other ones."""
    require(policies.is_system(by), "This follows from the career.")
    held = queries.addresses_at(person_id, organisation_id)
    for row in held:
        let_go(row, "retired", by=by)
    if any(row.verified_at for row in held):
        firm = db.session.execute(select(Organisation.name).where(Organisation.id == organisation_id)).scalar_one()
        emails.addresses_retired(person_id, held, firm)
    return held


def remind_leavers(*, by: Viewer) -> int:
    """Whoever has only a work address that ends soon is asked for one of their own, 30, 14, 7 and 1 days before."""
    require(policies.is_system(by), "This is done by the system, daily.")
    today = clock.today()
    soon = queries.leavers(today + timedelta(days=1), today + timedelta(days=max(MARKS)))
    return sum(_remind(person_id, organisation_id, ends_on) for person_id, organisation_id, ends_on in soon)


def _remind(person_id: int, organisation_id: int, ends_on: date) -> bool:
    """Once for each mark that has come; when several came while nobody worked, one mail says it all."""
    days = (ends_on - clock.today()).days
    reached = [row for row in queries.addresses_at(person_id, organisation_id) if row.is_live]
    values = {"person_id": person_id, "organisation_id": organisation_id, "ends_on": ends_on,
              "days_before": min(mark for mark in MARKS if days <= mark), "sent_at": clock.now()}  # fmt: skip
    once = upsert(LeaverNotice.__table__, values, keys=["person_id", "organisation_id", "ends_on", "days_before"])
    if not reached or db.session.execute(once.returning(LeaverNotice.__table__.c.id)).first() is None:
        return False
    emails.leaver(reached[0], ends_on, days)
    return True


def age_addresses(*, by: Viewer) -> None:
    """An address that was not proved for a year is stale: a work one does nothing until it is proved again (R5)."""
    require(policies.is_system(by), "This is done by the system, daily.")
    old = update(EmailAddress).where(EmailAddress.state == "live", EmailAddress.proved_at < clock.now() - RECOVERS_FOR)
    db.session.execute(old.values(state="stale"), execution_options={"synchronize_session": False})


def sort_addresses(*, by: Viewer) -> None:
    """What an address is follows its domain: a known firm's is work, a provider's personal, whatever was said (I4)."""
    require(policies.is_system(by), "This is done by the system, daily.")
    known = set(scalars(select(OrganisationDomain.domain)))
    for row in rows(select(EmailAddress.domain, EmailAddress.kind).distinct()):
        is_firms = not known.isdisjoint(with_parents(row.domain))
        if row.kind == "personal" and is_firms:
            _set_kind("work", EmailAddress.domain == row.domain)
        elif row.kind == "work" and not is_firms and is_provider(row.domain):
            _set_kind("personal", EmailAddress.domain == row.domain)


def sort_addresses_at(domain: str, *, by: Viewer) -> None:
    """A domain has become a firm's, or is none's any more: its addresses are personal again, until they are said to be work."""
    require(policies.is_system(by), "This follows from the firm's domains.")
    for found in scalars(select(EmailAddress.domain).where(queries.at_domain(domain)).distinct()):
        _set_kind(queries.kind_of(found) or "personal", EmailAddress.domain == found)


def _set_kind(kind: str, there: ColumnElement[bool]) -> None:
    said = update(EmailAddress).where(there, EmailAddress.kind != kind).values(kind=kind)
    db.session.execute(said, execution_options={"synchronize_session": False})


def forget_old_traces(*, by: Viewer) -> None:
    """Where a device was, after 90 days; the device itself when its cookie has run out; claims nobody proved; old questions."""
    require(policies.is_system(by), "This is done by the system, daily.")
    now, quietly = clock.now(), {"synchronize_session": False}
    long_ago = update(Session).where(Session.last_used_at < now - NETWORK_KEPT, Session.ip != "")
    db.session.execute(long_ago.values(ip=""), execution_options=quietly)
    over = delete(Session).where(Session.expires_at < now - DEVICE_KEPT, Session.last_used_at < now - DEVICE_KEPT)
    db.session.execute(over, execution_options=quietly)
    members = select(Person.id).where(Person.claimed_at.is_not(None))
    claims = update(EmailAddress).where(EmailAddress.state == "unverified", EmailAddress.person_id.in_(members))
    looked_at = select(AddressDispute.claim_id).where(AddressDispute.state == "open")
    unproved = claims.where(EmailAddress.created_at < now - CLAIM_KEPT, EmailAddress.id.not_in(looked_at))
    db.session.execute(unproved.values(state="removed", removed_at=now), execution_options=quietly)
    db.session.execute(
        delete(SpentChallenge).where(SpentChallenge.spent_at < now - QUESTION_KEPT), execution_options=quietly
    )
    unheard = delete(RecoveryCase).where(RecoveryCase.state == "asked", RecoveryCase.created_at < now - CLAIM_KEPT)
    db.session.execute(unheard, execution_options=quietly)
