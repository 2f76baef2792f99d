"""The browser somebody uses, in words a person recognises."""

from __future__ import annotations

from dataclasses import dataclass

# The first that fits counts: every browser names others too.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Device:
    """Where a request came from; `browser_hash` is the digest of a cookie that only this browser has."""

    browser_hash: str = ""
    name: str = ""
    ip: str = ""


def name_of(user_agent: str) -> str:
    """ "Firefox on Windows", as far as it can be told."""
    browser = next((words for mark, words in BROWSERS if mark in user_agent), "")
    system = next((words for mark, words in SYSTEMS if mark in user_agent), "")
    return " on ".join(part for part in (browser or (system and "A browser"), system) if part) or "An unknown browser"
