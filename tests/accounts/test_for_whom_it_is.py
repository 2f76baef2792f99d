"""All mail to a person says since when the address is theirs (R6, I7, RFC 7293): nobody who got it later is sent it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from portal.accounts.models import EmailAddress
from portal.core import mail, smtp
from portal.core import outbox as posting
from portal.core.db import db
from tests.core.test_mail import Inbox, inbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make

__all__ = ["inbox"]
PROVED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
SAYS = "ada@example.org; Mon, 06 May 2024 07:08:09 +0000"


def test_whatever_is_sent_to_a_member_says_so(
    app: Portal, inbox: Inbox, make: Make, browse: Browser, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R6: a mail of any feature, with private text or a token; N of N."""
    monkeypatch.setitem(app.config, "MAIL_SUPPRESS_SEND", False)
    transport = smtp.SmtpTransport(app, f"smtp://127.0.0.1:{inbox.controller.port}", "house@example.org")  # type: ignore[attr-defined]
    monkeypatch.setitem(app.extensions, mail.TRANSPORT, transport)
    ada = make.member(address="ada@example.org")
    db.session.execute(update(EmailAddress).values(proved_at=PROVED))
    db.session.commit()
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org")
    for kind in ("news.item", "notifications.reply", "digests.letter"):
        posting.post_mail(kind, "ada@example.org", "Hello", "Private words.", person_id=ada.id)
    posting.post_mail("tests.stranger", "nobody@example.org", "Hello", "Words.")
    db.session.commit()
    work()
    transport.rest()
    received = [letter for _, letter in inbox.received]
    assert len(received) == 5
    for letter in received:
        expected = SAYS if letter["To"] == "ada@example.org" else None
        assert letter["Require-Recipient-Valid-Since"] == expected, letter["Subject"]
