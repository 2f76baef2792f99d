"""What a visitor asks for is mailed by a job: the page does the same work whether the address is known or not (I12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts import emails, mailboxes, policies, queries, tickets
from portal.accounts.models import Applicant
from portal.core import clock, tokens
from portal.core.db import add
from portal.core.jobs import SOON, job

if TYPE_CHECKING:
    from portal.accounts.models import EmailAddress


@job("accounts.mail_sign_in_link", priority=SOON)
def mail_sign_in_link(norm: str, target: str, browser_hash: str, device: str) -> None:
    """A link to whoever holds the address; nothing to anybody else."""
    address = queries.holder(norm)
    if address is not None and policies.signs_in_by_mail(address, work=queries.is_work(address)):
        send_link(address, target, browser_hash, device)


def send_link(address: EmailAddress, target: str, browser_hash: str, device: str) -> None:
    """A sign-in link to one address, for one browser."""
    secret, ends = tickets.issue(
        "sign_in", address.person_id, address.id, browser_hash=browser_hash, data={"target": target}
    )
    emails.sign_in_link(address, secret, ends, device)


@job("accounts.mail_reset_link", priority=SOON)
def mail_reset_link(norm: str) -> None:
    """A link to a new password, to an address that may recover the account (I6); nothing to anybody else."""
    address = queries.holder(norm)
    if address is None:
        return
    work = queries.is_work(address)
    current = work and queries.works_there(address.person_id, address.domain)
    if policies.recovers(address, work=work, current_employer=current, now=clock.now()):
        secret, ends = tickets.issue("reset", address.person_id, address.id)
        emails.reset_link(address, secret, ends, waits=work)


@job("accounts.mail_join_link", priority=SOON)
def mail_join_link(address: str) -> None:
    """A link to go on with the request; to a member's address the word that they are in already (I12)."""
    box = mailboxes.parse(address)
    member = queries.holder(box.norm)
    if member is not None:
        if member.state in ("live", "stale"):
            emails.already_member(member)
        return
    applicant = queries.last_request(box.norm)
    if applicant is None or applicant.state == "declined":
        applicant = add(Applicant(address=box.address, norm=box.norm))
    secret = tokens.new_secret()
    applicant.token_hash = tokens.digest(secret)
    if applicant.state == "unverified":
        applicant.expires_at = clock.now() + tickets.LIVES["verify"]
    emails.join_link(applicant, secret, applicant.expires_at)
