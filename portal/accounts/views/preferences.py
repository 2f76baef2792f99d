"""Preferences, stepping back, and what was agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from flask import redirect, render_template, request, session, url_for

from portal.accounts import actions, login
from portal.accounts.forms import PreferencesForm
from portal.accounts.views import bp
from portal.consents import actions as consents
from portal.consents import queries as wordings
from portal.core.web import is_local, me_id, public, safe_next, say, viewer
from portal.people.actions import set_preferences, step_back
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

THEMES = ("light", "dark", "auto")
YEAR = 365 * 86_400


@bp.get("/settings/preferences")
def preferences() -> ResponseReturnValue:
    """Time zone, colours, shortcuts."""
    person = person_by_id(me_id())
    form = PreferencesForm(formdata=None, obj=person)
    return render_template("accounts/preferences.html", form=form, zones=sorted(available_timezones()))


@bp.post("/settings/preferences")
def save_preferences() -> ResponseReturnValue:
    """Keep them."""
    form = PreferencesForm()
    if not form.validate_on_submit():
        return render_template("accounts/preferences.html", form=form, zones=sorted(available_timezones())), 422
    me, theme, zone = person_by_id(me_id()), form.theme.data, form.timezone.data or "UTC"
    set_preferences(me, timezone=zone, theme=theme, shortcuts=form.shortcuts.data, by=viewer())
    say("Saved.")
    return _with_theme(redirect(url_for(".preferences")), theme)


@bp.post("/theme")
@public
def theme() -> ResponseReturnValue:
    """Light, dark, or as the device says; remembered by the browser for a year."""
    return _with_theme(redirect(safe_next(_came_from())), request.form.get("theme", "auto"))


def _came_from() -> str:
    path = request.referrer.removeprefix(request.host_url.rstrip("/")) if request.referrer else ""
    return path if is_local(path) else "/"


def _with_theme(answer: Response, wish: str) -> Response:
    answer.set_cookie("theme", wish if wish in THEMES else "auto", max_age=YEAR, samesite="Lax")
    return answer


@bp.get("/settings/step-back")
def stepping_back() -> ResponseReturnValue:
    """What stepping back means."""
    return render_template("accounts/step_back.html")


@bp.post("/settings/step-back")
def do_step_back() -> ResponseReturnValue:
    """Hidden and no mail, until the person signs in again."""
    step_back(person_by_id(me_id()), by=viewer())
    actions.end_sessions(me_id(), by=viewer())
    session.clear()
    say("You have stepped back. Nobody sees you, and nothing is mailed to you, until you sign in again.")
    return redirect(url_for(".sign_in"))


@bp.get("/settings/your-data")
def your_data() -> ResponseReturnValue:
    """What was agreed to, and where one's data can be had."""
    ledger = wordings.ledger(me_id())
    return render_template("accounts/your_data.html", ledger=ledger, titles=wordings.titles(ledger))


@bp.get("/welcome/terms")
def agree() -> ResponseReturnValue:
    """Asked after signing in, when a new wording is in force."""
    asked = _asked()
    if not asked:
        return redirect(safe_next("/"))
    texts = [wordings.legal_text(kind) for kind in asked]
    known = viewer().extra.get("accepted", {})
    return render_template("accounts/agree.html", texts=texts, known=known, next=safe_next("/"))


@bp.post("/welcome/terms")
def do_agree() -> ResponseReturnValue:
    """Note it, and go on."""
    consents.accept(me_id(), _asked(), how="sign-in", by=viewer())
    return redirect(safe_next("/"))


def _asked() -> list[str]:
    here = login.this_session()
    return wordings.asked_of(viewer(), since=here.opened_at) if here else []
