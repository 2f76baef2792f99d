"""The five promises about what one shows, each through the front door; the names of the tests hold their ids."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import time_machine
from sqlalchemy import String, cast, select

import portal
from portal.careers.actions import add_assignment, add_position
from portal.core import clock, memory, parts, settings
from portal.core.db import add, db
from portal.core.text import fold
from portal.directory.queries import Filters
from portal.directory.saving import save_search
from portal.people import actions as people
from portal.profiles.models import ProfileEntry
from portal.profiles.names import change_name
from portal.profiles.terms import refresh_terms

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

PLANTED = "Quillonbrook"
# What the programme looks at must never look at what members say (P4).
PROGRAMME = ("advocates", "asks", "referrals", "programme")
SAID = ("portal.boards", "portal.messages", "portal.moderation")
# Rows of deeds, mails and jobs name things by id; the erasure itself deals with them.
LEFT = {"audit_row", "audit_values", "outbox_mail", "job", "organisation", "organisation_alias"}


def show(person: Any, field: str, value: str, audience: str) -> None:
    add(ProfileEntry(person_id=person.id, field=field, value=value, folded=fold(value), audience=audience))
    refresh_terms(person.id)
    db.session.commit()


def surfaces(browse: Browser, viewer: Any, person: Any) -> dict[str, str]:
    """Every page where one might meet what somebody shows."""
    browser = browse.as_(viewer)
    asked: dict[str, dict[str, Any]] = {
        "profile": {"endpoint": "profiles.person", "public_id": person.public_id},
        "worked with me": {"endpoint": "directory.people"},
        "everybody": {"endpoint": "directory.people", "show": "everybody"},
        "search": {"endpoint": "directory.people", "q": PLANTED},
        "skills": {"endpoint": "directory.people", "skills": PLANTED},
        "firm": {"endpoint": "directory.people", "organisation": PLANTED},
        "firms": {"endpoint": "directory.organisations", "q": PLANTED},
        "search box": {"endpoint": "search.index", "q": PLANTED, "tab": "people"},
        "home": {"endpoint": "home.index"},
        "letter": {"endpoint": "digests.next_letter"},
    }
    pages = {name: browser.open(**more) for name, more in asked.items()}
    return {name: page.text.replace(f'value="{PLANTED}"', "") for name, page in pages.items()}


def test_p1_a_field_is_for_its_audience_on_every_surface(browse: Browser, make: Make) -> None:
    """P1: page, lists, filters, search, home and letter obey one predicate; *view as* shows what others get."""
    member, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace")
    show(ada, "skill", "Falconry", "only_me")
    show(ada, "headline", "Keeps Falconry birds", "staff")
    for text in surfaces(browse, member, ada).values():
        assert "Falconry" not in text
    assert "Ada Lovelace" not in browse.as_(member).open("directory.people", skills="Falconry").words
    assert "Ada Lovelace" not in browse.as_(member).open("directory.people", q="falconry").words
    for who, seen in (("member", False), ("staff", True)):
        assert ("Falconry" in browse.as_(ada).open("profiles.view_as", who=who).words) is seen, who
    staff = make.member("Sue Staff", roles=("staff",))
    assert "Keeps Falconry birds" in browse.as_(staff).open("profiles.person", public_id=ada.public_id).words


def test_p1_a_hidden_time_at_a_firm_is_in_no_list_and_no_number(browse: Browser, make: Make) -> None:
    """P1: the locator, the firm's page, the firm's list, filters and their counts."""
    member, ada = make.member("Zoë Viewer", relation=""), make.member("Ada Lovelace", relation="")
    from portal.core.partial_dates import PartialDate

    dates = {"start": PartialDate("2010"), "end": PartialDate("2015")}
    add_position(member, "Elsewhere", **dates, by=make.viewer(member))
    secret = add_position(ada, "Elsewhere", audience="only_me", **dates, by=make.viewer(ada))
    add_assignment(secret, PLANTED, by=make.viewer(ada))
    db.session.commit()
    for name, text in surfaces(browse, member, ada).items():
        assert f">{PLANTED}<" not in text, name
        assert "together" not in text, name
    firms = browse.as_(member).open("directory.organisations").words
    assert "1 person" in firms, firms
    assert "2 people" not in firms


def test_p1_the_audience_is_shown_before_saving(browse: Browser, make: Make) -> None:
    """P1: each field of the form has its audience beside it."""
    page = browse.as_(make.member()).open("profiles.edit")
    for field in ("headline", "place", "about", "skill", "language", "link", "phone", "contact_note"):
        assert f'name="{field}_audience"' in page.text, field
    assert 'name="old_for"' in browse.as_(make.member()).open("profiles.name").text


def test_p2_addresses_and_phone_numbers_wait_until_both_agree(browse: Browser, make: Make) -> None:
    """P2: never by default, on no surface; a connection sees the phone."""
    member, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace", address="ada.private@example.org")
    page = browse.as_(ada).open("profiles.edit").submit("Save", phone="+44 20 7946 0999")
    assert page.status == 200
    for name, text in surfaces(browse, member, ada).items():
        assert "7946" not in text, name
        assert "ada.private" not in text, name
    people.connect(ada, by=make.viewer(member))
    db.session.commit()
    memory.forget()
    seen = browse.as_(member).open("profiles.person", public_id=ada.public_id)
    assert "7946" in seen.words
    assert "ada.private" not in seen.text


def test_p3_reading_slows_down(browse: Browser, make: Make) -> None:
    """P3: a daily number over HTTP, then a pause (by the hour and canaries: tests/watch)."""
    reader = make.member("Zoë Viewer")
    others = [make.member() for _ in range(3)]
    settings.set_value("directory_daily_profiles", 2, by=make.system)
    db.session.commit()
    browser = browse.as_(reader)
    read = [browser.open("profiles.person", public_id=each.public_id).status for each in others]
    assert read == [200, 200, 429]
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert browser.open("profiles.person", public_id=others[2].public_id).status == 200


def test_p4_what_members_say_finds_nobody_and_gives_no_rights(browse: Browser, make: Make) -> None:
    """P4: words on boards are in no search for people, no filter, no letter about people, no rights."""
    viewer, ada = make.member("Sam Seller", roles=("seller",)), make.member("Ada Lovelace")
    before = make.viewer(ada)
    make.topic(author=ada, title=f"About {PLANTED}", body=f"I know all of {PLANTED}.")
    memory.forget()
    after = make.viewer(ada)
    assert (before.roles, before.relations, before.groups) == (after.roles, after.relations, after.groups)
    for asked in ({"q": PLANTED}, {"skills": PLANTED}, {"organisation": PLANTED}):
        assert "Ada Lovelace" not in browse.as_(viewer).open("directory.people", **asked).words


def test_p4_the_programme_never_imports_what_members_say() -> None:
    """P4: the wall of the architecture, read from the code."""
    for feature in PROGRAMME:
        for path in (Path(portal.__file__).parent / feature).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
                assert not [name for name in names if name.startswith(SAID)], path


def test_p5_what_finds_a_person_is_exported_and_then_gone(browse: Browser, make: Make) -> None:
    """P5: a planted word in every place of this person's finding; the export has it, the erasure leaves no row with it."""
    ada = make.member(f"Ada {PLANTED}")
    viewer = make.viewer(ada)
    show(ada, "skill", f"{PLANTED} weaving", "members")
    position = add_position(ada, "Elsewhere", title=f"{PLANTED} keeper", by=viewer)
    add_assignment(position, "Acme", what=f"{PLANTED} rollout", by=viewer)
    change_name(ada, f"Ada {PLANTED} King", "", old_for="members", by=viewer)
    save_search(Filters(q=PLANTED), f"All of {PLANTED}", by=viewer)
    db.session.commit()
    said = str({key: value for part in parts.every("person_data") for key, value in part.export(ada.id).items()})
    for what in ("weaving", "keeper", "rollout", f"Ada {PLANTED}", f"All of {PLANTED}"):
        assert what in said, what
    people.step_back(ada, by=viewer)  # the first thing that an erasure does
    for part in reversed(parts.every("person_data")):
        part.erase(ada.id)
    db.session.commit()
    left = {
        table.name
        for table in db.metadata.sorted_tables
        for column in table.columns
        if table.name not in LEFT | {"person"}
        and db.session.execute(select(column).where(cast(column, String).contains(PLANTED))).first()
    }
    assert left == set()
    assert "Nobody found" in browse.as_(make.member()).open("directory.people", q=PLANTED).words
