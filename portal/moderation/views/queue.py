"""The queue: everything that is asked of a moderator, oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.core.errors import Missing
from portal.core.web import say, viewer
from portal.moderation import actions, desk, lists, policies, queries
from portal.moderation.views import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/moderation")
def queue() -> ResponseReturnValue:
    """The moderator's day on one page; a tab shows one sort of work."""
    if not policies.has_queue(viewer()):
        raise Missing("This page is for moderators.")
    tab = request.args.get("tab", "")
    counts = lists.waiting_counts(viewer())
    page = desk.queue(viewer(), tab, request.args.get("after"), request.args.get("before"))
    return render_template(
        "moderation/queue.html",
        page=page,
        tab=tab,
        counts=counts,
        tabs=desk.tabs(viewer(), tab, counts),
        moderates=policies.is_moderator(viewer()),
    )


@bp.post("/moderation/cases/<public_id>/claim")
def claim(public_id: str) -> ResponseReturnValue:
    """Say that one is on it."""
    actions.claim(queries.case_for(viewer(), public_id), by=viewer())
    return redirect(url_for(".case", public_id=public_id))


@bp.post("/moderation/cases/<public_id>/release")
def release(public_id: str) -> ResponseReturnValue:
    """Give it back."""
    actions.release(queries.case_for(viewer(), public_id), by=viewer())
    say("You have given the case back to the queue.")
    return redirect(url_for(".queue"))
