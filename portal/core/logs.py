"""Structured logs: one event a line, with the request's id, never a secret."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any

import structlog
from flask import g, request

from portal.core import tokens

if TYPE_CHECKING:
    from flask import Flask, Response

log: Any = structlog.get_logger("portal")
QUIET = ("/assets/", "/healthz", "/readyz")


def configure(style: str) -> None:
    """Write JSON lines, or text for people, to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def init(app: Flask) -> None:
    """Give each request an id and write one line when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = tokens.new_public_id()
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    request_id = g.get("request_id", "")
    response.headers["X-Request-Id"] = request_id
    if not request.path.startswith(QUIET):
        taken = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
        log.info(
            "request",
            id=request_id,
            method=request.method,
            endpoint=request.endpoint,
            status=response.status_code,
            ms=taken,
        )
    return response
