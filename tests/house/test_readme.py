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


MUST = [f"I{n}" for n in range(1, 17)] + [f"P{n}" for n in range(1, 7)] + [f"R{n}" for n in range(1, 27)]


def docstrings(path: Path, *, of_tests: bool = False) -> str:
    """All that a test file says of itself; or its tests alone, with their names: `test_i6_…` names I6."""
    said = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_test = isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if is_test or (not of_tests and isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)):
            said.append(ast.get_docstring(node) or "")
        if is_test:
            said.append(" ".join(re.findall(r"(?<=_)[aimptr]\d{1,2}(?=_)", node.name)).upper())
    return "\n".join(said)


def named_in(path: Path, *, by_tests: bool = False) -> set[str]:
    """The rules that a test file names, or that single tests in it name."""
    return set(NAMED.findall(docstrings(path, of_tests=by_tests)))


def test_the_rules_that_are_promised_are_those_that_tests_name() -> None:
    """docs/security.md: each file it names for a rule names the rule, and no rule stands open that a test proves."""
    tests = {name_of(path).removeprefix("tests/"): named_in(path) for path in (ROOT / "tests").rglob("*.py")}
    for rule, files in promised():
        wrong = [file for file in files if rule not in tests.get(file, ())]
        assert not wrong, f"{rule} is not named in {wrong}"
        assert files or not (known := [file for file, names in tests.items() if rule in names]), (
            f"{rule} stands open, but {known} prove it"
        )


def test_each_rule_has_a_test_of_its_name_that_always_runs() -> None:
    """Once in the table, and named by a test itself (its name or docstring), in a file that needs no browser."""
    table = promised()
    assert sorted(rule for rule, _ in table if rule in MUST) == sorted(MUST)
    assert len({rule for rule, _ in table}) == len(table)
    for rule, files in table:
        always = [ROOT / "tests" / file for file in files if not file.startswith("journeys/")]
        assert any(rule in named_in(path, by_tests=True) for path in always), f"no test is named by {rule}"


def promised() -> list[tuple[str, list[str]]]:
    """Each rule of docs/security.md with the files that prove it."""
    found = RULE.findall((ROOT / "docs/security.md").read_text(encoding="utf-8"))
    return [(rule, re.findall(r"`([^`]+)`", proof)) for rule, proof in found]
