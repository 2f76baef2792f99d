"""Back in after every way was lost: two admins, evidence, a week, and a veto for each own address (I9, R14).

asked › proved › proposed › waiting › ready › done, each step by somebody else, none of them skipped; from any of them
to refused, vetoed or over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from portal.accounts import emails, policies, queries, tickets
from portal.accounts.actions.addresses import hold, let_go
from portal.accounts.actions.sessions import end_sessions, open_session
from portal.accounts.models import (
    Credential,
    EmailAddress,
    Passkey,
    ProviderSignIn,
    RecoveryCase,
    RecoveryCode,
    WaitingReset,
)
from portal.accounts.models.helping import END_SHOWN, ENTRY_LIVES, RUNNING
from portal.core import audit, clock, settings, tokens
from portal.core.access import system_viewer, viewer_of
from portal.core.db import add, db
from portal.core.errors import Conflict, Gone, Invalid
from portal.core.policy import require
from portal.people.actions import touch_access
from portal.people.queries import holders

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.devices import Device
    from portal.accounts.mailboxes import Mailbox
    from portal.accounts.models import LoginToken
    from portal.core.access import Viewer
    from portal.people.models import Person

ONLY_ADMINS = "Only an admin helps people back in, and not themselves."
ANOTHER_ADMIN = "Another admin has to confirm this, who is not the one who proposed it."
CHANGED = "This case has changed meanwhile. Look at it again."
RUNS_ALREADY = "A case for this person is running already."
WORK = "This looks like an address of a company. Give one that is your own and stays yours."
NO_ACCOUNT = "This person has no account that could be given back. Invite them instead."
TAKEN = (
    "{} belongs to another account. If that one is theirs, choose it; if not, refuse this request, "
    "and let them ask again with another address."
)
SAY_WHY = "Say in a line or two how you know that it is them."
LINK_LIVES = timedelta(hours=24)


def ask_for_help(box: Mailbox, full_name: str, told: str, *, by: Viewer) -> RecoveryCase:
    """Note that somebody can't get in, and mail a link to where they are reached now; nothing is looked up (I12)."""
    require(policies.is_visitor(by), "Only a person asks for this.")
    if queries.kind_of(box.domain) == "work":
        raise Invalid(WORK, "address")
    older = update(RecoveryCase).where(RecoveryCase.norm == box.norm, RecoveryCase.state == "asked")
    db.session.execute(older.values(state="over", ended_at=clock.now(), token_hash=None))
    secret, ends = tokens.new_secret(), clock.now() + LINK_LIVES
    row = add(RecoveryCase(
        full_name=full_name, address=box.address, norm=box.norm, told=told, token_hash=tokens.digest(secret), expires_at=ends
    ))  # fmt: skip
    emails.help_link(row, secret, ends)
    return row


def prove_case(case: RecoveryCase, *, by: Viewer) -> None:
    """The link was opened: the address is theirs, and admins see the case from now on."""
    require(policies.is_visitor(by), "Only a person asks for this.")
    _step(case, "asked", "proved", proved_at=clock.now(), expires_at=None)
    audit.record("ask for recovery", case, by=by)


def propose_recovery(case: RecoveryCase, person: Person, evidence: str, *, by: Viewer) -> None:
    """One admin says whose account it is and how they know; every own address is told and can stop it."""
    require(policies.can_help_back(by, person.id), ONLY_ADMINS)
    _check(case, person, evidence)
    try:
        with db.session.begin_nested():
            _step(
                case, "proved", "proposed", person_id=person.id, evidence=evidence.strip(), proposed_by_id=by.person_id,
                proposed_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(RUNS_ALREADY) from None
    _tell(case)
    audit.record("propose recovery", case, by=by, about=person.id, after={"evidence": case.evidence})


def confirm_recovery(case: RecoveryCase, evidence: str, *, by: Viewer) -> None:
    """Another admin has looked too: the waiting period begins, and all are told once more."""
    require(policies.can_help_back(by, case.person_id), ONLY_ADMINS)
    require(by.person_id != case.proposed_by_id, ANOTHER_ADMIN)
    if not evidence.strip():
        raise Invalid(SAY_WHY, "evidence")
    ends = clock.now() + timedelta(days=settings.get("recovery_wait_days"))
    _step(
        case, "proposed", "waiting", second_evidence=evidence.strip(), confirmed_by_id=by.person_id,
        confirmed_at=clock.now(), effective_at=ends,
    )  # fmt: skip
    _tell(case)
    audit.record("confirm recovery", case, by=by, about=case.person_id, after={"evidence": case.second_evidence})


def refuse_recovery(case: RecoveryCase, reason: str, *, by: Viewer) -> None:
    """One admin is enough to say no, at any time before it is done; the reason is mailed to who asked."""
    require(policies.can_help_back(by, case.person_id), ONLY_ADMINS)
    if not reason.strip():
        raise Invalid("Say why: the reason is mailed to the person.", "reason")
    _end(case, "refused", reason.strip(), by)


def veto_recovery(ticket: LoginToken, *, by: Viewer) -> None:
    """Whoever reads an own address of the account says that it was not them."""
    require(policies.is_visitor(by), "Only a person stops this.")
    case = queries.running_case(ticket.person_id)
    if case is None:
        raise Gone("There is nothing left to stop.")
    tickets.take(ticket)
    _end(case, "vetoed", "An address of the account stopped it.", system_viewer())


def stop_recovery(person_id: int, *, by: Viewer) -> None:
    """The owner, signed in and confirmed, stops it."""
    require(policies.is_owner(by, person_id), "You can only stop this for your own account.")
    case = queries.running_case(person_id)
    if case is None:
        raise Gone("There is nothing left to stop.")
    _end(case, "vetoed", "The owner of the account stopped it.", by)


def ripen_recoveries(*, by: Viewer) -> int:
    """The waiting period is over: the link to the account is mailed, if both admins still are admins.

    A link that nobody used in its time ends the case, or nobody could ask for this account again.
    """
    require(policies.is_system(by), "This is done by the system.")
    for case in queries.unused_cases():
        _end(case, "over", "The link back in was not used in its time.", by)
    found = queries.ripe_cases()
    for case in found:
        _ripen(case, by)
    return len(found)


def _ripen(case: RecoveryCase, by: Viewer) -> None:
    admins = {admin.id for admin in holders("admin")}
    if not {case.proposed_by_id, case.confirmed_by_id} <= admins:
        _end(case, "over", "One of the two who confirmed it looks after the portal no more.", by)
        return
    secret, ends = tokens.new_secret(), clock.now() + ENTRY_LIVES
    # The first link shows how it stands as long as the second one opens the account; it opens nothing itself.
    _step(
        case, "waiting", "ready", status_hash=case.token_hash, token_hash=tokens.digest(secret), expires_at=ends
    )  # fmt: skip
    emails.recovery_ready(case, secret, ends)


def take_account_back(case: RecoveryCase, device: Device, *, by: Viewer) -> str:
    """The person is back: the new address is theirs, and nothing that opened the account before opens it now."""
    require(policies.is_visitor(by), "Only a person takes an account back.")
    person_id, system = case.person_id or 0, system_viewer()
    _step(case, "ready", "done", **_ended())
    address = queries.own_by_norm(person_id, case.norm)
    address = address or add(EmailAddress(
        person_id=person_id, address=case.address, norm=case.norm, domain=case.norm.rpartition("@")[2]
    ))  # fmt: skip
    address.kind = "personal"
    db.session.flush()
    _shut(person_id)
    hold(address, by=system)
    touch_access(person_id)
    emails.recovery_done(person_id, queries.ever_own(person_id))
    audit.record("take account back", case, by=viewer_of(person_id), about=person_id)
    return open_session(person_id, device, through="recovery", address_id=address.id, by=by)


def _shut(person_id: int) -> None:
    """Whoever held what was lost gets in no more."""
    for row in queries.told(person_id):
        let_go(row, "suspended", by=system_viewer())  # theirs again once they show that they read it
    for table in (Credential, RecoveryCode, Passkey, ProviderSignIn):
        db.session.execute(delete(table).where(table.person_id == person_id))
    waiting = update(WaitingReset).where(WaitingReset.person_id == person_id, WaitingReset.ended_at.is_(None))
    db.session.execute(waiting.values(ended_at=clock.now()))
    tickets.kill(person_id, "freeze")
    end_sessions(person_id, by=system_viewer())


def _check(case: RecoveryCase, person: Person, evidence: str) -> None:
    if not evidence.strip():
        raise Invalid(SAY_WHY, "evidence")
    if person.claimed_at is None or person.remembered_at is not None or person.is_system:
        raise Invalid(NO_ACCOUNT, "person")
    held = queries.holder(case.norm)
    if held is not None and held.person_id != person.id:
        raise Invalid(TAKEN.format(case.address), "person")


def _tell(case: RecoveryCase) -> None:
    """Each own address hears of it, with a link of its own that stops it."""
    for row in queries.ever_own(case.person_id or 0):
        secret, ends = tickets.issue("veto", row.person_id, row.id)
        emails.recovery_running(row, secret, ends, case.effective_at)


def _end(case: RecoveryCase, state: str, because: str, by: Viewer) -> None:
    if case.state not in ("proved", *RUNNING):
        raise Conflict(CHANGED)
    _step(case, case.state, state, ended_because=because, **_ended())
    if case.person_id is not None:
        tickets.kill(case.person_id, "recovery over")
    emails.recovery_over(case)
    audit.record(f"recovery {state}", case, by=by, about=case.person_id, note=because)
    if state == "vetoed" and case.person_id is not None:
        emails.admins_told("veto", because, case.person_id)


def _ended() -> dict[str, datetime]:
    """It opens nothing from now on; its link goes on saying how it ended for a while."""
    return {"ended_at": clock.now(), "expires_at": clock.now() + END_SHOWN}


def _step(case: RecoveryCase, before: str, after: str, **values: object) -> None:
    """From one state to the next, by the database: of two who do it at once one gets through."""
    moved = update(RecoveryCase).where(RecoveryCase.id == case.id, RecoveryCase.state == before)
    done = moved.values(state=after, **values).returning(RecoveryCase.id)
    if db.session.execute(done, execution_options={"synchronize_session": False}).first() is None:
        raise Conflict(CHANGED)
    db.session.refresh(case)
