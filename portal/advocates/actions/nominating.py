"""Nominations: proposed, contacted within the clock, invited to opt in; nobody is opted in by another (A1, A6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts import mailboxes
from portal.accounts.actions import invite
from portal.accounts.queries import holder
from portal.advocates import policies, queries
from portal.advocates.actions.overtaken import INVITATION, invitation_answered, nomination_went_on
from portal.advocates.models import Nomination
from portal.advocates.queries import nominations
from portal.core import audit, clock, settings, workdays
from portal.core.access import system_viewer
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.notifications.actions import notify
from portal.people.actions import create_person
from portal.people.queries import holders, person_by_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.core.access import Viewer
    from portal.people.models import Person

NOT_YOURS = "Only the programme's people tend nominations."
ALREADY = "There is an open nomination of them already, and its clock runs."
KNOWN = "The programme has them in mind already: there is nothing more to do. Thank you for thinking of them."
NO_REASON = "Not for me."
PROPOSED = "{} proposed you as an advocate"


def nominate(
    person: Person | None, why: str, *, name: str = "", firm: str = "", address: str = "", by: Viewer
) -> Nomination:
    """Propose somebody: a person here, or a contact by name; the clock starts now, and both sides see it."""
    require(policies.can_nominate(by), "Only members nominate.")
    _check(person, why, name, by)
    norm = _read(address) if address else ""
    _check_is_new(person, norm, by)
    now = clock.now()
    row = add(Nomination(
        person=person, contact_name="" if person else name, contact_firm=firm, contact_address=norm, why=why,
        nominated_by_id=by.person_id, owner_id=queries.manager_id(),
        due_at=workdays.add_workdays(now, settings.get("nomination_contact_days")),
        alarm_at=workdays.add_workdays(now, settings.get("nomination_alarm_days")),
    ))  # fmt: skip
    audit.record("nominate", row, by=by, about=person.id if person else None)
    _tell(row, row.owner_id, f"{row.nominee} is nominated and waits for a first contact", by)
    if person is not None and person.claimed_at is not None:
        _tell(row, person.id, PROPOSED.format(by.name), by)
    return row


def tell_newcomer(person_id: int, *, by: Viewer) -> None:
    """Who takes the account hears of the nomination that was made before, while it is open (A6)."""
    require(by.system, "This is done when somebody takes their account.")
    for row in nominations.about(person_id):
        name = row.nominated_by.full_name if row.nominated_by else "Somebody"
        _tell(row, person_id, PROPOSED.format(name), by)


def log_contact(nomination: Nomination, note: str, *, by: Viewer) -> None:
    """The first contact was made: the clock stops, and the nominator sees it."""
    require(policies.can_tend(by), NOT_YOURS)
    if nomination.state != "waiting":
        raise Conflict("The first contact is logged already.")
    if len(note) > 2000:
        raise Invalid("Keep the note under 2,000 characters.", "note")
    nomination.state, nomination.contacted_at = "contacted", clock.now()
    nomination.contacted_by_id, nomination.contact_note = by.person_id, note
    nomination_went_on(nomination.public_id, nomination.owner_id, nomination.nominated_by_id, by=by)
    audit.record("log first contact", nomination, by=by, about=nomination.person_id)
    _tell(nomination, nomination.nominated_by_id, f"{nomination.nominee}, whom you nominated, was contacted", by)


def invite_nominee(nomination: Nomination, address: str = "", *, by: Viewer) -> None:
    """Take the proposal up: an invitation to opt in, or first to the portal; the yes stays the person's own."""
    require(policies.can_tend(by), NOT_YOURS)
    if nomination.state not in ("waiting", "contacted"):
        raise Conflict("This nomination has been answered already.")
    person = nomination.person
    if person is not None and person.claimed_at is not None:
        _ask_to_opt_in(person, by)
    else:
        _invite_contact(nomination, address or nomination.contact_address, by)
    now = clock.now()
    nomination.state, nomination.invited_at = "invited", now
    nomination.contacted_at = nomination.contacted_at or now
    nomination_went_on(nomination.public_id, nomination.owner_id, nomination.nominated_by_id, by=by)
    audit.record("invite nominee", nomination, by=by, about=nomination.person_id)
    _tell(nomination, nomination.nominated_by_id, f"{nomination.nominee}, whom you nominated, was invited", by)


def close_nomination(nomination: Nomination, because: str, *, by: Viewer) -> None:
    """Not this time; the nominator sees why. The nominee may say no without a reason."""
    own = by.is_person(nomination.person_id)
    require(policies.can_tend(by) or own, NOT_YOURS)
    if nomination.state in ("opted_in", "closed"):
        raise Conflict("This nomination has ended already.")
    if own:
        because = because.strip() or NO_REASON
    elif len(because) < 3:
        raise Invalid("Say in a few words why.", "because")
    if len(because) > 500:
        raise Invalid("Keep it under 500 characters.", "because")
    nomination.state, nomination.ended_at, nomination.closed_because = "closed", clock.now(), because
    nomination_went_on(
        nomination.public_id, nomination.owner_id, nomination.nominated_by_id, nomination.person_id, by=by
    )  # fmt: skip
    if own:
        invitation_answered(by.person_id or 0, by=by)
    audit.record("close nomination", nomination, by=by, about=nomination.person_id)
    _tell(nomination, nomination.nominated_by_id, f"The nomination of {nomination.nominee} has ended", by)


def invite_members(addresses: Iterable[str], *, by: Viewer) -> tuple[list[str], list[str]]:
    """The company's list of advocates becomes invitations to opt in, never consents; invited ones and those unknown.

    An address of no member becomes a nomination, whose first contact is a person's work (A1).
    """
    require(policies.can_invite_to_opt_in(by), "Only the programme's manager and admins invite.")
    asked, unknown = [], []
    for line in dict.fromkeys(line.strip() for line in addresses if line.strip()):
        found = holder(_read(line))
        if found is not None:
            _ask_to_opt_in(person_by_id(found.person_id), by)
            asked.append(line)
        else:
            unknown.append(line)
            _nominate_address(line, by)
    audit.record("invite to opt in", ("advocate", 0), by=by, note=f"{len(asked)} members, {len(unknown)} others")
    return asked, unknown


def link_nominee(nomination: Nomination, person: Person, *, by: Viewer) -> None:
    """The contact is somebody whom we know: the nomination is about their record from now on; nothing is told to them."""
    require(policies.can_tend(by), NOT_YOURS)
    if nomination.person_id is not None or nomination.state not in nominations.OPEN:
        raise Conflict("This nomination is about a record already, or has ended.")
    if queries.consents_in_force(person.id):
        raise Invalid(f"{person.full_name} is an advocate already. End this nomination and say so.", "member")
    if nominations.is_open_for(person.id, ""):
        raise Invalid(ALREADY, "member")
    nomination.person = person
    db.session.flush()
    audit.record("link nominee", nomination, by=by, about=person.id, note=nomination.contact_name)


def escalate(*, by: Viewer) -> int:
    """Whom nobody contacted in two working days goes to the deputy, once; both and the nominator hear of it (A6)."""
    require(by.system, "This is done by the clock.")
    late = nominations.to_escalate()
    for row in late:
        row.escalated_at, before = clock.now(), row.owner_id
        heir = nominations.stand_in_for(before)
        if heir is not None:
            row.owner_id = heir
            _tell(row, heir, f"You stand in: {row.nominee} waits for a first contact that is overdue", by)
        said = "it went to your deputy" if heir is not None else "nobody can stand in for you"
        _tell(row, before, f"The first contact with {row.nominee} is overdue: {said}", by)
        _tell(row, row.nominated_by_id, f"The first contact with {row.nominee} is late; it was passed on", by)
        audit.record("escalate nomination", row, by=by, about=row.person_id)
    return len(late)


def raise_alarms(*, by: Viewer) -> int:
    """Whom nobody contacted in seven working days: managers and the nominator hear of it, once (A6)."""
    require(by.system, "This is done by the clock.")
    late = nominations.to_alarm()
    for row in late:
        row.alarmed_at = clock.now()
        told = {person.id for person in holders("manager")} | {row.nominated_by_id}
        for person_id in sorted(one for one in told if one is not None):
            _tell(row, person_id, f"Nobody has contacted {row.nominee} yet: the nomination is overdue", by)
    return len(late)


def _check(person: Person | None, why: str, name: str, by: Viewer) -> None:
    if person is None and not 1 < len(name) <= 120:
        raise Invalid("Who is it? Choose a member, or give a name.", "name")
    if person is not None and by.is_person(person.id):
        raise Conflict("You need no nomination: you can opt in on your own advocate page.")
    if not 2 < len(why) <= 2000:
        raise Invalid("Say in a sentence why you think of them.", "why")


def _check_is_new(person: Person | None, norm: str, by: Viewer) -> None:
    """Nobody is proposed twice, nor who is an advocate; members are not told which, for that is not theirs to know (A2)."""
    tends = by.system or policies.can_tend(by)
    if person is not None and queries.consents_in_force(person.id):
        raise Conflict(f"{person.full_name} is an advocate already." if tends else KNOWN)
    if nominations.is_open_for(person.id if person else None, norm):
        raise Conflict(ALREADY if tends else KNOWN)
    # A second try, after the first was over, would tell the advocates from the others.
    if person is not None and not tends and nominations.ended_lately(person.id):
        raise Conflict(KNOWN)


def _read(address: str) -> str:
    try:
        return mailboxes.parse(address).norm
    except ValueError as error:
        raise Invalid(f"{address}: {error}", "address") from None


def _ask_to_opt_in(person: Person, by: Viewer) -> None:
    if queries.consents_in_force(person.id):
        return
    notify(person.id, "advocate_invitation", title="Would you be an advocate? You choose what, how often, and when not",
           url="/settings/advocate", group_key=INVITATION, by=by)  # fmt: skip


def _invite_contact(nomination: Nomination, address: str, by: Viewer) -> None:
    if not address:
        raise Invalid("An invitation needs an address.", "address")
    if nomination.person is None:
        nomination.person = create_person(nomination.contact_name, by=system_viewer())
    invite(nomination.person, address, by=by)


def _nominate_address(address: str, by: Viewer) -> None:
    norm = _read(address)
    if not nominations.is_open_for(None, norm):
        nominate(None, "On the company's list of advocates.", name=address.partition("@")[0] + " (by address)",
                 address=address, by=by)  # fmt: skip


def _tell(row: Nomination, person_id: int | None, title: str, by: Viewer) -> None:
    if person_id is not None:
        notify(person_id, "nomination", title=title, url=f"/nominations/{row.public_id}",
               group_key=f"nomination:{row.public_id}", by=by)  # fmt: skip
