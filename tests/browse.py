"""A browser without JavaScript over the real application: opens pages, fills forms, follows answers."""

from __future__ import annotations

import re
import time
from contextvars import Context, ContextVar
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import tinyhtml5
from flask import url_for
from sqlalchemy import event
from tinyhtml5 import inputstream

from portal.core.db import db
from tests import page_rules
from tests.factories import signed_in_cookie

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from portal.core.application import Portal
    from portal.people.models import Person

H = "{http://www.w3.org/1999/xhtml}"
PATIENCE = 9  # seconds; after ten at the earliest the portal says that it must catch its breath


class _Patterns(dict[tuple[Any, bool], re.Pattern[str]]):
    """What the parser looks for next. Its own memory of these never finds anything again, which costs half its time."""

    def __missing__(self, key: tuple[Any, bool]) -> re.Pattern[str]:
        characters, opposite = key
        listed = "".join(f"\\x{ord(one):02x}" for one in characters)
        found = self[key] = re.compile(f"[{'' if opposite else '^'}{listed}]+")
        return found


inputstream.characters_until_regex = _Patterns()

_statements: ContextVar[list[str] | None] = ContextVar("statements", default=None)


def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    """Note a statement for the request that asked it; requests may run side by side.

    What sets a new connection up is no page's: a test that travels in time has the pool renew its connections.
    """
    noted = _statements.get()
    if noted is not None and not statement.startswith("SET "):
        noted.append(statement)


class Page:
    """What came back: its text, its forms, how many statements it cost."""

    def __init__(self, browser: Browser, response: Any, url: str, statements: list[str]) -> None:
        self.browser, self.response, self.url = browser, response, url
        self.status: int = response.status_code
        self.text: str = response.get_data(as_text=True) if "text" in (response.content_type or "") else ""
        self.statements = statements
        self.is_html = (response.content_type or "").startswith("text/html")
        self.tree: Element | None = tinyhtml5.parse(self.text) if self.is_html and self.text else None
        if self.tree is not None and "<html" in self.text:
            page_rules.check(self.text, self.tree, url)

    @property
    def words(self) -> str:
        """The text that a person reads."""
        body = None if self.tree is None else self.tree.find(f".//{H}body")
        return " ".join("".join(body.itertext()).split()) if body is not None else ""

    @property
    def heading(self) -> str:
        """The page's h1."""
        found = None if self.tree is None else self.tree.find(f".//{H}h1")
        return " ".join("".join(found.itertext()).split()) if found is not None else ""

    def links(self) -> list[str]:
        """Where the page's links lead."""
        return [] if self.tree is None else [a.get("href", "") for a in self.tree.iter(f"{H}a")]

    def follow(self, words: str) -> Page:
        """Click the link with these words."""
        assert self.tree is not None
        for link in self.tree.iter(f"{H}a"):
            if words in " ".join("".join(link.itertext()).split()):
                return self.browser.get(urljoin(self.url, link.get("href", "")))
        raise AssertionError(f"no link “{words}” on {self.url}: {self.words[:400]}")

    def submit(self, action: str = "", **fields: Any) -> Page:
        """Fill in and send a form: the one whose action or button text contains `action`, else the one with these fields."""
        form = self._form(action, set(fields))
        data = self._values(form)
        data.update({name: value for name, value in fields.items() if value is not None})
        target = urljoin(self.url, form.get("action") or self.url)
        if form.get("method", "get").lower() == "get":
            return self.browser.get(target, query=data)
        kind = {"content_type": "multipart/form-data"} if form.get("enctype") == "multipart/form-data" else {}
        return self.browser.post(target, data, **kind)

    def insist(self, action: str = "", **fields: Any) -> Page:
        """Send a form, and the same again as the page asks when it waited in vain for its turn: a busy machine's fault.

        What is refused at once is never sent again.
        """
        for _ in range(5):
            began = time.monotonic()
            answer = self.submit(action, **fields)
            if answer.status != 503 or time.monotonic() - began < PATIENCE:
                break
        return answer

    def _form(self, action: str, names: set[str]) -> Element:
        assert self.tree is not None, f"{self.url} is no page ({self.status})"
        forms = list(self.tree.iter(f"{H}form"))
        for form in forms:
            words = (form.get("action") or "") + " " + " ".join("".join(b.itertext()) for b in form.iter(f"{H}button"))
            known = {
                field.get("name") for tag in ("input", "select", "textarea", "button") for field in form.iter(H + tag)
            }
            if action in words and names <= known:
                return form
        raise AssertionError(
            f"no form “{action}” with {names or 'any fields'} on {self.url} ({self.status}): {self.words[:600]}"
        )

    def _values(self, form: Element) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field in form.iter(f"{H}input"):
            name, kind = field.get("name"), field.get("type", "text")
            if (
                name
                and kind not in ("submit", "file", "image")
                and (kind not in ("checkbox", "radio") or field.get("checked") is not None)
            ):
                values.setdefault(name, []).append(field.get("value", "on" if kind in ("checkbox", "radio") else ""))
        for area in form.iter(f"{H}textarea"):
            values[area.get("name")] = "".join(area.itertext()).removeprefix("\n")
        for choice in form.iter(f"{H}select"):
            options = list(choice.iter(f"{H}option"))
            chosen = [o for o in options if o.get("selected") is not None] or (
                [] if choice.get("multiple") is not None else options[:1]
            )
            values[choice.get("name")] = [o.get("value", "".join(o.itertext())) for o in chosen]
        values.pop(None, None)
        return values


class Browser:
    """One person's browser."""

    def __init__(self, app: Portal) -> None:
        self.app = app
        self.client = app.test_client()
        if not event.contains(db.engine, "before_cursor_execute", _note):
            event.listen(db.engine, "before_cursor_execute", _note)
        self.url = "/"

    def as_(self, person: Person | None, **kwargs: Any) -> Browser:
        """Another browser, in which this person is signed in (nobody: a visitor's)."""
        browser = Browser(self.app)
        if person is not None:
            signed_in_cookie(browser.client, person, **kwargs)
        return browser

    def open(self, endpoint: str, **values: Any) -> Page:
        """Open a page by its endpoint."""
        return self.get(Context().run(self._url, endpoint, values))

    def _url(self, endpoint: str, values: dict[str, Any]) -> str:
        with self.app.test_request_context():
            return url_for(endpoint, **values)

    def get(self, url: str, query: dict[str, Any] | None = None, **kwargs: Any) -> Page:
        """Open an address and follow redirects on this site."""
        return self._send("GET", url, query_string=query, **kwargs)

    def post(self, url: str, data: dict[str, Any], **kwargs: Any) -> Page:
        """Send a form and follow redirects on this site."""
        return self._send("POST", url, data=data, **kwargs)

    def _send(self, method: str, url: str, **kwargs: Any) -> Page:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        db.session.remove()
        for _ in range(6):
            statements: list[str] = []
            headers = {"Accept": "text/html"} | kwargs.pop("headers", {})
            # Of its own: a request must not share the test's application context, where its `g` would linger.
            own = Context()
            own.run(_statements.set, statements)
            response = own.run(self.client.open, path, method=method, headers=headers, buffered=True, **kwargs)
            self.url = path
            if response.status_code not in (301, 302, 303, 307, 308):
                return Page(self, response, path, statements)
            place = urlsplit(urljoin(f"http://localhost{path}", response.location))
            path = place.path + (f"?{place.query}" if place.query else "")
            method, kwargs = "GET", {}
        raise AssertionError(f"{url} redirects in a circle")
