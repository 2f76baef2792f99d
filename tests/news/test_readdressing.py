"""Another audience after publishing: who gains and loses sight is said first, and nobody is mailed again (M1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.boards.models import Board
from portal.careers.actions import record_relation
from portal.core.access import viewer_of
from portal.core.db import db, scalars
from portal.core.errors import Invalid, NotAllowed
from portal.core.partial_dates import PartialDate
from portal.news import actions, queries
from portal.organisations.actions import find_or_create

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.news.models import NewsItem
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox

DESK = "/news/desk"
CUSTOMERS = ({"relation_kind": "customer", "phase": "former"},)


def test_it_is_shown_to_others_with_its_comments_and_mailed_to_nobody_again(
    told: Callable[..., NewsItem], staff: Person, make: Make, browse: Browser, outbox: Postbox, work: Callable[[], int]
) -> None:
    partner, both = make.member(relation="partner:former"), make.member(relation="partner:former")
    customer = make.member("Cora Customer", relation="customer:former")
    firm, year = find_or_create("Mill & Sons", by=make.system), PartialDate.parse("2014")
    record_relation(both, "customer", firm, start=year, end=year, verified_by="admin", by=make.system)
    db.session.commit()
    item = told(by_mail=True)
    work()
    browse.as_(partner).get(f"/news/{item.public_id}").submit("replies", body="A comment about boots.")
    page = browse.as_(staff).get(f"{DESK}/{item.public_id}/figures").follow("Change who sees it")
    page = page.submit("Look at what that changes", act="look", segments=["customer:former"])
    assert "See it newly 1 " in page.words
    assert "See it no more 1 " in page.words
    assert "See it still 1" in page.words
    assert queries.any_item(item.public_id).audience[0]["relation_kind"] == "partner", "nothing is changed yet"
    page = page.submit("Change who sees it", act="change")
    assert "Nobody gets a mail because of it." in page.words
    work()
    assert len([mail for mail in outbox.mails() if mail.kind == "news"]) == 2
    gone, new = browse.as_(partner), browse.as_(customer)
    assert gone.get(f"/news/{item.public_id}").status == 404
    for path in ("/", "/news", "/search?q=yard&tab=news", "/search?q=boots&tab=posts"):
        assert "opens its doors" not in gone.get(path).words
    assert "A comment about boots." in new.get(f"/news/{item.public_id}").words
    assert "opens its doors" in new.get("/search?q=yard&tab=news").words
    counts = {board.name: (board.topic_count, board.post_count) for board in scalars(select(Board))}
    assert counts["News for former partners"] == (0, 0)
    assert counts["News for former customers"] == (1, 1)


def test_boxes_that_were_not_looked_at_are_looked_at_first(
    told: Callable[..., NewsItem], staff: Person, browse: Browser
) -> None:
    item = told()
    page = browse.as_(staff).get(f"{DESK}/{item.public_id}/audience")
    page = page.submit("Look at what that changes", act="look", segments=["customer:former"])
    page = page.submit("Change who sees it", act="change", segments=["employee:former"])
    assert page.heading == "Change who sees it"
    assert "For: Former employees." in page.words
    db.session.expire_all()
    assert queries.any_item(item.public_id).audience == [{"relation_kind": "partner", "phase": "former"}]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([], "Tick at least one box."),
        (["partner:former"], "It is for these people already."),
    ],
)
def test_what_is_wrong_is_said(
    sent: list[str], said: str, told: Callable[..., NewsItem], staff: Person, browse: Browser
) -> None:
    page = browse.as_(staff).get(f"{DESK}/{told().public_id}/audience")
    page = page.submit("Look at what that changes", act="look", segments=sent)
    assert page.status == 422
    assert said in page.words


def test_not_while_mails_are_written_not_twice_and_not_by_others(
    told: Callable[..., NewsItem], staff: Person, make: Make
) -> None:
    item, by = told(by_mail=True), viewer_of(staff.id)
    with pytest.raises(Invalid, match="being written"):
        actions.change_audience(item, CUSTOMERS, item.version, by=by)
    item.mailing = "sent"
    with pytest.raises(NotAllowed):
        actions.change_audience(item, CUSTOMERS, item.version, by=make.viewer(make.member()))
    actions.change_audience(item, CUSTOMERS, item.version, by=by)
    with pytest.raises(Invalid, match="Somebody changed it"):
        actions.change_audience(item, ({"role": "staff"},), item.version - 1, by=by)


def test_a_scheduled_item_takes_another_audience_where_it_is_written(
    draft: Callable[..., NewsItem], staff: Person, browse: Browser
) -> None:
    item = draft()
    page = browse.as_(staff).get(f"{DESK}/{item.public_id}")
    page.submit("Save the draft", segments=["customer:former"])
    db.session.expire_all()
    assert queries.any_item(item.public_id).audience == [dict(CUSTOMERS[0])]
    assert browse.as_(staff).get(f"{DESK}/{item.public_id}/audience").status == 409
