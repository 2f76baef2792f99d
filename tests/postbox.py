"""The mails that the portal has posted, as a test reads them."""

from __future__ import annotations

import re

from sqlalchemy import select

from portal.core.db import db
from portal.core.outbox import OutboxMail


class Postbox:
    """Reads the outbox table."""

    def mails(self, to: str | None = None, purpose: str | None = None) -> list[OutboxMail]:
        """The mails posted so far, oldest first."""
        db.session.rollback()
        found = list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))
        db.session.expunge_all()
        db.session.rollback()  # a test that goes on holding a transaction would lock the portal's writers out
        return [mail for mail in found if to in (None, mail.to_address) and purpose in (None, mail.purpose)]

    def last(self, to: str | None = None) -> OutboxMail:
        """The newest mail (to an address)."""
        return self.mails(to)[-1]

    def link(self, to: str | None = None) -> str:
        """The first link of the newest mail, as a path on this site."""
        found = re.search(r"https?://[^/\s]+(/\S*)", self.last(to).text)
        assert found, "the mail holds no link"
        return found.group(1)

    def code(self, to: str | None = None) -> str:
        """The six-digit code of the newest mail."""
        found = re.search(r"\b(\d{6})\b", self.last(to).text)
        assert found, "the mail holds no code"
        return found.group(1)

    def recipients(self) -> list[str]:
        """Who was written to, in order."""
        return [mail.to_address for mail in self.mails()]
