"""The pages of the back office, behind one guard: for everybody else they do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from portal.accounts.fresh import ask_again
from portal.admin.views import (
    applicants,
    audit,
    boards,
    day,
    disputes,
    firms,
    groups,
    machinery,
    organisations,
    people,
    person,
    readers,
    recovery,
    settings,
    wordings,
)
from portal.core.errors import Missing
from portal.core.settings import get as setting
from portal.core.web import viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.before_request
def only_admins() -> ResponseReturnValue | None:
    """Nobody else learns of these pages; an admin shows again who they are from time to time."""
    if not viewer().has_role("admin"):
        raise Missing("There is no such page, or it is not for you.")
    return ask_again(setting("admin_minutes"))


for _part in (
    day, applicants, people, person, groups, boards, readers, organisations, firms, settings, wordings, audit, machinery,
    recovery, disputes,
):  # fmt: skip
    bp.register_blueprint(_part.bp)

__all__ = ["bp"]
