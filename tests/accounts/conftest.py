"""What the accounts' tests share: mail that is written and lies ready to be read, and ways to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from portal.core import jobs
from portal.core.db import db
from portal.core.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser, Page
    from tests.postbox import Postbox


@pytest.fixture
def write_mails(app: Any) -> Callable[[], None]:
    """Do the jobs that are due, but leave the mails in the outbox: once sent, their links are forgotten."""

    def run() -> None:
        db.session.remove()
        waits = update(Job).where(Job.name == "core.deliver_mail", Job.state == "queued").values(state="held")
        for _ in range(20):
            db.session.execute(waits)
            db.session.commit()
            if not jobs.run_due(limit=1):
                return

    return run


@pytest.fixture
def letter(write_mails: Callable[[], None], outbox: Postbox) -> Callable[..., str]:
    """The link in the newest mail to an address, as a path."""

    def read(to: str) -> str:
        write_mails()
        return outbox.link(to)

    return read


@pytest.fixture
def by_mail(letter: Callable[..., str]) -> Callable[..., Page]:
    """Sign in by a mailed link, in this browser."""

    def sign_in(browser: Browser, address: str) -> Page:
        browser.open("accounts.sign_in").submit("Continue", address=address)
        return browser.get(letter(address.lower())).submit("Sign in")

    return sign_in
