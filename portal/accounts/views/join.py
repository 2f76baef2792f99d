"""Asking to join: an address first, then who one is; and how the request stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from portal.accounts import actions, queries
from portal.accounts.forms import AddressForm, JoinForm
from portal.accounts.views import bp
from portal.core import limits
from portal.core.application import begin, reads_first
from portal.core.limits import limited
from portal.core.web import public, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/join")
@public
def join() -> ResponseReturnValue:
    """Who may join, and an address to begin with."""
    return render_template("accounts/join.html", form=AddressForm())


@bp.post("/join")
@public
@limited("join")
@reads_first
def ask_to_join() -> ResponseReturnValue:
    """The same answer for everybody: look into your mail (I12)."""
    form = AddressForm()
    if not form.validate_on_submit() or form.address.box is None:
        return render_template("accounts/join.html", form=form), 422
    limits.hit("link_address", form.address.box.norm)
    begin()
    actions.ask_to_join(form.address.box, by=viewer())
    return redirect(url_for(".join_mailed"))


@bp.get("/join/look-into-your-mail")
@public
def join_mailed() -> ResponseReturnValue:
    """The same words for everybody."""
    return render_template("accounts/join_mailed.html")


@bp.get("/join/<token>")
@public
def join_request(token: str) -> ResponseReturnValue:
    """The form while nothing was told yet; then how the request stands."""
    applicant = queries.request_behind(token)
    if applicant.state == "unverified":
        return render_template("accounts/join_form.html", form=JoinForm(), address=applicant.address)
    return render_template("accounts/join_state.html", applicant=applicant, token=token)


@bp.post("/join/<token>")
@public
def send_request(token: str) -> ResponseReturnValue:
    """Take what the applicant tells."""
    applicant, form = queries.request_behind(token), JoinForm()
    if not form.validate_on_submit():
        return render_template("accounts/join_form.html", form=form, address=applicant.address), 422
    actions.submit_request(applicant, form.told(), by=viewer())
    say("Thank you. Your request has arrived.")
    return redirect(url_for(".join_request", token=token))


@bp.post("/join/<token>/invitation")
@public
@limited("join")
def invite_again(token: str) -> ResponseReturnValue:
    """The invitation of a granted request, mailed once more."""
    actions.invite_again(queries.request_behind(token), by=viewer())
    say("We have mailed your invitation again.")
    return redirect(url_for(".join_request", token=token))
