"""Showing again who one is, before a dangerous act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.accounts import actions, fresh, login, passwords, queries
from portal.accounts.forms import ConfirmForm
from portal.accounts.views import bp
from portal.accounts.views.again import options_again
from portal.core import limits
from portal.core.application import begin, reads_first
from portal.core.web import is_local, me_id, public, safe_next, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

NOT_RIGHT = "That is not right. Try again, or let us mail you a link."


@bp.get("/confirm-it-is-you")
def confirm() -> ResponseReturnValue:
    """Passkey, password, code, or a mailed link: whatever the person has."""
    return _page(ConfirmForm())


@bp.post("/confirm-it-is-you")
@reads_first
def try_confirm() -> ResponseReturnValue:
    """Take the password or the code, and go back to where the person was."""
    form, here = ConfirmForm(), login.this_session()
    limits.hit("second_step", f"confirm {me_id()}")
    if here is None or not form.validate_on_submit():
        return _page(form), 422
    if not (_by_code(form, here.session_id) if form.code.data else _by_password(form, here.session_id)):
        return _page(form), 422
    say("Thank you. You can go on.")
    return redirect(safe_next(url_for(".keys")))


def _by_password(form: ConfirmForm, session_id: int) -> bool:
    held = queries.credential(me_id(), "password")
    if not passwords.matches(held.secret if held else None, form.password.data or ""):
        form.complain(NOT_RIGHT, "password")
        return False
    begin()
    limits.forget("second_step", f"confirm {me_id()}")
    actions.confirm_session(session_id, by=viewer())
    return True


def _by_code(form: ConfirmForm, session_id: int) -> bool:
    begin()
    limits.forget("second_step", f"confirm {me_id()}")
    form.attempt(lambda: actions.show_code(me_id(), form.code.data or "", session_id, by=viewer()))
    return not form.errors


@bp.post("/confirm-it-is-you/mail")
@reads_first
def mail_confirmation() -> ResponseReturnValue:
    """Mail the link that confirms."""
    here = login.this_session()
    limits.hit("link_address", f"person {me_id()}")
    begin()
    if here is not None:
        actions.mail_confirmation(here.session_id, _target(), login.device(), by=viewer())
    return render_template("accounts/confirm_mailed.html", next=_target())


@bp.get("/confirm-it-is-you/link/<token>")
@public
def confirm_link(token: str) -> ResponseReturnValue:
    """A button; nothing happens by looking."""
    queries.ticket("confirm", token)
    if login.this_session() is None:
        return render_template("accounts/same_browser.html")
    return render_template("accounts/confirm_link.html")


@bp.post("/confirm-it-is-you/link/<token>")
def confirm_by_link(token: str) -> ResponseReturnValue:
    """The mail was read: go on where the person was."""
    here = login.this_session()
    target = actions.confirm_by_link(queries.ticket("confirm", token), here.session_id if here else 0, by=viewer())
    say("Thank you. You can go on.")
    return redirect(target if is_local(target) else url_for(".keys"))


def _target() -> str:
    target = request.values.get("next", "")
    return target if is_local(target) else ""


def _page(form: ConfirmForm) -> str:
    return render_template(
        "accounts/confirm.html", form=form, keys=queries.keys_of(me_id()), next=_target(), is_fresh=fresh.is_fresh(),
        by_mail=actions.confirming_address(me_id()) is not None, options=options_again(),
    )  # fmt: skip
