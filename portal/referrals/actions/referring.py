"""A member refers somebody, or takes it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from portal.accounts.mailboxes import parse
from portal.core import clock
from portal.core.db import add
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.core.workdays import add_workdays
from portal.referrals import closing, consenting, credit, ledger, policies, queries, telling
from portal.referrals.index import REFERRALS
from portal.referrals.models import Referral

if TYPE_CHECKING:
    from datetime import date

    from portal.core.access import Viewer

ACCEPT_WITHIN = 2  # working days (C3)
ALREADY = "You have referred this already. Nothing new was sent."


@dataclass(frozen=True, slots=True)
class Lead:
    """What a member says of whom they refer; `agreed_on` is the day on which the person said yes to them."""

    kind: str
    name: str
    company: str = ""
    job: str = ""
    address: str = ""
    about: str = ""
    agreed_on: date | None = None


def refer(lead: Lead, *, by: Viewer) -> Referral:
    """Point the host to a lead, a candidate or a partner; the first with it has the credit (A8)."""
    require(policies.can_refer(by), "You can't refer anybody while you are suspended.")
    lead, norm = _checked(lead)
    if _own_same(lead, norm, by) is not None:
        raise Invalid(ALREADY)
    if lead.agreed_on is not None:
        consenting.check_claim(lead.kind, lead.job or lead.company, lead.name, norm, field="agreed", by=by)
    now = clock.now()
    referral = add(Referral(
        kind=lead.kind, referrer_id=by.person_id, company=lead.company, job=lead.job, contact_name=lead.name,
        contact_address=lead.address, contact_norm=norm, about=lead.about, created_at=now, stage_since=now,
        accept_by=add_workdays(now, ACCEPT_WITHIN), currency="",
    ))  # fmt: skip
    credit.claim(referral)
    REFERRALS.put(referral.id, f"{referral.company} {referral.job}")
    ledger.log(referral, "stage", by=by, new="new", told=True)
    if lead.agreed_on is not None:
        consenting.record_yes(referral, "referrer", lead.agreed_on, by=by)
    elif norm:
        consenting.ask_once(referral, by=by)
    ledger.set_clock(referral)
    ledger.count_in(referral)
    telling.tell_of_new(referral)
    return referral


def referred_already(lead: Lead, *, by: Viewer) -> str | None:
    """The public id of what the member has under way about just this, for the page that refuses it."""
    try:
        return _own_same(*_checked(lead), by)
    except Invalid:
        return None


def take_back(referral: Referral, *, by: Viewer) -> None:
    """The member thinks better of it: it ends, and what was said of the person is forgotten."""
    require(policies.can_take_back(by, referral), "This referral is over already.")
    consenting.pass_letter_on(referral)
    closing.end_unheard(referral, "Taken back by the referrer.", by=by)


def _own_same(lead: Lead, norm: str, by: Viewer) -> str | None:
    return queries.own_same(by, lead.kind, lead.job or lead.company, lead.name, norm)


def _checked(lead: Lead) -> tuple[Lead, str]:
    if len(lead.name) < 2:
        raise Invalid("Say what the person is called.", "name")
    if lead.kind == "candidate" and len(lead.job) < 2:
        raise Invalid("Say for which job or role, in your words.", "job")
    if lead.kind != "candidate" and len(lead.company) < 2:
        raise Invalid("Say which company it is.", "company")
    if lead.agreed_on is not None and lead.agreed_on > clock.today():
        raise Invalid("This day is still to come. On which day did they say yes?", "agreed_on")
    if not lead.address:
        return lead, ""
    try:
        box = parse(lead.address)
    except ValueError as error:
        raise Invalid(str(error), "address") from None
    return replace(lead, address=box.address), box.norm
