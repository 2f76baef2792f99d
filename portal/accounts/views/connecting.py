"""Sign-ins of other providers: at the door, and connected in the settings. A provider's answer does nothing by itself."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, session, url_for

from portal.accounts import actions, login, providers, queries
from portal.accounts.forms import MaybeCodeForm
from portal.accounts.fresh import fresh
from portal.accounts.views import bp
from portal.accounts.views.sign_in import after, still_outside
from portal.core import clock, crypto, mail
from portal.core.errors import Gone, Invalid
from portal.core.limits import caller, limited
from portal.core.web import is_local, me_id, public, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

WISH, TOLD = "provider_wish", "provider_told"
LIVES = timedelta(minutes=10)
TOO_LATE = "That took too long. Please begin again."


@bp.get("/sign-in/with/<key>")
@public
@limited("sign_in_ip", "sign_in_ip_hour")
def with_provider(key: str) -> ResponseReturnValue:
    """Off to the provider, to sign in."""
    target = request.args.get("next", "")
    return _leave(key, {"for": "sign in", "next": target if is_local(target) else ""})


@bp.get("/settings/how-you-get-in/connect/<key>")
@fresh
@limited("sign_in_ip", "sign_in_ip_hour")
def connect(key: str) -> ResponseReturnValue:
    """Off to the provider, to connect it with this account."""
    return _leave(key, {"for": "connect"})


def _leave(key: str, wish: dict[str, str]) -> ResponseReturnValue:
    chosen = providers.provider(key)
    try:
        answer = providers.leave_for(chosen, mail.link("accounts.from_provider", key=key))
    except Invalid as error:
        return _not_by_it(error, wish)
    session[WISH] = wish
    return answer


def _not_by_it(error: Invalid, wish: dict[str, str]) -> ResponseReturnValue:
    """Back to where it began, with what went wrong."""
    if _connects(wish):
        say(error.message, "bad")
        return redirect(url_for(".keys"))
    return still_outside(error, wish.get("next", ""))


def _answer() -> str:
    """What an answer is counted by: its question, which was counted as it was asked in this browser; else who brings it."""
    state = request.args.get("state", "")
    return state if providers.has_asked(str((request.view_args or {}).get("key")), state) else caller()[0]


@bp.get("/sign-in/from/<key>")
@public
@limited("sign_in_ip", "sign_in_ip_hour", key=_answer)
def from_provider(key: str) -> ResponseReturnValue:
    """Back from the provider: what it said is kept in this browser, and a button goes on."""
    chosen, wish = providers.provider(key), session.pop(WISH, {})
    try:
        shown = providers.come_back(chosen)
    except Invalid as error:
        return _not_by_it(error, wish)
    told = {"key": key, "subject": shown.subject, "label": shown.label, "at": clock.now().isoformat(), **wish}
    session[TOLD] = crypto.encrypt(json.dumps(told), purpose=TOLD)
    return render_template("accounts/from_provider.html", provider=chosen, label=shown.label, connects=_connects(told))


@bp.post("/sign-in/from/<key>")
@public
def go_on_from_provider(key: str) -> ResponseReturnValue:
    """Sign in, if the owner has connected this sign-in before; nothing is found by an address (R13)."""
    chosen, told = _told(key, "sign in")
    held = queries.behind_provider(chosen.issuer, told["subject"])
    if held is None:
        return render_template("accounts/not_connected.html", provider=chosen), 403
    return after(actions.sign_in_by_provider(held, chosen, told.get("next", ""), login.device(), by=viewer()))


@bp.post("/settings/how-you-get-in/connect/<key>")
@fresh
def do_connect(key: str) -> ResponseReturnValue:
    """The owner, signed in and confirmed a moment ago, connects it."""
    chosen, told = _told(key, "connect")
    actions.connect_provider(me_id(), chosen, told["subject"], told["label"], by=viewer())
    say(f"{chosen.name} signs you in from now on.")
    return redirect(url_for(".keys"))


@bp.post("/settings/how-you-get-in/connect/<key>/remove")
@fresh
def disconnect(key: str) -> ResponseReturnValue:
    """It opens nothing here any more."""
    chosen, form = providers.provider(key), MaybeCodeForm(formdata=None)
    if form.succeeds(lambda: actions.disconnect_provider(me_id(), chosen, by=viewer())):
        say(f"{chosen.name} no longer signs you in.")
    else:
        say(str(form.form_errors[0]), "bad")
    return redirect(url_for(".keys"))


def _told(key: str, purpose: str) -> tuple[providers.Provider, dict[str, Any]]:
    """What this provider said in this browser, for this purpose, a moment ago; once."""
    told = json.loads(crypto.decrypt(session.pop(TOLD, ""), purpose=TOLD) or "{}")
    if (told.get("key"), told.get("for")) != (key, purpose):
        raise Gone(TOO_LATE)
    if clock.now() - datetime.fromisoformat(told["at"]) > LIVES:
        raise Gone(TOO_LATE)
    return providers.provider(key), told


def _connects(told: dict[str, Any]) -> bool:
    return told.get("for") == "connect" and viewer().is_member
