"""What a member leaves in the news goes with them, or follows a merge (P5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.access import viewer_of
from portal.core.db import db
from portal.news import actions, queries
from portal.news.person_data import NewsData

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.news.models import NewsItem
    from tests.browse import Browser
    from tests.factories import Make


def test_answers_are_exported_merged_and_erased(told: Callable[..., NewsItem], make: Make, browse: Browser) -> None:
    """P5, T2: the counters follow."""
    item = told(ask="choice", question="Will you come?", choices=["Yes", "No"])
    old, new = make.member(relation="partner:former"), make.member(relation="partner:former")
    for person, choice in ((old, 0), (new, 1)):
        browse.as_(person).get(f"/news/{item.public_id}")
        actions.answer(queries.any_item(item.public_id), choice=choice, by=viewer_of(person.id))
    db.session.commit()
    data = NewsData()
    assert [each["answer"] for each in data.export(old.id)["answers"]] == ["Yes"]
    assert data.count(old.id) == 1
    data.move(old.id, new.id)
    db.session.commit()
    db.session.expire_all()
    found = queries.any_item(item.public_id)
    assert (found.answer_count, found.reader_count) == (1, 1)
    assert [each["answer"] for each in data.export(new.id)["answers"]] == ["No"]
    data.erase(new.id)
    db.session.commit()
    db.session.expire_all()
    found = queries.any_item(item.public_id)
    assert (found.answer_count, found.reader_count) == (0, 0)
    assert data.export(new.id) == {"feed_since": None, "answers": [], "opened": []}
