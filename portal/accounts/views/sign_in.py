"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, session, url_for

from portal.accounts import actions, login, mailboxes, passkeys, passwords, providers, queries
from portal.accounts.forms import CodeForm, PasswordForm, SignInForm
from portal.accounts.views import bp
from portal.core import limits
from portal.core.application import begin, reads_first
from portal.core.errors import Gone
from portal.core.limits import limited
from portal.core.web import is_local, public, safe_next, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.accounts.actions import Step
    from portal.accounts.models import LoginToken
    from portal.core.errors import DomainError

NOT_TOGETHER = "That address and password don’t belong together. Leave the password empty, and we mail you a link."
SECOND = "second_step"


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The door: one page for everybody."""
    if viewer().is_member:
        return redirect(safe_next("/"))
    return _door(SignInForm())


@bp.post("/sign-in")
@public
@limited("sign_in_ip", "sign_in_ip_hour")
@reads_first
def try_sign_in() -> ResponseReturnValue:
    """A mailed link, or the password that was typed."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _door(form), 422
    norm = mailboxes.looked_up(form.address.data or "")
    return _with_password(form, norm) if form.password.data else _with_link(form, norm)


def still_outside(error: DomainError, target: str | None = None) -> ResponseReturnValue:
    """The door again, with what went wrong on top."""
    form = SignInForm(formdata=None)
    form.complain(error.message)
    return _door(form, target), error.status


def _door(form: SignInForm, target: str | None = None) -> str:
    """Address and password, passkey, and the providers that there are."""
    return render_template(
        "accounts/sign_in.html", form=form, next=_wish() if target is None else target, providers=providers.configured(),
        options=passkeys.ask_to_show(session, "show").options,
    )  # fmt: skip


def _with_link(form: SignInForm, norm: str) -> ResponseReturnValue:
    limits.hit("link_address", norm)
    begin()
    actions.ask_for_link(norm, _wish(), login.device(), by=viewer())
    return redirect(url_for(".look_into_mail"))


def _with_password(form: SignInForm, norm: str) -> ResponseReturnValue:
    """Counted, looked up and hashed in the same way, whether the address is known or not (I12)."""
    device = login.device()
    found = queries.password_behind(norm)
    known = queries.knows_browser(found.person_id if found else 0, device.browser_hash)
    bucket = f"{norm} {device.browser_hash}" if known else norm  # a stranger's tries never keep the owner out
    limits.hit("sign_in_address", bucket)
    right = passwords.matches(found.secret if found else None, form.password.data or "")
    if found is None or not right:
        form.complain(NOT_TOGETHER)
        return _door(form), 422
    fresh = passwords.make_hash(form.password.data or "") if passwords.is_outdated(found.secret) else None
    begin()
    limits.forget("sign_in_address", bucket)
    return after(actions.give_password(found.person_id, found.id, _wish(), device, rehash=fresh, by=viewer()))


@bp.get("/sign-in/look-into-your-mail")
@public
def look_into_mail() -> ResponseReturnValue:
    """The same words for everybody."""
    return render_template("accounts/look_into_mail.html")


@bp.get("/sign-in/link/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """A button, so that no mail scanner signs anybody in; it names nobody."""
    queries.ticket("sign_in", token)
    return render_template("accounts/link.html")


@bp.post("/sign-in/link/<token>")
@public
def follow_link(token: str) -> ResponseReturnValue:
    """Use the link up."""
    ticket = queries.ticket("sign_in", token)
    step = actions.follow_link(ticket, login.device(), by=viewer())
    if step.what == "browser":
        return render_template("accounts/other_browser.html", token=token)
    return after(step)


@bp.post("/sign-in/link/<token>/here")
@public
@limited("sign_in_ip", "sign_in_ip_hour")
def link_here(token: str) -> ResponseReturnValue:
    """The link was asked for in another browser: a new one for this."""
    actions.ask_for_link_here(queries.ticket("sign_in", token), login.device(), by=viewer())
    return redirect(url_for(".look_into_mail"))


@bp.get("/sign-in/device/<token>")
@public
def device(token: str) -> ResponseReturnValue:
    """The right password was given on a new browser: a button to confirm it."""
    queries.ticket("device", token)
    return render_template("accounts/link.html")


@bp.post("/sign-in/device/<token>")
@public
def confirm_device(token: str) -> ResponseReturnValue:
    """Use the confirmation up, on that browser."""
    step = actions.confirm_device(queries.ticket("device", token), login.device(), by=viewer())
    if step.what == "browser":
        return render_template("accounts/same_browser.html")
    return after(step)


@bp.get("/sign-in/second-step")
@public
def second_step() -> ResponseReturnValue:
    """What else is asked: a code, or the password beside a link to a work address."""
    ticket = _begun()
    return _second_page(ticket, _second_form(ticket))


@bp.post("/sign-in/second-step")
@public
@reads_first
def give_second_step() -> ResponseReturnValue:
    """Take the code or the password."""
    ticket = _begun()
    form = _second_form(ticket)
    limits.hit("second_step", str(ticket.person_id))
    if not form.validate_on_submit():
        return _second_page(ticket, form), 422
    step = _give_password(ticket, form) if isinstance(form, PasswordForm) else _give_code(ticket, form)
    return after(step) if step else (_second_page(ticket, form), 422)


def _give_code(ticket: LoginToken, form: CodeForm) -> Step | None:
    begin()
    limits.forget("second_step", str(ticket.person_id))
    return form.attempt(lambda: actions.give_code(ticket, form.code.data or "", login.device(), by=viewer()))


def _give_password(ticket: LoginToken, form: PasswordForm) -> Step | None:
    held = queries.credential(ticket.person_id, "password")
    if not passwords.matches(held.secret if held else None, form.password.data or ""):
        form.complain("That is not the password.", "password")
        return None
    begin()
    limits.forget("second_step", str(ticket.person_id))
    return actions.add_password(ticket, login.device(), by=viewer())


def _begun() -> LoginToken:
    if SECOND not in session:
        raise Gone("That took too long. Please sign in again.")
    return queries.ticket("second", session[SECOND])


def _second_form(ticket: LoginToken) -> PasswordForm | CodeForm:
    return PasswordForm() if ticket.data.get("need") == "password" else CodeForm()


def _second_page(ticket: LoginToken, form: PasswordForm | CodeForm) -> str:
    by_paper = ticket.data.get("through") == "paper"
    return render_template("accounts/second_step.html", form=form, need=ticket.data.get("need"), by_paper=by_paper)


def after(step: Step) -> ResponseReturnValue:
    """Where signing in goes on: into the house, or to what is asked next."""
    if step.what == "mail":
        return redirect(url_for(".look_into_mail"))
    if step.what in ("totp", "password"):
        session.clear()
        session[SECOND] = step.secret
        return redirect(url_for(".second_step"))
    if step.what == "key":
        return redirect(url_for(".another_way", next=step.target))
    enter(step.secret)
    return go_in(step.person_id, step.target)


def go_in(person_id: int | None, target: str) -> ResponseReturnValue:
    """Where the person wanted to go; whoever has no address of their own is asked for one first (I4)."""
    target = target if is_local(target) else "/"
    if person_id is not None and not queries.keys_of(person_id).live_personal:
        return redirect(url_for(".own_address", next=target))
    return redirect(target)


@bp.get("/sign-in/another-way")
@public
def another_way() -> ResponseReturnValue:
    """What an employer could use too was not enough on this browser, and there is something better (I2)."""
    return render_template(
        "accounts/another_way.html", next=_wish(), providers=[each for each in providers.configured() if each.is_own],
        options=passkeys.ask_to_show(session, "show").options,
    )  # fmt: skip


def enter(token: str) -> None:
    """Begin the new session in this browser; the one that was open here ends."""
    here = login.this_session()
    if here is not None:
        actions.leave_session(here.session_id, by=viewer())
    login.start(token)


def _wish() -> str:
    """Where the person wanted to go, if it is on this site."""
    target = request.values.get("next", "")
    return target if is_local(target) else ""


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session and clear what the browser keeps of it (ASVS 14.3.1)."""
    here = login.this_session()
    if here is not None:
        actions.end_session_by_id(here.session_id, by=viewer())
    session.clear()
    say("You are signed out. Come back any time.")
    answer = redirect(url_for(".sign_in"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
