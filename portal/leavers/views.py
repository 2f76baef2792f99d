"""The page on which HR tells that somebody leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from portal.accounts.fresh import ask_again
from portal.core import clock, settings
from portal.core.errors import Missing
from portal.core.limits import limited
from portal.core.web import say, viewer
from portal.leavers import actions, policies, queries
from portal.leavers.forms import LeaverForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

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
    row = form.attempt(lambda: _announce(form)) if form.validate_on_submit() else None
    if row is None:
        return _page(form), 422
    say("Thank you. The day is noted, and the account will be theirs before it.")
    return redirect(url_for(".index"))


def _announce(form: LeaverForm) -> object:
    return actions.announce(
        form.full_name.data or "", form.ends_on.data or clock.today(), work=form.work.box, own=form.own.box,
        title=form.title.data or "", department=form.department.data or "", by=viewer(),
    )  # fmt: skip


def _page(form: LeaverForm) -> str:
    return render_template("leavers/index.html", form=form, leavers=queries.upcoming())
