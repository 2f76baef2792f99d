"""Templates and mails: every one is used, every link resolves, nothing is inline, none grows long."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import nodes

if TYPE_CHECKING:
    from portal.core.application import Portal

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
LONGEST = 120


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_is_short_and_holds_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    if not name_of(path).startswith("email/"):
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script>", text), "the CSP refuses what is inline"


def test_every_link_in_a_template_resolves(app: Portal) -> None:
    known = set(app.view_functions)
    wrong = []
    for path in PAGES:
        tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            named = isinstance(call.node, nodes.Name) and call.node.name == "url_for"
            if named and call.args and isinstance(call.args[0], nodes.Const):
                target = call.args[0].value
                ends = target.startswith(".") and any(one.endswith(target) for one in known)
                if target not in known and not ends:
                    wrong.append(f"{name_of(path)}: {target}")
    assert not wrong, wrong


def test_every_template_is_used() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "portal").rglob("*.py"))
    pages = "\n".join(p.read_text(encoding="utf-8") for p in PAGES)
    unused = []
    for path in PAGES:
        name = name_of(path)
        stem = name.removesuffix(".html")
        if any(f"{mark}{name}{mark}" in code + pages for mark in "'\"") or name.startswith("errors/"):
            continue
        if name.startswith("email/") and (f'"{stem.removeprefix("email/")}"' in code or stem.endswith("layout")):
            continue
        unused.append(name)
    assert not unused, unused


def test_every_macro_is_used() -> None:
    pages = {name_of(p): p.read_text(encoding="utf-8") for p in PAGES}
    every = "\n".join(pages.values())
    unused = [
        f"{name}: {macro}" for name, text in pages.items() for macro in re.findall(r"{% macro (\w+)\(", text)
        if len(re.findall(rf"\b{macro}\(", every)) < 2
    ]  # fmt: skip
    assert not unused, unused


def test_every_mail_has_subject_text_and_html() -> None:
    mails = TEMPLATES / "email"
    texts = {p.relative_to(mails).with_suffix("") for p in mails.rglob("*.txt")}
    pages = {p.relative_to(mails).with_suffix("") for p in mails.rglob("*.html")}
    assert texts == pages - {Path("parts")}  # macros for the pages alone
    bare = [
        str(name)
        for name in texts
        if name.name != "layout"
        and not (mails / f"{name}.txt").read_text(encoding="utf-8").lstrip().startswith(("Subject:", "{%", "{#"))
    ]
    assert not bare, f"no subject: {bare}"
