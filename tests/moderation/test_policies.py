"""Who may decide, confirm, reverse and answer: truth tables for owner, member, outsider, moderators, staff and admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.core import clock
from portal.core.access import VISITOR, Viewer, viewer_of
from portal.core.db import db
from portal.core.errors import DomainError, NotAllowed
from portal.moderation import policies
from portal.moderation.models import Appeal, Case, Decision

if TYPE_CHECKING:
    from tests.factories import Make
    from tests.moderation.conftest import Story

BOARD, OTHER = 7, 8
AUTHOR = 1
WHO = {
    "visitor": VISITOR,
    "author": Viewer(person_id=AUTHOR),
    "author who moderates": Viewer(person_id=AUTHOR, roles=frozenset({"moderator"})),
    "member": Viewer(person_id=2),
    "keeper of the board": Viewer(person_id=3, moderates=frozenset({BOARD})),
    "keeper of another": Viewer(person_id=4, moderates=frozenset({OTHER})),
    "moderator": Viewer(person_id=5, roles=frozenset({"moderator"})),
    "staff moderator": Viewer(person_id=6, roles=frozenset({"moderator", "staff"})),
    "staff": Viewer(person_id=7, roles=frozenset({"staff"})),
    "admin": Viewer(person_id=8, roles=frozenset({"admin"})),
    "seller": Viewer(person_id=9, roles=frozenset({"seller"})),
    "manager": Viewer(person_id=10, roles=frozenset({"manager"})),
}


def case(board_id: int | None = BOARD) -> Case:
    """A case about the author's words."""
    return Case(kind="post" if board_id else "profile", thing_id="x", board_id=board_id, author_id=AUTHOR, state="open")


def decision(verb: str = "hide", *, by_id: int = 99, second: str = "", second_by_id: int | None = None) -> Decision:
    """A decision, in force unless it needs a second person who has not come."""
    now = clock.now()
    in_force = None if second and second_by_id is None else now
    return Decision(verb=verb, by_id=by_id, at=now, in_force_at=in_force, second=second, second_by_id=second_by_id)


def allowed(ask: object) -> set[str]:
    """The names of those for whom the question is answered with yes."""
    assert callable(ask)
    return {name for name, viewer in WHO.items() if ask(viewer)}


def test_who_decides_about_a_post() -> None:
    """M5: nobody their own; a role of the staff alone opens no case."""
    assert allowed(lambda who: policies.can_decide(who, BOARD, AUTHOR, reported=False)) == {
        "keeper of the board", "moderator", "staff moderator",
    }  # fmt: skip
    assert allowed(lambda who: policies.can_decide(who, BOARD, AUTHOR, reported=True)) == set()


def test_who_decides_about_a_profile() -> None:
    assert allowed(lambda who: policies.can_decide(who, None, AUTHOR, reported=False)) == {
        "moderator",
        "staff moderator",
    }
    suspending = allowed(lambda who: policies.can_take_up(who, "profile", None, AUTHOR, "suspend"))
    assert suspending == {"moderator", "staff moderator", "admin"}
    assert allowed(lambda who: policies.can_take_up(who, "profile", None, AUTHOR, "hide")) == {
        "moderator",
        "staff moderator",
    }


def test_who_has_a_queue() -> None:
    assert allowed(policies.has_queue) == {
        "author who moderates", "keeper of the board", "keeper of another", "moderator", "staff moderator", "admin",
    }  # fmt: skip


def test_a_suspended_moderator_moderates_nothing() -> None:
    from datetime import timedelta

    paused = Viewer(person_id=5, roles=frozenset({"moderator"}), suspended_until=clock.now() + timedelta(days=1))
    assert not policies.has_queue(paused)
    assert not policies.can_decide(paused, BOARD, AUTHOR, reported=False)


@pytest.mark.parametrize(
    ("roles", "reason", "needed"),
    [
        ({"moderator"}, "attack", ""),
        ({"moderator", "staff"}, "attack", "not_staff"),
        ({"moderator", "admin"}, "off_topic", "not_staff"),
        ({"moderator", "seller"}, "confidential", "not_staff"),
        ({"moderator", "staff"}, "spam", ""),
        ({"moderator", "staff"}, "illegal", ""),
    ],
)
def test_a_staff_members_removal_needs_somebody_who_is_not_staff(roles: set[str], reason: str, needed: str) -> None:
    """M3: other than spam or illegal."""
    by = Viewer(person_id=5, roles=frozenset(roles))
    assert policies.second_needed(by, hides=True, reason=reason, until=None, since=clock.now()) == needed
    assert policies.second_needed(by, hides=False, reason=reason, until=None, since=clock.now()) == ""


@pytest.mark.parametrize(("days", "needed"), [(1, ""), (7, ""), (8, "anyone"), (90, "anyone")])
def test_a_pause_of_more_than_seven_days_needs_two_people(days: int, needed: str) -> None:
    """M5."""
    from datetime import timedelta

    now = clock.now()
    by = WHO["moderator"]
    assert (
        policies.second_needed(by, hides=False, reason="attack", until=now + timedelta(days=days), since=now) == needed
    )


def test_who_takes_the_second_look() -> None:
    """M3, M5: somebody else, and not staff where that is asked for."""
    hidden = decision(by_id=6, second="not_staff")
    look = allowed(lambda who: policies.can_confirm(who, hidden, case(), reported=False))
    assert look == {"keeper of the board", "moderator"}
    paused = decision("suspend", by_id=5, second="anyone")
    assert allowed(lambda who: policies.can_confirm(who, paused, case(), reported=False)) == {
        "staff moderator",
        "admin",
    }
    assert allowed(lambda who: policies.can_confirm(who, paused, case(), reported=True)) == set()


def test_who_takes_a_decision_back() -> None:
    back = allowed(lambda who: policies.can_reverse(who, decision(), case(), reported=False, appealed=False))
    assert back == {"keeper of the board", "moderator", "staff moderator"}
    assert allowed(lambda who: policies.can_reverse(who, decision(), case(), reported=False, appealed=True)) == set()
    pause = decision("suspend")
    assert allowed(lambda who: policies.can_reverse(who, pause, case(), reported=False, appealed=False)) == {
        "moderator", "staff moderator", "admin",
    }  # fmt: skip


def test_an_appeal_is_answered_by_somebody_else() -> None:
    """M3: neither who decided nor who agreed."""
    appeal = Appeal(state="open")
    by_mo = decision(by_id=5)
    answer = allowed(lambda who: policies.can_answer_appeal(who, appeal, by_mo, case(), reported=False))
    assert answer == {"keeper of the board", "staff moderator"}
    agreed = decision(by_id=6, second="not_staff", second_by_id=5)
    answer = allowed(lambda who: policies.can_answer_appeal(who, appeal, agreed, case(), reported=False))
    assert answer == {"keeper of the board"}
    pause = decision("suspend", by_id=5)
    answer = allowed(lambda who: policies.can_answer_appeal(who, appeal, pause, case(), reported=False))
    assert answer == {"staff moderator", "admin"}


def test_only_the_author_appeals_and_once(app: object) -> None:
    assert allowed(lambda who: policies.can_appeal(who, decision(), case(), appealed=False)) == {
        "author",
        "author who moderates",
    }
    assert allowed(lambda who: policies.can_appeal(who, decision(), case(), appealed=True)) == set()
    assert allowed(lambda who: policies.can_appeal(who, decision("stand"), case(), appealed=False)) == set()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("keeper", True), ("moderator", True), ("author", False), ("reader", False), ("reporter", False),
        ("other keeper", False), ("staff", False), ("admin", False),
    ],
)  # fmt: skip
def test_the_queue_shows_a_case_exactly_to_who_may_decide_it(make: Make, story: Story, who: str, may: bool) -> None:
    """M1, M5: the where-clause of the queue and the policy of the action say the same."""
    from portal.moderation import lists

    other = make.member()
    make.board("Elsewhere", moderators=(other,))
    reporter = make.member(roles=("moderator",))
    people = {
        "keeper": story.keeper, "moderator": story.moderator, "author": story.author, "reader": story.reader, "reporter": reporter,
        "other keeper": other, "staff": make.member(roles=("staff",)), "admin": make.member(roles=("admin",)),
    }  # fmt: skip
    made = story.report(reporter)
    person = people[who]
    seen = {found.id for found in lists.open_cases(viewer_of(person.id), held=False).items}
    assert (made.id in seen) is may
    if may:
        story.decide(made, "stand", by=person)
    else:
        with pytest.raises(DomainError):
            story.decide(made, "stand", by=person)


def test_a_moderators_own_post_is_not_in_their_queue_and_not_at_its_address(
    browse: object, make: Make, story: Story
) -> None:
    """M5."""
    from portal.core.access import system_viewer
    from portal.people.actions import grant_role

    grant_role(story.author, "moderator", by=system_viewer())
    db.session.commit()
    made = story.report(story.reader)
    browser = browse.as_(story.author)  # type: ignore[attr-defined]
    assert "The night train" not in browser.open("moderation.queue").words
    assert browser.open("moderation.case", public_id=made.public_id).status == 404
    assert browser.open("moderation.take_up", kind="post", public_id=story.post.public_id).status == 404
    with pytest.raises(NotAllowed):
        story.decide(made, "stand", by=story.author)
