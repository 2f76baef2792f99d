"""Spending a code: the authenticator's, or one on paper; each once, whoever comes twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from portal.accounts import emails, queries, totp
from portal.accounts.models import Credential, RecoveryCode
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Invalid

NOT_TOGETHER = "That address and code don’t belong together, or the code has been used."
NOT_PAPER_AGAIN = "Type the six digits of your authenticator: a code on paper is what brought you here."
WRONG_CODE = "That code is not right, or it has been used. Wait for the next one and type it again."


def is_paper(code: str) -> bool:
    """Whether what was typed is a code on paper; an authenticator shows six digits."""
    return len("".join(code.split())) > 6


def spend_code(person_id: int, code: str, *, paper: bool = True) -> None:
    """Use a code up, or `Invalid`; without `paper` only the authenticator's will do."""
    if is_paper(code):
        if not paper:
            raise Invalid(NOT_PAPER_AGAIN, "code")
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


def spend_paper_code_of(norm: str, code: str) -> int:
    """Use up a code on paper of whoever has or had this address; returns the person (R14).

    One statement, whether the address is known or not (I12); the code alone is long enough that nobody guesses it.
    """
    try:
        return _spend_paper(queries.named_by(norm), code)
    except Invalid:
        raise Invalid(NOT_TOGETHER) from None


def _spend_paper_code(person_id: int, code: str) -> None:
    _spend_paper([person_id], code)


def _spend_paper(person_ids: Any, code: str) -> int:
    mine = update(RecoveryCode).where(RecoveryCode.person_id.in_(person_ids), RecoveryCode.used_at.is_(None))
    spent = mine.where(RecoveryCode.code_hash == totp.code_digest(code)).values(used_at=clock.now())
    found = spent.returning(RecoveryCode.person_id)
    person_id = db.session.execute(found, execution_options={"synchronize_session": False}).scalar()
    if person_id is None:
        raise Invalid(WRONG_CODE, "code")
    emails.second_step_changed(person_id, how="paper")
    return person_id
