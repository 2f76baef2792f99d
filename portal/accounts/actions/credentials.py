"""Passwords, authenticators and codes on paper: set, changed, taken away; their owner is told each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from portal.accounts import emails, policies, queries, tickets, totp
from portal.accounts.actions.sessions import confirm_session, end_sessions
from portal.accounts.codes import WRONG_CODE, is_paper, spend_code
from portal.accounts.models import Credential, RecoveryCode, WaitingReset
from portal.core import audit, clock
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.core.access import Viewer

NOT_YOURS = "You can only change how you get in yourself."


def set_password(person_id: int, password_hash: str, *, but: int | None, by: Viewer) -> None:
    """Set or change the password, from its hash; other sessions end, what was mailed before is worthless (I14)."""
    require(by.system or policies.is_owner(by, person_id), NOT_YOURS)
    held = queries.credential(person_id, "password")
    if held is None:
        add(Credential(person_id=person_id, kind="password", secret=password_hash))
    else:
        held.secret, held.changed_at = password_hash, clock.now()
    tickets.kill(person_id, "password change")
    waiting = update(WaitingReset).where(WaitingReset.person_id == person_id, WaitingReset.ended_at.is_(None))
    db.session.execute(waiting.values(ended_at=clock.now()))
    end_sessions(person_id, but=but, by=by)
    emails.password_changed(person_id, how="changed" if held else "set")
    audit.record("change password", ("person", person_id), by=by)


def set_up_totp(person_id: int, secret: str, code: str, session_id: int, *, by: Viewer) -> list[str]:
    """Keep the authenticator once its first code is right; returns codes on paper, if there are none left."""
    require(policies.is_owner(by, person_id), NOT_YOURS)
    if queries.credential(person_id, "totp") is not None:
        raise Invalid("There is an authenticator already. Remove it before you set up another one.")
    step = totp.step_of(secret, code)
    if step is None:
        raise Invalid(WRONG_CODE, "code")
    add(Credential(person_id=person_id, kind="totp", secret=totp.seal(secret), last_step=step))
    confirm_session(session_id, factors=2, by=by)
    _factor_changed(person_id, "set up", by)
    return [] if queries.codes_left(person_id) else _fresh_codes(person_id)


def remove_totp(person_id: int, code: str, *, by: Viewer) -> None:
    """Do without the authenticator; a last code of it, or one on paper, shows that it is the owner (ASVS 6.4.4)."""
    require(policies.is_owner(by, person_id), NOT_YOURS)
    spend_code(person_id, code)
    db.session.execute(delete(Credential).where(Credential.person_id == person_id, Credential.kind == "totp"))
    _factor_changed(person_id, "removed", by)


def renew_codes(person_id: int, code: str, *, by: Viewer) -> list[str]:
    """New codes on paper, shown once; the old ones are worthless. An authenticator is asked first (ASVS 6.4.4)."""
    require(policies.is_owner(by, person_id), NOT_YOURS)
    if queries.keys_of(person_id).totp:
        spend_code(person_id, code)
    tickets.kill(person_id, "factor change")
    emails.way_in_changed(person_id, "codes made")
    audit.record("renew codes", ("person", person_id), by=by)
    return _fresh_codes(person_id)


def show_code(person_id: int, code: str, session_id: int, *, by: Viewer) -> None:
    """A code confirms that it is still the same person, and raises this session to two factors if it is a second one."""
    require(policies.is_owner(by, person_id), NOT_YOURS)
    through = queries.way_of(session_id)
    raises = policies.raises_to_two(through, queries.keys_of(person_id), paper=is_paper(code))
    spend_code(person_id, code)
    confirm_session(session_id, factors=2 if raises else None, by=by)


def _factor_changed(person_id: int, how: str, by: Viewer) -> None:
    tickets.kill(person_id, "factor change")
    emails.second_step_changed(person_id, how=how)
    audit.record(f"second step {how}", ("person", person_id), by=by)


def _fresh_codes(person_id: int) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = totp.new_codes()
    db.session.add_all(RecoveryCode(person_id=person_id, code_hash=totp.code_digest(code)) for code in codes)
    return codes
