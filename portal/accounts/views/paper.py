"""Codes on paper: made, shown once, and used when phone and mailbox are out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, session, url_for

from portal.accounts import actions, login, mailboxes, queries, totp
from portal.accounts.forms import MaybeCodeForm, PaperForm
from portal.accounts.fresh import fresh
from portal.accounts.views import bp
from portal.accounts.views.sign_in import after
from portal.core import clock, limits
from portal.core.application import begin, reads_first
from portal.core.limits import limited
from portal.core.web import is_local, me_id, public, safe_next, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PAPER = "codes_on_paper"


@bp.get("/settings/how-you-get-in/codes")
def keys_codes() -> ResponseReturnValue:
    """The codes on paper, once."""
    sealed = session.pop(PAPER, None)
    shown = totp.unseal(sealed) if sealed else None
    if shown is None:
        return redirect(url_for(".keys"))
    on = safe_next(url_for(".keys"))
    place = url_for(".sign_in", _external=True)
    return render_template("accounts/codes.html", codes=shown.split(), next=on, today=clock.today(), place=place)


@bp.get("/settings/how-you-get-in/codes/new")
@fresh
def keys_new_codes() -> ResponseReturnValue:
    """What they are for; an authenticator is asked first."""
    return _page(MaybeCodeForm())


@bp.post("/settings/how-you-get-in/codes/new")
@fresh
@reads_first
def keys_make_codes() -> ResponseReturnValue:
    """Make ten, and show them once."""
    form = MaybeCodeForm()
    limits.hit("second_step", f"confirm {me_id()}")
    begin()
    codes = form.attempt(lambda: actions.renew_codes(me_id(), form.code.data or "", by=viewer()))
    if codes is None:
        return _page(form), 422
    limits.forget("second_step", f"confirm {me_id()}")
    return to_paper(codes)


def _page(form: MaybeCodeForm) -> str:
    left, keys = queries.codes_left(me_id()), queries.keys_of(me_id())
    return render_template("accounts/new_codes.html", form=form, left=left, asks=keys.totp)


def to_paper(codes: list[str]) -> ResponseReturnValue:
    """Lead to the page that shows them this once."""
    session[PAPER] = totp.seal(" ".join(codes))
    return redirect(url_for(".keys_codes", next=safe_next(url_for(".keys"))))


@bp.get("/sign-in/code-on-paper")
@public
def paper() -> ResponseReturnValue:
    """For whoever can't read their mail, and kept the codes."""
    return render_template("accounts/paper.html", form=PaperForm(), next=_wish())


@bp.post("/sign-in/code-on-paper")
@public
@limited("sign_in_ip", "sign_in_ip_hour")
@reads_first
def give_paper() -> ResponseReturnValue:
    """An address and a code; counted like passwords, the same for everybody (I12)."""
    form = PaperForm()
    if not form.validate_on_submit():
        return render_template("accounts/paper.html", form=form, next=_wish()), 422
    norm = mailboxes.looked_up(form.address.data or "")
    limits.hit("sign_in_address", f"paper {norm}")
    begin()
    step = form.attempt(
        lambda: actions.give_paper_code(norm, form.code.data or "", _wish(), login.device(), by=viewer())
    )
    if step is None:
        return render_template("accounts/paper.html", form=form, next=_wish()), 422
    limits.forget("sign_in_address", f"paper {norm}")
    return after(step)


def _wish() -> str:
    target = request.values.get("next", "")
    return target if is_local(target) else ""
