"""For whoever lost every way in: ask for help, see how it stands, come back; and for the owner, to stop it (I9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from portal.accounts import actions, login, queries
from portal.accounts.forms import HelpForm
from portal.accounts.fresh import fresh
from portal.accounts.views import bp
from portal.accounts.views.sign_in import enter
from portal.core import limits
from portal.core.application import begin, reads_first
from portal.core.limits import limited
from portal.core.web import me_id, public, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

STOPPED = "It is stopped. Nobody gets into the account by it."


@bp.get("/no-way-in")
@public
def no_way_in() -> ResponseReturnValue:
    """What can be done without any mailbox, phone or code."""
    return render_template("accounts/no_way_in.html", form=HelpForm())


@bp.post("/no-way-in")
@public
@limited("join")
@reads_first
def ask_for_help() -> ResponseReturnValue:
    """The same answer for everybody, member or not (I12)."""
    form = HelpForm()
    box = form.address.box
    if not form.validate_on_submit() or box is None:
        return render_template("accounts/no_way_in.html", form=form), 422
    limits.hit("link_address", box.norm)
    begin()
    name, told = form.full_name.data or "", form.told.data or ""
    if form.attempt(lambda: actions.ask_for_help(box, name, told, by=viewer())) is None:
        return render_template("accounts/no_way_in.html", form=form), 422
    return redirect(url_for(".help_mailed"))


@bp.get("/no-way-in/look-into-your-mail")
@public
def help_mailed() -> ResponseReturnValue:
    """The same words for everybody."""
    return render_template("accounts/help_mailed.html")


@bp.get("/no-way-in/<token>")
@public
def help_case(token: str) -> ResponseReturnValue:
    """A button at first; then how it stands. It names nobody's account."""
    return render_template("accounts/help_case.html", case=queries.case_behind(token))


@bp.post("/no-way-in/<token>")
@public
def prove_case(token: str) -> ResponseReturnValue:
    """The address is theirs."""
    actions.prove_case(queries.case_behind(token, "asked"), by=viewer())
    return redirect(url_for(".help_case", token=token))


@bp.get("/back-in/<token>")
@public
def back_in(token: str) -> ResponseReturnValue:
    """The wait is over: a button."""
    queries.case_behind(token, "ready")
    return render_template("accounts/back_in.html")


@bp.post("/back-in/<token>")
@public
def take_back(token: str) -> ResponseReturnValue:
    """Into the account, with the new address, and nothing else that opens it."""
    secret = actions.take_account_back(queries.case_behind(token, "ready"), login.device(), by=viewer())
    enter(secret)
    say("You are back. Add a second way in now, so that this never happens again.")
    return redirect(url_for(".keys"))


@bp.get("/stop-recovery/<token>")
@public
def veto(token: str) -> ResponseReturnValue:
    """For whoever reads an own address of the account: a button."""
    queries.ticket("veto", token)
    return render_template("accounts/stop_recovery.html", inside=False)


@bp.post("/stop-recovery/<token>")
@public
def give_veto(token: str) -> ResponseReturnValue:
    """Stop it."""
    actions.veto_recovery(queries.ticket("veto", token), by=viewer())
    say(STOPPED)
    return redirect(url_for(".sign_in"))


@bp.get("/settings/how-you-get-in/stop-recovery")
@fresh
def stop_recovery() -> ResponseReturnValue:
    """For the owner who is signed in."""
    if queries.running_case(me_id()) is None:
        return redirect(url_for(".keys"))
    return render_template("accounts/stop_recovery.html", inside=True)


@bp.post("/settings/how-you-get-in/stop-recovery")
@fresh
def do_stop_recovery() -> ResponseReturnValue:
    """Stop it."""
    actions.stop_recovery(me_id(), by=viewer())
    say(STOPPED)
    return redirect(url_for(".keys"))
