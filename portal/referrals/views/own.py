"""My referrals: sending one, and following each to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.core.errors import Missing
from portal.core.limits import limited
from portal.core.web import say, viewer
from portal.notifications.actions import read_about
from portal.referrals import actions, policies, queries, shown
from portal.referrals.forms import AgreedForm, ReferForm
from portal.referrals.stages import KIND_WORDS, STAGES, stage_of
from portal.referrals.views import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.referrals.models import Referral


@bp.get("")
def mine() -> ResponseReturnValue:
    """What I referred, newest first."""
    page = queries.own_page(viewer(), request.args.get("after"), request.args.get("before"))
    return render_template("referrals/mine.html", page=page.map(shown.own_line))


@bp.get("/new")
def start() -> ResponseReturnValue:
    """A lead, a candidate or a partner?"""
    return render_template("referrals/start.html")


@bp.route("/new/<kind>", methods=["GET", "POST"])
@limited("refer")
def refer(kind: str) -> ResponseReturnValue:
    """One page, four or five fields."""
    if kind not in STAGES:
        raise Missing("There is no such kind of referral.")
    form = ReferForm.of(kind)
    is_whole = form.validate_on_submit()
    sent = form.attempt(lambda: actions.refer(_lead(kind, form), by=viewer())) if is_whole else None
    if sent is not None:
        say("Thank you. This page shows you each stage, to the end.")
        return redirect(url_for(".one", public_id=sent.public_id))
    earlier = actions.referred_already(_lead(kind, form), by=viewer()) if is_whole else None
    page = render_template("referrals/refer.html", form=form, kind=kind, word=KIND_WORDS[kind].lower(), earlier=earlier)
    return page, 422 if form.is_submitted() else 200


@bp.get("/<public_id>")
def one(public_id: str) -> ResponseReturnValue:
    """Where it stands, what happens next, and who sees it."""
    found = queries.own_referral(viewer(), public_id)
    read_about(f"referral:{public_id}", by=viewer())
    return _page(found, AgreedForm())


@bp.post("/<public_id>/agreed")
def agreed(public_id: str) -> ResponseReturnValue:
    """They said yes to me."""
    found, form = queries.own_referral(viewer(), public_id, for_update=True), AgreedForm()
    day = form.agreed_on.data
    if (
        not form.validate()
        or day is None
        or not form.succeeds(lambda: actions.say_they_agreed(found, day, by=viewer()))
    ):
        return _page(queries.own_referral(viewer(), public_id), form), 422
    say("Thank you. Now we may write to them.")
    return redirect(url_for(".one", public_id=public_id))


@bp.post("/<public_id>/take-back")
def take_back(public_id: str) -> ResponseReturnValue:
    """I think better of it."""
    actions.take_back(queries.own_referral(viewer(), public_id, for_update=True), by=viewer())
    say("Taken back. What you wrote about them is gone.")
    return redirect(url_for(".one", public_id=public_id))


def _page(found: Referral, form: AgreedForm) -> str:
    events = queries.told_events(found)
    return render_template(
        "referrals/one.html", referral=found, form=form, title=shown.own_title(found), events=events[::-1],
        steps=shown.steps(found, events), told=shown.told, stage=stage_of(found.kind, found.stage),
        word=KIND_WORDS[found.kind].lower(), own_first=queries.own_first(viewer(), found) if found.first_id else None,
        may_take_back=policies.can_take_back(viewer(), found),
    )  # fmt: skip


def _lead(kind: str, form: ReferForm) -> actions.Lead:
    said = form.agreed.data == "yes"
    given = {name: form[name].data or "" for name in ("company", "job", "name", "address", "about") if name in form}
    return actions.Lead(kind, agreed_on=form.agreed_on.data if said else None, **given)
