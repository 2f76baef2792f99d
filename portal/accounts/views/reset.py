"""A forgotten password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from portal.accounts import actions, passwords, queries
from portal.accounts.forms import AddressForm, NewPasswordForm
from portal.accounts.views import bp
from portal.core import limits, settings
from portal.core.application import begin, reads_first
from portal.core.limits import limited
from portal.core.web import public, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/forgot")
@public
def forgot() -> ResponseReturnValue:
    """Which address?"""
    return render_template("accounts/forgot.html", form=AddressForm())


@bp.post("/forgot")
@public
@limited("sign_in_ip", "sign_in_ip_hour")
@reads_first
def ask_for_reset() -> ResponseReturnValue:
    """The same answer for everybody (I12)."""
    form = AddressForm()
    if not form.validate_on_submit() or form.address.box is None:
        return render_template("accounts/forgot.html", form=form), 422
    limits.hit("link_address", form.address.box.norm)
    begin()
    actions.ask_for_reset(form.address.box.norm, by=viewer())
    return redirect(url_for(".look_into_mail"))


@bp.get("/reset/<token>")
@public
def reset(token: str) -> ResponseReturnValue:
    """A new password; looking uses nothing up and names nobody."""
    queries.ticket("reset", token)
    return render_template("accounts/reset.html", form=NewPasswordForm())


@bp.post("/reset/<token>")
@public
@limited("sign_in_ip")
@reads_first
def take_new_password(token: str) -> ResponseReturnValue:
    """Measured and hashed before the transaction begins; nobody is signed in by it (R10)."""
    ticket, form = queries.ticket("reset", token), NewPasswordForm()
    if not form.take(queries.context_words(ticket.person_id)):
        return render_template("accounts/reset.html", form=form), 422
    stored = passwords.make_hash(form.new_password.data or "")
    begin()
    waits_until = actions.reset_password(ticket, stored, by=viewer())
    if waits_until is not None:
        return render_template("accounts/reset_waits.html", until=waits_until, hours=settings.get("reset_wait_hours"))
    say("Your new password is set. Sign in with it.")
    return redirect(url_for(".sign_in"))


@bp.get("/stop-reset/<token>")
@public
def stop_reset(token: str) -> ResponseReturnValue:
    """A button."""
    queries.ticket("stop_reset", token)
    return render_template("accounts/stop_reset.html")


@bp.post("/stop-reset/<token>")
@public
def stop_it(token: str) -> ResponseReturnValue:
    """Stop the password that waits."""
    actions.stop_reset(queries.ticket("stop_reset", token), by=viewer())
    say("The new password is stopped. What you signed in with before still works.")
    return redirect(url_for(".sign_in"))
