"""The documents say what the program says: settings, links, and the rules that tests prove."""

from __future__ import annotations

import ast
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


RULE = re.compile(r"^\| ([A-Z]\d{1,2}) \| .+ \| (.+) \|$", re.M)
NAMED = re.compile(r"\b[AIMPTR]\d{1,2}\b")


def named_in(path: Path) -> set[str]:
    """The rules that the docstrings of a test file name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    holders = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    return {rule for node in holders for rule in NAMED.findall(ast.get_docstring(node) or "")}


def test_the_rules_that_are_promised_are_those_that_tests_name() -> None:
    """docs/security.md: each test it names for a rule names the rule, and no rule stands open that a test proves."""
    tests = {path.relative_to(ROOT / "tests").as_posix(): named_in(path) for path in (ROOT / "tests").rglob("*.py")}
    promised = RULE.findall((ROOT / "docs/security.md").read_text(encoding="utf-8"))
    assert len(promised) > 30
    for rule, proof in promised:
        files = re.findall(r"`([^`]+)`", proof)
        wrong = [file for file in files if rule not in tests.get(file, ())]
        assert not wrong, f"{rule} is not named in {wrong}"
        assert files or not (known := [file for file, names in tests.items() if rule in names]), (
            f"{rule} stands open, but {known} prove it"
        )
