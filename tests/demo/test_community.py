"""The loaded community is large, alive, consistent and made up."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Applicant, EmailAddress, Invitation
from portal.boards import queries as boards
from portal.boards.models import Board, Post, PostThanks, Topic
from portal.careers.models import Position, Relation
from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.jobs.tables import Job
from portal.core.outbox import OutboxMail
from portal.demo import letters, recount, scripts, sheets, sign_ins
from portal.demo.casting import fixed_parts
from portal.demo.hints import languages_of
from portal.demo.rooms import ROOMS
from portal.directory.queries import Filters, search_page
from portal.moderation.models import Appeal, Case
from portal.notifications.models import Notification
from portal.organisations.models import Organisation
from portal.people.models import Person
from portal.profiles.models import ProfileEntry
from tests.browse import Browser

if TYPE_CHECKING:
    from tests.demo.conftest import Community

# Names that must never appear in a community that is made up.
REAL = re.compile(
    r"\b(lorem|ipsum|dolor sit|maersk|msc|hapag|siemens|sap|oracle|amazon|google|microsoft|facebook|linkedin"
    r"|mettler|kalmar|konecranes|heineken|carlsberg|cargill|dhl|fedex)\b",
    re.IGNORECASE,
)


def count(what: object) -> int:
    """How many rows there are."""
    return db.session.execute(select(func.count()).select_from(what)).scalar_one()  # type: ignore[arg-type]


def browser(community: Community, sign_in: str) -> Browser:
    """The browser of one of the fixed sign-ins."""
    return Browser(community.app).as_(community.stage.by_sign_in(sign_in))


def test_what_the_host_notes_is_seen_by_whom_its_entry_is_shown_to(community: Community) -> None:
    """P1: hiding the one hides the other."""
    linked = select(Relation.id).join(Position, Position.relation_id == Relation.id)
    assert count(linked.subquery()) > 100
    assert count(linked.where(Position.audience != "members").subquery()) > 5
    assert count(linked.where(Position.audience != Relation.audience).subquery()) == 0


def test_it_is_a_community_of_some_size(community: Community) -> None:
    assert count(Person) > 300
    assert count(Organisation) > 100
    assert count(Position) > 2 * count(Person)
    assert len(boards.all_boards()) == 12
    assert count(Topic) >= 150
    assert count(Post) >= 1500
    assert count(PostThanks) > 1500


@pytest.mark.parametrize("kind", ["employee", "customer", "partner"])
def test_all_kinds_of_relation_are_there_former_and_current(community: Community, kind: str) -> None:
    mine = select(Relation).where(Relation.kind == kind)
    assert count(mine.where(Relation.open_on(clock.today())).subquery()) > 25
    assert count(mine.where(Relation.ends_on <= clock.today()).subquery()) > 20


def test_everything_that_is_counted_equals_a_recount(community: Community) -> None:
    """T2, M1: counters, numbers, thanks; everybody may read what they wrote, thanked for and followed."""
    assert recount.problems() == []


def test_nothing_lies_in_the_future_and_something_is_of_these_days(community: Community) -> None:
    latest = db.session.execute(select(func.max(Post.created_at))).scalar_one()
    assert clock.now() - timedelta(days=3) < latest < clock.now()
    for topic_id, times in _times_by_topic().items():
        assert times == sorted(times), topic_id


def _times_by_topic() -> dict[int, list[object]]:
    found: dict[int, list[object]] = {}
    for topic_id, at in db.session.execute(select(Post.topic_id, Post.created_at).order_by(Post.topic_id, Post.number)):
        found.setdefault(topic_id, []).append(at)
    return found


def test_nobody_wrote_before_they_joined(community: Community) -> None:
    early = select(Post.id).join(Person, Person.id == Post.author_id).where(Post.created_at < Person.claimed_at)
    assert db.session.scalars(early).all() == []


def test_people_speak_the_language_they_write_in(community: Community) -> None:
    people = {sheet.name: sheet for sheet in community.stage.sheets}
    names = {row[0]: row[1] for row in db.session.execute(select(Person.id, Person.full_name))}
    wrong = [
        (names[post.author_id], post.body[:60])
        for post in community.stage.posts
        if not languages_of(post.body) <= set(people[names[post.author_id]].languages)
    ]
    assert wrong == []


def test_every_part_that_is_given_by_name_exists() -> None:
    titles = {script.title: script for script in scripts.all_scripts()}
    names = {sheet.name for sheet in sheets.people(clock.today())}
    for title, parts in fixed_parts().items():
        assert parts.keys() <= titles[title].roles.keys(), title
        assert set(parts.values()) <= names, title


def test_nothing_of_it_is_real_or_filler(community: Community) -> None:
    texts = [*_column(Post.body), *_column(Topic.title), *_column(Organisation.name), *_column(ProfileEntry.value)]
    assert [text[:80] for text in texts if REAL.search(text)] == []
    hosts = {host for text in texts for host in re.findall(r"https?://([^/\s)>]+)", text)}
    assert hosts <= {"example.org"}
    assert all(
        re.search(r"(\.example|[@.]example\.(org|net|com))$", address) for address in _column(EmailAddress.address)
    )


def _column(column: object) -> list[str]:
    return list(db.session.scalars(select(column)))  # type: ignore[call-overload]


@pytest.mark.parametrize("sign_in", sign_ins.ROLES)
def test_each_role_sees_the_boards_that_are_meant_for_it(community: Community, sign_in: str) -> None:
    """M1: no role opens a board but a moderator's."""
    stage = community.stage
    sheet = next(sheet for sheet in stage.sheets if sheet.sign_in == sign_in)
    everything = "moderator" in sheet.marks
    open_ = {room.name for room in ROOMS.values() if everything or room.is_open_to(sheet, stage.now.date())}
    page = browser(community, sign_in).open("boards.index")
    shown = {name for name in _column(Board.name) if f">{name}<" in page.text.replace("&#39;", "'")}
    assert shown == open_


@pytest.mark.parametrize("sign_in", ["maggie", "eamon", "bram", "ruth"])
def test_members_find_something_unread(community: Community, sign_in: str) -> None:
    viewer = viewer_of(community.stage.by_sign_in(sign_in).id)
    assert len(boards.newest_unread(viewer)) >= 4


def test_search_finds_people_and_posts(community: Community) -> None:
    viewer = viewer_of(community.stage.by_sign_in("maggie").id)
    assert search_page(viewer, Filters(q="Gdynia cranes"))[0].items
    assert boards.search_posts(viewer, "grease")


def test_people_wait_at_the_door(community: Community) -> None:
    assert db.session.scalars(select(Applicant.state)).all() == ["waiting"] * 6
    assert count(Invitation) == 5


def test_moderators_find_reports_held_posts_and_an_appeal(community: Community) -> None:
    states = db.session.scalars(select(Case.origin).where(Case.state == "open")).all()
    assert (states.count("report"), states.count("held")) == (8, 4)
    assert sorted(_column(Appeal.state)) == ["granted", "open"]
    assert browser(community, "anthea").open("moderation.queue").status == 200


def test_the_public_log_tells_what_was_decided(community: Community) -> None:
    """M3: members read what was done, without names."""
    page = browser(community, "maggie").open("moderation.log")
    assert "dvertising" in page.words, page.words
    assert "Maxine" not in page.words


def test_the_bell_has_rung(community: Community) -> None:
    people = [community.stage.by_sign_in(name).id for name in sign_ins.ROLES]
    told = select(Notification.person_id).where(Notification.person_id.in_(people), Notification.read_at.is_(None))
    assert len(set(db.session.scalars(told))) > len(people) / 2


def test_hellos_wait_for_an_answer(community: Community) -> None:
    assert browser(community, "maggie").open("messages.hellos").words.count("Accept") >= 2


def test_nobody_is_asked_again_for_what_they_agreed_to(community: Community) -> None:
    assert browser(community, "bram").open("home.index").heading.endswith("Bram")


def test_nothing_is_mailed_of_what_never_happened(community: Community) -> None:
    """Beside the weekly letters of some sign-ins, which tell what did happen."""
    assert set(db.session.scalars(select(OutboxMail.kind))) == {"weekly_letter"}
    assert count(OutboxMail) == count(Job) == len(letters.READERS)


def test_the_weekly_letters_ask_something(community: Community) -> None:
    """A question that nobody has answered stands in each letter that lies in the mail folder."""
    assert [mail for mail in db.session.scalars(select(OutboxMail.text)) if "Do you know this?" not in mail] == []


def test_some_show_a_picture(community: Community) -> None:
    keys = [key for key in _column(Person.photo) if key]
    assert len(keys) > 20
    assert browser(community, "maggie").get(f"/photos/{keys[0]}").status == 200


@pytest.mark.parametrize("sign_in", ["maggie", "ada"])
def test_one_signs_in_with_what_is_printed(community: Community, sign_in: str) -> None:
    help_text = "\n".join(sign_ins.help_lines("http://localhost:8000"))
    address = sign_ins.address_of(sign_in)
    assert address in help_text
    assert sign_ins.PASSWORD in help_text
    page = Browser(community.app).open("accounts.sign_in").submit(address=address, password=sign_ins.PASSWORD)
    inside = page.submit(code=sign_ins.code_for(address) or "")
    assert inside.browser.open("boards.index").status == 200


def test_the_page_with_the_ways_in_shows_a_code_for_each(community: Community) -> None:
    page = Browser(community.app).get("/dev/sign-ins")
    for row in sign_ins.all_sign_ins():
        assert row.address in page.words
        assert sign_ins.code_for(row.address) in page.words  # type: ignore[operator]
