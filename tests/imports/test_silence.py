"""R26: who unsubscribed elsewhere is not written to, whatever other file names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import suppression
from portal.core.access import system_viewer
from portal.core.db import db
from portal.imports.silence import NO_LETTERS
from tests.imports.conftest import outcomes, reasons

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make
    from tests.imports.conftest import Desk

MAILCHIMP = "Email Address,First Name,Last Name,Company,LEID,UNSUB_TIME"


def test_an_import_keeps_the_wish_and_no_undo_lifts_it(desk: Desk) -> None:
    lines = (MAILCHIMP, "Ada@Example.org,Ada,Lovelace,Works,9001,2016-08-05 12:00:00")
    imported = desk.bring(*lines, name="unsubscribed_members_export.csv")
    assert suppression.is_suppressed("ada@example.org")
    desk.bring("Name,Email", "Ada Lovelace,ada@example.org", name="crm.csv")
    desk.undo(imported)
    assert suppression.is_suppressed("ada@example.org")
    assert not suppression.is_suppressed("ben@example.org")


def test_the_dry_run_says_who_wants_no_letters_whichever_file_told_so(desk: Desk) -> None:
    """R26: by an address of another file, by another row of the person, or by the row itself."""
    desk.bring(MAILCHIMP, "Ada@Example.org,Ada,Lovelace,Works,9001,2016-08-05 12:00:00", name="unsubscribed.csv")
    suppression.suppress("cy@example.org", why="by hand", by=system_viewer())
    head = "External ID,Name,E-mails"
    planned = desk.plan(head, "a-1,Ada Lovelace,ada@example.org", "b-1,Ben Okafor,ben@example.org",
                        "c-1,Cy Noone,cy@example.org", "c-1,Cy Noone,cy@home.example")  # fmt: skip
    said = [NO_LETTERS in why for why in reasons(planned)]
    assert said == [True, False, True, True]
    assert outcomes(planned) == ["doubtful", "new", "quiet", "quiet"]
    unsubscribing = desk.plan(MAILCHIMP, "di@example.org,Di,Fox,Works,9002,2016-08-05 12:00:00", name="more.csv")
    assert NO_LETTERS in reasons(unsubscribing)[0]


def test_who_asked_not_to_be_written_to_counts_apart(browse: Browser, make: Make, desk: Desk) -> None:
    """R26: the page says how many of the people of a file nobody will write to, and who they are."""
    suppression.suppress("cy@example.org", why="Erased", by=system_viewer())
    db.session.commit()
    imported = desk.bring(
        "Name,Email", "Cy Noone,cy@example.org", "Ben Okafor,ben@example.org", "Di Fox,di@example.org"
    )
    page = browse.as_(make.member(roles=("admin",))).get(f"/admin/imports/{imported.public_id}")
    assert "New people 2" in page.words
    assert "Person who asked us not to write 1" in page.words
    asked = page.follow("Person who asked us not to write")
    assert f"Asked us not to write Nobody here has this address or id. {NO_LETTERS}" in asked.words
    assert "cy@example.org" in asked.words
    assert "ben@example.org" not in asked.words
