"""The desk: written, looked at, counted, sent, put right."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as some

from portal.core import clock, settings
from portal.core.access import ROLES, Viewer, system_viewer, viewer_of
from portal.core.db import db
from portal.news import actions, jobs, policies, queries
from portal.people import actions as people
from tests.browse import H

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.news.models import NewsItem
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox

DESK = "/news/desk"


@given(some.frozensets(some.sampled_from(sorted(ROLES))), some.booleans(), some.booleans())
def test_who_may_write(roles: frozenset[str], member: bool, paused: bool) -> None:
    """Staff and admins post for the host; nobody who is paused, and nobody by another role."""
    until = clock.now() + timedelta(days=1) if paused else None
    viewer = Viewer(person_id=1 if member else None, roles=roles, suspended_until=until)
    assert policies.can_write(viewer) == (member and not paused and bool(roles & {"staff", "admin"}))


@pytest.mark.parametrize("role", ["", "moderator", "seller", "manager", "executive"])
def test_for_others_there_is_no_desk(role: str, make: Make, browse: Browser, draft: Callable[..., NewsItem]) -> None:
    item = draft()
    tab = browse.as_(make.member(roles=(role,) if role else ()))
    for path in (
        DESK,
        f"{DESK}/{item.public_id}",
        f"{DESK}/{item.public_id}/preview",
        f"{DESK}/{item.public_id}/figures",
    ):
        assert tab.get(path).status == 404
    assert DESK not in tab.get("/news").text
    assert tab.get(f"/news/{item.public_id}").status == 404


def test_from_the_first_word_to_the_readers(
    staff: Person, make: Make, browse: Browser, outbox: Postbox, work: Callable[[], int]
) -> None:
    make.member(relation="partner:former", address="pia@example.org")
    make.member(relation="partner:current")
    tab = browse.as_(staff)
    page = tab.get("/news").follow("Write and publish").submit("Write news")
    page = page.submit(
        "Save the draft",
        title="Yard day",
        lead="In May.",
        body="**Boots**, please.",
        segments=["partner:former"],
        roles=[],
        act="send",
    )
    assert page.heading == "Ready to send?"
    assert "Former partners" in page.words
    assert "this would send 1 mail" in page.words
    page = page.submit("Publish it")
    assert "The mails are on their way." in page.words
    work()
    assert [mail.to_address for mail in outbox.mails() if mail.kind == "news"] == ["pia@example.org"]


def test_what_an_ask_needs_can_be_written_without_unfolding_anything(
    draft: Callable[..., NewsItem], staff: Person, browse: Browser
) -> None:
    """Styles alone hide what the chosen sort of ask does not need, so that all of it is there without them."""
    page = browse.as_(staff).get(f"{DESK}/{draft(ask='').public_id}")
    form = next(one for one in page.tree.iter(f"{H}form") if one.find(".//*[@name='link_url']") is not None)  # type: ignore[union-attr]
    assert not list(form.iter(f"{H}details"))
    assert {"question", "choices", "link_label", "link_url"} <= {each.get("name") for each in form.iter()}


def test_two_answers_that_are_the_same_are_refused(
    draft: Callable[..., NewsItem], staff: Person, browse: Browser
) -> None:
    item = draft(ask="choice", question="Will you come?", choices=["Yes", "No"])
    page = browse.as_(staff).get(f"{DESK}/{item.public_id}").submit("Save", choices="Yes\nNo\nyes")
    assert page.status == 422
    assert "Two of the answers are the same" in page.words


def test_the_preview_is_the_page(draft: Callable[..., NewsItem], staff: Person, make: Make, browse: Browser) -> None:
    """What the writer looked at is what the reader gets, word for word."""
    item = draft(ask="choice", question="Will you come?", choices=["Yes", "No"])
    preview = browse.as_(staff).get(f"{DESK}/{item.public_id}/preview")
    actions.publish(queries.any_item(item.public_id), by_mail=False, by=viewer_of(staff.id))
    db.session.commit()
    page = browse.as_(make.member(relation="partner:former")).get(f"/news/{item.public_id}")
    prose = [
        [node for node in one.tree.iter(f"{H}div") if node.get("class") == "prose prose-reading"]
        for one in (preview, page)
        if one.tree is not None
    ]
    assert [len(found) for found in prose] == [1, 1]
    assert ["".join(found[0].itertext()).strip() for found in prose] == ["Bring boots."] * 2
    assert preview.heading == page.heading
    for words in ("Will you come?", "Who can read this: Former partners", "From Kestrel & Lowe", "One Saturday in May"):
        assert words in preview.words
        assert words in page.words


def test_the_live_preview_renders_as_the_page_does(staff: Person, browse: Browser) -> None:
    tab = browse.as_(staff)
    page = tab.get(DESK).submit("Write news")
    token = next(field.get("value") for field in page.tree.iter(f"{H}input") if field.get("name") == "csrf_token")  # type: ignore[union-attr]
    answer = tab.client.post(f"{DESK}/rendered", data={"text": "**so** <script>x</script>", "csrf_token": token})
    assert "<strong>so</strong>" in answer.text
    assert "<script>" not in answer.text


def test_a_draft_that_somebody_else_saved_keeps_both(
    draft: Callable[..., NewsItem], staff: Person, make: Make, browse: Browser
) -> None:
    item = draft()
    one, two = browse.as_(staff), browse.as_(make.member(roles=("admin",)))
    mine, theirs = one.get(f"{DESK}/{item.public_id}"), two.get(f"{DESK}/{item.public_id}")
    assert theirs.submit("Save the draft", title="Their title").status == 200
    page = mine.submit("Save the draft", title="My title")
    assert page.status == 422
    assert "Somebody saved this draft while you were writing" in page.words
    assert "My title" in page.text
    assert page.submit("Save the draft").status == 200
    db.session.expire_all()
    assert queries.any_item(item.public_id).title == "My title"


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"ask": "choice", "question": ""}, "Write the question."),
    ({"ask": "choice", "question": "Well?", "choices": "Only one"}, "Give between two and eight answers"),
    ({"ask": "link", "link_label": "Go", "link_url": "javascript:alert(1)"}, "Write an address that begins with https://"),
    ({"ask": "words", "question": "Well?", "link_url": "javascript:alert(1)"}, "Write an address that begins with https://"),
    ({"ask": "link", "link_label": "Book", "link_url": "https://"}, "Write an address that begins with https://"),
    ({"ask": "link", "link_label": "Book", "link_url": "https://exa mple.org/"}, "Write an address that begins with https://"),
    ({"ask": "choice", "question": "Well?", "choices": "Yes\n" + "x" * 81}, "Keep each answer under 80 characters."),
    ({"title": "x" * 161}, "Keep it under 160 characters."),
])  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    fields: dict[str, str], sentence: str, draft: Callable[..., NewsItem], staff: Person, browse: Browser
) -> None:
    page = (
        browse.as_(staff)
        .get(f"{DESK}/{draft().public_id}")
        .submit("Save the draft", body="Long and careful words.", **fields)
    )
    assert page.status == 422
    assert sentence in page.words
    assert "Long and careful words." in page.text


def test_words_typed_and_not_saved_are_offered_again(
    draft: Callable[..., NewsItem], staff: Person, browse: Browser
) -> None:
    """Drafts are kept on the server while one types, as on boards."""
    item, tab = draft(), browse.as_(staff)
    page = tab.get(f"{DESK}/{item.public_id}")
    token = next(field.get("value") for field in page.tree.iter(f"{H}input") if field.get("name") == "csrf_token")  # type: ignore[union-attr]
    kept = tab.client.put(
        f"/drafts/news:{item.public_id}", json={"text": "Typed and not saved."}, headers={"X-CSRFToken": str(token)}
    )
    assert kept.status_code == 204
    page = tab.get(f"{DESK}/{item.public_id}")
    assert "Typed and not saved." in page.words
    assert "Typed and not saved." not in page.submit("Save the draft").words


@pytest.mark.parametrize(("change", "sentence"), [
    ({"title": ""}, "Give the item a title."),
    ({"lead": "", "body": ""}, "There is nothing in it yet"),
    ({"audience": ()}, "Say who it is for"),
])  # fmt: skip
def test_what_is_missing_is_said_before_sending(
    change: dict[str, object], sentence: str, draft: Callable[..., NewsItem], staff: Person, browse: Browser
) -> None:
    item = draft(**change)
    page = browse.as_(staff).get(f"{DESK}/{item.public_id}/send")
    assert sentence in page.words
    assert "Publish it" not in page.words


def test_published_once_however_often_it_is_sent(
    draft: Callable[..., NewsItem], staff: Person, browse: Browser, make: Make, outbox: Postbox, work: Callable[[], int]
) -> None:
    """T1, T2: two windows, one item, one mail."""
    make.member(relation="partner:former")
    item, tab = draft(), browse.as_(staff)
    one, two = tab.get(f"{DESK}/{item.public_id}/send"), tab.get(f"{DESK}/{item.public_id}/send")
    one.submit("Publish it")
    assert "Told" in two.submit("Publish it").words
    work()
    assert len([mail for mail in outbox.mails() if mail.kind == "news"]) == 1


def test_what_was_counted_is_what_is_sent(draft: Callable[..., NewsItem], staff: Person, browse: Browser) -> None:
    item, tab = draft(), browse.as_(staff)
    ready = tab.get(f"{DESK}/{item.public_id}/send")
    tab.get(f"{DESK}/{item.public_id}").submit("Save the draft", segments=["customer:former"])
    page = ready.submit("Publish it")
    assert page.status == 422
    assert "Somebody changed it since this page was shown" in page.words
    assert "Former customers" in page.words


def test_it_goes_at_its_time_in_the_writers_zone(
    draft: Callable[..., NewsItem], staff: Person, make: Make, browse: Browser
) -> None:
    """T4."""
    people.set_preferences(staff, timezone="Europe/Berlin", theme="auto", shortcuts=True, by=viewer_of(staff.id))
    db.session.commit()
    item, reader = draft(), make.member(relation="partner:former")
    day = clock.now() + timedelta(days=20)
    page = (
        browse.as_(staff)
        .get(f"{DESK}/{item.public_id}/send")
        .submit("Publish it", when="later", day=f"{day:%Y-%m-%d}", time="09:30")
    )
    assert "at 09:30" in page.words
    assert browse.as_(reader).get(f"/news/{item.public_id}").status == 404
    db.session.expire_all()
    due = queries.any_item(item.public_id).publish_at
    assert due is not None
    assert f"{due:%H:%M}" in ("07:30", "08:30")
    with time_machine.travel(due + timedelta(seconds=1)):
        jobs.publish_due()
        db.session.commit()
        assert browse.as_(reader).get(f"/news/{item.public_id}").status == 200


def test_a_time_that_is_over_is_refused(draft: Callable[..., NewsItem], staff: Person, browse: Browser) -> None:
    page = (
        browse.as_(staff)
        .get(f"{DESK}/{draft().public_id}/send")
        .submit("Publish it", when="later", day="2020-01-01", time="09:30")
    )
    assert page.status == 422
    assert "That time is over." in page.words


def test_a_quiet_period_blocks_and_says_why(draft: Callable[..., NewsItem], staff: Person, browse: Browser) -> None:
    """E5: publishing is blocked, at its time too; the draft is kept, and the reason shown."""
    item, by = draft(), viewer_of(staff.id)
    actions.schedule(item, clock.now() + timedelta(minutes=5), by_mail=True, by=by)
    settings.set_value("news_quiet", True, by=system_viewer())
    settings.set_value("news_quiet_reason", "Results come out on 4 March.", by=system_viewer())
    db.session.commit()
    page = browse.as_(staff).get(f"{DESK}/{item.public_id}/send")
    assert "Results come out on 4 March." in page.words
    assert page.tree is not None
    assert "Publish it" not in page.words
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        jobs.publish_due()
        db.session.commit()
    db.session.expire_all()
    item = queries.any_item(item.public_id)
    assert (item.state, item.title) == ("draft", "The yard opens its doors")
    assert "Results come out on 4 March." in browse.as_(staff).get(f"{DESK}/{item.public_id}").words


def test_whoever_lost_the_role_publishes_nothing_at_its_time(draft: Callable[..., NewsItem], staff: Person) -> None:
    """I16: the right is asked for again when the time has come."""
    item = draft()
    actions.schedule(item, clock.now() + timedelta(minutes=5), by_mail=True, by=viewer_of(staff.id))
    people.end_role(staff, "staff", by=system_viewer())
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        jobs.publish_due()
        db.session.commit()
    db.session.expire_all()
    item = queries.any_item(item.public_id)
    assert item.state == "draft"
    assert "Only those who post for the host" in item.held_because


def test_a_correction_is_marked_and_not_mailed_again(
    told: Callable[..., NewsItem], staff: Person, make: Make, browse: Browser, outbox: Postbox, work: Callable[[], int]
) -> None:
    reader = make.member(relation="partner:former")
    item = told(by_mail=True)
    work()
    page = browse.as_(staff).get(f"{DESK}/{item.public_id}/correct")
    page = page.submit(
        "Correct it", title="The yard opens in June", body="Bring **sun cream**.", note="It is June, not May."
    )
    assert "Corrected" in page.words
    work()
    tab = browse.as_(reader)
    page = tab.get(f"/news/{item.public_id}")
    assert page.heading == "The yard opens in June"
    assert "It is June, not May." in page.words
    assert "Bring boots." in page.follow("What it said before").words
    assert "sun cream" in tab.get("/search?q=cream&tab=news").words
    assert "Bring boots" not in tab.get("/search?q=boots&tab=news").words
    assert len([mail for mail in outbox.mails() if mail.kind == "news"]) == 1


def test_what_is_taken_back_leaves_a_placeholder(
    told: Callable[..., NewsItem], staff: Person, make: Make, browse: Browser
) -> None:
    reader, item = browse.as_(make.member(relation="partner:former")), told()
    reader.get(f"/news/{item.public_id}").submit("replies", body="A comment about boots.")
    browse.as_(staff).get(f"{DESK}/{item.public_id}/withdraw").submit("Take it back", because="It was the wrong yard.")
    page = reader.get(f"/news/{item.public_id}")
    assert page.status == 410
    assert "It was the wrong yard." in page.words
    for path in ("/", "/news", "/search?q=yard&tab=news", "/search?q=boots&tab=posts"):
        words = reader.get(path).words
        assert "opens its doors" not in words
        assert "A comment about boots" not in words
    stranger = browse.as_(make.member(relation="customer:former"))
    assert stranger.get(f"/news/{item.public_id}").status == 404


def test_a_trial_goes_to_the_writer_alone(
    draft: Callable[..., NewsItem], staff: Person, make: Make, browse: Browser, outbox: Postbox
) -> None:
    make.member(relation="partner:former")
    page = browse.as_(staff).get(f"{DESK}/{draft().public_id}/send").submit("Send a test mail to me")
    assert "posy@example.org" in page.words
    assert [(mail.to_address, mail.subject) for mail in outbox.mails()] == [
        ("posy@example.org", "Test: The yard opens its doors")
    ]


def test_a_draft_is_thrown_away_on_a_page_of_its_own(
    draft: Callable[..., NewsItem], staff: Person, browse: Browser
) -> None:
    item = draft()
    page = browse.as_(staff).get(f"{DESK}/{item.public_id}/throw-away").submit("Throw it away")
    assert "The draft is thrown away." in page.words
    assert browse.as_(staff).get(f"{DESK}/{item.public_id}").status == 404


def test_the_desk_costs_the_same_with_one_and_with_many(
    draft: Callable[..., NewsItem], staff: Person, browse: Browser
) -> None:
    """T6."""
    tab = browse.as_(staff)
    draft()
    tab.get(DESK)
    few = len(tab.get(DESK).statements)
    for number in range(12):
        draft(title=f"Draft {number}")
    assert len(tab.get(DESK).statements) == few


def test_nobody_starts_a_topic_where_comments_lie(told: Callable[..., NewsItem], make: Make, browse: Browser) -> None:
    item, keeper = told(), make.member(roles=("moderator",))
    board = queries.any_item(item.public_id).board_id
    from portal.boards.models import Board

    public_id = db.session.get(Board, board).public_id  # type: ignore[union-attr]
    tab = browse.as_(keeper)
    assert browse.as_(make.member(roles=("admin",))).get(f"/admin/boards/{public_id}").status == 404
    assert tab.get(f"/boards/{public_id}/new").status == 403
    assert tab.get(f"/boards/{public_id}").url == "/news"
    assert "News for" not in tab.get("/new-topic").words
