"""Somebody at a browser: by mouse, by keyboard alone, or with JavaScript off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

from portal.core.db import db
from tests.factories import open_session

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from portal.core.application import Portal

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MOST_TABS = 220


class Person:
    """One person's browser; `by` is mouse, keys or plain (mouse, without JavaScript)."""

    def __init__(self, chromium: Browser, address: str, app: Portal, member: Any, *, by: str = "mouse", phone: bool = False,
                 dark: bool = False, pictures: Path | None = None) -> None:  # fmt: skip
        self.address, self.by, self.pictures, self.app = address, by, pictures, app
        self.look = f"{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}"
        self.context = chromium.new_context(
            viewport=PHONE if phone else DESKTOP, color_scheme="dark" if dark else "light", java_script_enabled=by != "plain",  # type: ignore[arg-type]
            reduced_motion="reduce", base_url=address,
        )  # fmt: skip
        if member is not None:
            self._sign_in(member)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def _sign_in(self, member: Any) -> None:
        token = open_session(member)
        db.session.remove()
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        cookie = {
            "name": self.app.config["SESSION_COOKIE_NAME"],
            "value": serializer.dumps({"_user_id": token, "_fresh": True}),
        }
        self.context.add_cookies([{**cookie, "domain": "localhost", "path": "/"}])  # type: ignore[list-item]

    def go(self, path: str) -> Person:
        """Open an address of the portal."""
        db.session.remove()
        if not path.startswith("/"):
            parts = urlsplit(path)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 500, f"{path} answers {answer.status}"
        return self

    def press(self, words: str, *, within: str = "main, .page, body") -> Person:
        """Press the button or follow the link with these words."""
        db.session.remove()
        target = self._find(words, within)
        if self.by == "keys":
            self._tab_to(target)
            self.page.keyboard.press("Enter")
        else:
            target.click()
        self.page.wait_for_load_state("load")
        return self

    def _find(self, words: str, within: str) -> Locator:
        place = self.page.locator(within).first
        name = re.compile(re.escape(words), re.I)
        for role in ("button", "link"):
            for one in place.get_by_role(role, name=name).all():  # type: ignore[arg-type]
                if one.is_visible():
                    return one
        raise AssertionError(f"nothing to press called “{words}” on {self.page.url}: {self.words()[:500]}")

    def _tab_to(self, target: Locator) -> None:
        handle = target.element_handle()
        for _ in range(MOST_TABS):
            if handle.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target} on {self.page.url}")

    def fill(self, **values: str) -> Person:
        """Fill in fields by their names."""
        for name, value in values.items():
            field = self.page.locator(
                f'main [name="{name}"]:not([type=hidden]), .page-main [name="{name}"]:not([type=hidden])'
            ).first
            kind = field.evaluate("one => one.tagName + ':' + one.type").lower()
            if kind.startswith("select"):
                field.select_option(value)
            elif kind.endswith(("radio", "checkbox")):
                self.page.locator(f'[name="{name}"][value="{value}"]').first.check()
            elif self.by == "keys":
                field.focus()
                self.page.keyboard.press("Control+A")
                self.page.keyboard.insert_text(value)
            else:
                field.fill(value)
        return self

    def words(self) -> str:
        """What the page says."""
        return " ".join(self.page.locator("body").inner_text().split())

    def sees(self, *words: str) -> Person:
        """The page says this."""
        said = self.words().lower()
        for one in words:
            assert one.lower() in said, f"“{one}” is not on {self.page.url}: {self.words()[:900]}"
        return self

    def misses(self, *words: str) -> Person:
        """The page does not say this."""
        said = self.words().lower()
        for one in words:
            assert one.lower() not in said, f"“{one}” is on {self.page.url}"
        return self

    def look_at(self, name: str) -> Person:
        """Look at the page: axe finds nothing wrong, it does not scroll sideways, no script failed; a picture is kept."""
        if self.by != "plain":
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{self.page.url}: {found.generate_report()[:3000]}"
        wide = (
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if self.by != "plain"
            else 0
        )
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"
        assert not self.errors, f"{self.page.url}: {self.errors}"
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self.pictures / f"{name}-{self.look}.png", full_page=True)
        return self

    def close(self) -> None:
        """Close the browser."""
        self.context.close()
