"""The mail of a check-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import mail, outbox

if TYPE_CHECKING:
    from datetime import datetime

    from portal.people.models import Person

CHECK_IN = "advocates.check_in"
YOU_OPTED_IN = "you are willing to be asked for favours as an advocate."


def check_in(person: Person, address: str, secret: str, ends: datetime) -> None:
    """May we call on you, are you happy? Three answers, one click each, no sign-in."""
    urls = {said: mail.link("advocates.check_in", token=secret, say=said) for said in ("yes", "not_now", "not_happy")}
    written = mail.render_mail(
        "advocates/check_in", call_name=person.call_name, urls=urls, ends=ends, reason=YOU_OPTED_IN,
        preferences_url=mail.link("advocates.mine"),
    )  # fmt: skip
    outbox.post_mail(
        CHECK_IN, address, written.subject, written.text, written.html, person_id=person.id, purpose="check_in",
        expires_at=ends,
    )  # fmt: skip
