"""A member's next letter, before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, make_response, render_template, request

from portal.core import clock, settings
from portal.core.dev_mail import MAIL_POLICY
from portal.core.web import me_id, viewer
from portal.digests import actions, emails
from portal.digests.calendar import next_at
from portal.digests.queries import KIND
from portal.notifications.kinds import WEEKLY
from portal.notifications.queries import chosen, paused_until

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("digests", __name__)
dev = Blueprint("dev_letter", __name__, url_prefix="/dev/letter")


@bp.get("/settings/notifications/next-letter")
def next_letter() -> ResponseReturnValue:
    """What it would say now, and when it goes out."""
    who = viewer()
    goes_at = next_at(clock.now(), who.timezone, settings.get("letter_weekday") - 1, settings.get("letter_hour"))
    return render_template(
        "digests/next.html", letter=actions.next_letter(by=who), goes_at=goes_at,
        is_off=chosen(me_id(), KIND) != WEEKLY, paused=paused_until(me_id()),
    )  # fmt: skip


@dev.get("")
def letter_html() -> ResponseReturnValue:
    """Development: one's next letter as a mail program shows it, or its plain text."""
    who = viewer()
    written = emails.render_letter(actions.next_letter(by=who), me_id(), who.call_name)
    response = make_response(written.text if "text" in request.args else written.html)
    response.content_type = "text/plain; charset=utf-8" if "text" in request.args else "text/html; charset=utf-8"
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response
