"""The one mail of referrals: a neutral question in the referrer's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.mail import link, render_mail
from portal.core.outbox import post_mail

if TYPE_CHECKING:
    from datetime import datetime

    from portal.referrals.models import Referral

KIND = "referrals.question"


def ask_the_referred(referral: Referral, referrer: str, secret: str, ends: datetime) -> None:
    """Nothing of the job or the deal stands in it: an employer may read this mailbox."""
    letter = render_mail(
        "referrals/question", referrer=referrer, person=referral.contact_name, url=link("referrals.question", token=secret),
        ends=ends, reason=f"{referrer} gave us your address. We keep it for this one question, and ask only once.",
    )  # fmt: skip
    post_mail(
        KIND, referral.contact_address, letter.subject, letter.text, letter.html, purpose=f"referral:{referral.public_id}",
        expires_at=ends,
    )  # fmt: skip
