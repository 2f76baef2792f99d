"""Taking an account by an invitation: button, name and terms, an own address, a password if wanted; then home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, session, url_for

from portal.accounts import actions, login, passwords, queries, refusals
from portal.accounts.forms import ClaimForm, NewPasswordForm
from portal.accounts.views import bp
from portal.accounts.views.sign_in import enter
from portal.consents.queries import in_force
from portal.core.access import system_viewer
from portal.core.application import begin, reads_first
from portal.core.errors import Gone
from portal.core.web import me_id, public, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.accounts.models import Invitation

CLAIM = "claim"


@bp.get("/claim/<token>")
@public
def claim(token: str) -> ResponseReturnValue:
    """A button, and nothing of the person: a mail scanner may be looking (R21)."""
    invitation = queries.invitation(token)
    return render_template("accounts/claim.html", off=refusals.write(invitation.address, invitation.public_id))


@bp.get("/no-more-letters/<token>")
@public
def no_more_letters(token: str) -> ResponseReturnValue:
    """The page behind the link in a letter; opening it changes nothing."""
    refusals.read(token)
    return render_template("accounts/no_more_letters.html", token=token)


@bp.post("/no-more-letters/<token>")
@public
def refuse_letters(token: str) -> ResponseReturnValue:
    """Never again: one click in the mail program (RFC 8058) or the button on the page, without a cookie."""
    actions.refuse_letters(refusals.read(token), by=system_viewer())
    return render_template("accounts/no_more_letters.html", done=True)


@bp.post("/claim/<token>")
@public
def open_claim(token: str) -> ResponseReturnValue:
    """Whoever holds the letter goes on in this browser; the invitation is used up at the end only."""
    queries.invitation(token)
    session[CLAIM] = token
    return redirect(url_for(".who_you_are"))


@bp.get("/welcome/who-you-are")
@public
def who_you_are() -> ResponseReturnValue:
    """Name and what to call the person, from the record; the terms."""
    invitation = _letter()
    form = ClaimForm(full_name=invitation.person.full_name, call_name=invitation.person.call_name)
    return _page(form, invitation)


@bp.post("/welcome/who-you-are")
@public
def take_account() -> ResponseReturnValue:
    """Take the account and be signed in."""
    form, invitation = ClaimForm(), _letter()
    if not form.take(known_kind=_kind(invitation), with_terms=bool(in_force())):
        return _page(form, invitation), 422
    kind = form.kind.data or "work"
    done = form.attempt(lambda: actions.claim(
        invitation, login.device(), full_name=form.full_name.data or "", call_name=form.call_name.data or "", kind=kind,
        by=viewer(),
    ))  # fmt: skip
    if done is None:
        return _page(form, _letter()), 422
    token, address = done
    enter(token)
    then = url_for(".welcome_password")
    return redirect(then if not queries.is_work(address) else url_for(".own_address", next=then))


@bp.get("/welcome/password")
def welcome_password() -> ResponseReturnValue:
    """A password, for those who like one."""
    return _first_password(NewPasswordForm())


def _first_password(form: NewPasswordForm) -> str:
    address = queries.primary_address(me_id())
    return render_template("accounts/welcome_password.html", form=form, address=address)


@bp.post("/welcome/password")
@reads_first
def set_first_password() -> ResponseReturnValue:
    """Set it, if there is none yet."""
    form, here = NewPasswordForm(), login.this_session()
    if here is None or queries.credential(me_id(), "password") is not None:
        return redirect(url_for(".keys_password"))
    if not form.take(queries.context_words(me_id())):
        return _first_password(form), 422
    stored = passwords.make_hash(form.new_password.data or "")
    begin()
    actions.set_password(me_id(), stored, but=here.session_id, by=viewer())
    say("Your password is set. Welcome!")
    return redirect("/")


def _letter() -> Invitation:
    if CLAIM not in session:
        raise Gone("Open the link in your invitation once more.")
    return queries.invitation(session[CLAIM])


def _kind(invitation: Invitation) -> str | None:
    return queries.kind_of(invitation.norm.rpartition("@")[2])


def _page(form: ClaimForm, invitation: Invitation) -> str:
    return render_template(
        "accounts/who_you_are.html", form=form, address=invitation.address, asks_kind=_kind(invitation) is None,
        texts=in_force(),
    )  # fmt: skip
