"""The weekly letter as a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import mail, outbox
from portal.digests.queries import KIND
from portal.notifications import tokens

if TYPE_CHECKING:
    from datetime import date

    from portal.core.mail import Rendered
    from portal.core.outbox import OutboxMail
    from portal.digests.composing import Letter


def render_letter(letter: Letter, person_id: int, call_name: str) -> Rendered:
    """The letter's subject, text and HTML."""
    return mail.render_mail(
        "digests/letter",
        letter=letter,
        call_name=call_name,
        home=mail.link("home.index").rstrip("/"),
        preview=" · ".join(piece.title for section in letter.sections for piece in section.pieces[:1]),
        reason="you asked for one letter a week. It only comes when there is something in it.",
        unsubscribe_url=off_url(person_id),
        preferences_url=mail.link("notifications.preferences"),
    )


def post_letter(letter: Letter, person_id: int, call_name: str, address: str, week: date) -> OutboxMail:
    """Put the letter into the outbox."""
    written = render_letter(letter, person_id, call_name)
    return outbox.post_mail(
        KIND, address, written.subject, written.text, written.html, person_id=person_id,
        purpose=f"{KIND}:{week.isoformat()}", headers=mail.bulk_headers(list_name=KIND, off_url=off_url(person_id)),
    )  # fmt: skip


def off_url(person_id: int) -> str:
    """Where one click ends the letters."""
    return mail.link("notifications.off", token=tokens.write(person_id, KIND))
