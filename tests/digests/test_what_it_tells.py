"""What stands in the weekly letter, and what never does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import time_machine

from portal.careers.actions import record_relation
from portal.core import clock, settings
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.jobs import run_due
from portal.core.partial_dates import PartialDate
from portal.digests.composing import compose
from portal.notifications import actions as notifications
from portal.people import actions as people

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox

Reader = Any


def told(person: Any, make: Make) -> dict[str, list[str]]:
    """The titles in a member's letter, by heading."""
    letter = compose(make.viewer(person), [])
    return {section.title: [piece.title for piece in section.pieces] for section in letter.sections}


def strangers(make: Make, n: int = 1) -> list[Any]:
    """Members who were never at the same firm as anybody else."""
    return [make.member(relation="customer:former") for _ in range(n)]


def test_new_posts_in_what_i_follow_with_their_authors_words(reader: Reader, make: Make) -> None:
    ada, (ben,) = reader(relation="customer:former"), strangers(make)
    topic = make.topic(author=ben, title="Night trains to Vienna", followed_by=(ada,))
    for number in range(3):
        make.reply(topic, ben, f"Reply **{number}** about trains.")
    letter = compose(make.viewer(ada), [])
    assert letter.subject == "Four replies"
    piece = letter.sections[0].pieces[0]
    assert (piece.title, piece.text) == ("Night trains to Vienna", "Reply 2 about trains.")
    assert piece.meta.startswith(ben.full_name)
    assert piece.url == f"/topics/{topic.public_id}/unread"


def test_what_i_chose_to_hear_weekly_and_what_was_too_much_for_a_day(
    reader: Reader, make: Make, outbox: Postbox
) -> None:
    """limits.md: what is over the cap goes into the weekly letter, never silently away."""
    settings.set_value("notification_mails_per_day", 0, by=make.system)
    ada, (ben,) = reader(relation="customer:former"), strangers(make)
    notifications.choose_mail({"report": "weekly", "moderators": "off"}, by=make.viewer(ada))
    for kind, title in (("report", "Weekly"), ("mention", "Too much"), ("moderators", "Not wanted")):
        readable = make.topic(author=ben)
        url = f"/posts/{make.reply(readable, ben).public_id}"
        notifications.notify(ada.id, kind, title=title, url=url, by=system_viewer())
    db.session.commit()
    assert told(ada, make)["For you"] == ["Weekly"]
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        run_due(strict=True)
    assert told(ada, make)["For you"] == ["Too much", "Weekly"]
    assert outbox.recipients() == []


def test_people_i_may_have_worked_with_and_why(reader: Reader, make: Make) -> None:
    firm = make.organisation("Acme")
    ada = reader(relation="partner:former", organisation=firm, start="2010", end="2014-12-31")
    ben = make.member("Ben Okafor", relation="partner:former", organisation=firm, start="2012", end="2016-01-01")
    cleo = make.member("Cleo Marsh", relation="partner:former", organisation=firm, start="2011", end="2016-01-01")
    people.connect(cleo, by=make.viewer(ada))
    db.session.commit()
    letter = compose(make.viewer(ada), [])
    assert [(part.title, [p.title for p in part.pieces]) for part in letter.sections] == [
        ("You may have worked with them", [ben.full_name])
    ]
    assert "together at Acme" in letter.sections[0].pieces[0].meta
    assert letter.subject == "One person from Acme"


def test_who_came_to_an_old_firm_of_mine(reader: Reader, make: Make) -> None:
    firm = make.organisation("Acme")
    ada = reader(relation="partner:former", organisation=firm, start="2001", end="2003-12-31")
    make.member("Old Hand", relation="partner:former", organisation=firm, start="2012", end="2016-01-01")
    make.member("New Here", relation="partner:former", organisation=firm, start="2012", end="2016-01-01", days_ago=2)
    assert told(ada, make) == {"New here, from your old firms": ["New Here"]}
    assert compose(make.viewer(ada), []).subject == "One person who is new here"


def test_the_subject_names_a_firm_once(reader: Reader, make: Make) -> None:
    firm = make.organisation("Acme")
    ada = reader(relation="partner:former", organisation=firm, start="2001", end="2008-12-31")
    make.member(relation="partner:former", organisation=firm, start="2007", end="2009-01-01")
    make.member(relation="partner:former", organisation=firm, start="2012", end="2016-01-01", days_ago=2)
    assert compose(make.viewer(ada), []).subject == "One person from Acme and one person who is new here"


def test_one_question_where_i_may_answer(reader: Reader, make: Make) -> None:
    ada, (ben,) = reader(relation="customer:former"), strangers(make)
    with time_machine.travel(clock.now() - timedelta(days=20)):
        board = make.board()
        make.topic(board, author=ben, title="Answered? Yes", replies=1)
        make.topic(board, author=ben, title="Just telling you")
        make.topic(board, author=ben, title="Who repairs old scales?", body="Mine is from 1998.")
    letter = compose(make.viewer(ada), [])
    assert [section.title for section in letter.sections] == ["Do you know this?"]
    assert [(p.title, p.text) for p in letter.sections[0].pieces] == [("Who repairs old scales?", "Mine is from 1998.")]


def test_what_others_began_on_my_boards_most_talked_about_first(reader: Reader, make: Make) -> None:
    ada, (ben,) = reader(relation="customer:former"), strangers(make)
    board = make.board()
    make.topic(board, author=ben, title="Quiet topic", replies=1)
    make.topic(board, author=ben, title="Lively topic", replies=3)
    make.topic(board, author=ada, title="My own topic", replies=1)
    assert told(ada, make) == {"New on your boards": ["Lively topic", "Quiet topic"]}


def test_the_subject_says_what_is_in_it(reader: Reader, make: Make) -> None:
    firm = make.organisation("Acme")
    ada = reader(relation="partner:former", organisation=firm, start="2010", end="2014-12-31")
    for _ in range(2):
        make.member(relation="partner:former", organisation=firm, start="2012", end="2016-01-01")
    (ben,) = strangers(make)
    make.topic(author=ben, title="Night trains", replies=2, followed_by=(ada,))
    assert compose(make.viewer(ada), []).subject == "Three replies and two people from Acme"


def test_ten_things_at_most_and_each_part_has_its_share(reader: Reader, make: Make) -> None:
    """limits.md: ≤ 10 items."""
    firm = make.organisation("Acme")
    ada = reader(relation="partner:former", organisation=firm, start="2010", end="2014-12-31")
    make.member(relation="partner:former", organisation=firm, start="2012", end="2016-01-01")
    (ben,) = strangers(make)
    board = make.board()
    for number in range(9):
        make.topic(board, author=ben, title=f"Followed {number}", followed_by=(ada,))
        make.topic(board, author=ben, title=f"Begun {number}")
    parts = told(ada, make)
    assert sum(map(len, parts.values())) == 10
    assert len(parts) == 4
    assert min(map(len, parts.values())) == 1


def test_a_thing_is_told_once_in_a_letter(reader: Reader, make: Make) -> None:
    """A reply that waits for the letter, in a topic that I follow, is one thing."""
    ada, (ben,) = reader(relation="customer:former"), strangers(make)
    notifications.choose_mail({"reply": "weekly"}, by=make.viewer(ada))
    topic = make.topic(author=ben, title="Night trains", followed_by=(ada,))
    make.reply(topic, ben)
    run_due(strict=True)
    assert told(ada, make) == {"For you": [f"{ben.call_name} replied in “Night trains”"]}


def test_nothing_by_or_about_people_i_blocked(reader: Reader, make: Make) -> None:
    """A block holds in mail too (domain.md)."""
    firm = make.organisation("Acme")
    ada = reader(relation="partner:former", organisation=firm, start="2010", end="2014-12-31")
    ben = make.member("Ben Okafor", relation="partner:former", organisation=firm, start="2012", days_ago=2)
    board = make.board()
    make.topic(board, author=ben, title="Night trains", replies=1, followed_by=(ada,))
    make.topic(board, author=ben, title="Who knows?")
    assert len(told(ada, make)) == 3
    people.block(ben, by=make.viewer(ada))
    db.session.commit()
    assert told(ada, make) == {}


def test_the_same_person_is_not_told_twice_within_half_a_year(
    reader: Reader, make: Make, post: Callable[[], None], outbox: Postbox, tuesday: Any
) -> None:
    firm = make.organisation("Acme")
    reader(relation="partner:former", organisation=firm, start="2010", end="2014-12-31")
    for _ in range(5):
        make.member(relation="partner:former", organisation=firm, start="2012", end="2016-01-01")
    subjects = []
    for _ in range(3):
        post()
        subjects.append([mail.subject for mail in outbox.mails()])
        tuesday.shift(timedelta(days=7))
    assert subjects[-1] == ["Three people from Acme", "Two people from Acme"], "then nobody is left: no letter"
    settings.set_value("letter_person_weeks", 1, by=make.system)
    db.session.commit()
    post()
    assert len(outbox.mails()) == 3


def test_the_mail_is_whole_in_text_and_html(
    reader: Reader, make: Make, post: Callable[[], None], outbox: Postbox, browse: Browser
) -> None:
    ada, (ben,) = reader("Ada Lovelace", relation="customer:former", address="ada@example.org"), strangers(make)
    make.topic(author=ben, title="Trains & <b>boats</b>", body="To be *told* <script>x</script>", replies=0)
    post()
    mail = outbox.last("ada@example.org")
    assert mail.subject == "A question for you"
    assert "Hello Ada" in mail.text
    assert "Trains & <b>boats</b>" in mail.text
    assert mail.html is not None
    assert "Trains &amp; &lt;b&gt;boats&lt;/b&gt;" in mail.html
    assert "<script" not in mail.html
    for words in ("You get this because", "No more mails of this kind", "/settings/notifications"):
        assert words in mail.text
        assert words in mail.html
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Id" in mail.headers
    link = next(line for line in mail.text.splitlines() if "/topics/" in line)
    assert browse.as_(ada).get("/" + link.split("/", 3)[3]).status == 200


def test_a_late_relation_changes_nothing_for_who_is_not_there(make: Make, reader: Reader) -> None:
    """I11: an unclaimed person is in nobody's letter."""
    firm = make.organisation("Acme")
    ada = reader(relation="partner:former", organisation=firm, start="2010", end="2014-12-31")
    ghost = make.person("Nobody Yet")
    record_relation(ghost, "partner", firm, start=PartialDate.parse("2012"), verified_by="admin", by=make.system)
    db.session.commit()
    assert told(ada, make) == {}
