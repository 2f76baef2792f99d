"""What a member is told, and what they do with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import time_machine

from portal.core import clock
from portal.core.access import system_viewer
from portal.core.db import db
from portal.people import actions as people

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

Tell = Any


def unread(browse: Browser, person: Any) -> str:
    page = browse.as_(person).open("notifications.preferences")
    assert page.tree is not None
    bells = [a for a in page.tree.iter() if "bell" in (a.get("class") or "").split()]
    return " ".join("".join(bells[0].itertext()).split())


def test_nothing_new_invites_to_meet_people(browse: Browser, make: Make) -> None:
    page = browse.as_(make.member()).open("notifications.index")
    assert page.status == 200
    assert "Nothing new" in page.words


def test_what_happened_is_told_by_day_and_newest_first(browse: Browser, make: Make, tell: Tell) -> None:
    ada = make.member()
    with time_machine.travel(clock.now() - timedelta(days=1)):
        tell(ada, "Older thing")
    tell(ada, "Newer thing")
    words = browse.as_(ada).open("notifications.index").words
    assert words.index("Today") < words.index("Newer thing") < words.index("Yesterday") < words.index("Older thing")


def test_nobody_sees_or_opens_somebody_elses(browse: Browser, make: Make, tell: Tell) -> None:
    ada, ben = make.member(), make.member()
    told = tell(ada, "For Ada alone")
    other = browse.as_(ben)
    assert "For Ada alone" not in other.open("notifications.index").words
    assert other.open("notifications.open_", public_id=told.public_id).status == 404
    page = other.open("notifications.index")
    assert other.post(f"/notifications/{told.public_id}/read", _tokens(page)).status in (400, 404)


def _tokens(page: Any) -> dict[str, str]:
    found = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    return {"csrf_token": found}


def test_opening_one_goes_there_and_marks_it_read(browse: Browser, make: Make, tell: Tell) -> None:
    ada = make.member()
    told = tell(ada, url="/settings/notifications")
    browser = browse.as_(ada)
    assert "1" in unread(browse, ada)
    page = browser.open("notifications.open_", public_id=told.public_id)
    assert page.url == "/settings/notifications"
    assert "1" not in unread(browse, ada)


def test_fetching_ahead_reads_nothing(browse: Browser, make: Make, tell: Tell) -> None:
    ada = make.member()
    told = tell(ada)
    browse.as_(ada).get(f"/notifications/{told.public_id}", headers={"Sec-Purpose": "prefetch"})
    assert "1" in unread(browse, ada)


def test_one_or_all_can_be_marked_as_read(browse: Browser, make: Make, tell: Tell) -> None:
    ada = make.member()
    for title in ("First", "Second", "Third"):
        tell(ada, title)
    browser = browse.as_(ada)
    page = browser.open("notifications.index").submit("Mark as read")
    assert "2" in unread(browse, ada)
    page = page.submit("Mark all as read")
    assert "unread" not in page.words
    assert "unread" not in unread(browse, ada)


def test_three_in_two_hours_become_one_line_that_leads_to_the_first(browse: Browser, make: Make, tell: Tell) -> None:
    ada, ben = make.member(), make.member("Ben Okafor")
    for number in range(1, 6):
        where = {"group_key": "topic:1", "url": f"/notifications?n={number}"}
        tell(ada, f"Reply {number}", many="{n} replies in “Trains”", actor_id=ben.id, **where)
    page = browse.as_(ada).open("notifications.index")
    assert "5 replies in “Trains”" in page.words
    assert "Reply" not in page.words
    assert page.follow("5 replies").url == "/notifications?n=1"


def test_two_stay_two_and_later_ones_start_anew(browse: Browser, make: Make, tell: Tell) -> None:
    ada = make.member()
    with time_machine.travel(clock.now() - timedelta(minutes=121)):
        tell(ada, "Early one", group_key="topic:1", many="{n} replies")
        tell(ada, "Early two", group_key="topic:1", many="{n} replies")
    tell(ada, "Late", group_key="topic:1", many="{n} replies")
    words = browse.as_(ada).open("notifications.index").words
    assert all(title in words for title in ("Early one", "Early two", "Late"))


def test_nobody_is_told_what_they_did_themselves(make: Make, tell: Tell) -> None:
    ada = make.member()
    assert tell(ada, actor_id=ada.id) is None


def test_blocked_pairs_hear_nothing_of_each_other(make: Make, tell: Tell) -> None:
    ada, ben = make.member(), make.member()
    people.block(ben, by=make.viewer(ada))
    assert tell(ada, actor_id=ben.id) is None
    assert tell(ben, actor_id=ada.id) is None


def test_who_stepped_back_or_never_came_is_told_nothing(make: Make, tell: Tell) -> None:
    ada = make.member()
    people.step_back(ada, by=make.viewer(ada))
    assert tell(ada) is None
    assert tell(make.person()) is None


def test_what_one_may_not_see_any_more_is_not_shown(browse: Browser, make: Make, tell: Tell, closed: set[str]) -> None:
    """M1: a line about a thing that was closed to the member disappears."""
    ada = make.member()
    tell(ada, "About the board", kind="test.secret", group_key="topic:9")
    assert "About the board" in browse.as_(ada).open("notifications.index").words
    closed.add("topic:9")
    assert "About the board" not in browse.as_(ada).open("notifications.index").words


def test_the_list_costs_the_same_with_one_and_with_a_full_page(browse: Browser, make: Make, tell: Tell) -> None:
    ada, ben = make.member(), make.member()
    tell(ada, "One", actor_id=ben.id)
    browse.as_(ada).open("notifications.index")
    few = browse.as_(ada).open("notifications.index")
    for number in range(55):
        tell(ada, f"Another {number}", actor_id=ben.id)
    full = browse.as_(ada).open("notifications.index")
    assert len(full.statements) == len(few.statements) <= 5
    older = full.follow("Older")
    assert "One" in older.words
    assert "Another 54" in older.follow("Newer").words


def test_the_badge_is_one_statement_and_stops_counting_at_a_hundred(make: Make, tell: Tell) -> None:
    from portal.notifications.queries import unread_count

    ada = make.member()
    for number in range(103):
        tell(ada, str(number))
    assert unread_count(make.viewer(ada)) == 100


def test_old_ones_are_forgotten(browse: Browser, make: Make, tell: Tell) -> None:
    from portal.notifications.actions import forget_old

    ada = make.member()
    with time_machine.travel(clock.now() - timedelta(days=181)):
        tell(ada, "Long ago")
    tell(ada, "Just now")
    forget_old(by=system_viewer())
    db.session.commit()
    words = browse.as_(ada).open("notifications.index").words
    assert "Long ago" not in words
    assert "Just now" in words


def test_opening_the_thing_itself_reads_what_was_told_about_it(make: Make, tell: Tell, app: Any) -> None:
    from portal.core.db import end_reading
    from portal.notifications.actions import read_about
    from portal.notifications.queries import unread_count

    ada = make.member()
    tell(ada, group_key="topic:1")
    tell(ada, group_key="topic:2")
    with app.test_request_context():
        read_about("topic:1", by=make.viewer(ada))
        end_reading()
    assert unread_count(make.viewer(ada)) == 1


def test_person_data_exports_moves_and_erases(make: Make, tell: Tell) -> None:
    from portal.notifications.person_data import NotificationData
    from portal.notifications.queries import unread_count

    ada, ben = make.member(), make.member()
    tell(ada, "Hello there", actor_id=ben.id)
    data = NotificationData()
    assert data.count(ada.id) == 1
    assert data.export(ada.id)["notifications"][0]["title"] == "Hello there"
    data.move(ada.id, ben.id)
    assert unread_count(make.viewer(ben)) == 1
    data.erase(ben.id)
    db.session.commit()
    assert unread_count(make.viewer(ben)) == 0


def test_from_a_hundred_on_the_badge_says_99_plus(browse: Browser, make: Make, tell: Tell) -> None:
    """limits.md: badge "99+"."""
    ada = make.member()
    for number in range(99):
        tell(ada, str(number))
    assert "99 unread" in unread(browse, ada)
    tell(ada, "One more")
    assert "99+ unread" in unread(browse, ada)
