"""Two accounts of one person become one: an address, a mailed link, what it means, done; and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.accounts.fresh import fresh
from portal.accounts.queries import keys_of
from portal.core.limits import limited
from portal.core.web import me_id, say, viewer
from portal.people.queries import open_roles, person_by_id
from portal.rights import actions, policies, queries
from portal.rights.forms import JoinForm, OtherAccountForm, ProofForm
from portal.rights.pack.words import TITLES
from portal.rights.views.exporting import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.rights.models import MergeRequest

MAILED = "If {} belongs to another account, a link is on its way to it. Open it within an hour, in this browser."


@bp.get("/settings/join-accounts")
def join_accounts() -> ResponseReturnValue:
    """What it is for, and the accounts that can still be parted."""
    merges = queries.merges_of(me_id())
    return render_template("rights/join.html", form=OtherAccountForm(), merges=merges, calm=policies.calm(viewer()))


@bp.post("/settings/join-accounts")
@fresh
@limited("join_accounts")
def ask_to_join() -> ResponseReturnValue:
    """Mail the link that proves the other account."""
    form = OtherAccountForm()
    if not form.validate_on_submit() or form.address.box is None:
        return render_template("rights/join.html", form=form, merges=queries.merges_of(me_id()), calm=""), 422
    actions.ask_to_join(me_id(), form.address.box.norm, by=viewer())
    say(MAILED.format(form.address.box.address), "info")
    return redirect(url_for(".join_accounts"))


@bp.route("/settings/join-accounts/prove/<token>", methods=["GET", "POST"])
@limited("second_step")
def prove(token: str) -> ResponseReturnValue:
    """A button, and a code where the other account has a second step; looking proves nothing."""
    row = queries.request_behind(me_id(), token)
    form, needs_code = ProofForm(), keys_of(row.other_id or 0).totp
    if form.validate_on_submit() and form.succeeds(lambda: actions.prove(row, code=form.code.data or "", by=viewer())):
        return redirect(url_for(".preview_join", public_id=row.public_id))
    page = render_template("rights/prove.html", form=form, needs_code=needs_code)
    return page, 422 if form.is_submitted() else 200


@bp.get("/settings/join-accounts/<public_id>")
def preview_join(public_id: str) -> ResponseReturnValue:
    """Both accounts side by side, and what will happen."""
    return _preview(queries.proved_request(me_id(), public_id), JoinForm())


@bp.post("/settings/join-accounts/<public_id>")
@fresh
def join(public_id: str) -> ResponseReturnValue:
    """Make them one."""
    row, form = queries.proved_request(me_id(), public_id), JoinForm()
    merge = form.attempt(lambda: actions.join(row, by=viewer())) if form.validate_on_submit() else None
    if merge is None:
        return _preview(queries.proved_request(me_id(), public_id), form)
    say("Your two accounts are one now.")
    return redirect(url_for(".join_accounts"))


@bp.post("/settings/join-accounts/<public_id>/undo")
@fresh
def undo_join(public_id: str) -> ResponseReturnValue:
    """Two again."""
    lost = actions.undo_join(queries.own_merge(me_id(), public_id), by=viewer())
    beside = f" {lost} small things found no place any more." if lost else ""
    say(f"They are two accounts again. What you did since is in this one.{beside}")
    return redirect(url_for(".join_accounts"))


def _preview(row: MergeRequest, form: JoinForm) -> ResponseReturnValue:
    other = person_by_id(row.other_id or 0)
    kept, gone = dict(queries.kept_by(row.person_id)), dict(queries.kept_by(other.id))
    counted = [
        (TITLES.get(name, name), kept.get(name, 0), gone.get(name, 0))
        for name in TITLES
        if kept.get(name) or gone.get(name)
    ]
    page = render_template(
        "rights/preview_join.html", form=form, other=other, me=person_by_id(row.person_id), counted=counted,
        roles=[role.role for role in open_roles(other.id)], strict=queries.stricter_consents(row.person_id, other.id),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200
