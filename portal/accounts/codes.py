"""Spending a code: the authenticator's, or one on paper; each once, whoever comes twice."""

from __future__ import annotations

from sqlalchemy import update

from portal.accounts import emails, queries, totp
from portal.accounts.models import Credential, RecoveryCode
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Invalid

WRONG_CODE = "That code is not right, or it has been used. Wait for the next one and type it again."


def spend_code(person_id: int, code: str) -> None:
    """Use a code up, or `Invalid`."""
    if len("".join(code.split())) > 6:
        _spend_paper_code(person_id, code)
    else:
        _spend_step(person_id, code)


def _spend_step(person_id: int, code: str) -> None:
    """The step moves forward only, so that a code read over a shoulder opens nothing (ASVS 6.5.1)."""
    held = queries.credential(person_id, "totp")
    secret = totp.unseal(held.secret) if held else None
    step = totp.step_of(secret, code) if secret else None
    if held is None or step is None:
        raise Invalid(WRONG_CODE, "code")
    forward = update(Credential).where(Credential.id == held.id, Credential.last_step < step)
    if db.session.execute(forward.values(last_step=step, used_at=clock.now()).returning(Credential.id)).first() is None:
        raise Invalid(WRONG_CODE, "code")


def _spend_paper_code(person_id: int, code: str) -> None:
    mine = update(RecoveryCode).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    spent = mine.where(RecoveryCode.code_hash == totp.code_digest(code)).values(used_at=clock.now())
    if db.session.execute(spent.returning(RecoveryCode.id)).first() is None:
        raise Invalid(WRONG_CODE, "code")
    emails.second_step_changed(person_id, how="paper")
