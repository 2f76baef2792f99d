"""A browser at the front door: it opens pages and sends their forms, in the process."""

from __future__ import annotations

import html
import re
import time
from contextvars import Context
from typing import TYPE_CHECKING, Any

from portal.core.db import db

if TYPE_CHECKING:
    from portal.core.application import Portal

HIDDEN = re.compile(r'name="(csrf_token|once_key)"[^>]*? value="([^"]*)"')


class Door:
    """Somebody's browser."""

    def __init__(self, app: Portal) -> None:
        self.client = app.test_client()

    def open(self, path: str) -> str:
        """A page as it reads."""
        return str(self._apart(self.client.get, path).get_data(as_text=True))

    def send(self, path: str, *, at: str = "", **fields: str) -> tuple[int, str, float]:
        """Fill in the form that stands on the page (or on the one at `at`): status, where it leads, seconds it took."""
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(self.open(at or path))}
        began = time.perf_counter()
        answer = self._apart(self.client.post, path, data=hidden | fields)
        took = time.perf_counter() - began
        return answer.status_code, answer.headers.get("Location", ""), took

    def _apart(self, send: Any, path: str, **options: Any) -> Any:
        """A request shares nothing with whoever sends it, as in another process; SQLite has one writer."""
        db.session.rollback()
        return Context().run(send, path, **options)
