"""A walk over every page that visitors and members open: wide and narrow, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.walk.steps import first, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.application import Portal

pytestmark = pytest.mark.once  # how a page looks does not depend on the database

# What a journey looks at in all ways where it comes up, such as the door or the ways in, is not looked at here again.
VISITOR = (
    ("landing", "/"), ("join", "/join"), ("forgot", "/forgot"),
    ("another-way", "/sign-in/another-way"), ("terms", "/terms"),
    ("privacy", "/privacy"), ("how-to-claim", "/claim"),
)  # fmt: skip
MEMBER = (
    ("home", "/"), ("boards", "/boards"), ("new-topic-where", "/new-topic"), ("search", "/search?q=crane&tab=posts"),
    ("search-people", "/search?q=bristol&tab=people"),
    ("worked-with-me", "/people"), ("people", "/people?show=everybody"), ("organisations", "/organisations"),
    ("hellos", "/hellos"), ("connections", "/connections"), ("notifications", "/notifications"), ("guidelines", "/guidelines"),
    ("moderation-log", "/moderation-log"), ("news", "/news"), ("my-standing", "/my-standing"),
    ("referrals", "/referrals"), ("refer", "/referrals/new"),
    ("refer-lead", "/referrals/new/lead"), ("refer-candidate", "/referrals/new/candidate"), ("influence", "/referrals/influence"),
)  # fmt: skip
SETTINGS = (
    ("edit-profile", "/settings/profile"), ("view-as", "/settings/profile/as/member"), ("photo", "/settings/profile/photo"),
    ("add-entry", "/settings/career/add"), ("devices", "/settings/devices"), ("preferences", "/settings/preferences"),
    ("mail-settings", "/settings/notifications"), ("blocks", "/settings/blocks"), ("your-data", "/settings/your-data"),
    ("step-back", "/settings/step-back"), ("nobody-looked", "/settings/advocate/seen"), ("kept-searches", "/people/saved"),
    ("own-profile", "/people/me"),
)  # fmt: skip
# What the first of these links on a page leads to.
LINKED = (
    ("board", "/boards", "main .boards a[href*='/boards/']"), ("new-topic", "/new-topic", "main .rows a"),
    ("topic", "/", "main a[href*='/topics/']"), ("person", "/people", "main .person a[href^='/people/']"),
    ("say-hello", "/people", "main a[href$='/hello']"), ("organisation", "/organisations", "main .rows a[href^='/organisations/']"),
    ("news-item", "/news", "main .story a[href^='/news/']"),
)  # fmt: skip


def test_what_visitors_see(someone: Callable[..., Any], app: Portal) -> None:
    walk(someone(), VISITOR)


def test_what_members_see(demo: Callable[[str], Any]) -> None:
    walk(demo("maggie"), MEMBER)


def test_what_members_set(demo: Callable[[str], Any]) -> None:
    walk(demo("maggie"), SETTINGS)


def test_what_members_open(demo: Callable[[str], Any]) -> None:
    one = demo("maggie")
    for name, path, link in LINKED:
        walk(one, ((name, first(one, path, link)),))
    topic = first(one, "/", "main a[href*='/topics/']")
    walk(one, (("report", first(one, topic, "main a[href^='/report/']")),))
