"""Passkeys: made and looked after in the settings, shown at the door and before dangerous acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, session, url_for

from portal.accounts import actions, login, passkeys, queries
from portal.accounts.forms import PasskeyForm, PasskeyNameForm, ShowPasskeyForm
from portal.accounts.fresh import fresh
from portal.accounts.views import bp
from portal.accounts.views.sign_in import enter, go_in, still_outside
from portal.core import settings
from portal.core.application import begin, reads_first
from portal.core.errors import Gone, Invalid
from portal.core.limits import limited
from portal.core.web import me_id, public, safe_next, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.accounts.models import Passkey

MAKE, SHOW, AGAIN = "make", "show", "again"


@bp.get("/settings/how-you-get-in/passkeys/new")
@fresh
def passkey_new() -> ResponseReturnValue:
    """What a passkey is, and a button that lets the browser make one."""
    return _new_page(PasskeyForm(data={"name": login.device().name}))


@bp.post("/settings/how-you-get-in/passkeys/new")
@fresh
@reads_first
def passkey_add() -> ResponseReturnValue:
    """Keep what the browser made."""
    form, here = PasskeyForm(), login.this_session()
    if here is None or not form.validate_on_submit():
        return _new_page(form), 422
    number, question = here.session_id, passkeys.asked(session, MAKE)
    made = form.attempt(lambda: passkeys.check_made(form.answer.data or "", question))
    if made is None:
        return _new_page(form), 422
    begin()
    done = form.attempt(lambda: actions.add_passkey(me_id(), made, form.called(), question, number, by=viewer()))
    if done is None:
        return _new_page(form), 422
    passkeys.answered(session)
    say(f"Your passkey “{done.name}” is kept. It signs you in with one touch.")
    return redirect(safe_next(url_for(".keys")))


def _new_page(form: PasskeyForm) -> str:
    held = [row.key_id for row in queries.passkeys_of(me_id())]
    asked = passkeys.ask_to_make(
        session, handle=viewer().public_id, name=viewer().name, house=settings.get("brand_name"), held=held
    )
    return render_template("accounts/new_passkey.html", form=form, options=asked.options, next=safe_next(""))


@bp.route("/settings/how-you-get-in/passkeys/<public_id>", methods=["GET", "POST"])
def passkey_rename(public_id: str) -> ResponseReturnValue:
    """Call it by another name."""
    row = queries.own_passkey(me_id(), public_id)
    form = PasskeyNameForm(obj=row)
    if form.validate_on_submit():
        actions.rename_passkey(row, form.name.data or "", by=viewer())
        return redirect(url_for(".keys"))
    return render_template("accounts/passkey.html", form=form, passkey=row), 422 if form.errors else 200


@bp.post("/settings/how-you-get-in/passkeys/<public_id>/remove")
@fresh
def passkey_remove(public_id: str) -> ResponseReturnValue:
    """It opens nothing any more."""
    row, form = queries.own_passkey(me_id(), public_id), PasskeyNameForm(formdata=None)
    name = row.name
    if not form.succeeds(lambda: actions.remove_passkey(row, by=viewer())):
        say(str(form.form_errors[0]), "bad")
        return redirect(url_for(".keys"))
    say(f"The passkey “{name}” opens nothing here any more. You may delete it on your device too.")
    return redirect(url_for(".keys"))


@bp.post("/sign-in/passkey")
@public
@limited("sign_in_ip", "sign_in_ip_hour")
@reads_first
def passkey_sign_in() -> ResponseReturnValue:
    """Sign in by whichever passkey the browser has for us."""
    form = ShowPasskeyForm()
    try:
        question = passkeys.asked(session, SHOW)
        row, count = _shown(form, question)
    except (Gone, Invalid) as error:  # a passkey that was removed here is still on its device
        return still_outside(error)
    begin()
    token = actions.sign_in_by_passkey(row, count, question, login.device(), by=viewer())
    enter(token)
    return go_in(row.person_id, safe_next("/"))


@bp.post("/confirm-it-is-you/passkey")
@reads_first
def passkey_confirm() -> ResponseReturnValue:
    """Show again who one is, by a passkey of one's own."""
    form, here = ShowPasskeyForm(), login.this_session()
    question = passkeys.asked(session, AGAIN)
    row, count = _shown(form, question)
    begin()
    actions.confirm_by_passkey(row, count, question, here.session_id if here else 0, by=viewer())
    passkeys.answered(session)
    say("Thank you. You can go on.")
    return redirect(safe_next(url_for(".keys")))


def _shown(form: ShowPasskeyForm, question: bytes) -> tuple[Passkey, int]:
    """The passkey that gave a right answer; whatever is wrong with it reads the same."""
    answer = form.answer.data or ""
    row = queries.passkey_named(passkeys.named_in(answer))
    if row is None:
        raise Invalid(passkeys.NOT_RIGHT)
    return row, passkeys.check_shown(answer, question, row.public_key, row.sign_count)
