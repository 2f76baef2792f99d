"""One referral as staff see it, and what they do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, url_for

from portal.core.web import safe_next, say, viewer
from portal.notifications.actions import read_about
from portal.people.queries import any_person
from portal.referrals import actions, money, policies, queries, shown
from portal.referrals.forms import DeputyForm, MoveForm, NoteForm, OwnerForm, PlanForm
from portal.referrals.stages import KIND_WORDS, stage_of
from portal.referrals.views import pipeline_bp as bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.core.forms import PortalForm
    from portal.referrals.models import Referral


@bp.get("/<public_id>")
def referral(public_id: str) -> ResponseReturnValue:
    """Everything about one referral, and its whole history."""
    read_about(f"work:{public_id}", by=viewer())
    return _page(public_id)


@bp.post("/<public_id>/move")
def move(public_id: str) -> ResponseReturnValue:
    """On to another stage, or back."""
    found = _held(public_id)
    form = MoveForm().offer(found)
    words, reason, seen = form.words.data or "", form.reason.data or "", form.seen.data or ""
    if not form.validate() or not form.succeeds(
        lambda: actions.move(found, form.to.data, seen=seen, words=words, reason=reason, by=viewer())
    ):
        return _page(public_id, move=form), 422
    say(f"Moved to “{stage_of(found.kind, found.stage).label}”. The referrer is told.")
    return redirect(safe_next(url_for(".referral", public_id=public_id)))


@bp.post("/<public_id>/plan")
def plan(public_id: str) -> ResponseReturnValue:
    """What comes next."""
    found = _held(public_id)
    form = PlanForm.of(found, money.currencies())
    if not form.validate() or not form.succeeds(lambda: actions.plan(found, _planned(form), by=viewer())):
        return _page(public_id, plan=form), 422
    return _done(public_id, "Kept.")


@bp.post("/<public_id>/owner")
def owner(public_id: str) -> ResponseReturnValue:
    """Who looks after it."""
    found, form = _held(public_id), OwnerForm()
    if not form.succeeds(lambda: actions.assign(found, queries.owner_named(form.owner.data or ""), by=viewer())):
        return _page(public_id, owner=form), 422
    return _done(public_id, "Kept.")


@bp.post("/<public_id>/note")
def note(public_id: str) -> ResponseReturnValue:
    """A line for the history."""
    found, form = _held(public_id), NoteForm()
    words, told = form.note.data or "", bool(form.told.data)
    if not form.validate() or not form.succeeds(lambda: actions.note(found, words, told=told, by=viewer())):
        return _page(public_id, note=form), 422
    return _done(public_id, "Noted.")


@bp.route("/deputy", methods=["GET", "POST"])
def deputy() -> ResponseReturnValue:
    """To whom my referrals go when my role ends."""
    form, now = DeputyForm(), queries.deputy_of(viewer().person_id)
    form.deputy.choices = [
        (one.public_id, one.full_name) for one in queries.owners() if one.public_id != viewer().public_id
    ]
    if form.is_submitted() and form.succeeds(
        lambda: actions.name_deputy(any_person(form.deputy.data or ""), by=viewer())
    ):
        say("Kept.")
        return redirect(url_for(".deputy"))
    if not form.is_submitted() and now is not None:
        form.deputy.data = now.public_id
    return render_template("pipeline/deputy.html", form=form, now=now), 422 if form.is_submitted() else 200


def _held(public_id: str) -> Referral:
    return queries.referral_for(viewer(), public_id, for_update=True)


def _done(public_id: str, words: str) -> ResponseReturnValue:
    say(words)
    return redirect(url_for(".referral", public_id=public_id))


def _planned(form: PlanForm) -> actions.Plan:
    currency = form.currency.data or ""
    return actions.Plan(
        form.next_step.data or "", form.next_on.data, money.parse(form.amount.data or "", currency), currency
    )


def _page(public_id: str, **given: PortalForm) -> str:
    """The page, with the form that was not accepted as it was typed."""
    who, found = viewer(), queries.referral_for(viewer(), public_id)
    events = queries.history(found)
    title, about = shown.names(found, who)
    return render_template(
        "pipeline/referral.html", referral=found, title=title, about=about, events=events, happened=shown.happened,
        steps=shown.steps(found, events[::-1]), stage=stage_of(found.kind, found.stage), word=KIND_WORDS[found.kind],
        agreed=shown.AGREED, worth=money.shown(found.amount, found.currency), open_=policies.sees_contact(who, found),
        same=queries.same_lead(who, found), may_work=policies.can_work(who, found),
        may_assign=policies.can_assign(who, found, who.person_id), forms=_forms(found) | given,
    )  # fmt: skip


def _forms(found: Referral) -> dict[str, Any]:
    owner = OwnerForm(formdata=None, data={"owner": found.owner.public_id if found.owner else ""})
    who = viewer()
    any_of_them = policies.can_assign(who, found, None)
    able = [one for one in queries.owners() if any_of_them or one.public_id == who.public_id]
    owner.owner.choices = [("", "Nobody yet"), *((one.public_id, one.full_name) for one in able)]
    return {
        "move": MoveForm(formdata=None).offer(found), "owner": owner, "note": NoteForm(formdata=None),
        "plan": PlanForm.of(found, money.currencies()),
    }  # fmt: skip
