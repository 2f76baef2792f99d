"""Reading and writing in topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make


def test_a_member_begins_a_topic_and_others_reply(browse: Browser, make: Make) -> None:
    ada, ben, board = make.member("Ada Lovelace"), make.member("Ben Okafor"), make.board("Trains")
    page = (
        browse.as_(ada)
        .open("boards.start", public_id=board.public_id)
        .submit(title="The night train", body="Who takes it?")
    )
    assert page.status == 200
    assert page.heading == "The night train"
    page = browse.as_(ben).get(page.url).submit("Reply", body="Every **week**!")
    assert "<strong>week</strong>" in page.text
    assert "Ben Okafor" in page.words


def test_a_reply_is_shown_and_followers_hear_of_it(
    browse: Browser, make: Make, outbox: Any, work: Callable[[], int]
) -> None:
    ada, ben = make.member(), make.member()
    topic = make.topic(followed_by=(ben,))
    browse.as_(ada).open("boards.topic", public_id=topic.public_id).submit("Reply", body="Trains!")
    assert "Trains!" in browse.as_(ben).open("boards.topic", public_id=topic.public_id).text
    work()
    assert "replied in" in browse.as_(ben).open("notifications.index").words


def test_a_form_sent_twice_makes_one_post(browse: Browser, make: Make) -> None:
    """T1."""
    ada, topic = make.member(), make.topic()
    page = browse.as_(ada).open("boards.topic", public_id=topic.public_id)
    page.submit("Reply", body="Only once")
    again = page.submit("Reply", body="Only once")
    assert again.text.count("Only once") == 1


def test_bad_input_loses_nothing(browse: Browser, make: Make) -> None:
    ada, board = make.member(), make.board()
    page = (
        browse.as_(ada)
        .open("boards.start", public_id=board.public_id)
        .submit(title="Hm", body="A long thought about it")
    )
    assert page.status == 422
    assert "between 5 and 200 characters" in page.words
    assert "A long thought about it" in page.text


def test_the_topic_page_costs_the_same_with_one_post_and_with_twenty(browse: Browser, make: Make) -> None:
    ada = make.member()
    small, large = make.topic(), make.topic(replies=19)
    browser = browse.as_(ada)
    browser.open("boards.topic", public_id=small.public_id)
    one = browser.open("boards.topic", public_id=small.public_id)
    browser.open("boards.topic", public_id=large.public_id)
    many = browser.open("boards.topic", public_id=large.public_id)
    assert len(many.statements) == len(one.statements)
    assert len(one.statements) <= 11, "\n".join(one.statements)
