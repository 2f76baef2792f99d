"""The bell's page, and the settings of what comes by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from portal.core.access import system_viewer
from portal.core.web import me_id, public, safe_next, say, viewer
from portal.notifications import actions, days, kinds, queries, tokens
from portal.notifications.forms import MailForm, PauseForm, mail_form

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("notifications", __name__)
LATEST = 6


@bp.get("/notifications")
def index() -> ResponseReturnValue:
    """What happened, newest first, by day."""
    page = queries.page_for(viewer(), request.args.get("after"), request.args.get("before"))
    return render_template("notifications/index.html", page=page, days=days.by_day(page.items, viewer().timezone))


@bp.get("/notifications/latest")
def latest() -> ResponseReturnValue:
    """The newest few, for the little menu behind the bell."""
    return render_template("notifications/_latest.html", lines=queries.page_for(viewer(), size=LATEST).items)


@bp.get("/notifications/<public_id>")
def open_(public_id: str) -> ResponseReturnValue:
    """Go where it leads; a browser that only fetches ahead has read nothing."""
    notification = queries.notification_for(viewer(), public_id)
    if "prefetch" not in (request.headers.get("Sec-Purpose") or request.headers.get("Purpose", "")):
        actions.open_notification(notification, by=viewer())
    return redirect(notification.url)


@bp.post("/notifications/<public_id>/read")
def read(public_id: str) -> ResponseReturnValue:
    """Mark one as read without going there."""
    actions.mark_read(queries.notification_for(viewer(), public_id), by=viewer())
    return redirect(safe_next(url_for(".index")))


@bp.post("/notifications/read-all")
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    actions.mark_all_read(by=viewer())
    return redirect(url_for(".index"))


@bp.route("/settings/notifications", methods=["GET", "POST"])
def preferences() -> ResponseReturnValue:
    """How each kind comes by mail."""
    form = mail_form(kinds.types_for(viewer()), queries.choices(me_id()))
    if form.validate_on_submit():
        actions.choose_mail(form.wanted, by=viewer())
        say("Your choices are kept.")
        return redirect(url_for(".preferences"))
    return _show(form, PauseForm(formdata=None))


@bp.post("/settings/notifications/pause")
def pause() -> ResponseReturnValue:
    """No mail for some time."""
    form = PauseForm()
    if form.validate() and form.succeeds(lambda: actions.pause_mail(form.until.data, by=viewer())):
        say("Your mail is paused. The site goes on telling you.")
        return redirect(url_for(".preferences"))
    return _show(mail_form(kinds.types_for(viewer()), queries.choices(me_id())), form)


@bp.post("/settings/notifications/resume")
def resume() -> ResponseReturnValue:
    """Mail comes again."""
    actions.resume_mail(by=viewer())
    say("Mail comes again, as you have chosen it.")
    return redirect(url_for(".preferences"))


def _show(form: MailForm, pause_form: PauseForm) -> ResponseReturnValue:
    shown = render_template(
        "notifications/preferences.html",
        form=form,
        pause=pause_form,
        types=kinds.types_for(viewer()),
        until=queries.paused_until(me_id()),
    )
    return shown, 422 if form.errors or pause_form.errors else 200


@bp.get("/notifications/off/<token>")
@public
def off(token: str) -> ResponseReturnValue:
    """The page behind the link at the foot of a mail; opening it changes nothing."""
    told = tokens.read(token)
    return render_template("notifications/off.html", kind=kinds.type_of(told.kind), token=token, was_off=_is_off(told))


@bp.post("/notifications/off/<token>")
@public
def turn_off(token: str) -> ResponseReturnValue:
    """No more mail of this kind: one click in the mail program (RFC 8058) or the button on the page."""
    told = tokens.read(token)
    was_off = _is_off(told)
    actions.stop_mail(told.person_id, told.kind, by=system_viewer())
    return render_template("notifications/off.html", kind=kinds.type_of(told.kind), was_off=was_off)


def _is_off(told: tokens.Told) -> bool:
    return queries.chosen(told.person_id, told.kind) == kinds.OFF
