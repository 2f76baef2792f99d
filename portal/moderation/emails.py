"""The letter to the person concerned: it always comes, because nobody is moderated without being told (M3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import mail, outbox

if TYPE_CHECKING:
    from portal.moderation.notices import Notice

REASON = "it is about something that you wrote; these letters can't be turned off."


def send_notice(person_id: int, address: str, notice: Notice) -> None:
    """Say what was decided, why, and what can be done."""
    written = mail.render_mail(
        "moderation/notice",
        notice=notice,
        url=mail.link("moderation.standing"),
        rules_url=mail.link("moderation.guidelines"),
        reason=REASON,
    )
    outbox.post_mail(
        "moderation.notice",
        address,
        written.subject,
        written.text,
        written.html,
        person_id=person_id,
        purpose="moderation",
    )
