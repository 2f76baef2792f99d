"""A browser at the front door: it opens pages and sends their forms, in the process."""

from __future__ import annotations

import html
import re
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

    def send(self, path: str, *, at: str = "", **fields: str) -> int:
        """Fill in the form that stands on the page (or on the one at `at`), and send it: the status."""
        return self.answer(path, self.fill(at or path, **fields))

    def fill(self, path: str, **fields: str) -> dict[str, str]:
        """What the form of a page sends."""
        return {name: html.unescape(value) for name, value in HIDDEN.findall(self.open(path))} | fields

    def answer(self, path: str, filled: dict[str, str]) -> int:
        """The status of the answer to a form."""
        return int(self._apart(self.client.post, path, data=filled).status_code)

    def _apart(self, send: Any, path: str, **options: Any) -> Any:
        """A request shares nothing with whoever sends it, as in another process; SQLite has one writer."""
        db.session.rollback()
        return Context().run(send, path, **options)
