"""What people write, made safe to show: Markdown to HTML, once per revision, stored.

GFM tables, autolinks, task lists and code; no raw HTML; images become links (nothing loads from elsewhere).
A mention is `@[Name](public id)`: it stores the id, and shows the person's name of the day it was rendered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

from portal.core.tokens import ALPHABET

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from markdown_it.rules_core import StateCore

COOK_VERSION = 2
MENTION = re.compile(rf"@\[([^\]\n]{{1,120}})\]\(([{ALPHABET}]{{10}})\)")
PERSON_ID = re.compile(rf"[{ALPHABET}]{{10}}")
TAGS = {
    "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "h5", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "input", "div",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "class"},
    "code": {"class"},
    "th": {"class"},
    "td": {"class"},
    "li": {"class"},
    "ul": {"class"},
    "ol": {"start"},
    "input": {"type", "checked", "disabled", "class", "aria-label"},
    "div": {"class", "tabindex"},
}
CLEANER = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="nofollow noopener ugc"
)  # fmt: skip


def render(source: str, names: Mapping[str, str] | None = None) -> str:
    """Safe HTML of Markdown; `names` gives the current name of each mentioned public id (others stay plain text)."""
    tokens = MARKDOWN.parse(source, {"names": names or {}})
    html = CLEANER.clean(str(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})))
    return html.replace("<pre>", '<pre tabindex="0">')  # wide code scrolls, by keyboard too


def mentioned(source: str) -> list[str]:
    """The public ids that a text mentions, once each, in order, leaving out code."""
    if "@[" not in source:
        return []
    found: dict[str, None] = {}
    for token in MARKDOWN.parse(source, {"names": None}):
        for child in token.children or []:
            if child.type == "text" and "mention" in child.meta:
                found[child.meta["mention"]] = None
    return list(found)


def links_in(html: str) -> int:
    """How many links to other places rendered HTML holds."""
    return len(re.findall(r'<a [^>]*href="(?:https?:)?//', html))


def _mentions(state: StateCore) -> None:
    names = state.env.get("names", {})
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _replace_mentions(token.children, names)


def _replace_mentions(children: list[Token], names: Any) -> list[Token]:
    changed: list[Token] = []
    position = 0
    while position < len(children):
        target = _mention_at(children, position)
        if target is None:
            changed.append(children[position])
            position += 1
            continue
        changed[-1].content = changed[-1].content[:-1]
        changed.extend(_mention(target, children[position + 1].content, names))
        position += 3
    return changed


def _mention_at(children: list[Token], position: int) -> str | None:
    """The public id when a link that begins here is a mention: text ending in @, then [Name](id)."""
    if position == 0 or position + 2 >= len(children):
        return None
    before, link, name, end = children[position - 1], children[position], children[position + 1], children[position + 2]
    target = str(link.attrs.get("href", ""))
    shaped = (before.type, link.type, name.type, end.type) == ("text", "link_open", "text", "link_close")
    return target if shaped and before.content.endswith("@") and PERSON_ID.fullmatch(target) else None


def _mention(public_id: str, written: str, names: Any) -> list[Token]:
    if names is None:
        return [Token("text", "", 0, content=written, meta={"mention": public_id})]
    if public_id not in names:
        return [Token("text", "", 0, content=f"@{written}")]
    link = Token("link_open", "a", 1, attrs={"href": f"/people/{public_id}", "class": "mention"})
    return [link, Token("text", "", 0, content=f"@{names[public_id]}"), Token("link_close", "a", -1)]


def _calm(state: StateCore) -> None:
    """Headings of a post never outrank the page's; pictures become links; tables scroll and align by class."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = {"h1": "h3", "h2": "h3", "h3": "h4"}.get(token.tag, "h5")
        elif token.type in ("th_open", "td_open") and "style" in token.attrs:
            token.attrs = {"class": "align-" + str(token.attrs["style"]).rpartition(":")[2]}
        if token.children:
            token.children = [piece for child in token.children for piece in _no_image(child)]


def _no_image(token: Token) -> list[Token]:
    if token.type != "image":
        return [token]
    link = Token("link_open", "a", 1, attrs={"href": token.attrs.get("src", "")})
    return [link, Token("text", "", 0, content=token.content or "picture"), Token("link_close", "a", -1)]


def _scroll_tables(self: Any, tokens: list[Token], position: int, options: Any, env: Any) -> str:
    opening = tokens[position].nesting == 1
    return '<div class="table-scroll" tabindex="0">\n<table>\n' if opening else "</table>\n</div>\n"


def _build() -> MarkdownIt:
    parser = MarkdownIt("gfm-like", {"html": False, "linkify": True, "breaks": True, "maxNesting": 30})
    parser.use(tasklists_plugin, label=False)
    parser.core.ruler.push("mentions", _mentions)
    parser.core.ruler.push("calm", _calm)
    parser.add_render_rule("table_open", _scroll_tables)
    parser.add_render_rule("table_close", _scroll_tables)
    return parser


MARKDOWN = _build()
