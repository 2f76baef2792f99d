"""The letter's question: a page that changes nothing, and a button that acts; nobody signs in (A8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.core.access import system_viewer
from portal.core.web import public
from portal.people.queries import person_by_id
from portal.referrals import actions, queries
from portal.referrals.views import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/answer/<token>")
@public
def question(token: str) -> ResponseReturnValue:
    """Yes or no?"""
    return _page(token)


@bp.post("/answer/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    """It holds at once, and a no can follow a yes."""
    letter, _ = queries.letter_behind(token)
    actions.answer_letter(letter, request.form.get("answer", ""), by=system_viewer())
    return redirect(url_for(".question", token=token))


def _page(token: str) -> str:
    letter, referral = queries.letter_behind(token)
    referrer = person_by_id(referral.referrer_id) if referral else None
    name = referrer.name if referrer and referrer.listed else "Somebody who knows you"
    return render_template("referrals/question.html", letter=letter, referrer=name, token=token)
