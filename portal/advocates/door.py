"""The door of the programme's pages: for others they do not exist, and who may enter is asked again from time to time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.fresh import ask_again
from portal.core.errors import Missing
from portal.core.settings import get as setting

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

NO_PAGE = "There is no such page, or it is not for you."


def let_in(may: bool) -> ResponseReturnValue | None:
    """What a blueprint's `before_request` answers: nothing when the viewer may go on."""
    if not may:
        raise Missing(NO_PAGE)
    return ask_again(setting("programme_minutes"))
