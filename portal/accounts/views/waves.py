"""Invitations to many: whom, how many that would be, little by little, and how far they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from portal.accounts import actions, emails, policies
from portal.accounts.forms import WaveForm
from portal.accounts.fresh import ask_again
from portal.accounts.queries import waves as queries
from portal.core import settings
from portal.core.errors import Missing
from portal.core.web import say, viewer
from portal.people.queries import group_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from portal.accounts.models import InvitationWave

bp = Blueprint("waves", __name__, url_prefix="/invitations")


@bp.before_request
def only_those_who_invite() -> ResponseReturnValue | None:
    """Nobody else learns of these pages; they ask again from time to time who is there."""
    if not policies.can_invite(viewer()):
        raise Missing("There is no such page, or it is not for you.")
    return ask_again(settings.get("admin_minutes"))


@bp.get("")
def index() -> ResponseReturnValue:
    """All waves and how far they came."""
    page = queries.waves(after=request.args.get("after"), before=request.args.get("before"))
    return render_template("accounts/waves.html", page=page)


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Whom to invite, chosen already by the page that leads here; nothing is sent by this."""
    form = WaveForm(data={"source": request.args.get("source", "")})
    form.offer()
    if form.validate_on_submit():
        wave = form.attempt(lambda: actions.prepare_wave(form.name.data or "", form.choice(), by=viewer()))
        if wave is not None:
            return redirect(url_for(".wave", public_id=wave.public_id))
    return render_template("accounts/new_wave.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/<public_id>")
def wave(public_id: str) -> ResponseReturnValue:
    """What sending would mean; once it is sent, how far the people came."""
    found = queries.wave(public_id)
    return render_template(
        "accounts/wave.html", wave=found, an_hour=settings.get("invitations_per_hour"), groups=group_names(),
        letter=emails.sample_invitation() if found.state == "ready" else None, source=queries.source_of(found),
    )  # fmt: skip


@bp.get("/<public_id>/state")
def state(public_id: str) -> ResponseReturnValue:
    """How far the counting is, for the page that waits for it."""
    found = queries.wave(public_id)
    here = url_for(".wave", public_id=public_id)
    return {"value": None, "words": f"{found.people} so far", "url": "" if found.state == "counting" else here}


@bp.post("/<public_id>/start")
def start(public_id: str) -> ResponseReturnValue:
    """Send, or go on sending."""
    return _do(public_id, actions.start_wave, "The invitations go out now, little by little.")


@bp.post("/<public_id>/pause")
def pause(public_id: str) -> ResponseReturnValue:
    """Hold it for now."""
    return _do(public_id, actions.pause_wave, "Paused. Nothing is sent until you go on.")


@bp.post("/<public_id>/stop")
def stop(public_id: str) -> ResponseReturnValue:
    """End it."""
    return _do(
        public_id, actions.stop_wave, "Stopped. Nothing more is sent; letters that arrived can still be answered."
    )


def _do(public_id: str, act: Callable[..., None], sentence: str) -> ResponseReturnValue:
    found: InvitationWave = queries.wave(public_id)
    act(found, by=viewer())
    say(sentence)
    return redirect(url_for(".wave", public_id=public_id))
