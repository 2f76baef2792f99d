"""What happened to firms, and two records of one firm made one: everything follows, and comes back for a month."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from portal.careers.actions import add_assignment
from portal.careers.models import Position
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.organisations import queries
from portal.organisations.actions import add_alias, find_or_create, set_parent
from portal.organisations.history import record_event
from portal.organisations.merging import merge_organisations, pointing, preview, undo_merge
from portal.organisations.models import OrganisationEvent
from tests.directory.test_finding_people import find, names

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make

Works = Any


def test_history_is_read_on_both_pages_and_a_successor_is_no_new_name(
    browse: Browser, make: Make, works: Works
) -> None:
    me, ada, ben = (
        make.member("Zoë Viewer", relation=""),
        make.member("Ada A", relation=""),
        make.member("Ben B", relation=""),
    )
    works(ada, "Acme", "2010", "2012")
    works(ben, "Bolt", "2010", "2012")
    admin = browse.as_(make.member(roles=("admin",)))
    acme = make.organisation("Acme", "acme.example")
    page = admin.open("admin.firms.add_event", public_id=acme.public_id)
    page = page.submit("Keep it", kind="renamed", other="Ajax Pumps", happened="2005")
    assert "Was called Ajax Pumps" in page.words
    page = page.follow("Add to its history").submit("Keep it", kind="bought", other="Bolt", happened="2014-06")
    assert "Was bought by Bolt" in page.words
    theirs = browse.as_(me).open("directory.organisation", public_id=acme.public_id)
    assert "Bought by Bolt, June 2014" in theirs.words
    assert "Called Ajax Pumps until 2005" in theirs.words
    assert "acme.example" in theirs.words
    bolt = theirs.follow("Bolt")
    assert "Bought Acme, June 2014" in bolt.words
    assert names(bolt.follow("Once there")) == ["Ben B"], "a successor is another firm"
    assert queries.by_name("ajax pumps").id == acme.id  # type: ignore[union-attr]
    assert find(browse, me, organisation="Ajax") == ["Ada A"]
    bought = db.session.scalars(select(OrganisationEvent).where(OrganisationEvent.kind == "bought")).one()
    assert "Was bought by" not in page.submit(f"history/{bought.id}/remove").words


def test_history_names_what_one_may_not_meet_without_a_link(browse: Browser, make: Make, works: Works) -> None:
    me = make.member("Zoë Viewer", relation="")
    works(me, "Acme", "2010")
    record_event(make.organisation("Acme"), "bought", "Secret Prospect", by=make.system)
    db.session.commit()
    page = browse.as_(me).open("directory.organisation", public_id=make.organisation("Acme").public_id)
    assert "Bought by Secret Prospect" in page.words
    assert make.organisation("Secret Prospect").public_id not in page.text


@pytest.fixture
def doubles(make: Make, works: Works) -> tuple[Any, Any, Any]:
    """ACME Corporation, which is Acme, with all that can hang on a firm."""
    ada = make.member("Ada A", relation="customer:former", organisation=make.organisation("Acme Corporation"))
    works(ada, "Acme", "2021", title="Buyer")
    engineer = make.member("Eve Engineer")
    add_assignment(
        db.session.query(Position).filter_by(person_id=engineer.id).one(), "Acme Corporation", by=make.viewer(engineer)
    )
    gone, kept = make.organisation("Acme Corporation", "acme-corp.example"), make.organisation("Acme")
    add_alias(gone, "ACME Inc.", by=make.system)
    set_parent(make.organisation("Acme Billing"), gone, by=make.system)
    set_parent(kept, gone, by=make.system)
    db.session.commit()
    return gone, kept, ada


def test_two_records_become_one_after_a_preview(
    browse: Browser, make: Make, doubles: tuple[Any, Any, Any], work: Callable[[], int]
) -> None:
    gone, kept, ada = doubles
    admin = browse.as_(make.member(roles=("admin",)))
    page = admin.open("admin.organisations.organisation", public_id=kept.public_id).follow(
        "Merge another record into it"
    )
    page = page.submit("Show what would move", other="acme corporation")
    for words in ("1 entry of careers", "1 relation", "1 firm worked with", "1 other name", "1 mail domain"):
        assert words.replace("entry of careers", "entry of a career") in page.words, words
    assert queries.organisation(kept.public_id).parent_id == gone.id, "a preview writes nothing"
    page = page.submit("Merge Acme Corporation into Acme")
    assert "Merged into this one" in page.words
    work()
    assert find(browse, make.member("Zoë Viewer"), organisation="Acme Inc") == ["Ada A", "Eve Engineer"][:1]
    for name in ("ACME Corporation", "acme inc."):
        assert queries.by_name(name).id == kept.id  # type: ignore[union-attr]
    assert queries.by_domain("acme-corp.example").id == kept.id  # type: ignore[union-attr]
    assert queries.organisation(kept.public_id).parent_id is None
    assert make.organisation("Acme Billing").parent_id == kept.id
    old = browse.as_(ada).open("directory.organisation", public_id=gone.public_id)
    assert old.heading == "Acme", "the old address leads on"
    assert "Acme Corporation" not in browse.as_(ada).open("directory.organisations").words
    assert page.status == 200


def test_a_merge_is_undone_whole_and_keeps_what_was_changed_since(
    make: Make, doubles: tuple[Any, Any, Any], browse: Browser, works: Works
) -> None:
    gone, kept, ada = doubles
    before = {table.name + column.name: rows_of(table, column, gone.id) for table, column in pointing()}
    merge = merge_organisations(gone, kept, by=make.system)
    assert all(
        not rows_of(table, column, gone.id) for table, column in pointing() if table.name != "organisation_merge"
    )
    since = works(ada, "Acme", "2023", title="Since")
    db.session.commit()
    admin = browse.as_(make.member(roles=("admin",)))
    page = admin.open("admin.organisations.organisation", public_id=kept.public_id).submit("undo")
    assert "a firm of its own again" in page.words
    db.session.expire_all()
    assert {table.name + column.name: rows_of(table, column, gone.id) for table, column in pointing()} == before
    assert db.session.get(Position, since.id).organisation_id == kept.id  # type: ignore[union-attr]
    assert find_or_create("Acme Corporation", by=make.system).id == gone.id
    assert queries.merged_into(gone.public_id) is None
    with pytest.raises(Invalid):
        undo_merge(queries.merge(merge.public_id), by=make.system)


def rows_of(table: Any, column: Any, organisation_id: int) -> list[Any]:
    (key,) = table.primary_key.columns
    return sorted(db.session.scalars(db.select(key).where(column == organisation_id)))


def test_after_a_month_it_stays(make: Make, doubles: tuple[Any, Any, Any]) -> None:
    merge = merge_organisations(doubles[0], doubles[1], by=make.system)
    with time_machine.travel(clock.now() + timedelta(days=31)), pytest.raises(Invalid):
        undo_merge(merge, by=make.system)


def test_what_may_not_be_merged(make: Make) -> None:
    one, two, three = (make.organisation(name) for name in ("One", "Two", "Three"))
    for gone, kept, error in ((one, one, Invalid), (queries.host(), one, Invalid)):
        with pytest.raises(error):
            preview(gone, kept, by=make.system)
    with pytest.raises(NotAllowed):
        merge_organisations(one, two, by=make.viewer(make.member()))
    set_parent(two, one, by=make.system)
    set_parent(three, two, by=make.system)
    with pytest.raises(Conflict):
        merge_organisations(one, three, by=make.system)
    merge = merge_organisations(one, two, by=make.system)
    merge_organisations(two, three, by=make.system)
    assert queries.merged_into(one.public_id) == three.public_id, "two merges, one address"
    with pytest.raises(Conflict):
        undo_merge(merge, by=make.system)


def test_the_old_address_tells_nothing_to_who_may_not_see_the_firm(browse: Browser, make: Make) -> None:
    gone, kept = make.organisation("Acme Corporation"), make.organisation("Acme")
    merge_organisations(gone, kept, by=make.system)
    db.session.commit()
    page = browse.as_(make.member()).open("directory.organisation", public_id=gone.public_id)
    assert page.status == 404
    assert kept.public_id not in page.text


def test_whatever_names_a_firm_can_be_merged() -> None:
    """Rows are found again by one key."""
    assert {len(table.primary_key.columns) for table, _ in pointing()} == {1}


def test_a_renamed_firm_is_found_in_careers(browse: Browser, make: Make, works: Works, work: Callable[[], int]) -> None:
    from portal.organisations.actions import edit_organisation

    me, ada = make.member("Zoë Viewer"), make.member("Ada A", relation="")
    works(ada, "Acme", "2010", title="Welder")
    edit_organisation(make.organisation("Acme"), name="Zenith", industry="", is_account_firm=False, by=make.system)
    db.session.commit()
    work()
    assert find(browse, me, q="zenith") == ["Ada A"]
