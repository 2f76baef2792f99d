"""What the programme keeps: the acts with their wordings, open flags, and the company's own list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from portal.advocates import actions, policies, queries
from portal.advocates.door import NO_PAGE, let_in
from portal.advocates.forms import ActForm, CloseFlagForm, ListForm
from portal.consents.queries import legal_text
from portal.core.errors import Missing
from portal.core.web import say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.advocates.models import Act

bp = Blueprint("acts", __name__, url_prefix="/programme")


@bp.before_request
def only_keepers() -> ResponseReturnValue | None:
    """For others these pages do not exist."""
    return let_in(policies.can_keep_acts(viewer()))


@bp.get("/acts")
def index() -> ResponseReturnValue:
    """What advocates can be asked for."""
    return render_template("advocates/acts.html", acts=queries.acts(closed=True))


@bp.post("/acts/set-up")
def set_up() -> ResponseReturnValue:
    """A house that was set up before there were acts gets those that come with the portal."""
    actions.ensure_acts(by=viewer())
    return redirect(url_for(".index"))


@bp.route("/acts/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Another act."""
    form = ActForm()
    if form.validate_on_submit() and (made := form.attempt(lambda: _add(form))):
        say(f"{made.name} is on the list. Nobody has agreed to it yet.")
        return redirect(url_for(".index"))
    return render_template("advocates/act_form.html", form=form, act=None), 422 if form.is_submitted() else 200


@bp.route("/acts/<key>", methods=["GET", "POST"])
def edit(key: str) -> ResponseReturnValue:
    """Its name and meaning, and its words, whose change is a new version."""
    act = queries.any_act(key)
    text = legal_text(act.consent_kind)
    form = ActForm(data={"name": act.name, "meaning": act.meaning, "is_call": act.is_call, "wording": text.body})
    if form.validate_on_submit() and form.succeeds(lambda: _save(act, form, text.body)):
        say("Kept.")
        return redirect(url_for(".index"))
    status = 422 if form.is_submitted() else 200
    return render_template("advocates/act_form.html", form=form, act=act, version=text.version), status


@bp.post("/acts/<key>/<any(close, reopen):verb>")
def open_or_close(key: str, verb: str) -> ResponseReturnValue:
    """Take it off the list, or put it back."""
    act = queries.any_act(key)
    (actions.close_act if verb == "close" else actions.reopen_act)(act, by=viewer())
    say(f"{act.name} is {'off' if verb == 'close' else 'on'} the list.")
    return redirect(url_for(".index"))


@bp.get("/flags")
def flags() -> ResponseReturnValue:
    """What is wrong, the oldest first; for the manager."""
    return _flags(CloseFlagForm(formdata=None), "")


@bp.post("/flags/<public_id>/close")
def close_flag(public_id: str) -> ResponseReturnValue:
    """Close one, with a reason."""
    flag, form = queries.flag_for(viewer(), public_id), CloseFlagForm()
    if form.validate_on_submit() and form.succeeds(
        lambda: actions.close_flag(flag, form.because.data or "", by=viewer())
    ):
        say("Closed. Check in with them before you ask again.")
        return redirect(url_for(".flags"))
    return _flags(form, public_id), 422


@bp.route("/invite-list", methods=["GET", "POST"])
def invite_list() -> ResponseReturnValue:
    """The company's list: invitations to opt in, never consents (A1)."""
    form, done = ListForm(), None
    if form.validate_on_submit():
        lines = (form.addresses.data or "").splitlines()
        done = form.attempt(lambda: actions.invite_members(lines, by=viewer()))
    status = 422 if form.errors or form.form_errors else 200
    return render_template("advocates/invite_list.html", form=form, done=done), status


def _add(form: ActForm) -> Act:
    return actions.add_act(
        form.name.data or "", form.meaning.data or "", form.wording.data or "", is_call=form.is_call.data, by=viewer()
    )  # fmt: skip


def _save(act: Act, form: ActForm, words_before: str) -> None:
    actions.edit_act(act, form.name.data or "", form.meaning.data or "", is_call=form.is_call.data, by=viewer())
    words = form.wording.data or ""
    if words.strip() != words_before.replace("\r\n", "\n").strip():
        actions.publish_wording(act, words, by=viewer())


def _flags(form: CloseFlagForm, open_id: str) -> str:
    if not policies.can_close_flag(viewer()):
        raise Missing(NO_PAGE)
    return render_template("advocates/flags.html", flags=queries.oldest_flags(50), form=form, open_id=open_id)
