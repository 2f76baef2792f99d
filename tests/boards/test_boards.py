"""Who reads which board, and how topics are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.boards.grants import Grants, Rules
from portal.boards.models import Post, Topic
from portal.careers.audiences import Audience
from portal.core import clock
from portal.core.access import VISITOR, Viewer
from portal.core.db import db

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

WHO = {
    "visitor": VISITOR,
    "ex-employee": Viewer(1, relations=frozenset({("employee", "former")})),
    "employee": Viewer(2, relations=frozenset({("employee", "current")})),
    "ex-customer": Viewer(3, relations=frozenset({("customer", "former")})),
    "partner": Viewer(4, relations=frozenset({("partner", "current")})),
    "admin": Viewer(5, roles=frozenset({"admin"}), relations=frozenset({("employee", "current")})),
    "seller": Viewer(6, roles=frozenset({"seller"}), relations=frozenset({("employee", "current")})),
    "moderator": Viewer(7, roles=frozenset({"moderator"})),
    "board moderator": Viewer(8, moderates=frozenset({1})),
    "of the group": Viewer(9, groups=frozenset({7})),
}
AUDIENCES = {
    "all": (
        Audience("any", "any", None, None),
        {"ex-employee", "employee", "ex-customer", "partner", "admin", "seller"},
    ),
    "former": (Audience("any", "former", None, None), {"ex-employee", "ex-customer"}),
    "former customers": (Audience("customer", "former", None, None), {"ex-customer"}),
    "employees": (Audience("employee", "any", None, None), {"ex-employee", "employee", "admin", "seller"}),
    "group": (Audience(None, "any", 7, None), {"of the group"}),
    "sellers": (Audience(None, "any", None, "seller"), {"seller"}),
}


@pytest.mark.parametrize("name", AUDIENCES)
def test_an_audience_opens_a_board_to_its_own_and_to_who_keeps_it(name: str) -> None:
    """M1: one predicate; no role of the host's staff reads a board by itself."""
    line, readers = AUDIENCES[name]
    picture = Grants([Rules(1, "readers", False, (line,))])
    assert {who for who, viewer in WHO.items() if 1 in picture.readable(viewer)} == readers | {
        "moderator",
        "board moderator",
    }


def test_a_board_says_that_those_who_keep_it_read_it_too(browse: Browser, make: Make) -> None:
    """M1: the members of a closed board know everybody who reads it."""
    keeper, member = (
        make.member("Kay Keeper", roles=("moderator",)),
        make.member("Cas Tomer", relation="customer:former"),
    )
    board = make.board(
        audiences=({"relation_kind": "customer", "phase": "former"},), moderators=(make.member("Mo One"),)
    )
    page = browse.as_(member).open("boards.about", public_id=board.public_id)
    assert "Former customers, and those who keep it. Nobody else" in page.words
    assert "Mo One" in page.words
    assert "Kay Keeper" in page.words
    assert browse.as_(keeper).open("boards.about", public_id=board.public_id).status == 200


def test_posts_have_no_gap_and_a_removed_one_leaves_its_place(browse: Browser, make: Make) -> None:
    """M2."""
    ada = make.member("Ada Lovelace")
    topic = make.topic(author=ada, replies=3)
    page = browse.as_(ada).open("boards.topic", public_id=topic.public_id)
    post = db.session.query(Post).filter_by(topic_id=topic.id, number=2).one()
    page = browse.as_(ada).open("boards.withdraw", public_id=post.public_id).submit("Take it back")
    assert "The author took this post back." in page.words
    assert [f'id="post-{n}"' in page.text for n in (1, 2, 3, 4)] == [True] * 4


def test_a_permalink_finds_its_page(browse: Browser, make: Make) -> None:
    topic = make.topic(replies=44)
    post = db.session.query(Post).filter_by(topic_id=topic.id, number=45).one()
    page = browse.as_(make.member()).open("boards.post", public_id=post.public_id)
    assert page.url.endswith("?page=3")
    assert f'id="post-{post.number}"' in page.text


def test_unread_is_counted_and_one_jumps_to_the_first_of_it(browse: Browser, make: Make) -> None:
    ada, ben, board = make.member(), make.member(), make.board()
    topic = make.topic(board, author=ben, replies=2)
    browser = browse.as_(ada)
    assert "New" in browser.open("boards.board", public_id=board.public_id).words
    browser.open("boards.topic", public_id=topic.public_id)
    assert "2 new" not in browser.open("boards.board", public_id=board.public_id).words
    make.reply(topic, ben)
    make.reply(topic, ben)
    assert "2 new" in browser.open("boards.board", public_id=board.public_id).words
    page = browser.open("boards.unread", public_id=topic.public_id)
    assert "2 new posts since your last visit" in page.words
    browser.open("boards.board", public_id=board.public_id).submit("Mark all as read")
    assert "2 new" not in browser.open("boards.board", public_id=board.public_id).words


def test_a_stale_edit_is_refused_with_both_texts(browse: Browser, make: Make) -> None:
    ada = make.member()
    topic = make.topic(author=ada, body="First words.")
    post = db.session.query(Post).filter_by(topic_id=topic.id).one()
    first = browse.as_(ada).open("boards.edit", public_id=post.public_id)
    second = browse.as_(ada).open("boards.edit", public_id=post.public_id)
    assert "Changed here" in first.submit("Save", body="Changed here.").text
    answer = second.submit("Save", body="Changed there.")
    assert answer.status == 409
    assert "Changed here." in answer.text
    assert "Changed there." in answer.text
    assert "Changed there." in answer.submit("Save mine instead").text


def test_history_keeps_what_a_post_said(browse: Browser, make: Make) -> None:
    ada, ben = make.member(), make.member()
    topic = make.topic(author=ada, body="The old words.")
    make.reply(topic, ben)
    post = db.session.query(Post).filter_by(topic_id=topic.id, number=1).one()
    browse.as_(ada).open("boards.edit", public_id=post.public_id).submit("Save", body="The new words.")
    page = browse.as_(ben).open("boards.topic", public_id=topic.public_id)
    assert "The new words." in page.text
    assert "The old words." in page.follow("edited").text


def test_a_locked_topic_takes_no_reply_but_from_who_keeps_it(browse: Browser, make: Make) -> None:
    keeper, ada = make.member(), make.member()
    topic = make.topic(make.board(moderators=(keeper,)), author=ada)
    page = browse.as_(keeper).open("boards.topic", public_id=topic.public_id).submit("Lock")
    assert "closed this topic" in page.words
    assert "Your reply" not in browse.as_(ada).open("boards.topic", public_id=topic.public_id).words
    browser = browse.as_(ada)
    browser.open("boards.index")
    assert "Your reply" in page.words


def test_quoting_fills_the_reply(browse: Browser, make: Make) -> None:
    ada = make.member()
    topic = make.topic(body="Words worth quoting.")
    page = browse.as_(ada).open("boards.topic", public_id=topic.public_id).follow("Quote")
    assert "&gt; Words worth quoting." in page.text


def test_preview_is_the_same_as_the_result(browse: Browser, make: Make) -> None:
    ada, topic = make.member(), make.topic()
    text = "| a | b |\n|---|---|\n| 1 | `x` |\n\nhttps://example.org <script>alert(1)</script>"
    page = browse.as_(ada).open("boards.topic", public_id=topic.public_id)
    preview = page.submit("Reply", body=text, preview="1")
    assert "Your reply will look like this" in preview.words
    shown = preview.text.split('<div class="prose">')[1].split("</div>\n</section>")[0].split("</div></section>")[0]
    result = preview.submit("Reply", body=text, preview=None)
    assert shown.strip() in result.text
    assert "<script>alert" not in result.text


def test_what_may_be_wider_than_the_page_scrolls_by_keyboard(browse: Browser, make: Make) -> None:
    topic = make.topic(body="```\ntally yard\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n`<pre>`")
    page = browse.as_(make.member()).open("boards.topic", public_id=topic.public_id)
    assert '<pre tabindex="0"><code>tally yard' in page.text
    assert '<div class="table-scroll" tabindex="0">' in page.text
    assert "&lt;pre&gt;" in page.text


def test_a_new_members_link_waits_and_is_not_hidden_from_its_author(browse: Browser, make: Make) -> None:
    """No shadow bans: the author sees that the post waits, others see its place."""
    new, ada, topic = make.member(days_ago=1), make.member(), make.topic()
    page = (
        browse.as_(new)
        .open("boards.topic", public_id=topic.public_id)
        .submit("Reply", body="See https://example.org/offer now")
    )
    assert "waits for a moderator" in page.words
    page = browse.as_(ada).open("boards.topic", public_id=topic.public_id)
    assert "example.org/offer" not in page.text
    assert "This post waits for a moderator." in page.words


def test_following_and_muting(browse: Browser, make: Make) -> None:
    ada, topic = make.member(), make.topic()
    page = browse.as_(ada).open("boards.topic", public_id=topic.public_id).submit("Follow")
    assert "Following" in page.words
    assert "Muted" in page.submit("Mute").words


def test_too_fast_is_told_with_the_seconds(browse: Browser, make: Make) -> None:
    from portal.core import settings as house

    house.set_value("reply_gap_seconds", 10, by=make.system)
    db.session.commit()
    ada, topic = make.member(), make.topic()
    page = browse.as_(ada).open("boards.topic", public_id=topic.public_id).submit("Reply", body="One.")
    page = page.submit("Reply", body="Two, at once.")
    assert page.status == 422
    assert "please wait" in page.words
    assert "Two, at once." in page.text
    again = browse.as_(ada).open("boards.topic", public_id=topic.public_id)
    assert "Two, at once." in again.text  # going back finds it: what was refused is a draft


def test_search_finds_what_one_may_read(browse: Browser, make: Make) -> None:
    ada = make.member()
    make.topic(title="Cranes in frost", body="The crane in Gdynia weighed three per cent heavy.")
    assert "Cranes in frost" in browse.as_(ada).get("/search?q=gdyn&tab=posts").words
    assert "Nothing found" in browse.as_(ada).get("/search?q=xylophone&tab=posts").words


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_unread_never_goes_backwards(last: int, read: int) -> None:
    from portal.boards.shown import unread_in

    now = clock.now()
    horizon = now - timedelta(days=60)
    count = unread_in(last, read, now, None, horizon)
    assert count == max(0, last - read)
    assert unread_in(last, read + 1, now, None, horizon) <= count
    assert unread_in(last, read, horizon, None, horizon) == 0


def test_counters_equal_a_recount(make: Make) -> None:
    """T2."""
    from sqlalchemy import func, select

    from portal.boards.actions import set_post_state
    from portal.core.access import viewer_of

    keeper = make.member(roles=("moderator",))
    board = make.board()
    topic = make.topic(board, replies=5)
    posts = list(db.session.scalars(select(Post).where(Post.topic_id == topic.id).order_by(Post.number)))
    from portal.boards import queries

    for public_id, state in (
        (posts[2].public_id, "hidden"),
        (posts[3].public_id, "hidden"),
        (posts[2].public_id, "visible"),
        (posts[0].public_id, "hidden"),
    ):
        set_post_state(queries.any_post(public_id), state, "spam", by=viewer_of(keeper.id))
    db.session.commit()
    db.session.expire_all()
    counted = db.session.scalar(
        select(func.count()).select_from(Post).where(Post.topic_id == topic.id, Post.state == "visible")
    )
    assert db.session.get(Topic, topic.id).post_count == counted  # type: ignore[union-attr]
    assert db.session.get(type(board), board.id).post_count == counted  # type: ignore[union-attr]
    assert db.session.get(type(board), board.id).topic_count == 0  # type: ignore[union-attr]
