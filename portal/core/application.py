"""The application class: the edge that commits, once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, has_request_context, redirect, request
from flask.globals import request_ctx
from flask.templating import Environment
from sqlalchemy.exc import DBAPIError

from portal.core import once
from portal.core.db import db, end_reading, start_writing, unit_of_work
from portal.core.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, MutableMapping

    from flask import Request, Response
    from flask.typing import ResponseReturnValue

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PLAIN = frozenset({str, int, type(None)})
_addresses: Memory[tuple[Hashable, ...], str] = Memory(6000)


class Refused(Exception):
    """Carries an answer out of a unit of work that must not be committed."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def reads_first(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view reads and does slow work (hashing, rendering, pictures) before it calls `begin` to write."""
    view.reads_first = True  # type: ignore[attr-defined]
    return view


def begin() -> None:
    """Begin the request's write transaction and claim its one-time key."""
    start_writing()
    once.claim()


class Templates(Environment):
    """Templates whose globals are the environment's own dict.

    Jinja would chain it behind an empty one, and look through the chain at each `import` of a macro.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template."""
        return super().make_globals(d) if d else self.globals


class Portal(Flask):
    """One request, one transaction: reads without one, writes committed after the view returned."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Every view is a plain function; looking whether it is one costs more than calling it."""
        return func

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of a view; a page needs dozens, of which all but a few are what they were on the page before."""
        make = partial(super().url_for, endpoint, **values)
        if not has_request_context() or "_external" in values or not PLAIN.issuperset(map(type, values.values())):
            return make()
        here: Request = request_ctx.request
        place = here.blueprint if endpoint[:1] == "." else None  # what it is relative to
        return _addresses.get((here.root_path, here.method, place, endpoint, *values.items()), make)

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer the request; commit if the answer is no error."""
        if request.method in SAFE_METHODS or request.routing_exception is not None:
            return self._read()
        try:
            return self._write()
        except once.AlreadyDone as done:
            return redirect(done.location)
        except Refused as refused:
            return refused.response

    def _read(self) -> ResponseReturnValue:
        try:
            answer = self.make_response(super().dispatch_request())
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            db.session.rollback()  # the database restarted: a read is safe to try once more
            answer = self.make_response(super().dispatch_request())
        end_reading()
        return answer

    def _write(self) -> Response:
        with unit_of_work():
            if not getattr(self._view(), "reads_first", False):
                begin()
            response = self.make_response(super().dispatch_request())
            if response.status_code >= 400:
                raise Refused(response)
            if g.get("writing"):
                once.settle(response)
        return response

    def _view(self) -> Any:
        return current_app.view_functions.get(request.endpoint or "")
