"""Somebody at a browser: by mouse, by keyboard alone, or with JavaScript off."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

from portal.core.db import db
from tests.factories import open_session

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from portal.core.application import Portal

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = tuple((phone, dark) for phone in (False, True) for dark in (False, True))
EVERYTHING = {"resultTypes": ["violations"], "preload": False}  # there is no sound on these pages to be fetched first
COLOURS = EVERYTHING | {"runOnly": ["color-contrast"]}
JUDGE = "async rules => ({violations: (await axe.run(rules)).violations})"  # what is right needs no words
MOST_TABS = 220
PATIENCE = 8.0  # seconds
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FIELD = 'main [name="{0}"]:not([type=hidden]), .page-main [name="{0}"]:not([type=hidden])'


class Person:
    """One person's browser; `by` is mouse, keys or plain (mouse, without JavaScript)."""

    def __init__(self, chromium: Browser, address: str, app: Portal, member: Any, *, by: str = "mouse", phone: bool = False,
                 dark: bool = False, pictures: Path | None = None) -> None:  # fmt: skip
        self.address, self.by, self.pictures, self.app = address, by, pictures, app
        self.judged = by != "plain"  # axe needs JavaScript
        self.phone, self.dark = phone, dark
        self.context = chromium.new_context(
            viewport=PHONE if phone else DESKTOP, color_scheme="dark" if dark else "light", java_script_enabled=by != "plain",  # type: ignore[arg-type]
            reduced_motion="reduce", base_url=address,
        )  # fmt: skip
        if member is not None:
            self._sign_in(member)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.asked, self.arrived, self.status = 0, 0, 200
        self._listen()

    def _listen(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note)
        self.page.on("request", self._leave)
        self.page.on("response", self._answer)
        self.page.on("framenavigated", lambda frame: self._arrive())
        self.page.on("requestfailed", lambda request: self._arrive() if request.is_navigation_request() else None)

    def _note(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def _leave(self, request: Any) -> None:
        if request.is_navigation_request() and request.redirected_from is None:
            self.asked += 1

    def _answer(self, response: Any) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
            if response.status >= 500 and response.status != 503:
                self.errors.append(f"{response.url} answers {response.status}")

    def _arrive(self) -> None:
        self.arrived = self.asked

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
        self.page.goto(path)
        assert not self.errors, f"{path}: {self.errors}"
        return self

    def press(self, words: str, *, within: str = "") -> Person:
        """Press the button or follow the link with these words; the main part of the page is looked at first."""
        db.session.remove()
        target = self._find(words, within)
        if self.by == "keys":
            self._tab_to(target)
            self.page.keyboard.press("Enter")
        else:
            target.click()
        return self._settle()

    def open_menu(self, words: str) -> Person:
        """Open a menu, by the words on it."""
        self.page.locator("summary").filter(has_text=words).first.click()
        return self

    def _settle(self) -> Person:
        """Wait for the next page, if one was asked for."""
        until = time.monotonic() + PATIENCE
        self.page.wait_for_timeout(80)
        while self.arrived < self.asked and time.monotonic() < until:
            self.page.wait_for_timeout(20)
        self.page.wait_for_load_state("load")
        assert not self.errors, f"{self.page.url}: {self.errors}"
        return self

    def _find(self, words: str, within: str) -> Locator:
        places = (within,) if within else ("main, .page-main", "body")
        for name in (re.compile(rf"^\s*{re.escape(words)}\s*$", re.I), re.compile(re.escape(words), re.I)):
            for place in places:
                for role in ("button", "link"):
                    for one in self.page.locator(place).get_by_role(role, name=name).all():  # type: ignore[arg-type]
                        if one.is_visible():
                            return one
        raise AssertionError(f"nothing to press called “{words}” on {self.page.url}: {self.words()[:700]}")

    def _tab_to(self, target: Locator) -> None:
        handle = target.element_handle()
        for _ in range(MOST_TABS):
            if handle.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target} on {self.page.url}")

    def fill(self, **values: str) -> Person:
        """Fill in fields by their names; of a choice, the value."""
        for name, value in values.items():
            field = self.page.locator(FIELD.format(name)).first
            kind = field.evaluate("one => one.tagName + ':' + one.type").lower()
            if kind.endswith(("radio", "checkbox")):
                field = self.page.locator(f'[name="{name}"][value="{value}"]').first
            self._by_keys(field, kind, value) if self.by == "keys" else self._by_mouse(field, kind, value)
        return self

    @staticmethod
    def _by_mouse(field: Locator, kind: str, value: str) -> None:
        if kind.startswith("select"):
            field.select_option(value)
        elif kind.endswith(("radio", "checkbox")):
            field.check()
        else:
            field.fill(value)

    def _by_keys(self, field: Locator, kind: str, value: str) -> None:
        """Tab to the field and type; in a group of radio buttons the arrows choose."""
        if kind.endswith("radio"):
            self._choose(field)
        elif kind.endswith("checkbox"):
            self._tab_to(field)
            self.page.keyboard.press("Space")
        else:
            self._tab_to(field)
            if kind.startswith("select"):
                self.page.keyboard.type(field.locator(f'option[value="{value}"]').inner_text())
            else:
                self.page.keyboard.press("Control+A")
                self.page.keyboard.insert_text(value)

    def _choose(self, radio: Locator) -> None:
        group = self.page.locator(f'[name="{radio.get_attribute("name")}"]')
        checked = [one for one in group.all() if one.is_checked()]
        self._tab_to(checked[0] if checked else group.first)
        if not checked:
            self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {radio} on {self.page.url}")

    def words(self) -> str:
        """What the page says."""
        return " ".join(self.page.locator("body").inner_text().split())

    def sees(self, *words: str) -> Person:
        """The page says this, now or in a moment."""
        until = time.monotonic() + PATIENCE
        for one in words:
            while one.lower() not in self.words().lower():
                assert time.monotonic() < until, f"“{one}” is not on {self.page.url}: {self.words()[:1500]}"
                self.page.wait_for_timeout(50)
        return self

    def misses(self, *words: str) -> Person:
        """The page does not say this."""
        said = self.words().lower()
        for one in words:
            assert one.lower() not in said, f"“{one}” is on {self.page.url}"
        return self

    def look_at(self, name: str) -> Person:
        """Look at the page: axe finds nothing wrong, it does not scroll sideways, no script failed; a picture is kept."""
        found = self.complaints(name)
        assert not found, "\n".join(found)
        return self

    def look_around(self, name: str) -> Person:
        """Look at the page in all ways, and go on as before; nothing is wrong with it."""
        before = self.phone, self.dark
        found = self.look_all_ways(name)
        assert not found, "\n".join(found)
        self.show(*before)
        return self

    def look_all_ways(self, name: str) -> list[str]:
        """Look at the page wide and narrow, light and dark; what is wrong with it. In the dark only colours differ."""
        found: list[str] = []
        for phone, dark in LOOKS:
            self.show(phone, dark)
            found += self.complaints(name, COLOURS if dark else EVERYTHING)
        return found

    def show(self, phone: bool, dark: bool) -> None:
        """Make the page wide or narrow, light or dark."""
        self.phone, self.dark = phone, dark
        self.page.set_viewport_size(PHONE if phone else DESKTOP)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="dark" if dark else "light")

    def complaints(self, name: str, rules: dict[str, Any] = EVERYTHING) -> list[str]:
        """What is wrong with the page as it looks now."""
        look = f"{'phone' if self.phone else 'desktop'}-{'dark' if self.dark else 'light'}"
        where, found = f"{name} ({look}, {self.page.url})", []
        if (wide := self.page.evaluate(SIDEWAYS)) > 0:
            found.append(f"{where} scrolls sideways by {wide} px")
        if self.judged and (report := self._axe(rules)).violations_count:
            found.append(f"{where}: {report.generate_report()[:3000]}")
        if self.errors:
            found.append(f"{where}: {self.errors}")
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self.pictures / f"{name}-{look}.png", full_page=True)
        return found

    def _axe(self, rules: dict[str, Any]) -> AxeResults:
        """Axe's report; it is brought once to each page that was loaded."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        return AxeResults(self.page.evaluate(JUDGE, rules))

    def close(self) -> None:
        """Close the browser."""
        self.context.close()
