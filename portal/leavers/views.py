"""The page on which HR tells that somebody leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from portal.accounts.fresh import ask_again
from portal.core import clock, settings
from portal.core.errors import Missing
from portal.core.jinja import day
from portal.core.limits import limited
from portal.core.web import say, viewer
from portal.leavers import actions, policies, queries
from portal.leavers.forms import DayForm, LeaverForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.leavers.models import Leaver

bp = Blueprint("leavers", __name__, url_prefix="/leavers")


@bp.before_request
def only_who_announces() -> ResponseReturnValue | None:
    """For everybody else there is no such page; it asks again from time to time who is there."""
    if not policies.can_announce(viewer()):
        raise Missing("There is no such page, or it is not for you.")
    return ask_again(settings.get("admin_minutes"))


@bp.get("")
def index() -> ResponseReturnValue:
    """Who leaves soon or left lately, and how far they are."""
    return _page(LeaverForm())


@bp.post("")
@limited("leavers")
def announce() -> ResponseReturnValue:
    """Keep the day, and let the letter go out."""
    form = LeaverForm()
    done = form.attempt(lambda: _announce(form)) if form.validate_on_submit() else None
    if done is None:
        return _page(form), 422
    _say_what_came(done)
    return redirect(url_for(".index"))


@bp.get("/<public_id>")
def change(public_id: str) -> ResponseReturnValue:
    """Another last day, or none."""
    leaver = queries.coming(public_id)
    return render_template("leavers/change.html", form=DayForm(data={"ends_on": leaver.ends_on}), leaver=leaver)


@bp.post("/<public_id>")
def change_day(public_id: str) -> ResponseReturnValue:
    """The day is another one."""
    leaver, form = queries.coming(public_id), DayForm()
    if form.validate_on_submit() and form.attempt(lambda: _change_day(leaver, form)):
        say(f"The last day of {leaver.person.full_name} is {day(leaver.ends_on)} now.")
        return redirect(url_for(".index"))
    return render_template("leavers/change.html", form=form, leaver=queries.coming(public_id)), 422


@bp.post("/<public_id>/stays")
def stays(public_id: str) -> ResponseReturnValue:
    """It was announced, and does not come to pass."""
    leaver = queries.coming(public_id)
    name = leaver.person.full_name
    actions.call_off(leaver, by=viewer())
    say(f"{name} stays: the announcement is taken back.")
    return redirect(url_for(".index"))


def _change_day(leaver: Leaver, form: DayForm) -> bool:
    actions.change_day(leaver, form.ends_on.data or clock.today(), by=viewer())
    return True


def _say_what_came(done: actions.Announced) -> None:
    if done.earlier is None:
        say("Thank you. The day is noted, and the account will be theirs before it.")
        return
    now = "" if done.earlier == done.ends_on else f": the last day is {day(done.ends_on)} now"
    say(f"{done.name} was announced already, for {day(done.earlier)}{now}.", "info")


def _announce(form: LeaverForm) -> actions.Announced:
    return actions.announce(
        form.full_name.data or "", form.ends_on.data or clock.today(), work=form.work.box, own=form.own.box,
        title=form.title.data or "", department=form.department.data or "", by=viewer(),
    )  # fmt: skip


def _page(form: LeaverForm) -> str:
    return render_template("leavers/index.html", form=form, leavers=queries.upcoming())
