"""The file: one folder with a page to begin with, and everything else beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask import current_app

from portal.core import clock, settings
from portal.core.errors import Missing
from portal.profiles.photos import photo_bytes
from portal.rights.pack import forms
from portal.rights.pack.gathering import as_json
from portal.rights.pack.schema import schema_of
from portal.rights.pack.words import TITLES, name_of, value_of

if TYPE_CHECKING:
    from typing import IO

MOMENT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+(?:\+00:00)?$")
STYLE = """:root { color-scheme: light dark } body { background: Canvas; color: CanvasText }
body { font: 17px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1, h2 { font-family: Georgia, serif } h2 { margin-top: 2.5rem; border-bottom: 1px solid #8899 }
table { border-collapse: collapse; width: 100%; font-size: 15px } th, td { text-align: left; vertical-align: top;
padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8895 } td { white-space: pre-wrap; min-width: 5rem; overflow-wrap: break-word }
.wide { overflow-x: auto }
caption { text-align: left; font-weight: 600; padding-top: 1rem } .soft { opacity: .75 }
"""
READ_BY = (
    ("everything.json", "all of it, for programs; schema.json says what is what"), ("card.vcf", "address books"),
    ("days.ics", "calendars"), ("resume.json", "the career as JSON Resume"), ("mail.mbox", "mail programs"),
)  # fmt: skip


def write_zip(target: IO[bytes], data: dict[str, Any]) -> None:
    """Write the whole copy."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, body in _files(data).items():
            archive.writestr(f"your-data/{name}", body)


def _files(data: dict[str, Any]) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {
        "index.html": _index(data),
        "style.css": STYLE,
        "everything.json": as_json({"$schema": "schema.json"} | data),
        "schema.json": as_json(schema_of({"$schema": "schema.json"} | data)),
        "card.vcf": forms.vcard(data),
        "days.ics": forms.calendar(data),
        "resume.json": as_json(forms.resume(data)),
        "mail.mbox": forms.mbox(data),
    }
    for entry in data["profiles"]["profile"]:
        if entry["field"] == "photo":
            try:
                files["photo.webp"] = photo_bytes(entry["value"])
            except Missing:
                continue
    return files


def _index(data: dict[str, Any]) -> str:
    """A page that needs no program and no network."""
    page = current_app.jinja_env.get_template("rights/index_in_zip.html")
    sections = [(TITLES.get(name, name.capitalize()), _tables(kept, name)) for name, kept in data.items()]
    return page.render(
        name=data["person"]["person"]["full_name"], brand_name=settings.get("brand_name"), made_at=clock.now(),
        sections=sections, files=READ_BY,
    )  # fmt: skip


def _tables(kept: dict[str, Any], section: str, before: str = "") -> list[tuple[str, list[str], list[list[str]]]]:
    """What one feature keeps as tables: (caption, columns, rows)."""
    tables: list[tuple[str, list[str], list[list[str]]]] = []
    pairs: list[list[str]] = []
    for name, value in kept.items():
        label = f"{before}{name_of(name).lower()}".capitalize() if before else name_of(name)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            columns = list(dict.fromkeys(key for row in value for key in row))
            heads = [name_of(each, section) for each in columns]
            tables.append((label, heads, [[_cell(row.get(each), each) for each in columns] for row in value]))
        elif isinstance(value, dict):
            tables += _tables(value, section, "" if name in ("person", "advocate") else f"{name_of(name)} ")
        else:
            pairs.append([label, _cell(value)])
    return ([("", [], pairs)] if pairs else []) + tables


def _cell(value: Any, key: str = "") -> str:
    if value is None or value in ([], {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "\n".join(f"{name_of(name)}: {_cell(each, name)}" for name, each in value.items())
    if isinstance(value, list):
        return "\n".join(_cell(each) for each in value)
    return MOMENT.sub(r"\1 \2", str(value_of(key, value)))
