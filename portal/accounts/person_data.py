"""What accounts keep about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from portal.accounts.actions.invitees import count_anew
from portal.accounts.models import (
    AddressDispute,
    Applicant,
    Credential,
    EmailAddress,
    Invitation,
    InvitationWave,
    LeaverNotice,
    LoginToken,
    Passkey,
    ProviderSignIn,
    RecoveryCase,
    RecoveryCode,
    Session,
    WaitingReset,
    WaveInvitee,
)
from portal.accounts.models.helping import RUNNING
from portal.core import clock
from portal.core.access import system_viewer
from portal.core.db import db, scalars

# In the order in which they can go: what points to an address or session first.
KEYS = (WaitingReset, LoginToken, RecoveryCode, Credential, Passkey, ProviderSignIn)
OWNED = (*KEYS, LeaverNotice, Session, EmailAddress)
HISTORY = ("norm", "state", "kind", "verified_at", "retired_at", "removed_at", "created_at")


class AccountData:
    """Addresses, ways in, devices, invitations and requests: all of it goes with the account."""

    tables: tuple[str, ...] = (
        *(table.__tablename__ for table in OWNED),
        "invitation",
        "invitation_wave",
        "wave_invitee",
        "applicant",
        "recovery_case",
        "address_dispute",
    )

    def count(self, person_id: int) -> int:
        """How many addresses there are."""
        found = select(func.count()).select_from(EmailAddress).where(EmailAddress.person_id == person_id)
        return db.session.execute(found).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """Addresses with their history, ways in without their secrets, devices."""
        addresses = scalars(select(EmailAddress).where(EmailAddress.person_id == person_id))
        devices = scalars(select(Session).where(Session.person_id == person_id))
        keys = scalars(select(Credential).where(Credential.person_id == person_id))
        return {
            "addresses": [
                {"address": row.address} | {name: getattr(row, name) for name in HISTORY} for row in addresses
            ],
            "ways_in": [{"kind": row.kind, "changed_at": row.changed_at, "used_at": row.used_at} for row in keys]
            + [{"kind": "passkey", "name": row.name, "changed_at": row.created_at, "used_at": row.used_at}
               for row in scalars(select(Passkey).where(Passkey.person_id == person_id))]
            + [{"kind": "provider", "issuer": row.issuer, "subject": row.subject, "label": row.label,
                "changed_at": row.created_at, "used_at": row.used_at}
               for row in scalars(select(ProviderSignIn).where(ProviderSignIn.person_id == person_id))],
            "recovery": [
                {"asked_at": row.created_at, "state": row.state, "ended_at": row.ended_at}
                for row in scalars(select(RecoveryCase).where(RecoveryCase.person_id == person_id))
            ],
            "devices": [
                {"device": row.device, "ip": row.ip, "opened_at": row.created_at, "last_used_at": row.last_used_at,
                 "ended_at": row.ended_at}
                for row in devices
            ],
        }  # fmt: skip

    def move(self, old_id: int, new_id: int) -> None:
        """Addresses follow a merge; the old account's ways in, devices and mailed secrets end (R8, R16)."""
        for table in KEYS:
            db.session.execute(delete(table).where(table.person_id == old_id))
        db.session.execute(
            update(Session).where(Session.person_id == old_id).values(person_id=new_id, ended_at=clock.now())
        )
        db.session.execute(delete(LeaverNotice).where(LeaverNotice.person_id == old_id))
        theirs = select(EmailAddress.norm).where(EmailAddress.person_id == new_id, EmailAddress.state != "removed")
        mine = update(EmailAddress).where(EmailAddress.person_id == old_id)
        double = mine.where(EmailAddress.norm.in_(theirs), EmailAddress.live_norm.is_(None))
        db.session.execute(double.values(state="removed"))
        db.session.execute(mine.values(person_id=new_id, is_primary=False))
        _leave_waves(old_id)
        _end_disputes(old_id)
        _hand_over_cases(old_id, new_id)
        self._repoint(old_id, new_id)

    def erase(self, person_id: int) -> None:
        """Nothing is kept: no address, no device, no invitation."""
        _leave_waves(person_id)
        _end_disputes(person_id)
        db.session.execute(delete(RecoveryCase).where(RecoveryCase.person_id == person_id))
        for table in OWNED:
            db.session.execute(delete(table).where(table.person_id == person_id))
        db.session.execute(delete(Invitation).where(Invitation.person_id == person_id))
        db.session.execute(delete(Applicant).where(Applicant.person_id == person_id))
        self._repoint(person_id, None)

    def _repoint(self, old_id: int, new_id: int | None) -> None:
        for table, column in (
            (Invitation, "person_id"), (Invitation, "invited_by_id"), (InvitationWave, "made_by_id"), (Applicant, "person_id"),
            (Applicant, "decided_by_id"), (RecoveryCase, "proposed_by_id"), (RecoveryCase, "confirmed_by_id"),
            (AddressDispute, "decided_by_id"),
        ):  # fmt: skip
            db.session.execute(update(table).where(getattr(table, column) == old_id).values({column: new_id}))


def _hand_over_cases(old_id: int, new_id: int) -> None:
    """Whoever proved both accounts has a way into each: nothing runs any more, and what was stays on record."""
    theirs = update(RecoveryCase).where(RecoveryCase.person_id == old_id)
    over = {"state": "over", "ended_at": clock.now(), "ended_because": "The account was joined with another one.",
            "token_hash": None, "status_hash": None}  # fmt: skip
    db.session.execute(theirs.where(RecoveryCase.state.in_(RUNNING)).values(over))
    db.session.execute(theirs.values(person_id=new_id))


def _end_disputes(person_id: int) -> None:
    """Whose address it is, is no question any more."""
    mine = (AddressDispute.holder_id == person_id) | (AddressDispute.claimant_id == person_id)
    db.session.execute(delete(AddressDispute).where(mine))


def _leave_waves(person_id: int) -> None:
    """The person is in no wave of invitations any more; its numbers follow (T2)."""
    mine = delete(WaveInvitee).where(WaveInvitee.person_id == person_id).returning(WaveInvitee.wave_id)
    for wave_id in set(db.session.execute(mine, execution_options={"synchronize_session": False}).scalars()):
        count_anew(wave_id, by=system_viewer())
