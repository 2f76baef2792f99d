"""The member's advocate page, and the check-in that is answered from a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.advocates import actions, policies, queries, shown
from portal.advocates.forms import AgreeForm, FlagForm, LimitsForm, PauseForm
from portal.advocates.models import ANSWERS
from portal.advocates.queries import nominations
from portal.consents.queries import legal_text
from portal.core import settings
from portal.core.access import system_viewer
from portal.core.errors import Missing
from portal.core.web import me_id, public, say, viewer
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("advocates", __name__)
THANKS = {
    "yes": "Thank you. You may be asked, within your limits.",
    "not_now": "Understood: nobody asks you until you say yes again.",
    "not_happy": "Thank you for telling us. Everything is paused, and somebody looks after it.",
}


@bp.get("/settings/advocate")
def mine() -> ResponseReturnValue:
    """Acts, limits, days left out, the check-in, and who looked."""
    return _page()


@bp.route("/settings/advocate/acts/<key>", methods=["GET", "POST"])
def act(key: str) -> ResponseReturnValue:
    """The exact words, and the yes to them (A1)."""
    one = next((each for each in queries.willing(me_id()) if each.act.key == key), None)
    if one is None:
        raise Missing(queries.NO_ACT)
    form = AgreeForm()
    version = request.form.get("version", type=int) or 0
    if form.validate_on_submit():
        actions.turn_on(one.act, version, by=viewer())
        say(f"{one.act.name} is on. You can take it back at any time, with one click.")
        return redirect(url_for(".mine"))
    text = legal_text(one.act.consent_kind)
    return render_template("advocates/act.html", one=one, text=text, form=form), 422 if form.errors else 200


@bp.post("/settings/advocate/acts/<key>/off")
def turn_off(key: str) -> ResponseReturnValue:
    """Take one act back."""
    found = queries.any_act(key)
    actions.turn_off(found, by=viewer())
    say(f"{found.name} is off, at once and everywhere.")
    return redirect(url_for(".mine"))


@bp.post("/settings/advocate/off")
def turn_off_all() -> ResponseReturnValue:
    """Take everything back."""
    actions.turn_off_all(by=viewer())
    say("Everything is off, at once and everywhere. Thank you for what you did.")
    return redirect(url_for(".mine"))


@bp.post("/settings/advocate/limits")
def limits() -> ResponseReturnValue:
    """Keep how often."""
    form, known = _limits_form(), queries.advocate(me_id())
    if known is None:
        raise Missing("Turn an act on first.")
    if form.validate_on_submit() and form.succeeds(
        lambda: actions.set_limits(known, form.own_calls.data, form.rest_days.data, by=viewer())
    ):
        say("Your limits are kept.")
        return redirect(url_for(".mine"))
    return _page(limits=form), 422


@bp.post("/settings/advocate/pauses")
def pause() -> ResponseReturnValue:
    """Leave days out."""
    form = PauseForm()
    if form.validate_on_submit() and form.attempt(
        lambda: actions.add_pause(form.starts_on.data, form.ends_on.data, by=viewer())  # type: ignore[arg-type]
    ):
        say("Nobody asks you on those days.")
        return redirect(url_for(".mine"))
    return _page(pause=form), 422


@bp.post("/settings/advocate/pauses/<public_id>/end")
def end_pause(public_id: str) -> ResponseReturnValue:
    """Those days again."""
    actions.end_pause(queries.own_pause(me_id(), public_id), by=viewer())
    say("Those days are not left out any more.")
    return redirect(url_for(".mine"))


@bp.post("/settings/advocate/answer")
def answer() -> ResponseReturnValue:
    """Answer the check-in on the site."""
    said = request.form.get("answer", "")
    actions.answer(me_id(), said, by=viewer())
    say(THANKS[said])
    return redirect(url_for(".mine"))


@bp.post("/settings/advocate/flag")
def flag() -> ResponseReturnValue:
    """Something is wrong: pause me (A3)."""
    form = FlagForm()
    if form.validate_on_submit() and form.attempt(
        lambda: actions.raise_flag(me_id(), form.reason.data or "", by=viewer())
    ):
        say(THANKS["not_happy"])
        return redirect(url_for(".mine"))
    return _page(flag=form), 422


@bp.get("/settings/advocate/seen")
def seen() -> ResponseReturnValue:
    """Who looked at my record for the programme, when and why (P4)."""
    page = queries.looks(me_id(), after=request.args.get("after"), before=request.args.get("before"))
    older = url_for(".seen", after=page.older) if page.older else None
    newer = url_for(".seen", before=page.newer) if page.newer else None
    return render_template("advocates/seen.html", page=page, older=older, newer=newer)


@bp.get("/check-in/<token>")
@public
def check_in(token: str) -> ResponseReturnValue:
    """The page behind the mailed links: three buttons, and nothing happens by looking."""
    link, said = queries.check_in(token), request.args.get("say", "")
    person = person_by_id(link.person_id)
    return render_template(
        "advocates/check_in.html", person=person, say=said if said in ANSWERS else "yes", token=token
    )


@bp.post("/check-in/<token>")
@public
def answer_check_in(token: str) -> ResponseReturnValue:
    """One click, without signing in."""
    link, said = queries.check_in(token), request.form.get("answer", "")
    actions.answer(link.person_id, said, link=link, by=system_viewer())
    return render_template("advocates/answered.html", said=said, words=THANKS[said])


def _page(**forms: Any) -> str:
    person_id = me_id()
    known, acts = queries.advocate(person_id), queries.willing(person_id)
    given: dict[str, Any] = {
        "limits": _limits_form(),
        "pause": PauseForm(formdata=None),
        "flag": FlagForm(formdata=None),
    }
    if known is not None and "limits" not in forms:
        most = settings.get("advocate_calls")
        given["limits"].own_calls.data = most if known.own_calls is None else min(known.own_calls, most)
        given["limits"].rest_days.data = known.rest_days
    return render_template(
        "advocates/mine.html", acts=acts, on=[one for one in acts if one.is_on], known=known,
        state=shown.check_in_state(known), pauses=queries.pauses(person_id), flags=queries.open_flags(person_id),
        looks=queries.looked_lately(person_id), nominations=nominations.about(person_id),
        made=nominations.made_by(person_id) if policies.can_nominate(viewer()) else None, words=shown, **(given | forms),
    )  # fmt: skip


def _limits_form() -> LimitsForm:
    form = LimitsForm(formdata=request.form if request.endpoint == "advocates.limits" else None)
    most = settings.get("advocate_calls")
    form.own_calls.choices = [(n, "None at present" if n == 0 else str(n)) for n in range(most, -1, -1)]
    return form
