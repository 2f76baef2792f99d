"""News in the weekly letter: what is unread, for those who want news weekly, and for nobody else (C9, M1)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.news.letter import UnreadNews
from portal.notifications.actions import choose_mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.news.models import NewsItem
    from tests.factories import Make

PART = UnreadNews()


def told_to(make: Make, relation: str, choice: str) -> list[str]:
    """The titles that somebody's next letter would tell of the last week."""
    person = make.member(relation=relation)
    choose_mail({"news": choice}, by=viewer_of(person.id))
    db.session.commit()
    found = PART.gather(viewer_of(person.id), clock.now() - timedelta(days=7), told=frozenset(), limit=10)
    return [piece.title for piece in found]


@pytest.mark.parametrize(("choice", "count"), [("weekly", 1), ("now", 0), ("off", 0)])
def test_only_who_wants_news_weekly_finds_them_there(
    make: Make, told: Callable[..., NewsItem], choice: str, count: int
) -> None:
    """C9: no mail outside the choice; who gets news at once is not told twice."""
    make.member(relation="partner:former")
    told(title="The yard opens its doors")
    assert told_to(make, "partner:former", choice) == ["The yard opens its doors"] * count


def test_news_for_others_stand_in_no_letter(make: Make, told: Callable[..., NewsItem]) -> None:
    """M1: the letter asks the predicate that decides about the item, when it is written and when it leaves."""
    item = told()
    assert told_to(make, "employee:former", "weekly") == []
    assert PART.readable(viewer_of(make.member(relation="employee:former").id), {str(item.id)}) == set()
