"""Doors: every page is closed unless it is listed here, every write needs its token."""

from __future__ import annotations

from contextvars import Context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make

# Pages that a visitor may open, and what they may send; whoever adds one says so here.
PUBLIC = {
    "": "assets",
    "accounts": "ask_for_reset ask_to_join claim confirm_device confirm_link device follow_link forgot give_second_step"
    " invite_again no_more_letters refuse_letters join join_mailed join_request link link_here look_into_mail open_claim reset second_step send_request"
    " sign_in stop_it stop_reset take_account take_new_password theme try_sign_in undo_it undo_removal verify who_you_are"
    " another_way from_provider give_paper go_on_from_provider paper passkey_sign_in with_provider"
    " no_way_in ask_for_help help_mailed help_case prove_case back_in take_back veto give_veto",
    "advocates": "answer_check_in check_in",
    "asks": "answer answer_by_link",
    "consents": "imprint privacy terms",
    "health": "alive ready",
    "home": "claim index",
    "memorials": "family",
    "news": "read_feed",  # at an address that only its owner knows
    "notifications": "off turn_off",
    "profiles": "person photo_file",
    "referrals": "answer question",
    "rights": "answer_right moved_since still_right",
    "demo": "ways_in",  # this and the next two: in development only
    "dev": "ui",
    "dev_mail": "folder message message_html",
}


def rules(app: Portal) -> list[tuple[str, str, set[str]]]:
    return [(rule.endpoint, str(rule), set(rule.methods or ())) for rule in app.url_map.iter_rules()]


def test_the_open_pages_are_those_that_are_listed(app: Portal) -> None:
    marked = {name for name, view in app.view_functions.items() if getattr(view, "is_public", False)}
    listed = {f"{place}.{name}".lstrip(".") for place, names in PUBLIC.items() for name in names.split()}
    assert marked == listed, f"not listed: {sorted(marked - listed)}; not there or not open: {sorted(listed - marked)}"


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


def test_a_name_that_is_not_ours_is_refused_in_one_line(browse: Browser) -> None:
    """Scanners ask under any name: that is no crash, and the answer has the headers of every other."""
    response = browse.client.get("/", base_url="http://elsewhere.example")
    assert (response.status_code, response.content_type) == (400, "text/plain; charset=utf-8")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "elsewhere" not in response.get_data(as_text=True)
