"""The mail of an ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import mail, outbox

if TYPE_CHECKING:
    from portal.asks.models import Ask

ASK = "asks.ask"
YOU_OPTED_IN = "you are willing to be asked for favours as an advocate."


def ask(row: Ask, asker: str, address: str, secret: str) -> None:
    """The brief, and two answers: one click each, no sign-in."""
    urls = {said: mail.link("asks.answer", token=secret, say=said) for said in ("yes", "no")}
    written = mail.render_mail(
        "asks/ask", ask=row, asker=asker, urls=urls, reason=YOU_OPTED_IN, preferences_url=mail.link("advocates.mine"),
    )  # fmt: skip
    outbox.post_mail(
        ASK, address, written.subject, written.text, written.html, person_id=row.person_id, purpose=row.public_id,
        expires_at=row.answer_by,
    )  # fmt: skip
