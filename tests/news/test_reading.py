"""What members see of news: what is theirs, everywhere, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.core.access import viewer_of
from portal.core.db import db
from portal.news import actions, queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.news.models import NewsItem
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make

ALL = ({"relation_kind": "any", "phase": "any"},)
SURFACES = (
    "/",
    "/news",
    "/boards",
    "/new-topic",
    "/search?q=yard&tab=news",
    "/search?q=boots&tab=posts",
    "/search?q=yard&tab=news",
)


def test_an_item_stands_where_its_readers_look(told: Callable[..., NewsItem], make: Make, browse: Browser) -> None:
    told()
    page = browse.as_(make.member(relation="partner:former")).get("/")
    assert "News from Kestrel & Lowe" in page.words
    page = page.follow("The yard opens its doors")
    assert page.heading == "The yard opens its doors"
    assert "From Kestrel & Lowe" in page.words
    assert "Who can read this: Former partners" in page.words
    assert "<strong>boots</strong>" in page.text


def test_nobody_else_finds_a_trace(told: Callable[..., NewsItem], make: Make, browse: Browser) -> None:
    """M1: the board of its comments decides about the item too, on every surface."""
    item = told()
    partner = browse.as_(make.member(relation="partner:former"))
    partner.open("news.item", public_id=item.public_id).submit("replies", body="Is the yard still muddy?")
    topic = queries.item_page(viewer_of(make.member(relation="partner:former").id), item.public_id).topic
    for relation in ("employee:former", "partner:current", "customer:current"):
        other = browse.as_(make.member(relation=relation))
        for path in (*SURFACES, "/search?q=muddy&tab=posts"):
            assert "yard" not in other.get(path).words.replace("for “yard”", "").lower().replace("“yard”", ""), path
        for path in (f"/news/{item.public_id}", f"/news/{item.public_id}/history", f"/topics/{topic}"):
            assert other.get(path).status == 404, path
        assert other.post(f"/news/{item.public_id}/answer", {"choice": "0"}).status in (400, 404)


def test_comments_are_a_topic_that_lives_on_the_items_page(
    told: Callable[..., NewsItem], make: Make, browse: Browser
) -> None:
    """Its replies lead back to the item, its author is told, and no list of boards shows where it lies."""
    item = told()
    one, two = make.member("Ona One", relation="partner:former"), make.member("Tia Two", relation="partner:former")
    page = browse.as_(one).open("news.item", public_id=item.public_id).submit("replies", body="I still have my boots.")
    assert page.url.startswith(f"/news/{item.public_id}")
    assert "I still have my boots." in page.words
    assert "1 comment" in page.words
    second = browse.as_(two)
    assert "I still have my boots." in second.get(f"/news/{item.public_id}").words
    assert "News for" not in second.get("/boards").words
    assert "1 comment" in second.get("/news").words
    assert second.get("/").status == 200


def test_whoever_told_it_hears_of_comments(
    told: Callable[..., NewsItem], staff: Person, make: Make, browse: Browser, work: Callable[[], int]
) -> None:
    """M1: only while they are among its readers."""
    among, apart = (
        told(({"role": "staff"}, {"relation_kind": "partner", "phase": "former"})),
        told(title="Not for staff"),
    )
    for item, words in ((among, "A word to you."), (apart, "Between us.")):
        browse.as_(make.member(relation="partner:former")).get(f"/news/{item.public_id}").submit("replies", body=words)
    work()
    words = browse.as_(staff).get("/notifications").words
    assert "replied in “The yard opens its doors”" in words
    assert "Not for staff" not in words


def test_comments_can_be_off(told: Callable[..., NewsItem], make: Make, browse: Browser) -> None:
    item = told(has_comments=False)
    page = browse.as_(make.member(relation="partner:former")).open("news.item", public_id=item.public_id)
    assert "Comment" not in page.words


def test_items_of_one_audience_share_one_board(told: Callable[..., NewsItem]) -> None:
    first, second = told(), told(title="Another one")
    third = told(ALL, title="For everybody")
    assert first.board_id == second.board_id != third.board_id
    assert first.topic_id != second.topic_id


def test_the_first_comment_hidden_hides_only_itself(told: Callable[..., NewsItem], make: Make, browse: Browser) -> None:
    """A topic of comments is begun by what it comments, not by its first post."""
    item = told()
    writer = browse.as_(make.member(relation="partner:former"))
    page = writer.open("news.item", public_id=item.public_id).submit("replies", body="First!")
    page = writer.get(next(link for link in page.links() if link.endswith("/withdraw"))).submit("Take it back")
    assert page.url.startswith(f"/news/{item.public_id}")
    reader = browse.as_(make.member(relation="partner:former")).open("news.item", public_id=item.public_id)
    assert "took this post back" in reader.words
    assert reader.submit("replies", body="Second.").status == 200


def test_the_number_beside_news_goes_when_the_list_is_seen(
    told: Callable[..., NewsItem], make: Make, browse: Browser
) -> None:
    """One small mark a member, only forward; no row a reader for what nobody opened."""
    told()
    told(title="And another")
    reader = make.member(relation="partner:former")
    me = viewer_of(reader.id)
    assert queries.unread_count(me) == 2
    tab = browse.as_(reader)
    assert "new" in tab.get("/news").words
    assert queries.unread_count(me) == 0
    told(title="A third")
    assert queries.unread_count(me) == 1
    tab.get(f"/news/{queries.latest(me)[0].public_id}")
    assert queries.unread_count(me) == 0


def test_a_reader_is_counted_once(told: Callable[..., NewsItem], make: Make, browse: Browser) -> None:
    """T2."""
    item = told()
    tab = browse.as_(make.member(relation="partner:former"))
    for _ in range(3):
        tab.get(f"/news/{item.public_id}")
    db.session.expire_all()
    assert queries.any_item(item.public_id).reader_count == 1


def test_a_question_is_answered_with_one_click(
    told: Callable[..., NewsItem], make: Make, browse: Browser, staff: Person
) -> None:
    item = told(ask="choice", question="Will you come?", choices=["Yes", "No", "With my family"])
    tab = browse.as_(make.member("Answering Ann", relation="partner:former"))
    page = tab.get(f"/news/{item.public_id}").submit("answer", choice="2")
    assert "Your answer is with those who asked" in page.words
    assert page.submit("answer", choice="0").status == 200  # changed, not given twice
    db.session.expire_all()
    assert queries.any_item(item.public_id).answer_count == 1
    figures = browse.as_(staff).open("newsroom.figures", public_id=item.public_id)
    assert "Answering Ann" in figures.words
    assert "Yes: 1" in figures.words
    assert tab.post(f"/news/{item.public_id}/answer", {}).status == 400


def test_an_answer_in_words_keeps_what_was_typed(
    told: Callable[..., NewsItem], make: Make, browse: Browser, staff: Person
) -> None:
    item = told(ask="words", question="What shall we show you?")
    page = browse.as_(make.member(relation="partner:former")).get(f"/news/{item.public_id}")
    assert page.submit("answer", words="x").status == 422
    page = page.submit("answer", words="The old crane.")
    assert "You answered" in page.words
    assert "The old crane." in browse.as_(staff).open("newsroom.figures", public_id=item.public_id).words


@pytest.mark.parametrize(("answers", "shown"), [(4, False), (5, True)])
def test_few_answers_have_no_shares(
    answers: int, shown: bool, told: Callable[..., NewsItem], make: Make, browse: Browser, staff: Person
) -> None:
    """A9: under five answers the figures show n and no shares."""
    item = told(ask="choice", question="Will you come?", choices=["Yes", "No"])
    for _ in range(answers):
        actions.answer(item, choice=0, by=viewer_of(make.member(relation="partner:former").id))
    db.session.commit()
    page = browse.as_(staff).open("newsroom.figures", public_id=item.public_id)
    assert ("100 %" in page.words) is shown
    assert f"n = {answers}" in page.words


def test_a_page_costs_the_same_with_one_item_and_with_twenty(
    told: Callable[..., NewsItem], make: Make, browse: Browser
) -> None:
    """T6."""
    reader = browse.as_(make.member(relation="partner:former"))
    told()
    reader.get("/news?x=1")
    few = len(reader.get("/news?x=1").statements)
    for number in range(19):
        told(title=f"Item number {number}")
    reader.get("/news?x=1")  # what is remembered until something is published
    many = reader.get("/news?x=1")
    assert len(many.statements) == few
    assert many.words.count("Item number") == 19


def test_the_list_goes_on_to_older_ones(told: Callable[..., NewsItem], make: Make, browse: Browser) -> None:
    for number in range(21):
        told(title=f"Item number {number}")
    page = browse.as_(make.member(relation="partner:former")).get("/news")
    assert "Item number 20" in page.words
    assert page.follow("Older").words.count("Item number") == 1


def test_a_paused_member_reads_but_does_not_answer(told: Callable[..., NewsItem], make: Make, browse: Browser) -> None:
    from datetime import timedelta

    from portal.core import clock

    item = told(ask="choice", question="Will you come?", choices=["Yes", "No"])
    person = make.member(relation="partner:former")
    person.suspended_until = clock.now() + timedelta(days=2)
    db.session.commit()
    page = browse.as_(person).get(f"/news/{item.public_id}")
    assert "Will you come?" in page.words
    assert f"/news/{item.public_id}/answer" not in page.text


def test_found_by_its_words_in_the_one_box(told: Callable[..., NewsItem], make: Make, browse: Browser) -> None:
    told()
    assert (
        "The yard opens its doors"
        in browse.as_(make.member(relation="partner:former")).get("/search?q=boots&tab=news").words
    )
