"""What every page that any test opens must be: valid, one h1 that starts the title, labelled inputs, nothing inline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

H = "{http://www.w3.org/1999/xhtml}"
UNLABELLED = {"hidden", "submit", "button", "image"}


def check(text: str, tree: Element, url: str) -> None:
    """Fail with a sentence when the page breaks a rule of the house."""
    _headings(tree, url)
    _inline(text, url)
    _labels(tree, url)
    _ids(tree, url)
    assert tree.get("lang"), f"{url}: the page has no language"


def _headings(tree: Element, url: str) -> None:
    heads = [" ".join("".join(h.itertext()).split()) for h in tree.iter(f"{H}h1")]
    assert len(heads) == 1, f"{url}: {len(heads)} h1: {heads}"
    title = " ".join("".join(tree.find(f".//{H}title").itertext()).split())  # type: ignore[union-attr]
    assert title.startswith(heads[0]), f"{url}: the title “{title}” does not start with “{heads[0]}”"


def _inline(text: str, url: str) -> None:
    assert not re.search(r"<style[\s>]", text), f"{url}: inline style sheet"
    assert not re.search(r"<[a-z][^>]*\sstyle=", text), f"{url}: inline style"
    assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text), f"{url}: inline handler"
    for script in re.finditer(r"<script([^>]*)>(.*?)</script>", text, re.S):
        inline = script.group(2).strip() or "src=" not in script.group(1)
        assert not inline, f"{url}: inline script"
    for target in re.findall(r"(?:src|href)=\"(https?://[^\"]+)\"", text):
        assert "<link" not in text.split(target, maxsplit=1)[0][-200:].rpartition(">")[2], (
            f"{url}: loads {target} from elsewhere"
        )


def _labels(tree: Element, url: str) -> None:
    labels = {label.get("for") for label in tree.iter(f"{H}label")}
    wrapped = {id(field) for label in tree.iter(f"{H}label") for field in label.iter()}
    for tag in ("input", "select", "textarea"):
        for field in tree.iter(H + tag):
            if (
                field.get("type") in UNLABELLED
                or id(field) in wrapped
                or field.get("aria-label")
                or field.get("aria-labelledby")
            ):
                continue
            assert field.get("id") in labels, f"{url}: no label for {tag} “{field.get('name')}”"
    for button in tree.iter(f"{H}button"):
        named = any(node.get("aria-label") for node in button.iter())
        assert "".join(button.itertext()).strip() or named, f"{url}: a button without a name"


def _ids(tree: Element, url: str) -> None:
    seen: set[str] = set()
    for node in tree.iter():
        name = node.get("id")
        if name:
            assert name not in seen, f"{url}: two elements have the id “{name}”"
            seen.add(name)
    for node in tree.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (node.get(attribute) or "").split():
                assert name in seen, f"{url}: {attribute} names “{name}”, which is not on the page"
