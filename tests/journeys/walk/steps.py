"""Looking at many pages, one after the other."""

from __future__ import annotations

from typing import Any


def walk(one: Any, pages: tuple[tuple[str, str], ...]) -> None:
    """Look at each page in all ways, then say all that was wrong."""
    found = []
    for name, path in pages:
        one.go(path)
        assert one.status == 200, f"{path} answers {one.status}"
        assert "/welcome/" not in one.page.url, f"{path} leads to {one.page.url}"
        found += one.look_all_ways(name)
    assert not found, "\n".join(found)


def first(one: Any, path: str, link: str) -> str:
    """Where the first of these links on a page leads."""
    place = one.go(path).page.locator(link).first.get_attribute("href")
    assert place, f"{path} has no {link}"
    return str(place)
