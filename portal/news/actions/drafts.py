"""Drafts: begun, written, thrown away; tried out by a mail to oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.queries import primary_address
from portal.boards.slugs import slug_of
from portal.careers.audiences import audience_of, in_words
from portal.core import audit, clock
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.news import emails, policies
from portal.news.cooking import cook
from portal.news.models import NewsItem
from portal.people.queries import group_names

if TYPE_CHECKING:
    from portal.core.access import Viewer

ONLY_WRITERS = "Only those who post for the host can write news."
NOT_A_DRAFT = "This item is published already. Correct it instead."
CHANGED = "Somebody saved this draft while you were writing. Your words are in the boxes; save again to keep yours."
# Who reads along from the beginning, until the writer says otherwise: somebody has to answer the comments.
FIRST_AUDIENCE = [{"role": "staff"}]
WORDS = ("title", "lead", "body", "has_comments", "ask", "question", "choices", "link_label", "link_url")


def begin_draft(*, by: Viewer) -> NewsItem:
    """An empty draft, so that nothing that is typed from now on is lost."""
    require(policies.can_write(by), ONLY_WRITERS)
    return add(NewsItem(author_id=by.person_id, audience=list(FIRST_AUDIENCE)))


def save_draft(
    item: NewsItem,
    words: dict[str, Any],
    audience: tuple[dict[str, Any], ...],
    version: int,
    *,
    by: Viewer,
    html: str | None = None,
) -> None:
    """Keep what was written; `html` is the body rendered beforehand. A draft that somebody else saved is a conflict."""
    require(policies.can_write(by), ONLY_WRITERS)
    if item.state not in ("draft", "scheduled"):
        raise Conflict(NOT_A_DRAFT)
    if item.version != version:
        raise Invalid(CHANGED, "version")
    _check_ask(words)
    for name in WORDS:
        setattr(item, name, words[name])
    item.html = cook(item.body) if html is None else html
    item.slug, item.audience = slug_of(item.title or "news"), list(audience)
    item.version, item.updated_at = version + 1, clock.now()
    if item.state == "scheduled":
        item.state, item.publish_at, item.publisher_id = "draft", None, None
    db.session.flush()


def throw_away(item: NewsItem, *, by: Viewer) -> None:
    """A draft that nobody needs any more."""
    require(policies.can_write(by), ONLY_WRITERS)
    if item.state not in ("draft", "scheduled"):
        raise Conflict("This item is published. Take it back instead.")
    audit.record("throw away news draft", item, by=by, note=item.title)
    db.session.delete(item)
    db.session.flush()


def send_trial(item: NewsItem, *, by: Viewer) -> str:
    """Mail the item to the writer alone, as its readers would get it; the address it goes to."""
    require(policies.can_write(by), ONLY_WRITERS)
    address = primary_address(by.person_id or 0)
    if address is None:
        raise Invalid("None of your addresses can be reached, so there is nowhere to send it.")
    if not item.title:
        raise Invalid("Give the item a title first: it is the subject of the mail.", "title")
    audience = in_words([audience_of(line) for line in item.audience], group_names())
    emails.send_trial(item, by.person_id or 0, address, audience=audience)
    return address


def _check_ask(words: dict[str, Any]) -> None:
    """A question needs its words, choices at least two, a link its address."""
    ask = words["ask"]
    if ask in ("choice", "words") and not words["question"]:
        raise Invalid("Write the question.", "question")
    if ask == "choice" and not 2 <= len(words["choices"]) <= 8:
        raise Invalid("Give between two and eight answers, one a line.", "choices")
    if ask == "choice" and len({one.casefold() for one in words["choices"]}) < len(words["choices"]):
        raise Invalid("Two of the answers are the same. Give each only once.", "choices")
    if ask == "link" and not (words["link_label"] and words["link_url"]):
        raise Invalid("A link needs its words and its address.", "link_url")
