"""What may be tuned without code: by group, with the default beside it, in force at once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.admin.forms.settings import form_for, values_of
from portal.admin.words import slug
from portal.core import settings
from portal.core.brand import normal, readability
from portal.core.errors import Missing
from portal.core.web import brand, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.core.forms import PortalForm
    from portal.core.settings import Setting

bp = Blueprint("settings", __name__, url_prefix="/settings")


@bp.get("")
def index() -> ResponseReturnValue:
    """All groups, each with what differs from its default."""
    return render_template(
        "admin/settings.html", groups=[(name, slug(name), items, _changed(items)) for name, items in _groups()]
    )


@bp.route("/<group>", methods=["GET", "POST"])
def group(group: str) -> ResponseReturnValue:
    """One group's settings."""
    name, items = _group(group)
    form = form_for(items)
    if form.validate_on_submit():
        values = values_of(form, items)
        if not form.errors:
            return _saved(values, group)
    return _page(name, group, items, form), 422 if form.is_submitted() else 200


@bp.post("/<group>/defaults")
def defaults(group: str) -> ResponseReturnValue:
    """Every setting of a group as it was when the portal was set up."""
    return _saved({item.key: item.default for item in _group(group)[1]}, group)


def _saved(values: dict[str, Any], group: str) -> ResponseReturnValue:
    before = {key: settings.get(key) for key in values}
    for key, value in values.items():
        settings.set_value(key, value, by=viewer())
    changed = sum(before[key] != value for key, value in values.items())
    say("Saved. It is in force at once." if changed else "Nothing was different.")
    return redirect(url_for(".group", group=group))


def _page(name: str, group: str, items: list[Setting], form: PortalForm) -> str:
    tabs = [
        {"label": label, "url": url_for(".group", group=slug(label)), "active": label == name} for label, _ in _groups()
    ]
    shown: dict[str, Any] = {"name": name, "group": group, "form": form, "groups": tabs, "changed": _changed(items)}
    if any(item.key == "brand_accent" for item in items):
        accent = normal(request.args.get("accent") or settings.get("brand_accent"))
        form["brand_accent"].data = form["brand_accent"].data if form.is_submitted() else accent
        # The whole page is the preview: it wears the colour that is being tried.
        shown |= {"accent": accent, "brand": brand() | {"accent": accent}, "contrasts": readability(accent)}
    return render_template("admin/settings_group.html", **shown)


def _groups() -> list[tuple[str, list[Setting]]]:
    return [(name, list(items)) for name, items in groupby(settings.registry(), key=lambda item: item.group)]


def _group(wanted: str) -> tuple[str, list[Setting]]:
    for name, items in _groups():
        if slug(name) == wanted:
            return name, items
    raise Missing("There are no such settings.")


def _changed(items: list[Setting]) -> dict[str, Any]:
    """What differs from its default: key → default."""
    return {item.key: item.default for item in items if settings.get(item.key) != item.default}
