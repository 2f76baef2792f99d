"""Reports of mail that came back: fetched from a folder or a mailbox, believed by their signed address alone (R7)."""

from __future__ import annotations

import imaplib
import re
import ssl
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from flask import current_app

from portal.core import clock, delivery_reports, jobs, outbox, return_path
from portal.core.db import db
from portal.core.doctor import health_check
from portal.core.logs import log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from portal.core.delivery_reports import Report

AT_ONCE = 500  # messages in one go
LONGEST = 512 * 1024  # bytes of a message that are looked at
TOO_LATE = timedelta(days=30)
PATIENCE = 20.0


def init(_app: Flask) -> None:
    """The job below is known by being imported."""


@jobs.periodic("core.read_bounces", every=timedelta(minutes=5), priority=jobs.LATER)
def read_bounces() -> Iterator[None]:
    """Look for reports; each is marked as read once what it says is kept, and one that comes again counts no more."""
    url = current_app.config["PORTAL"].bounces_url
    if not url:
        return
    source = _maildir if url.startswith("maildir:") else _mailbox
    for raw, done in source(url):
        report = delivery_reports.read(raw)
        if report is None:
            continue  # somebody wrote: it is left for whoever reads this mailbox
        take_report(report)
        yield
        done()


def take_report(report: Report) -> bool:
    """Believe a report of one of our mails, once; what was not sent to an address that we gave changes nothing."""
    mail_id = next((found for to in report.sent_to if (found := return_path.read(to)) is not None), None)
    row = None if mail_id is None else db.session.get(outbox.OutboxMail, mail_id, with_for_update=True)
    if row is None or clock.now() - (row.sent_at or row.created_at) > TOO_LATE:
        log.info("report not believed", mail=mail_id)
        return False
    return outbox.note_bounce(row, hard=report.hard, said=report.said)


def _maildir(url: str) -> Iterator[tuple[bytes, Callable[[], object]]]:
    """What is new in a maildir; what was handled moves to the messages that were seen."""
    folder = Path(url.removeprefix("maildir:"))
    for path in sorted((folder / "new").iterdir()):
        with path.open("rb") as file:
            raw = file.read(LONGEST)
        yield raw, partial(path.replace, folder / "cur" / f"{path.name.partition(':')[0]}:2,S")


def _mailbox(url: str) -> Iterator[tuple[bytes, Callable[[], object]]]:
    """What is unseen in an IMAP mailbox and calls itself a report; nothing else there is touched."""
    with _signed_in(url) as server:
        _, found = server.uid("SEARCH", "UNSEEN", "HEADER", "Content-Type", "report")
        for uid in (found[0] or b"").split()[:AT_ONCE]:
            _, answer = server.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{LONGEST}>)")
            raw = next((part[1] for part in answer if isinstance(part, tuple)), b"")
            yield raw, partial(server.uid, "STORE", uid.decode(), "+FLAGS", r"(\Seen)")


@contextmanager
def _signed_in(url: str) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if parts.scheme == "imaps":
        context = ssl.create_default_context()
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=PATIENCE)
    else:
        server = imaplib.IMAP4(host, parts.port or 143, timeout=PATIENCE)
    try:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        state, _ = server.select(_quoted(unquote(parts.path.strip("/")) or "INBOX"))
        if state != "OK":
            raise imaplib.IMAP4.error("there is no such mailbox")
        yield server
    finally:
        server.shutdown()


def _quoted(name: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


@health_check("Reports")
def reports() -> str | None:
    """Mail that comes back can be noticed."""
    url = current_app.config["PORTAL"].bounces_url
    if not url:
        return None
    try:
        if url.startswith("maildir:"):
            for part in ("new", "cur"):
                next(iter((Path(url.removeprefix("maildir:")) / part).iterdir()), None)
        else:
            with _signed_in(url):
                pass
    except (OSError, imaplib.IMAP4.error) as error:
        return f"Reports of mail that came back can't be read ({error}): check PORTAL_BOUNCES_URL."
    return None
