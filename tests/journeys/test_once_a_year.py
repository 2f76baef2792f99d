"""A mail asks once a year whether the career is still right; two links answer it, and nobody signs in (A10, R8)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from portal.careers.queries import current_positions
from portal.core.db import db
from portal.core.jobs import enqueue
from portal.rights.jobs import ask_still_right

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

OWN, WORK = "ada@example.org", "ada@kestrel.example"


def test_a_mail_asks_whether_it_is_still_right(
    someone: Callable[..., Any], make: Make, outbox: Postbox, write_mails: Callable[[], None]
) -> None:
    ada = make.member("Ada Lovelace", relation="employee:current", address=OWN, days_ago=400)
    enqueue(ask_still_right)
    db.session.commit()
    write_mails()
    right, moved = re.findall(r"https?://[^/\s]+(/still-right/\S*)", outbox.last(OWN).text)

    reader = someone(phone=True)
    reader.go(right).sees("Is this still right?", "Kestrel & Lowe").look_around("still-right")
    reader.press("I have moved").sees("What may happen next?").look_around("moved-since")
    assert reader.page.url.endswith(moved)
    reader.fill(moved_on="2025-03-31", organisation="Harbour Mills", title="Head of scales")
    reader.press("Save my move").sees("Your move is noted", "you can take it back").look_around("yearly-answered")
    reader.go("/settings/career").sees("Sign in")
    reader.go(right).sees("over").look_at("still-right-over")
    assert [each.organisation.name for each in current_positions(ada.id)] == ["Harbour Mills"]
