"""How one gets in: the page that shows it all, password, authenticator, and the second step of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, session, url_for

from portal.accounts import actions, login, passwords, providers, queries, totp
from portal.accounts.forms import CodeForm, NewPasswordForm
from portal.accounts.fresh import fresh
from portal.accounts.strength import strength
from portal.accounts.views import bp
from portal.accounts.views.again import options_again
from portal.accounts.views.paper import to_paper
from portal.core import limits, settings
from portal.core.application import begin, reads_first
from portal.core.web import me_id, safe_next, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

NEW_AUTHENTICATOR = "new_authenticator"


@bp.get("/settings/how-you-get-in")
def keys() -> ResponseReturnValue:
    """Every way in as it stands, how safe that is in a line, and the one next step."""
    me, needed = me_id(), bool(viewer().roles)
    held, offered = queries.keys_of(me), providers.configured()
    return render_template(
        "accounts/keys.html", password=queries.credential(me, "password"), authenticator=queries.credential(me, "totp"),
        codes=queries.codes_left(me), needed=needed, passkeys=queries.passkeys_of(me),
        addresses=queries.live_addresses(me), providers=offered,
        connected={each.key: row for each, row in queries.connected(me)}, devices=len(queries.open_sessions(me)),
        strength=strength(queries.ways_of(me), holds_role=needed, two_factors=held.two_factors),
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
    held, address = queries.credential(me_id(), "password"), queries.primary_address(me_id())
    return render_template("accounts/password.html", form=form, held=held, address=address)


@bp.get("/settings/how-you-get-in/authenticator")
@fresh
def keys_authenticator() -> ResponseReturnValue:
    """A picture for the app; the secret waits, sealed, in this browser until its first code is right."""
    if queries.credential(me_id(), "totp") is not None:
        return redirect(url_for(".keys"))
    if NEW_AUTHENTICATOR not in session:
        session[NEW_AUTHENTICATOR] = totp.seal(totp.new_secret())
    return _authenticator_page(CodeForm())


@bp.post("/settings/how-you-get-in/authenticator")
@fresh
def keys_set_up() -> ResponseReturnValue:
    """Keep it once its code is right."""
    form, here = CodeForm(), login.this_session()
    secret = totp.unseal(session.get(NEW_AUTHENTICATOR, "")) or totp.new_secret()
    if here is None or not form.validate_on_submit():
        return _authenticator_page(form), 422
    number = here.session_id
    codes = form.attempt(lambda: actions.set_up_totp(me_id(), secret, form.code.data or "", number, by=viewer()))
    if codes is None:
        return _authenticator_page(form), 422
    session.pop(NEW_AUTHENTICATOR, None)
    return to_paper(codes) if codes else redirect(safe_next(url_for(".keys")))


@bp.get("/settings/how-you-get-in/authenticator/remove")
@fresh
def keys_remove_authenticator() -> ResponseReturnValue:
    """Asks for a last code."""
    return render_template("accounts/remove_authenticator.html", form=CodeForm())


@bp.post("/settings/how-you-get-in/authenticator/remove")
@fresh
@reads_first
def keys_do_remove() -> ResponseReturnValue:
    """Do it, if the code is right."""
    form = CodeForm()
    limits.hit("second_step", f"confirm {me_id()}")
    begin()
    if form.validate_on_submit() and form.succeeds(
        lambda: actions.remove_totp(me_id(), form.code.data or "", by=viewer())
    ):
        limits.forget("second_step", f"confirm {me_id()}")
        return redirect(url_for(".keys"))
    return render_template("accounts/remove_authenticator.html", form=form), 422


@bp.get("/second-step")
def raise_session() -> ResponseReturnValue:
    """Asked of those who hold a role and signed in with one factor."""
    if not queries.keys_of(me_id()).two_factors:
        return render_template("accounts/set_up_first.html", next=safe_next("/"))
    return _raise_page(CodeForm())


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
    return _raise_page(form), 422


def _raise_page(form: CodeForm) -> str:
    """Whatever of one's own counts as two factors."""
    return render_template(
        "accounts/show_code.html",
        form=form,
        next=safe_next("/"),
        keys=queries.keys_of(me_id()),
        options=options_again(),
    )


def _authenticator_page(form: CodeForm) -> str:
    secret = totp.unseal(session.get(NEW_AUTHENTICATOR, "")) or ""
    uri = totp.address_of(secret, viewer().name, settings.get("brand_name"))
    return render_template(
        "accounts/authenticator.html", form=form, picture=totp.picture(uri), secret=totp.in_groups(secret)
    )
