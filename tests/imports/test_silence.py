"""R26: who unsubscribed elsewhere is not written to, whatever other file names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import suppression

if TYPE_CHECKING:
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
