"""Saying hello, the hellos, connections and blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.core.errors import Missing
from portal.core.web import say, viewer
from portal.messages import actions, policies, queries
from portal.messages.forms import HelloForm
from portal.people import actions as people
from portal.people.queries import NOBODY, person_for

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Person

bp = Blueprint("messages", __name__)


@bp.route("/people/<public_id>/hello", methods=["GET", "POST"])
def hello(public_id: str) -> ResponseReturnValue:
    """Write a few words to somebody."""
    person, form = _other(public_id), HelloForm()
    if request.method == "GET" and (elsewhere := _instead(person)):
        return elsewhere
    if form.validate_on_submit() and form.attempt(lambda: actions.say_hello(person, form.body.data or "", by=viewer())):
        say(f"Your hello is on its way to {person.call_name}.")
        return redirect(url_for(".hellos", show="sent"))
    page = render_template("messages/hello.html", person=person, form=form, calm=policies.calm(viewer()))
    return page, 422 if form.is_submitted() else 200


def _instead(person: Person) -> ResponseReturnValue | None:
    """Where to go when the two have begun already."""
    if queries.is_connected(viewer(), person.id):
        say(f"You and {person.call_name} are connected already.", "info")
        return redirect(person.url)
    waiting = queries.open_between(viewer(), person.id)
    if waiting is None:
        return None
    return redirect(url_for(".hellos", show="sent" if viewer().is_person(waiting.sender_id) else None))


@bp.get("/hellos")
def hellos() -> ResponseReturnValue:
    """What others said to me, and what I said."""
    show = "sent" if request.args.get("show") == "sent" else "received"
    page = (queries.sent if show == "sent" else queries.received)(viewer(), **_cursor())
    return render_template("messages/hellos.html", page=page, show=show, **_neighbours(page, ".hellos", show=show))


@bp.post("/hellos/<public_id>/accept")
def accept(public_id: str) -> ResponseReturnValue:
    """Yes."""
    found = queries.hello_for(viewer(), public_id)
    actions.accept(found, by=viewer())
    say(f"You and {found.sender.call_name} are connected.")
    return redirect(found.sender.url)


@bp.post("/hellos/<public_id>/decline")
def decline(public_id: str) -> ResponseReturnValue:
    """Not now."""
    actions.decline(queries.hello_for(viewer(), public_id), by=viewer())
    say("Not now. Nothing more is said about it.")
    return redirect(url_for(".hellos"))


@bp.post("/hellos/<public_id>/withdraw")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Taken back."""
    actions.withdraw(queries.hello_for(viewer(), public_id), by=viewer())
    say("Taken back.")
    return redirect(url_for(".hellos", show="sent"))


@bp.get("/connections")
def connections() -> ResponseReturnValue:
    """The people I am connected with."""
    page = queries.connections(viewer(), **_cursor())
    return render_template("messages/connections.html", page=page, **_neighbours(page, ".connections"))


@bp.post("/people/<public_id>/disconnect")
def disconnect(public_id: str) -> ResponseReturnValue:
    """End a connection; the other is not told."""
    person = _other(public_id)
    people.disconnect(person, by=viewer())
    say(f"You and {person.call_name} are not connected any more.")
    return redirect(url_for(".connections"))


@bp.route("/people/<public_id>/block", methods=["GET", "POST"])
def block(public_id: str) -> ResponseReturnValue:
    """Not meet somebody any more: the page that asks, and the deed."""
    person = _other(public_id)
    if request.method == "GET":
        return render_template("messages/block.html", person=person)
    actions.block(person, by=viewer())
    say(f"You and {person.call_name} will not meet here any more.")
    return redirect(url_for(".blocks"))


@bp.post("/people/<public_id>/unblock")
def unblock(public_id: str) -> ResponseReturnValue:
    """Meet somebody again."""
    person = queries.blocked_person(viewer(), public_id)
    people.unblock(person, by=viewer())
    say(f"You and {person.call_name} can meet here again.")
    return redirect(url_for(".blocks"))


@bp.get("/settings/blocks")
def blocks() -> ResponseReturnValue:
    """Whom I don't want to meet."""
    return render_template("messages/blocks.html", blocked=queries.blocked(viewer()))


def _other(public_id: str) -> Person:
    """Somebody else whom the viewer may meet."""
    person = person_for(viewer(), public_id)
    if viewer().is_person(person.id):
        raise Missing(NOBODY)
    return person


def _cursor() -> dict[str, str | None]:
    return {"after": request.args.get("after"), "before": request.args.get("before")}


def _neighbours(page: Any, endpoint: str, **where: Any) -> dict[str, str | None]:
    return {
        "older": url_for(endpoint, after=page.older, **where) if page.older else None,
        "newer": url_for(endpoint, before=page.newer, **where) if page.newer else None,
    }
