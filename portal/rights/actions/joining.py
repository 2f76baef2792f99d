"""Two accounts of one person become one: both proved, shown before, all at once, and undone within thirty days (I10, R16)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.accounts import tickets
from portal.accounts.actions import end_sessions
from portal.accounts.codes import spend_code
from portal.accounts.queries import keys_of
from portal.careers.signals import career_changed
from portal.consents.actions import withdraw_consent
from portal.core import audit, clock, crypto, jobs, outbox, parts, settings
from portal.core.access import system_viewer, viewer_of
from portal.core.db import add, db
from portal.core.errors import Gone, Invalid
from portal.core.policy import require
from portal.people.actions import end_role, touch_access
from portal.people.models import Person
from portal.people.queries import admins_beside, lock_person, open_roles, person_by_id
from portal.people.signals import person_changed
from portal.profiles.signals import profile_changed
from portal.rights import emails, policies, queries
from portal.rights.models import AccountMerge, MergeRequest
from portal.rights.proving import mail_proof
from portal.rights.rewinding import differences, go_back, look

if TYPE_CHECKING:
    from portal.core.access import Viewer

ONLY_YOU = "Only the person can join their accounts."
PROOF_LIVES = timedelta(hours=1)
NOT_PROVED = "First prove the other account: open the link that was mailed to it."
LAST_ADMIN = "The other account is the last admin here. Give somebody else the role first."
TOO_LATE = "This can’t be undone any more."
JOINED_ON = "The account that stayed was joined with another one since. Undo that first."


def ask_to_join(person_id: int, norm: str, *, by: Viewer) -> MergeRequest:
    """Mail a link to the other account, if the address names one; whoever asks sees no difference (I12)."""
    require(policies.is_own(by, person_id), ONLY_YOU)
    require(policies.may_part(by), policies.calm(by))
    older = update(MergeRequest).where(MergeRequest.person_id == person_id, MergeRequest.ended_at.is_(None))
    db.session.execute(older.values(ended_at=clock.now()))
    row = add(MergeRequest(person_id=person_id, expires_at=clock.now() + PROOF_LIVES))
    jobs.enqueue(mail_proof, row.id, norm)
    return row


def prove(row: MergeRequest, *, code: str = "", by: Viewer) -> None:
    """The link was opened by whoever asked; an account with a second step asks for that too (R10)."""
    require(policies.is_own(by, row.person_id), ONLY_YOU)
    if row.other_id is None:
        raise Gone(queries.PROOF_OVER)
    _check_calm(row.other_id, by)
    if keys_of(row.other_id).totp:
        spend_code(row.other_id, code)
    row.proved_at, row.token_hash = clock.now(), None
    audit.record("prove other account", ("person", row.person_id), by=by)


def join(row: MergeRequest, *, by: Viewer) -> AccountMerge:
    """Everything of the other account becomes this one's; its address leads here for ever."""
    require(policies.is_own(by, row.person_id), ONLY_YOU)
    if row.proved_at is None or row.other_id is None or row.ended_at is not None:
        raise Invalid(NOT_PROVED)
    kept_id, gone_id = row.person_id, row.other_id
    _check_calm(gone_id, by)
    for person_id in sorted((kept_id, gone_id)):
        lock_person(person_id)
    kept, gone = person_by_id(kept_id), person_by_id(gone_id)
    _check(gone)
    row.ended_at = clock.now()
    db.session.flush()
    before = look((kept_id, gone_id))
    _move(kept, gone, by)
    db.session.flush()
    db.session.expire_all()
    changes = differences(before, look((kept_id, gone_id), before))
    undo_until = clock.now() + timedelta(days=settings.get("merge_undo_days"))
    merge = add(
        AccountMerge(
            kept_id=kept_id, gone_id=gone_id, changes=crypto.encrypt(changes, purpose="merge"), undo_until=undo_until
        )
    )
    _both_changed(kept_id, gone_id)
    emails.joined(merge)
    audit.record("join accounts", ("person", kept_id), by=by)
    return merge


def undo_join(merge: AccountMerge, *, by: Viewer) -> int:
    """Two accounts again, each with what was its own; what was done since stays. How many rows found no place."""
    require(policies.is_own(by, merge.kept_id), ONLY_YOU)
    db.session.refresh(merge, with_for_update=True)
    if merge.undone_at is not None or merge.final_at is not None or merge.undo_until <= clock.now():
        raise Invalid(TOO_LATE)
    if queries.joined_since(merge):
        raise Invalid(JOINED_ON)
    kept_id, gone_id = merge.kept_id, merge.gone_id
    for person_id in sorted((kept_id, gone_id)):
        lock_person(person_id)
    lost = go_back(crypto.decrypt(merge.changes, purpose="merge") or "{}")
    db.session.expire_all()
    merge.undone_at, merge.changes = clock.now(), ""
    for person_id in (kept_id, gone_id):
        tickets.kill(person_id, "merge")
    end_sessions(gone_id, by=system_viewer())
    _both_changed(kept_id, gone_id)
    emails.parted(merge)
    audit.record("part accounts", ("person", kept_id), by=by)
    return lost


def make_final(merge: AccountMerge, *, by: Viewer) -> None:
    """The days are over: nothing of the double is left but the address that leads to the one that stayed."""
    require(by.system, "This is done by the system, daily.")
    merge.final_at, merge.changes = clock.now(), ""
    for part in parts.every("person_data"):
        if "account_merge" not in part.tables:
            part.erase(merge.gone_id)
    name = db.session.execute(select(Person.full_name).where(Person.id == merge.kept_id)).scalar_one()
    blank = {"full_name": name, "call_name": name[:60], "sort_name": "", "photo": None}
    db.session.execute(update(Person).where(Person.id == merge.gone_id).values(**blank))


def _check_calm(other_id: int, by: Viewer) -> None:
    """Neither of the two was given back just now: what an account may not take along, it does not give to another."""
    other = viewer_of(other_id)
    require(policies.may_part(by), policies.calm(by))
    require(policies.may_part(other), policies.calm_other(other, by))


def _check(gone: Person) -> None:
    if gone.is_system or gone.claimed_at is None or gone.remembered_at or gone.erased_at or gone.merged_into_id:
        raise Gone(queries.PROOF_OVER)
    if any(role.role == "admin" for role in open_roles(gone.id)) and not admins_beside(gone.id):
        raise Invalid(LAST_ADMIN)


def _move(kept: Person, gone: Person, by: Viewer) -> None:
    """The lower rights and the stricter word of the two hold (R16); every feature moves what it keeps."""
    strict = queries.stricter_consents(kept.id, gone.id)
    for role in open_roles(gone.id):
        end_role(gone, role.role, because="Two accounts became one.", by=system_viewer())
    for part in parts.every("person_data"):
        part.move(gone.id, kept.id)
    db.session.flush()
    for kind, version in strict:
        withdraw_consent(kept.id, kind, version, how="merge", by=by)
    outbox.cancel(gone.id)
    tickets.kill(kept.id, "merge")
    ends = [moment for moment in (kept.suspended_until, gone.suspended_until) if moment is not None]
    db.session.execute(update(Person).where(Person.id == kept.id).values(suspended_until=max(ends, default=None)))
    double = {"listed": False, "merged_into_id": kept.id, "suspended_until": None}
    db.session.execute(update(Person).where(Person.id == gone.id).values(**double))


def _both_changed(*ids: int) -> None:
    for person_id in ids:
        touch_access(person_id)
        person_changed.send(None, person_id=person_id)
        career_changed.send(None, person_id=person_id)
        profile_changed.send(None, person_id=person_id, by=viewer_of(person_id))
