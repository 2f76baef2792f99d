"""The accounts' mails: all about security, with neutral subjects (R23), sent at once."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from portal.accounts import policies, queries, refusals
from portal.core import clock, settings
from portal.core.mail import bulk_headers, link, render_mail
from portal.core.outbox import post_mail
from portal.people.queries import holders, person_by_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from portal.accounts.models import Applicant, EmailAddress, Invitation, RecoveryCase
    from portal.core.mail import Rendered
    from portal.people.models import Person

OWN = "this address belongs, or belonged, to an account here."
ACCOUNT = "this address belongs to an account here."
INVITATION = "accounts.invitation"
ASKED = "somebody, probably you, asked for it with this address."


def sign_in_link(address: EmailAddress, secret: str, ends: datetime, device: str) -> None:
    """The link that signs in."""
    _post("accounts/sign_in", address, reason=ASKED, ends=ends, secret=secret, device=device)


def device_link(address: EmailAddress, secret: str, ends: datetime, device: str) -> None:
    """The link that confirms a browser on which the right password was given."""
    _post("accounts/device", address, reason=ASKED, ends=ends, secret=secret, device=device)


def confirm_link(address: EmailAddress, secret: str, ends: datetime, device: str) -> None:
    """The link that shows it is still the same person."""
    _post("accounts/confirm", address, reason=ASKED, ends=ends, secret=secret, device=device)


def verify_link(address: EmailAddress, secret: str, ends: datetime) -> None:
    """The link that proves an address; it says nothing of whose account it is for (R23)."""
    _post(
        "accounts/verify",
        address,
        reason="somebody, probably you, gave this address as theirs.",
        ends=ends,
        secret=secret,
    )


def reset_link(address: EmailAddress, secret: str, ends: datetime, *, waits: bool) -> None:
    """The link that leads to a new password."""
    _post("accounts/reset", address, reason=ASKED, ends=ends, secret=secret, waits=waits)


def new_device(person_id: int, device: str, at: datetime) -> None:
    """A browser was used for the first time."""
    _tell("accounts/new_device", person_id, device=device, at=at)


def password_changed(person_id: int, *, how: str) -> None:
    """The password is another one; `how` is "set", "changed" or "removed"."""
    _tell("accounts/password_changed", person_id, how=how)


def second_step_changed(person_id: int, *, how: str) -> None:
    """The authenticator was set up, removed, or replaced by a code on paper."""
    _tell("accounts/second_step_changed", person_id, how=how)


def way_in_changed(person_id: int, what: str, name: str = "") -> None:
    """A passkey, codes or a provider came or went; `what` is a key of the mail, `name` is said to own addresses only."""
    _tell("accounts/way_in_changed", person_id, what=what, called=name)


def address_added(person_id: int, added: EmailAddress) -> None:
    """An address was verified; the others hear of it."""
    _tell("accounts/address_added", person_id, but=added.id, added=added.address)


def address_disputed(address: EmailAddress, *, holds: bool) -> None:
    """Two accounts say that an address is theirs: each is told by its other addresses, and nothing of the other (I7)."""
    _tell("accounts/address_disputed", address.person_id, but=address.id, disputed=address.address, holds=holds)


def dispute_decided(address: EmailAddress, *, gained: bool) -> None:
    """Whose the address is from now on, said to one side by its other addresses (I7)."""
    _tell("accounts/dispute_decided", address.person_id, but=address.id, decided=address.address, gained=gained)


def address_removed(person_id: int, removed: EmailAddress, secret: str | None, ends: datetime | None) -> None:
    """An address was taken away: the others hear of it, and a personal one itself can undo it for a week (R11)."""
    _tell("accounts/address_removed", person_id, but=removed.id, removed=removed.address)
    if secret is not None:
        _post("accounts/removal_undo", removed, reason=ACCOUNT, ends=ends, secret=secret)


def removal_undone(person_id: int, back: EmailAddress) -> None:
    """A removed address took the account back: the others hear of it, for it may not have been the owner (R11)."""
    _tell("accounts/removal_undone", person_id, but=back.id, back=back.address)


def addresses_retired(person_id: int, retired: list[EmailAddress], firm: str) -> None:
    """Work addresses have ended with the work: told by the other ones (I5)."""
    _tell("accounts/retired", person_id, retired=[row.address for row in retired], firm=firm)


def address_bounced(person_id: int, refused: EmailAddress) -> None:
    """A mailbox refuses our mail: told at the other addresses, with what to do (R7)."""
    _tell("accounts/address_bounced", person_id, but=refused.id, refused=refused.address, state=refused.state)


def reset_waits(address: EmailAddress, secret: str, ends: datetime, effective_at: datetime) -> None:
    """A new password came through a work address; any personal one can stop it (I6)."""
    _post("accounts/reset_waits", address, reason=ACCOUNT, ends=ends, secret=secret, effective_at=effective_at)


def reset_stopped(person_id: int) -> None:
    """The waiting password was stopped."""
    _tell("accounts/reset_stopped", person_id)


def leaver(address: EmailAddress, ends_on: date, days: int) -> None:
    """The work behind the only address ends soon: a personal one is needed before (I4)."""
    _post("accounts/leaver", address, reason=ACCOUNT, ends_on=ends_on, days=days)


def claimed(address: EmailAddress) -> None:
    """The account was taken, through this address."""
    _post("accounts/claimed", address, reason=ACCOUNT)


def invitation(person: Person, row: Invitation, secret: str, *, number: int = 1) -> None:
    """An invitation to take the account, or a reminder of it; whoever reads it can end all letters with one click.

    Nothing in it tells who it is for or what they were here (R23): the address is not proved.
    """
    off_url = refusals.off_url(row.address, row.public_id)
    letter = _invitation(secret, row.expires_at, number, off_url)
    post_mail(
        INVITATION, row.address, letter.subject, letter.text, letter.html, person_id=person.id, purpose="invitation",
        headers=bulk_headers(list_name="invitations", off_url=off_url, thread=f"invitation:{person.id}"),
        expires_at=row.expires_at,
    )  # fmt: skip


def sample_invitation() -> Rendered:
    """The first letter as it will look, without anybody's link, for those who are about to send it."""
    ends = clock.now() + timedelta(days=settings.get("invitation_days"))
    own = "its-own-secret"
    return _invitation(own, ends, 1, link("accounts.no_more_letters", token=own))


def _invitation(secret: str, ends: datetime, number: int, off_url: str) -> Rendered:
    given = "somebody who looks after the portal gave us this address."
    return render_mail("accounts/invitation", reason=given, secret=secret, ends=ends, number=number, off_url=off_url)


def already_member(address: EmailAddress) -> None:
    """Somebody asked to join with a member's address."""
    _post("accounts/already_member", address, reason=ASKED)


def join_link(applicant: Applicant, secret: str, ends: datetime | None) -> None:
    """The link that proves an applicant's address and opens the request."""
    _post("accounts/join", applicant.address, reason=ASKED, ends=ends, secret=secret, state=applicant.state)


def approved(applicant: Applicant, person: Person, secret: str, ends: datetime) -> None:
    """The request was granted: the invitation comes with it."""
    _post(
        "accounts/approved",
        applicant.address,
        person_id=person.id,
        reason="you asked to join.",
        ends=ends,
        secret=secret,
    )


def declined(applicant: Applicant) -> None:
    """The request was not granted, and why."""
    _post("accounts/declined", applicant.address, reason="you asked to join.", why=applicant.reason)


def help_link(case: RecoveryCase, secret: str, ends: datetime) -> None:
    """The link that proves where somebody is reached who can't get in; it tells nothing else (R23)."""
    _post("accounts/help_link", case.address, reason=ASKED, ends=ends, secret=secret)


def recovery_running(address: EmailAddress, secret: str, ends: datetime, effective_at: datetime | None) -> None:
    """Somebody says that they lost every way into the account: each own address can stop it (I9)."""
    _post("accounts/recovery_running", address, reason=OWN, ends=ends, secret=secret, effective_at=effective_at)


def recovery_ready(case: RecoveryCase, secret: str, ends: datetime) -> None:
    """The wait is over: the link back in."""
    _post("accounts/recovery_ready", case.address, reason=ASKED, ends=ends, secret=secret)


def recovery_over(case: RecoveryCase, *, signed_in: bool = False) -> None:
    """It was refused, stopped or not needed; who asked hears why, and nothing of the account."""
    why = case.ended_because if case.state == "refused" else ""
    _post("accounts/recovery_over", case.address, reason=ASKED, why=why, signed_in=signed_in)


def recovery_needless(person_id: int) -> None:
    """The owner signed in while it ran: they hear, wherever they are reached, that somebody had nearly got in."""
    for row in {row.id: row for row in (*queries.ever_own(person_id), *queries.told(person_id))}.values():
        _post("accounts/recovery_needless", row, reason=OWN, open=policies.told_openly(row, work=queries.is_work(row)))


def recovery_done(person_id: int, addresses: list[EmailAddress]) -> None:
    """Somebody is back in the account; every own address hears of it."""
    for row in addresses:
        _post("accounts/recovery_done", row, reason=OWN)


def admins_told(what: str, because: str, about: int) -> None:
    """Every admin hears of it, and whose account it is, at every live address: `what` is "veto", "signed in" or "break-glass"."""
    whose = person_by_id(about).full_name
    for admin in holders("admin"):
        for row in queries.live_addresses(admin.id):
            _post(
                "accounts/admins_told",
                row,
                reason="you look after the portal.",
                what=what,
                because=because,
                whose=whose,
            )


def _tell(name: str, person_id: int, *, but: int | None = None, **context: Any) -> None:
    """Write to every address of a person but one; only live personal ones get action links and details (R11)."""
    for row in queries.told(person_id):
        if row.id != but:
            _post(name, row, reason=ACCOUNT, open=policies.told_openly(row, work=queries.is_work(row)), **context)


def _post(
    name: str,
    to: EmailAddress | str,
    *,
    reason: str,
    person_id: int | None = None,
    ends: datetime | None = None,
    **context: Any,
) -> None:
    address, headers = to if isinstance(to, str) else to.address, dict[str, str]()
    if not isinstance(to, str):
        person_id = to.person_id
        headers = recipient_valid_since(address, to.proved_at)
    letter = render_mail(name, reason=reason, ends=ends, **context)
    post_mail(
        name.replace("/", "."), address, letter.subject, letter.text, letter.html, person_id=person_id,
        purpose=name.partition("/")[2], security=True, headers=headers, expires_at=ends,
    )  # fmt: skip


def tell(name: str, person_id: int, **context: Any) -> None:
    """Write to every address of a person, for features above: what concerns the account is told everywhere (R11)."""
    _tell(name, person_id, **context)


def post(name: str, to: EmailAddress, *, reason: str, ends: datetime | None = None, **context: Any) -> None:
    """One mail about security to one address, for features above."""
    _post(name, to, reason=reason, ends=ends, **context)


def recipient_valid_since(address: str, proved: datetime | None) -> dict[str, str]:
    """A provider that gave the address to somebody else since then refuses the mail (RFC 7293)."""
    return {"Require-Recipient-Valid-Since": f"{address}; {format_datetime(proved)}"} if proved is not None else {}
