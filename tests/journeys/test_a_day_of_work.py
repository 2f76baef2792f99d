"""A moderator's and an admin's day each stand on one page (D1, H10); on a phone, in the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.accounts.models import Applicant
from portal.boards.actions import post_reply
from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import add, db
from portal.moderation.actions import report_thing
from portal.moderation.queries import reportable

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.boards.models import Post
    from portal.people.models import Person
    from tests.factories import Make

TOLD = {"full_name": "Li Wei", "kind": "employee", "organisation": "", "department": "Firmware", "start": "2011", "end": "2014",
        "proof": "Asks Ada."}  # fmt: skip


def report(post: Post, by: Person) -> None:
    """Somebody flags a post."""
    report_thing(reportable("post").find(viewer_of(by.id), post.public_id), "attack", "Not nice.", by=viewer_of(by.id))
    db.session.commit()


def test_a_moderator_sees_the_day_on_one_page(someone: Callable[..., Any], make: Make) -> None:
    ann, rob, new = make.member("Author Ann"), make.member("Reader Rob"), make.member("Newcomer Nia", days_ago=0)
    topic = make.topic(make.board("Trains"), author=rob, title="The night train")
    report(make.reply(topic, ann, "You are all fools."), by=rob)
    links = "See https://one.example https://two.example https://three.example"
    post_reply(topic, links, by=viewer_of(new.id))
    db.session.commit()

    one = someone(make.member("Moderator Mo", roles=("moderator",)), phone=True, dark=True)
    one.go("/").sees("The night train").go("/moderation")
    one.sees("Author Ann", "Personal attack", "Newcomer Nia", "A new member's first link").look_at("moderators-day")
    one.press("Open the oldest").sees("You are all fools", "Your decision").look_at("moderators-case")


@pytest.mark.parametrize("waits", [True, False])
def test_an_admin_sees_the_day_on_one_page(someone: Callable[..., Any], make: Make, waits: bool) -> None:
    if waits:
        add(
            Applicant(address="li@example.org", norm="li@example.org", state="waiting", verified_at=clock.now(), **TOLD)
        )
        db.session.commit()
    one = someone(make.member("Ada Admin", roles=("admin",)), phone=True, dark=True)
    one.go("/admin").look_at(f"admins-day-{'full' if waits else 'quiet'}")
    if waits:
        one.sees("Somebody asks to join").press("Decide").sees("Li Wei").look_at("admins-worst")
