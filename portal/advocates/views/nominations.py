"""Nominating somebody, and the nomination with its clock."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, redirect, render_template, request, url_for

from portal.advocates import actions, policies, shown
from portal.advocates.forms import ContactForm, DeclineForm, EndForm, InviteForm, LinkForm, NominateForm
from portal.advocates.queries import nominations
from portal.core.errors import Conflict, Invalid, Missing
from portal.core.limits import limited
from portal.core.web import me_id, say, viewer

if TYPE_CHECKING:
    from typing import Any

    from flask.typing import ResponseReturnValue

    from portal.advocates.models import Nomination
    from portal.people.models import Person

bp = Blueprint("nominations", __name__)
ONE_AT_A_TIME = "Name one person: a member, or somebody who is not here. Empty the fields of the other."
IN_BRACKETS = re.compile(r"\(([0-9a-z]{10})\)\s*$")


@bp.route("/nominate", methods=["GET", "POST"])
@limited("nominations")
def nominate() -> ResponseReturnValue:
    """A form of a minute: whom, and why."""
    form = NominateForm(member=request.args.get("member", ""))
    if form.validate_on_submit() and (made := form.attempt(lambda: _nominate(form))):
        say(f"Thank you. {made.nominee} is nominated, and the clock runs.")
        return redirect(url_for(".nomination", public_id=made.public_id))
    made_before = nominations.made_by(me_id())
    status = 422 if form.is_submitted() else 200
    return render_template("advocates/nominate.html", form=form, made=made_before, words=shown), status


@bp.get("/nominate/suggest")
@limited("search")
def suggest() -> ResponseReturnValue:
    """Names that begin so, of those whom the viewer may nominate."""
    found = nominations.suggestions(viewer(), request.args.get("q", "")[:60])
    return jsonify([
        {"value": f"{one.full_name} ({one.public_id})", "label": one.full_name,
         "note": "" if one.claimed_at else "not here yet"}
        for one in found
    ])  # fmt: skip


@bp.get("/nominations/<public_id>")
def nomination(public_id: str) -> ResponseReturnValue:
    """Where it stands: for the nominator, the nominee, and those who tend it (A6)."""
    return _page(nominations.nomination_for(viewer(), public_id))


@bp.get("/programme/nominations")
def index() -> ResponseReturnValue:
    """All of them, the most urgent first."""
    if not policies.sees_everybody(viewer()):
        raise Missing("There is no such page, or it is not for you.")
    show = "ended" if request.args.get("show") == "ended" else "open"
    page = nominations.page(viewer(), show, after=request.args.get("after"), before=request.args.get("before"))
    older = url_for(".index", show=show, after=page.older) if page.older else None
    newer = url_for(".index", show=show, before=page.newer) if page.newer else None
    return render_template("advocates/nominations.html", page=page, show=show, older=older, newer=newer, words=shown)


@bp.post("/nominations/<public_id>/contact")
def contact(public_id: str) -> ResponseReturnValue:
    """The first contact was made."""
    found, form = nominations.nomination_for(viewer(), public_id), ContactForm()
    if form.validate_on_submit() and form.succeeds(
        lambda: actions.log_contact(found, form.note.data or "", by=viewer())
    ):
        say("Noted. The nominator sees it.")
        return redirect(url_for(".nomination", public_id=public_id))
    return _page(found, contact=form), 422


@bp.post("/nominations/<public_id>/invite")
def invite(public_id: str) -> ResponseReturnValue:
    """An invitation to opt in."""
    found, form = nominations.nomination_for(viewer(), public_id), InviteForm()
    if form.validate_on_submit() and form.succeeds(lambda: _invite(found, form)):
        say("Invited. Whether they opt in is up to them.")
        return redirect(url_for(".nomination", public_id=public_id))
    return _page(found, invite=form), 422


@bp.post("/nominations/<public_id>/link")
def link(public_id: str) -> ResponseReturnValue:
    """The contact is somebody whose record is here."""
    found, form = nominations.nomination_for(viewer(), public_id), LinkForm()
    if not policies.can_tend(viewer()):
        raise Missing("There is no such page, or it is not for you.")
    if form.validate_on_submit() and form.succeeds(lambda: _link(found, form)):
        say("Linked. Inviting them asks the person of that record.")
        return redirect(url_for(".nomination", public_id=public_id))
    return _page(found, link=form), 422


@bp.post("/nominations/<public_id>/end")
def end(public_id: str) -> ResponseReturnValue:
    """Not this time."""
    found = nominations.nomination_for(viewer(), public_id)
    form = _end_form(found)()
    if form.validate_on_submit() and form.succeeds(
        lambda: actions.close_nomination(found, form.because.data or "", by=viewer())
    ):
        say(
            "Ended. The nominator sees that it is not for you."
            if _is_nominee(found)
            else "Ended. The nominator sees why."
        )
        return redirect(url_for(".nomination", public_id=public_id))
    return _page(found, end=form), 422


def _nominate(form: NominateForm) -> Nomination:
    person = _member(form.member.data or "")
    typed = {"name": form.name.data or "", "firm": form.firm.data or "", "address": form.address.data or ""}
    if person is not None and any(typed.values()):
        raise Invalid(ONE_AT_A_TIME, "member")
    try:
        return actions.nominate(person, form.why.data or "", **typed, by=viewer())
    except Conflict as error:
        raise Invalid(error.message, "member" if person else "name") from None


def _member(typed: str) -> Person | None:
    """The person whom the field names; who tends nominations may name those who have not claimed their record (I11)."""
    if not typed:
        return None
    named = IN_BRACKETS.search(typed)
    found = nominations.named(viewer(), typed, public_id=named.group(1) if named else "")
    if len(found) > 1:
        raise Invalid("Several people are called so. Choose one that is proposed while you type.", "member")
    if not found:
        raise Invalid("Nobody here is called so. Choose a name that is proposed while you type.", "member")
    return found[0]


def _link(found: Nomination, form: LinkForm) -> None:
    person = _member(form.member.data or "")
    if person is None:
        raise Invalid("Say whose record it is.", "member")
    actions.link_nominee(found, person, by=viewer())


def _invite(found: Nomination, form: InviteForm) -> None:
    try:
        actions.invite_nominee(found, form.address.data or "", by=viewer())
    except Conflict as error:
        raise Invalid(error.message, "address") from None


def _is_nominee(found: Nomination) -> bool:
    return viewer().is_person(found.person_id)


def _end_form(found: Nomination) -> type[EndForm | DeclineForm]:
    """Who is nominated says no as they like; others owe the nominator a reason."""
    return DeclineForm if _is_nominee(found) else EndForm


def _page(found: Nomination, **forms: Any) -> str:
    tends = policies.can_tend(viewer())
    given = {"contact": ContactForm(formdata=None), "end": _end_form(found)(formdata=None), "link": LinkForm(formdata=None),
             "invite": InviteForm(formdata=None, address=found.contact_address)}  # fmt: skip
    return render_template(
        "advocates/nomination.html", one=found, steps=shown.steps_of(found), tends=tends, words=shown,
        is_nominee=_is_nominee(found), **(given | forms),
    )  # fmt: skip
