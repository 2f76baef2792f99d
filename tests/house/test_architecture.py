"""The house guards itself: where commits, writes, rules, sizes and names may stand."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
MODULES = sorted(PORTAL.rglob("*.py"))
COMMITTERS = {"portal/core/db.py"}  # the edge; jobs and commands use its unit_of_work
# Not deeds of a person but what deeds call: they follow from an action that was guarded.
FOLLOWING = {"touch_access", "touch_members_of", "ensure_system", "announce_if_last"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "service", "misc"}
FORBIDDEN_WORDS = re.compile(r"\b(terminated|churned|inactive (?:member|user|people|person|alumn)|lorem ipsum)\b", re.I)
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE, LONGEST_VIEW = 300, 30, 120, 15


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]


def code_lines(node: ast.FunctionDef) -> int:
    """Lines of the body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1


def action_files() -> list[Path]:
    return [path for path in MODULES if path.name == "actions.py" or path.parent.name == "actions"]


def test_only_the_edge_commits() -> None:
    found = [name_of(path) for path in MODULES if ".commit(" in path.read_text(encoding="utf-8")]
    assert set(found) <= COMMITTERS, f"only the edge commits: {sorted(set(found) - COMMITTERS)}"


def test_every_action_takes_by_and_begins_with_require() -> None:
    wrong = []
    for path in action_files():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if node.name in FOLLOWING or not _writes(node):
                continue
            takes = any(arg.arg == "by" for arg in node.args.kwonlyargs)
            guarded = "require(" in ast.unparse(node.body[1] if len(node.body) > 1 else node.body[0])
            guarded = guarded or any("require(" in ast.unparse(line) for line in node.body[:4])
            if not takes or not guarded:
                wrong.append(f"{name_of(path)}:{node.name}")
    assert not wrong, "actions without `by` or without require() at their beginning: " + ", ".join(wrong)


def _writes(node: ast.FunctionDef) -> bool:
    """Whether a public function of an actions module is an action: not a pure helper that returns a plain answer."""
    text = ast.unparse(node)
    return any(
        mark in text
        for mark in ("db.session.execute(update", "db.session.execute(delete", "add(", "upsert(", "session.delete")
    )


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_sizes_and_names(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE, f"{len(lines)} lines"
    assert path.stem not in FORBIDDEN_NAMES, "say what it does"
    long = [f"{node.name} has {code_lines(node)}" for node in functions(path) if code_lines(node) > LONGEST_FUNCTION]
    assert not long, long


def test_views_are_short() -> None:
    long = []
    for path in MODULES:
        if path.name == "views.py" or path.parent.name == "views":
            for node in functions(path):
                marks = " ".join(ast.unparse(mark) for mark in node.decorator_list)
                is_page = any(word in marks for word in (".route(", ".get(", ".post("))
                if is_page and code_lines(node) > LONGEST_VIEW + 5:  # a long call that is wrapped counts by its lines
                    long.append(f"{name_of(path)}:{node.name} {code_lines(node)}")
    assert not long, long


def test_public_functions_have_a_docstring() -> None:
    bare = [
        f"{name_of(path)}:{node.name}" for path in MODULES if "/demo/" not in name_of(path)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]  # fmt: skip
    assert not bare, bare


def test_time_comes_from_the_clock() -> None:
    allowed = {"portal/core/clock.py"}
    found = [
        name_of(p)
        for p in MODULES
        if re.search(r"datetime\.(now|utcnow)\(|date\.today\(", p.read_text(encoding="utf-8"))
    ]
    assert set(found) <= allowed, found


def test_no_word_that_hurts_people() -> None:
    places = [*MODULES, *(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    found = [
        f"{name_of(path)}: {hit.group()}"
        for path in places
        for hit in FORBIDDEN_WORDS.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found, found


def test_relationships_load_nothing_by_themselves() -> None:
    found = [name_of(path) for path in MODULES if re.search(r"=\s*relationship\(", path.read_text(encoding="utf-8"))]
    assert not found, f"use related(): {found}"


def test_lists_page_by_keyset() -> None:
    """T6."""
    found = [name_of(path) for path in MODULES if ".offset(" in path.read_text(encoding="utf-8")]
    assert not found, found


def test_nothing_names_this_machine_or_a_registry() -> None:
    # Written in pieces, so that this file does not find itself.
    marks = ["/work" + "/", "pypi" + ".org", "pythonhosted" + ".org", "registry" + ".npmjs"]
    files = [
        p
        for p in ROOT.rglob("*")
        if p.is_file() and p.suffix in {".py", ".md", ".txt", ".toml", ".html", ".yaml", ".yml", ".css", ".js"}
    ]
    kept = [p for p in files if not {".venv", ".git", "var", "node_modules", "build"} & set(p.relative_to(ROOT).parts)]
    found = [
        f"{name_of(p)}: {mark}"
        for p in kept
        for mark in marks
        if mark in p.read_text(encoding="utf-8", errors="replace")
    ]
    assert not found, found
