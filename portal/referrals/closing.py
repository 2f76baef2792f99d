"""A referral that ends without having been looked into: taken back, or the person would rather not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import clock
from portal.core.db import db
from portal.referrals import credit, ledger, telling
from portal.referrals.index import REFERRALS

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.referrals.models import Referral


def forget(referral: Referral) -> None:
    """Words and address of the referred person go, and their name finds nothing any more."""
    referral.contact_address = referral.contact_norm = referral.about = ""
    REFERRALS.put(referral.id, f"{referral.company} {referral.job}")


def end_unheard(referral: Referral, reason: str, *, by: Viewer) -> None:
    """It ends; words and address of the referred person go; the credit passes to the next of the same lead (A8)."""
    stage = referral.stage
    forget(referral)
    if not referral.ending:
        referral.stage, referral.ending, referral.reason = "lost", "lost", reason
        referral.stage_since, referral.next_step, referral.next_on = clock.now(), "", None
        ledger.log(referral, "stage", by=by, old=stage, new="lost", note=reason, told=True)
        ledger.recount(referral, stage, referral.currency, referral.amount)
    ledger.set_clock(referral)
    had_credit, referral.has_credit = referral.has_credit, False
    db.session.flush()
    following = credit.pass_on(referral) if had_credit else None
    if following is not None:
        ledger.log(following, "credit", by=by, note="The earlier referral of this lead was taken back.", told=True)
        telling.tell_credit(following, by=by)
