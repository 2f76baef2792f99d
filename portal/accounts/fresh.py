"""Dangerous acts ask again who is there; nothing that was typed gets lost on the way (R11)."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from flask import make_response, redirect, render_template, request, url_for

from portal.accounts import login
from portal.core import clock
from portal.core.web import typed_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

V = TypeVar("V", bound="Callable[..., Any]")
MINUTES = 15


def fresh(view: Any = None, *, minutes: int = MINUTES) -> Any:
    """Let a page or deed through only if the person showed who they are within these minutes; `@fresh` or with them."""

    def mark(wrapped: V) -> V:
        @wraps(wrapped)
        def asked(*args: Any, **kwargs: Any) -> Any:
            return ask_again(minutes) or wrapped(*args, **kwargs)

        return asked  # type: ignore[return-value]

    return mark(view) if view is not None else mark


def require_fresh(minutes: int = 60) -> Callable[[], ResponseReturnValue | None]:
    """For a blueprint's `before_request`: everything in it asks again after so many minutes."""
    return lambda: ask_again(minutes)


def is_fresh(minutes: int = MINUTES) -> bool:
    """Whether the person has shown who they are within these minutes."""
    here = login.this_session()
    return here is not None and clock.now() - here.authenticated_at <= timedelta(minutes=minutes)


def ask_again(minutes: int) -> ResponseReturnValue | None:
    """Nothing when it is fresh; else the page that asks, or what was typed with a way to send it again afterwards."""
    if is_fresh(minutes):
        return None
    if request.method == "GET":
        return redirect(url_for("accounts.confirm", next=request.full_path.rstrip("?")))
    return make_response(render_template("accounts/confirm_first.html", fields=typed_fields()), 401)
