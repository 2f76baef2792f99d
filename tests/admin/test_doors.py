"""One guard for the whole back office: for everybody but admins it does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.core import settings
from portal.core.access import ROLES, system_viewer
from portal.core.db import db
from portal.core.parts import every
from tests.browse import Browser
from tests.factories import signed_in_cookie

if TYPE_CHECKING:
    from portal.core.application import Portal
    from portal.people.models import Person
    from tests.factories import Make

OTHERS = sorted(ROLES - {"admin"})
SEGMENTS = ("employee:former", "employee:current", "customer:former", "customer:current", "partner:former")


def addresses(app: Portal) -> list[tuple[str, str]]:
    """Every route of the back office as method and path."""
    found = []
    for rule in app.url_map.iter_rules():
        if str(rule).startswith("/admin"):
            values = {
                name: 1
                if name in ("audit_id", "job_id", "mail_id", "section_id", "alias_id", "event_id")
                else "zzzzzzzzzz"
                for name in rule.arguments
            }
            built = rule.build(values)
            assert built is not None, rule
            found += [(method, built[1]) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def statuses(app: Portal, person: Person) -> set[int]:
    """What every route answers to a person; a POST carries its token, so that the guard is what refuses it."""
    client = Browser(app).as_(person).client
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        return {client.open(path, method=method).status_code for method, path in addresses(app)}
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


@pytest.mark.parametrize("role", OTHERS)
def test_no_page_exists_for_another_role(role: str, app: Portal, make: Make, unlimited: None) -> None:
    assert statuses(app, make.member(roles=(role,))) == {404}


@pytest.mark.parametrize("segment", SEGMENTS)
def test_no_page_exists_for_a_member(segment: str, app: Portal, make: Make, unlimited: None) -> None:
    assert statuses(app, make.member(relation=segment)) == {404}


def test_a_former_admin_is_outside_at_once(app: Portal, make: Make, unlimited: None) -> None:
    from portal.people.actions import end_role

    make.member(roles=("admin",))
    ada = make.member(roles=("admin",))
    browser = Browser(app).as_(ada)
    assert browser.open("admin.day.index").status == 200
    end_role(ada, "admin", by=system_viewer())
    db.session.commit()
    assert browser.open("admin.day.index").status == 404


def test_nobody_else_is_led_there(app: Portal, make: Make) -> None:
    for person in (make.member(), make.member(roles=("moderator",)), make.member(roles=("staff", "manager"))):
        page = Browser(app).as_(person).open("home.index")
        assert not [link for link in page.links() if link.startswith("/admin")]
    assert "/admin" in Browser(app).as_(make.member(roles=("admin",))).open("home.index").links()


def test_an_admin_without_a_second_step_does_not_get_in(app: Portal, make: Make) -> None:
    browser = Browser(app).as_(make.member(roles=("admin",)), factors=1)
    page = browser.open("admin.day.index")
    assert not page.url.startswith("/admin"), page.url


def test_an_admin_is_asked_again_after_an_hour(app: Portal, make: Make) -> None:
    ada = make.member(roles=("admin",))
    assert Browser(app).as_(ada, minutes_ago=50).open("admin.people.index").url.startswith("/admin")
    assert not Browser(app).as_(ada, minutes_ago=70).open("admin.people.index").url.startswith("/admin")


def test_how_long_is_a_setting(app: Portal, make: Make) -> None:
    ada = make.member(roles=("admin",))
    settings.set_value("admin_minutes", 120, by=make.viewer(ada))
    db.session.commit()
    assert Browser(app).as_(ada, minutes_ago=70).open("admin.people.index").url.startswith("/admin")


def test_a_deed_sent_too_late_is_not_done_but_not_lost(app: Portal, make: Make) -> None:
    """R11: what was typed is shown again after confirming."""
    ada = make.member(roles=("admin",))
    browser = Browser(app).as_(ada)
    page = browser.open("admin.groups.new")
    signed_in_cookie(browser.client, ada, minutes_ago=90)
    answer = page.submit(name="Halifax")
    assert answer.status in (400, 401), answer.status
    assert "Halifax" not in Browser(app).as_(ada).open("admin.groups.index").words


def test_every_page_stands_in_the_navigation(app: Portal) -> None:
    entries = {item.endpoint for item in every("nav") if item.section == "admin"}
    assert {"admin.people.index", "admin.boards.index", "admin.settings.index", "admin.audit.index"} <= entries


def test_there_is_no_page_that_takes_an_account_over(app: Portal) -> None:
    """R15: no screen sets a password, shows a token, adds a verified address or signs in as a member."""
    words = ("password", "token", "verify", "impersonate", "sign-in-as", "log-in-as", "address")
    assert not [path for _, path in addresses(app) if any(word in path for word in words)]
