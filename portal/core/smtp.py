"""Mail over SMTP: Flask-Mail with time-outs, checked certificates and one connection for many mails (K6)."""

from __future__ import annotations

import smtplib
import ssl
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

import flask_mail

from portal.core import clock

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from portal.core.mail import Letter

PATIENCE = 10.0  # seconds for each answer of the server
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 600.0  # seconds without trying, once the server can't be reached
MAILS_PER_CONNECTION, IDLE_SECONDS = 100, 20.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail.

    sent · again (this mail, later) · away (the server, all mail waits) · refused (the address, for good) ·
    failed (this mail, for good) · unknown (the line broke after the text had gone out)
    """

    state: Literal["sent", "again", "away", "refused", "failed", "unknown"]
    said: str = ""
    code: int = 0


class _Noting:
    """Remembers whether a message's text has gone out."""

    text_gone = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.text_gone = True
        return super().data(msg)  # type: ignore[misc, no-any-return]


class _Plain(_Noting, smtplib.SMTP):
    pass


class _Secure(_Noting, smtplib.SMTP_SSL):
    pass


@cache
def _trusted() -> ssl.SSLContext:
    """Whom we believe: read once, because reading the system's list costs as much as thirty mails."""
    return ssl.create_default_context()


class Connection(flask_mail.Connection):
    """Flask-Mail's connection with the time-out that it lacks."""

    host: Any
    sent, used_at = 0, 0.0

    def configure_host(self) -> Any:
        """Connect, with TLS and sign-in as configured; a server that falls silent raises."""
        if self.mail.use_ssl:
            host: Any = _Secure(self.mail.server, self.mail.port or 465, timeout=PATIENCE, context=_trusted())
        else:
            host = _Plain(self.mail.server, self.mail.port or 25, timeout=PATIENCE)
        try:
            if self.mail.use_tls:
                host.starttls(context=_trusted())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def post(self, message: Posted) -> None:
        """Send one message and note that the connection works."""
        if self.host is not None:
            self.host.text_gone = False
        self.send(message, message.return_path or None)
        self.sent += 1
        self.used_at = time.monotonic()

    def still_good(self) -> bool:
        """Whether one more mail may go over this connection; that it was closed meanwhile shows when it is used."""
        return self.sent < MAILS_PER_CONNECTION and time.monotonic() - self.used_at <= IDLE_SECONDS

    def close(self) -> None:
        """Say good-bye, if anybody is there to hear it."""
        try:
            if self.host is not None:
                self.host.quit()
        except (smtplib.SMTPException, OSError):
            self.host.close()


class Posted(flask_mail.Message):
    """A message that is already composed."""

    def __init__(self, letter: Letter, sender: str, wire: bytes) -> None:
        super().__init__(subject=letter.subject, recipients=[letter.to_address], body=letter.text, sender=sender)
        self.html = letter.html
        self.msgId = letter.message_id
        self.extra_headers = dict(letter.headers)
        self.wire = wire
        self.return_path = letter.return_path

    def as_bytes(self) -> bytes:
        """What goes over the wire."""
        return self.wire


class SmtpTransport:
    """A mail server; when it can't be reached all mail waits, so that the oldest goes first afterwards."""

    def __init__(self, app: Flask, url: str, sender: str) -> None:
        parts = urlsplit(url)
        app.config.update(
            MAIL_SERVER=parts.hostname or "localhost",
            MAIL_PORT=parts.port,
            MAIL_USERNAME=unquote(parts.username or "") or None,
            MAIL_PASSWORD=unquote(parts.password or "") or None,
            MAIL_USE_SSL=parts.scheme == "smtps",
            MAIL_USE_TLS=parse_qs(parts.query).get("tls") == ["1"],
            MAIL_DEFAULT_SENDER=sender,
        )
        flask_mail.Mail(app)
        self._settings, self._sender = app.extensions["mail"], sender
        self._thread = threading.local()
        self._failures, self._pause_ends, self._pause_until = 0, 0.0, clock.now()

    def send(self, letter: Letter, wire: bytes) -> Outcome:
        """Send one mail over this thread's connection."""
        if self.away_until() is not None:
            return Outcome("away", "The mail server could not be reached a moment ago.")
        was_open = "connection" in self._thread.__dict__
        outcome = self._attempt(letter, wire)
        if outcome.state == "away" and was_open:
            outcome = self._attempt(letter, wire)  # the server closed an idle connection: that is no reason to wait
        return self._note(outcome)

    def _attempt(self, letter: Letter, wire: bytes) -> Outcome:
        try:
            connection = self._connection()
        except (smtplib.SMTPException, OSError) as error:
            return Outcome("away", _in_words(error))
        try:
            connection.post(Posted(letter, self._sender, wire))
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            outcome = _judged(error, text_gone=connection.host.text_gone)
            self.rest()
            return outcome
        return Outcome("sent")

    def away_until(self) -> datetime | None:
        """Until when there is no use in trying."""
        return self._pause_until if time.monotonic() < self._pause_ends else None

    def rest(self) -> None:
        """Close this thread's connection; nothing waits to be sent."""
        held: Connection | None = self._thread.__dict__.pop("connection", None)
        if held is not None:
            held.close()

    def check(self) -> str | None:
        """What is wrong with the mail server, if anything."""
        try:
            self._connection()
        except (smtplib.SMTPException, OSError) as error:
            return str(error)
        self.rest()
        return None

    def _connection(self) -> Connection:
        held: Connection | None = self._thread.__dict__.get("connection")
        if held is None or not held.still_good():
            self.rest()
            held = Connection(self._settings)
            held.host = None if self._settings.suppress else held.configure_host()
            held.used_at = time.monotonic()
            self._thread.connection = held  # only now: one that could not be opened must never count as open
        return held

    def _note(self, outcome: Outcome) -> Outcome:
        if outcome.state == "sent":
            self._failures = 0
        elif outcome.state == "away":
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures, 10))
            # The same moment for every mail that waits: then they come back in the order they were written.
            self._pause_ends, self._pause_until = time.monotonic() + pause, clock.now() + timedelta(seconds=pause)
            self._failures += 1
        return outcome


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _judged(error: Exception, *, text_gone: bool) -> Outcome:
    """What an error means for the mail: only one that surely did not go out may be tried again."""
    said = _in_words(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return Outcome("refused" if code >= 500 else "again", said, code)
    if isinstance(error, smtplib.SMTPDataError):
        return Outcome("failed" if error.smtp_code >= 500 else "again", said, error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError):
        return Outcome("failed", said)
    return Outcome("unknown" if text_gone else "away", said)
