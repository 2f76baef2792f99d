"""What an import asks an admin: are these two one, does this row speak of that member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.core.web import say, viewer
from portal.imports import actions, queries
from portal.imports.shown import links, pairs
from portal.imports.views.files import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/questions")
def questions() -> ResponseReturnValue:
    """Records side by side that may be one human."""
    page = queries.open_matches(after=request.args.get("after"), before=request.args.get("before"))
    return render_template("imports/questions.html", page=page, pairs=pairs(page.items), tab="pairs")


@bp.get("/questions/members")
def member_questions() -> ResponseReturnValue:
    """Rows that fit a member by address alone."""
    page = queries.open_links(after=request.args.get("after"), before=request.args.get("before"))
    return render_template("imports/links.html", page=page, links=links(page.items), tab="members")


@bp.post("/questions/<public_id>/same")
def same(public_id: str) -> ResponseReturnValue:
    """They are one."""
    kept = actions.accept_match(queries.match(public_id), by=viewer())
    say(f"{kept.full_name} is one record now.")
    return redirect(url_for(".questions"))


@bp.post("/questions/<public_id>/different")
def different(public_id: str) -> ResponseReturnValue:
    """They are two."""
    actions.reject_match(queries.match(public_id), by=viewer())
    say("They stay apart, and nobody asks again.")
    return redirect(url_for(".questions"))


@bp.post("/questions/members/<public_id>/yes")
def link(public_id: str) -> ResponseReturnValue:
    """The row speaks of this member."""
    actions.accept_link(queries.proposal(public_id), by=viewer())
    say("The row is theirs now. What it says of other employers is for them to confirm.")
    return redirect(url_for(".member_questions"))


@bp.post("/questions/members/<public_id>/no")
def unlink(public_id: str) -> ResponseReturnValue:
    """It speaks of somebody else."""
    actions.decline(queries.proposal(public_id), by=viewer())
    say("Noted. Nobody asks again.")
    return redirect(url_for(".member_questions"))
