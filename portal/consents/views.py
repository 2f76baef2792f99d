"""The wordings, open to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, url_for

from portal.consents import policies, queries
from portal.consents.models import ACT
from portal.core.errors import Missing
from portal.core.web import public, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.consents.models import LegalText

bp = Blueprint("consents", __name__)


@bp.get("/terms", defaults={"version": None})
@bp.get("/terms/<int:version>")
@public
def terms(version: int | None) -> ResponseReturnValue:
    """The rules of the house."""
    return _page("terms", version)


@bp.get("/privacy", defaults={"version": None})
@bp.get("/privacy/<int:version>")
@public
def privacy(version: int | None) -> ResponseReturnValue:
    """What is known about people, and what they can do about it."""
    return _page("privacy", version)


@bp.get("/imprint", defaults={"version": None})
@bp.get("/imprint/<int:version>")
@public
def imprint(version: int | None) -> ResponseReturnValue:
    """Who runs this."""
    return _page("imprint", version)


@bp.get("/wordings/act/<key>/<int:version>")
def act(key: str, version: int) -> ResponseReturnValue:
    """The exact words by which members agree to an act."""
    if not policies.can_read_wording(viewer(), ACT + key):
        raise Missing(queries.NO_TEXT)
    return _page(ACT + key, version)


def _page(kind: str, version: int | None) -> str:
    text = queries.legal_text(kind, version)
    return render_template("consents/text.html", text=text, versions=queries.versions(kind), address=_address)


def _address(text: LegalText) -> str:
    if text.kind.startswith(ACT):
        return url_for("consents.act", key=text.kind.removeprefix(ACT), version=text.version)
    return url_for(f"consents.{text.kind}", version=text.version)
