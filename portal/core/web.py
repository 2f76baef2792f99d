"""The web's frame: who asks, pages closed unless marked public, answers that stay on this site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import abort, current_app, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user

from portal.core import clock, parts, settings, stamps
from portal.core.access import VISITOR, Viewer
from portal.core.memory import Memory
from portal.core.parts import NavItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.typing import ResponseReturnValue

HIDDEN_FIELDS = frozenset({"csrf_token", "once_key", "password", "new_password", "code", "current_password"})


def viewer() -> Viewer:
    """Who asks; nobody is `VISITOR`."""
    user = g.get("_login_user")  # where Flask-Login keeps whom it loaded: asked dozens of times a page
    if user is None:
        user = current_user
    return user.viewer if user.is_authenticated else VISITOR


def me_id() -> int:
    """The signed-in person's id; pages that are not public always have one."""
    person_id = viewer().person_id
    if person_id is None:
        abort(401)
    return person_id


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Open a page to visitors."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def say(sentence: str, mood: str = "good") -> None:
    """Show a sentence on the next page; moods: good, warn, bad, info."""
    flash(sentence, mood)


def take_files(megabytes: int, too_large: str) -> None:
    """Before anything reads the form: this page takes larger files than others; what is too large gets its sentence."""
    request.max_content_length = megabytes * 1024 * 1024
    request.environ["portal.too_large"] = too_large


def safe_next(fallback: str) -> str:
    """Where to go on: `next` of the request if it stays on this site, else the fallback."""
    target = request.values.get("next", "")
    return target if is_local(target) else fallback


def is_local(target: str) -> bool:
    """Whether a target is a path on this site."""
    parts_ = urlsplit(target)
    return (
        target.startswith("/") and not target.startswith(("//", "/\\")) and not parts_.scheme and not parts_.netloc
        and "\\" not in target and all(ord(char) > 31 for char in target)
    )  # fmt: skip


def refuse_null() -> None:
    """No address here holds a null character, and PostgreSQL can't even be asked for one."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        abort(404)


def guard() -> ResponseReturnValue | None:
    """Default deny: a page that is not public asks who you are."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.routing_exception is not None or getattr(view, "is_public", False) or viewer().is_member:
        return None
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    return make_response(render_template("errors/signed_out.html", fields=typed_fields()), 401)


def typed_fields() -> list[tuple[str, str]]:
    """What somebody typed into a form, for sending it again; only from our own pages, and never a secret."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in HIDDEN_FIELDS]


def navigation() -> list[dict[str, Any]]:
    """The entries of the left navigation that this viewer has."""
    return nav_section("main")


_places: Memory[tuple[str, Viewer], list[tuple[NavItem, str]]] = Memory(2000)


def nav_section(section: str) -> list[dict[str, Any]]:
    """The entries of one section that this viewer has: label, url, icon, active, badge, group."""
    who, here = viewer(), request.endpoint or ""
    return [
        {
            "label": item.label,
            "url": url,
            "icon": item.icon,
            "active": here.startswith(item.prefix or item.endpoint.partition(".")[0] + "."),
            "badge": item.badge(who) if item.badge else 0,
            "group": item.group,
        }
        for item, url in _places.get((section, who), lambda: _shown_to(who, section))
    ]


def _shown_to(who: Viewer, section: str) -> list[tuple[NavItem, str]]:
    items: list[NavItem] = sorted(
        (item for item in parts.every("nav") if item.section == section), key=lambda item: item.order
    )
    return [(item, url_for(item.endpoint)) for item in items if item.shown(who)]


def nav_key(entries: list[dict[str, Any]]) -> tuple[Any, ...]:
    """What a navigation shows, as the key of a kept piece."""
    return tuple((entry["url"], entry["active"], entry["badge"]) for entry in entries)


_brand: Memory[int, dict[str, Any]] = Memory(2)


def brand() -> dict[str, Any]:
    """Whose house it is."""
    return _brand.get(stamps.current("settings"), _read_brand)


def _read_brand() -> dict[str, Any]:
    return {key: settings.get(f"brand_{key}") for key in ("name", "short_name", "accent", "tagline")} | {
        "host": settings.get("host_name")
    }


def init(app: Flask) -> None:
    """Wire the frame into the application."""
    app.before_request(refuse_null)
    app.before_request(guard)
    app.context_processor(_context)
    app.jinja_env.filters["nav_key"] = nav_key


def _context() -> dict[str, Any]:
    who = viewer()
    return {
        "viewer": who,
        "brand": (whose := brand()),
        "brand_key": tuple(whose.values()),
        "nav": navigation() if who.is_member else [],
        "theme": request.cookies.get("theme") or who.theme,
        "now": clock.now(),
        "setting": settings.get,
        "nav_section": nav_section,
        "badge": g.get("badge", 0) if not who.is_member else _badge(who),
        "has_session": bool(session),
    }


def _badge(who: Viewer) -> int:
    if "badge" not in g:
        counters = current_app.extensions.get("badge")
        g.badge = counters(who) if counters else 0
    return int(g.badge)
