"""A topic's posts with all that stands around them: for its own page, or that of the thing that they comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.boards import actions, policies, queries, shown
from portal.boards.forms import ReplyForm
from portal.core import settings
from portal.core.db import after_view
from portal.core.errors import Invalid, Missing
from portal.people.queries import group_names

if TYPE_CHECKING:
    from sqlalchemy import Row

    from portal.core.access import Viewer


def of(
    who: Viewer, public_id: str, *, page: int | None = None, form: ReplyForm | None = None, quoted: str | None = None
) -> dict[str, Any]:
    """What a page needs to show a page of a topic (the last one unless said) and take a reply; it counts as read."""
    size, found = settings.get("posts_per_page"), queries.opened_topic(who, public_id)
    last_page = max(1, -(-found.last_number // size))
    page = min(max(1, last_page if page is None else page), last_page)
    rows, may_reply = queries.posts_of(who, found, page, size), policies.can_reply(who, found)
    new_from = _new_from(found)
    if rows and rows[-1].number > (found.last_read or 0):
        after_view(lambda connection: actions.reached(found.id, rows[-1].number, by=who, on=connection))
    return {
        "topic": found, "board_url": found.board_home_url or f"/boards/{found.board_public_id}/{found.board_slug}",
        "posts": shown.posts(rows, found, who, last_read=new_from, may_reply=may_reply), "form": form or _reply(who, quoted), "may_reply": may_reply,
        "may_moderate": policies.can_moderate(who, found.board_id), "level": found.level or "", "page": page,
        "pages": last_page, "url": shown.topic_url(found, page),
        "audience": shown.audience_words(found.board_id, group_names()),
        "first_new": next((row.number for row in rows if row.number > new_from), None), "pager": _pager(found, page, last_page),
    }  # fmt: skip


def _new_from(found: Row[Any]) -> int:
    """Posts above this number are marked new: none on a first visit, where everything is."""
    return int(found.last_read or found.last_number)


def _reply(who: Viewer, quoted: str | None) -> ReplyForm:
    form = ReplyForm()
    if quoted:
        _quote_into(form, who, quoted)
    return form


def _quote_into(form: ReplyForm, who: Viewer, public_id: str) -> None:
    try:
        quoted = queries.post_for(who, public_id)
    except (Missing, Invalid):
        return
    if policies.can_read_text(who, quoted.state, quoted.author_id, quoted.board_id):
        name = quoted.author.call_name if quoted.author.listed else shown.FORMER
        form.body.data = shown.quote_of(name, quoted.body, quoted.number)


def _pager(found: Row[Any], page: int, pages: int) -> list[dict[str, Any]]:
    """Links to the first, neighbouring and last pages."""
    near = sorted({1, page - 1, page, page + 1, pages} & set(range(1, pages + 1)))
    return [{"number": n, "url": shown.topic_url(found, n), "current": n == page} for n in near]
