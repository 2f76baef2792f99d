"""The legal texts: read the versions, publish a new one after a look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup

from portal.admin.forms.people import WordingForm
from portal.consents import actions, queries
from portal.consents.models import KINDS
from portal.core import markdown
from portal.core.errors import Missing
from portal.core.web import say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.consents.models import LegalText

bp = Blueprint("wordings", __name__, url_prefix="/wordings")
NAMES = {"terms": "Terms of use", "privacy": "Privacy", "imprint": "Imprint"}


@bp.get("")
def index() -> ResponseReturnValue:
    """The wordings in force and those before."""
    return render_template("admin/wordings.html", kinds=[(kind, NAMES[kind], queries.versions(kind)) for kind in KINDS])


@bp.route("/<kind>/new", methods=["GET", "POST"])
def new(kind: str) -> ResponseReturnValue:
    """A new version: written, looked at, published."""
    if kind not in NAMES:
        raise Missing("There is no such text.")
    last = next(iter(queries.versions(kind)), None)
    form, preview = WordingForm(data=_begin(last, NAMES[kind])), None
    if form.validate_on_submit():
        if request.form.get("act") == "publish" and form.succeeds(lambda: _publish(kind, form)):
            say("Published. Members are asked to agree at their next sign-in." if kind != "imprint" else "Published.")
            return redirect(url_for(".index"))
        preview = Markup(markdown.render(form.body.data or ""))  # noqa: S704 - the renderer cleans
    status = 422 if form.is_submitted() and preview is None else 200
    return render_template(
        "admin/wording.html", kind=kind, name=NAMES[kind], form=form, preview=preview, last=last
    ), status


def _begin(last: LegalText | None, name: str) -> dict[str, Any]:
    return {"title": last.title, "body": last.body, "version": last.version} if last else {"title": name}


def _publish(kind: str, form: WordingForm) -> LegalText:
    return actions.publish_legal_text(kind, form.title.data or "", form.body.data or "", by=viewer())
