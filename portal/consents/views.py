"""The wordings, open to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from portal.consents import queries
from portal.core.web import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

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


def _page(kind: str, version: int | None) -> str:
    text = queries.legal_text(kind, version)
    return render_template("consents/text.html", text=text, versions=queries.versions(kind))
