"""A walk over every page of moderators and admins: wide and narrow, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.walk.steps import first, walk

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.once  # how a page looks does not depend on the database

ADMIN = (
    ("admin-day", "/admin"), ("applicants", "/admin/applicants"), ("admin-people", "/admin/people"), ("groups", "/admin/groups"),
    ("admin-boards", "/admin/boards"), ("boards-matrix", "/admin/boards/matrix"), ("admin-organisations", "/admin/organisations"),
    ("new-person", "/admin/people/new"), ("new-board", "/admin/boards/new"), ("settings", "/admin/settings"),
    ("legal-texts", "/admin/wordings"), ("audit", "/admin/audit"), ("jobs", "/admin/jobs"), ("mail", "/admin/mail"),
    ("self-check", "/admin/self-check"), ("reading", "/admin/reading"), ("lost-ways-in", "/admin/recovery"), ("addresses-in-question", "/admin/disputes"),
)  # fmt: skip
ADMIN_LINKED = (
    ("applicant", "/admin/applicants", "main a[href^='/admin/applicants/']"),
    ("admin-person", "/admin/people", "main td a[href^='/admin/people/'], main .rows a[href^='/admin/people/']"),
    ("admin-board", "/admin/boards", "main td a[href^='/admin/boards/'], main .rows a[href^='/admin/boards/']"),
    ("settings-group", "/admin/settings", "main a[href^='/admin/settings/']"),
    ("deed", "/admin/audit", "main a[href^='/admin/audit/']"),
)


STAFF = (
    ("newsroom", "/news/desk"),
    ("news-scheduled", "/news/desk?state=scheduled"),
    ("news-published", "/news/desk?state=published"),
)


def test_what_staff_see(demo: Callable[[str], Any]) -> None:
    one = demo("ruth")
    walk(one, STAFF)
    draft = first(one, "/news/desk", "main .rows a[href^='/news/desk/']")
    told = first(one, "/news/desk?state=published", "main .rows a[href^='/news/desk/']")
    item = told.removesuffix("/figures")
    walk(one, (("compose", draft), ("ready-to-send", f"{draft}/send"), ("news-preview", f"{draft}/preview"), ("figures", told),
               ("correct", f"{item}/correct"), ("take-back", f"{item}/withdraw"), ("throw-away", f"{draft}/throw-away")))  # fmt: skip


def test_what_moderators_see(demo: Callable[[str], Any]) -> None:
    one = demo("anthea")
    walk(one, (("queue", "/moderation"), ("decided", "/moderation?tab=decided")))
    one.go("/moderation").press("Open the oldest")
    walk(one, (("case", one.page.url.removeprefix(one.address)),))


def test_what_admins_see(demo: Callable[[str], Any]) -> None:
    one = demo("ada")
    walk(one, ADMIN)
    walk(one, tuple((name, first(one, path, link)) for name, path, link in ADMIN_LINKED))
