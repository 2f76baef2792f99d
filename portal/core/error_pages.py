"""Every failure ends on a page (or problem+json) that says what happened and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from portal.core.db import db
from portal.core.errors import DomainError, TooMany
from portal.core.logs import log

if TYPE_CHECKING:
    from flask import Flask, Response

PAGES = {400, 403, 404, 409, 410, 413, 422, 429, 500, 503}
SENTENCES = {
    400: "That request was not complete. Go back, reload the page and try again.",
    401: "Please sign in first.",
    403: "You can't do this here.",
    404: "There is nothing here, or it is not for you.",
    405: "This address does not take that kind of request.",
    413: "That is too large to send. Pictures may have up to 8 MB; a smaller copy will do.",
    415: "This address does not take that kind of content.",
    500: "Something broke on our side. It is noted; please try again in a moment.",
    503: "The portal is catching its breath. Nothing is lost; please try again in a minute.",
}


def init(app: Flask) -> None:
    """Handle every error in one place."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(Exception, _crash)


def wants_json() -> bool:
    """Whether a program asks, not a person."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best in (
        "application/json",
        "application/problem+json",
    )


def answer(status: int, message: str, **details: Any) -> Response:
    """The page for a status, or `application/problem+json`."""
    db.session.rollback()
    if wants_json():
        body = jsonify(title=message, status=status, request_id=g.get("request_id", ""))
        response = make_response(body, status)
        response.content_type = "application/problem+json"
        return response
    page = status if status in PAGES else (500 if status >= 500 else 400)
    return make_response(
        render_template(f"errors/{page}.html", message=message, status=status, details=details), status
    )


def _domain(error: DomainError) -> Response:
    response = answer(error.status, error.message, **getattr(error, "details", {}))
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 403:
        log.warning("denied", id=g.get("request_id"), endpoint=request.endpoint, reason=error.message)
    return response


def _csrf(error: CSRFError) -> Response:
    from portal.core.web import typed_fields, viewer

    if not viewer().is_member or not (fields := typed_fields()):
        return answer(400, "This page was open for too long. Go back, reload it and try again.")
    return make_response(render_template("errors/send_again.html", fields=fields), 400)


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    response = answer(error.code or 500, _sentence(error.code or 500))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            response.headers[name] = value
    return response


def _sentence(status: int) -> str:
    """What is told; a page that takes files says itself how large they may be (`web.take_files`)."""
    own: str = request.environ.get("portal.too_large", "") if status == 413 else ""
    return own or SENTENCES.get(status, "That did not work. Go back and try again.")


def _foreign_host(_error: SecurityError) -> Response:
    """Asked under a name that is not ours: no page can be made, since no address can."""
    response = make_response("This portal does not answer under that name.\n", 400)
    response.content_type = "text/plain; charset=utf-8"
    return response


def _database_away(error: DBAPIError) -> Response:
    log.error("database away", id=g.get("request_id"), error=str(error.__cause__ or error)[:300])
    response = make_response(_bare(503), 503)
    response.headers["Retry-After"] = "10"
    return response


def _crash(error: Exception) -> Response:
    log.exception("crash", id=g.get("request_id"), endpoint=request.endpoint)
    db.session.rollback()
    return make_response(_bare(500), 500)


def _bare(status: int) -> str:
    """A page that needs neither the database nor who asks."""
    from flask import current_app

    template = current_app.jinja_env.get_template(f"errors/{status}.html")
    return template.render(message=SENTENCES[status], status=status, request_id=g.get("request_id", ""))
