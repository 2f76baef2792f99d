"""Doors: every page is closed unless it is listed here, every write needs its token."""

from __future__ import annotations

from contextvars import Context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make

PUBLIC = {
    "assets.asset", "health.alive", "health.ready", "home.index", "home.claim", "dev.ui", "accounts.sign_in",
}  # fmt: skip


def rules(app: Portal) -> list[tuple[str, str, set[str]]]:
    return [(rule.endpoint, str(rule), set(rule.methods or ())) for rule in app.url_map.iter_rules()]


def test_a_visitor_is_sent_to_the_door(app: Portal, browse: Browser) -> None:
    """Default deny: without a session every page that is not marked public leads to signing in."""
    for endpoint, rule, methods in rules(app):
        view = app.view_functions[endpoint]
        if getattr(view, "is_public", False) or "<" in rule:
            continue
        response = browse.client.get(rule) if "GET" in methods else browse.client.post(rule)
        assert response.status_code in (302, 400, 401), f"{rule} answers a visitor with {response.status_code}"
        if response.status_code == 302:
            assert response.location.startswith("/sign-in"), f"{rule} leads a visitor to {response.location}"


def test_every_write_needs_its_token(app: Portal, browse: Browser, make: Make) -> None:
    """CSRF: a POST without the token is refused on every route, and changes nothing."""
    admin = make.member(roles=("admin",))
    client = browse.as_(admin).client
    for endpoint, rule, methods in rules(app):
        if not methods & {"POST", "PUT", "DELETE", "PATCH"}:
            continue
        path = rule
        for part in [piece for piece in rule.split("/") if piece.startswith("<")]:
            path = path.replace(part, "1" if part.startswith("<int") else "zzzzzzzzzz")
        method = next(iter(methods & {"POST", "PUT", "DELETE", "PATCH"}))
        # Of its own: in a shared application context the `g` of the request before would linger.
        response = Context().run(client.open, path, method=method, data={})
        assert response.status_code in (400, 404, 405, 429), (
            f"{method} {rule} ({endpoint}) without a token: {response.status_code}"
        )
