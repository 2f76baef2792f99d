"""The little menu behind the bell, and what each line says of its setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.notifications import actions

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

Tell = Any


def test_it_shows_the_newest_few_and_leads_to_the_page(browse: Browser, make: Make, tell: Tell) -> None:
    ada = make.member()
    for number in range(8):
        tell(ada, f"Thing {number}")
    page = browse.as_(ada).open("notifications.latest")
    assert "Thing 7" in page.words
    assert "Thing 2" in page.words
    assert "Thing 1" not in page.words
    assert "/notifications" in page.links()
    assert "Nothing new" in browse.as_(make.member()).open("notifications.latest").words
    page.submit("Mark all as read")
    assert "Mark all" not in browse.as_(ada).open("notifications.latest").words


def test_it_is_for_members(browse: Browser) -> None:
    assert "Nothing new" not in browse.as_(None).open("notifications.latest").words


def test_each_line_names_the_setting_that_sent_it_and_leads_there(browse: Browser, make: Make, tell: Tell) -> None:
    ada = make.member()
    actions.choose_mail({"test.loud": "weekly"}, by=make.viewer(ada))
    tell(ada, "A loud thing")
    page = browse.as_(ada).open("notifications.index")
    assert "Loud things: in the weekly letter" in page.words
    target = next(link for link in page.links() if link.startswith("/settings/notifications#"))
    assert f'id="{target.partition("#")[2]}"' in browse.as_(ada).get(target).text


def test_a_line_whose_mail_is_never_a_choice_says_so(browse: Browser, make: Make, tell: Tell) -> None:
    ada = make.member()
    tell(ada, "A moderator decided", kind="moderation")
    assert "always by mail" in browse.as_(ada).open("notifications.index").words


def test_what_was_closed_is_not_in_the_menu_either(browse: Browser, make: Make, tell: Tell, closed: set[str]) -> None:
    """M1."""
    ada = make.member()
    tell(ada, "About the board", kind="test.secret", group_key="topic:9")
    closed.add("topic:9")
    assert "About the board" not in browse.as_(ada).open("notifications.latest").words
