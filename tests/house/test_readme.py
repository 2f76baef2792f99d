"""The documents say what the program says: settings, links, and the rules that tests prove."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal import config

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- settings: written by `portal settings` -->", "<!-- end of settings -->"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
LATER = {"docs/screenshots"}  # pictures are made by `make screenshots`


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_readme_lists_the_settings_there_are() -> None:
    """To bring it up to date, put what `portal settings` prints between the marks."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.split(BEGIN)[1].split(END)[0].strip() == config.table()


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    wrong = []
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if "://" in target or name_of((path.parent / target).resolve().parent) in LATER:
            continue
        if not (path.parent / target).exists():
            wrong.append(target)
    assert not wrong, wrong
