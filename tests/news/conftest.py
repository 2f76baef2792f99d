"""News in a few words: written, published and read the way people do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.core.access import viewer_of
from portal.core.db import db
from portal.news import actions, queries
from portal.news.cooking import cook

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.news.models import NewsItem
    from portal.people.models import Person
    from tests.factories import Make

FORMER_PARTNERS = ({"relation_kind": "partner", "phase": "former"},)
WORDS: dict[str, Any] = {
    "title": "The yard opens its doors", "lead": "One Saturday in May, for those who sold with us.", "body": "Bring **boots**.",
    "has_comments": True, "ask": "", "question": "", "choices": [], "link_label": "", "link_url": "",
}  # fmt: skip


@pytest.fixture
def staff(make: Make) -> Person:
    """Somebody who posts for the host."""
    return make.member("Posy Poster", roles=("staff",), address="posy@example.org")


@pytest.fixture
def draft(staff: Person) -> Callable[..., NewsItem]:
    """A draft for former partners, with other words if given."""

    def write(audience: tuple[dict[str, Any], ...] = FORMER_PARTNERS, **words: Any) -> NewsItem:
        by = viewer_of(staff.id)
        item = actions.begin_draft(by=by)
        given = WORDS | words
        actions.save_draft(item, given, audience, 1, by=by, html=cook(given["body"]))
        db.session.commit()
        return item

    return write


@pytest.fixture
def told(draft: Callable[..., NewsItem], staff: Person) -> Callable[..., NewsItem]:
    """A published item, without mail unless said."""

    def publish(
        audience: tuple[dict[str, Any], ...] = FORMER_PARTNERS, *, by_mail: bool = False, **words: Any
    ) -> NewsItem:
        item = draft(audience, **words)
        actions.publish(item, by_mail=by_mail, by=viewer_of(staff.id))
        db.session.commit()
        return queries.any_item(item.public_id)

    return publish
