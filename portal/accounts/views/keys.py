"""How one gets in: password, authenticator, codes on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, session, url_for

from portal.accounts import actions, login, passwords, queries, totp
from portal.accounts.forms import CodeForm, NewPasswordForm
from portal.accounts.fresh import fresh
from portal.accounts.views import bp
from portal.core import limits, settings
from portal.core.application import begin, reads_first
from portal.core.errors import Missing
from portal.core.web import me_id, safe_next, say, viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

NEW_SECRET, PAPER = "new_authenticator", "codes_on_paper"


@bp.get("/settings/how-you-get-in")
def keys() -> ResponseReturnValue:
    """Password and second step, as they stand."""
    me = me_id()
    return render_template(
        "accounts/keys.html", password=queries.credential(me, "password"), authenticator=queries.credential(me, "totp"),
        codes=queries.codes_left(me), needed=bool(viewer().roles),
    )  # fmt: skip


@bp.get("/settings/how-you-get-in/password")
@fresh
def keys_password() -> ResponseReturnValue:
    """Set or change the password."""
    return _password_page(NewPasswordForm())


@bp.post("/settings/how-you-get-in/password")
@fresh
@reads_first
def keys_set_password() -> ResponseReturnValue:
    """Measured and hashed before the transaction begins; the present one is asked first (ASVS 6.2.3)."""
    form, here = NewPasswordForm(), login.this_session()
    held = queries.credential(me_id(), "password")
    limits.hit("second_step", f"confirm {me_id()}")
    if held and not passwords.matches(held.secret, form.current_password.data or ""):
        form.complain("That is not your present password.", "current_password")
    if not form.take(queries.context_words(me_id())) or here is None:
        return _password_page(form), 422
    stored = passwords.make_hash(form.new_password.data or "")
    begin()
    limits.forget("second_step", f"confirm {me_id()}")
    actions.set_password(me_id(), stored, but=here.session_id, by=viewer())
    say("Your password is set. All other devices are signed out.")
    return redirect(url_for(".keys"))


def _password_page(form: NewPasswordForm) -> str:
    return render_template("accounts/password.html", form=form, held=queries.credential(me_id(), "password"))


@bp.get("/settings/how-you-get-in/authenticator")
@fresh
def keys_authenticator() -> ResponseReturnValue:
    """A picture for the app; the secret waits, sealed, in this browser until its first code is right."""
    if queries.credential(me_id(), "totp") is not None:
        return redirect(url_for(".keys"))
    if NEW_SECRET not in session:
        session[NEW_SECRET] = totp.seal(totp.new_secret())
    return _authenticator_page(CodeForm())


@bp.post("/settings/how-you-get-in/authenticator")
@fresh
def keys_set_up() -> ResponseReturnValue:
    """Keep it once its code is right."""
    form, here = CodeForm(), login.this_session()
    secret = totp.unseal(session.get(NEW_SECRET, "")) or totp.new_secret()
    if here is None or not form.validate_on_submit():
        return _authenticator_page(form), 422
    number = here.session_id
    codes = form.attempt(lambda: actions.set_up_totp(me_id(), secret, form.code.data or "", number, by=viewer()))
    if codes is None:
        return _authenticator_page(form), 422
    session.pop(NEW_SECRET, None)
    return _to_paper(codes)


@bp.get("/settings/how-you-get-in/codes")
def keys_codes() -> ResponseReturnValue:
    """The codes on paper, once."""
    sealed = session.pop(PAPER, None)
    shown = totp.unseal(sealed) if sealed else None
    if shown is None:
        return redirect(url_for(".keys"))
    return render_template("accounts/codes.html", codes=shown.split(), next=safe_next(url_for(".keys")))


@bp.get("/settings/how-you-get-in/<what>/code")
@fresh
def keys_code(what: str) -> ResponseReturnValue:
    """Removing the authenticator, or new codes: asks for a last code."""
    _act(what)
    return render_template("accounts/ask_code.html", form=CodeForm(), what=what)


@bp.post("/settings/how-you-get-in/<what>/code")
@fresh
@reads_first
def keys_give_code(what: str) -> ResponseReturnValue:
    """Do it, if the code is right."""
    form, act = CodeForm(), _act(what)
    limits.hit("second_step", f"confirm {me_id()}")
    begin()
    if form.validate_on_submit():
        codes = form.attempt(lambda: act(me_id(), form.code.data or "", by=viewer()))
        if not form.errors:
            return _to_paper(codes) if codes else redirect(url_for(".keys"))
    return render_template("accounts/ask_code.html", form=form, what=what), 422


def _act(what: str) -> Callable[..., Any]:
    acts = {"remove": actions.remove_totp, "anew": actions.renew_codes}
    if what not in acts:
        raise Missing("There is no such page.")
    return acts[what]


@bp.get("/second-step")
def raise_session() -> ResponseReturnValue:
    """Asked of those who hold a role and signed in with one factor."""
    if queries.credential(me_id(), "totp") is None:
        return render_template("accounts/set_up_first.html", next=safe_next("/"))
    return render_template("accounts/show_code.html", form=CodeForm(), next=safe_next("/"))


@bp.post("/second-step")
@reads_first
def show_code() -> ResponseReturnValue:
    """Raise this session to two factors."""
    form, here = CodeForm(), login.this_session()
    limits.hit("second_step", f"confirm {me_id()}")
    begin()
    if here is not None and form.validate_on_submit():
        number = here.session_id
        form.attempt(lambda: actions.show_code(me_id(), form.code.data or "", number, by=viewer()))
        if not form.errors:
            return redirect(safe_next("/"))
    return render_template("accounts/show_code.html", form=form, next=safe_next("/")), 422


def _authenticator_page(form: CodeForm) -> str:
    secret = totp.unseal(session.get(NEW_SECRET, "")) or ""
    uri = totp.address_of(secret, viewer().name, settings.get("brand_name"))
    return render_template(
        "accounts/authenticator.html", form=form, picture=totp.picture(uri), secret=totp.in_groups(secret)
    )


def _to_paper(codes: list[str]) -> ResponseReturnValue:
    session[PAPER] = totp.seal(" ".join(codes))
    return redirect(url_for(".keys_codes", next=safe_next(url_for(".keys"))))
