"""Ready to send: who gets it is counted and shown, and only then it goes."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.careers.audiences import audience_of
from portal.core.errors import Invalid
from portal.core.jinja import day as in_words
from portal.core.web import say, viewer
from portal.news import actions, queries, quiet, recipients, shown
from portal.news.forms import SendForm
from portal.news.views import desk_bp as bp
from portal.people.queries import group_names

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.news.models import NewsItem

COUNTED_BEFORE = "Somebody changed it since this page was shown. Look at it again, then send it."


@bp.route("/<public_id>/send", methods=["GET", "POST"])
def send(public_id: str) -> ResponseReturnValue:
    """Publish it now or at a time, with mail or without; how many mails that is stands on the button."""
    item = queries.any_item(public_id)
    if item.state not in ("draft", "scheduled"):
        return redirect(url_for(".figures", public_id=public_id))
    form = SendForm(data={"version": item.version, "by_mail": True})
    if form.validate_on_submit() and form.succeeds(lambda: _go(item, form)):
        now = form.when.data == "now"
        return redirect(url_for(".figures", public_id=public_id) if now else url_for(".index", state="scheduled"))
    return _page(queries.any_item(public_id), form), 422 if form.is_submitted() else 200


@bp.post("/<public_id>/unschedule")
def unschedule(public_id: str) -> ResponseReturnValue:
    """Not at that time, after all."""
    actions.unschedule(queries.any_item(public_id), by=viewer())
    say("It is a draft again, and goes nowhere until you send it.")
    return redirect(url_for(".send", public_id=public_id))


def _go(item: NewsItem, form: SendForm) -> None:
    if form.version.data != item.version:
        raise Invalid(COUNTED_BEFORE)
    by_mail = bool(form.by_mail.data)
    if form.when.data == "now":
        actions.publish(item, by_mail=by_mail, by=viewer())
        say("It is published." + (" The mails are on their way." if by_mail else " No mail goes out."))
        return
    at = form.moment(viewer())
    actions.schedule(item, at, by_mail=by_mail, by=viewer())
    say(f"It will be published on {in_words(at, at.tzinfo or UTC)} at {at:%H:%M}, {at:%Z} time.")


def _page(item: NewsItem, form: SendForm) -> str:
    form.version.raw_data, form.version.data = None, item.version
    try:
        actions.check_ready(item)
        missing = ""
    except Invalid as error:
        missing = error.message
    tally = recipients.tally([audience_of(line) for line in item.audience])
    return render_template(
        "news/send.html", item=item, form=form, tally=tally, missing=missing, quiet=quiet.reason(), submitted=request.method == "POST",
        audience=shown.draft_audience(item, group_names()),
    )  # fmt: skip
