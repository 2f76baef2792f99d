"""Mail over SMTP: Flask-Mail with time-outs, checked certificates and one connection for many mails (K6)."""

from __future__ import annotations

import smtplib
import ssl
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

import flask_mail

from portal.core import clock

if TYPE_CHECKING:
    from collections.abc import Callable
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


class Connection(flask_mail.Connection):
    """Flask-Mail's connection with the time-out that it lacks."""

    host: Any
    used_at = 0.0

    def configure_host(self) -> Any:
        """Connect, with TLS and sign-in as configured; a server that falls silent raises."""
        context = ssl.create_default_context()
        options: dict[str, Any] = {"timeout": PATIENCE}
        if self.mail.use_ssl:
            host: Any = _Secure(self.mail.server, self.mail.port or 465, context=context, **options)
        else:
            host = _Plain(self.mail.server, self.mail.port or 25, **options)
        if self.mail.use_tls:
            host.starttls(context=context)
        if self.mail.username and self.mail.password:
            host.login(self.mail.username, self.mail.password)
        return host


class Posted(flask_mail.Message):
    """A message that is already composed."""

    def __init__(self, letter: Letter, sender: str, wire: bytes) -> None:
        super().__init__(subject=letter.subject, recipients=[letter.to_address], body=letter.text, sender=sender)
        self.html = letter.html
        self.msgId = letter.message_id
        self.extra_headers = dict(letter.headers)
        self.wire = wire

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
        self._mine = threading.local()
        self._failures, self._away_until = 0, 0.0

    def send(self, letter: Letter, wire: bytes) -> Outcome:
        """Send one mail over this thread's connection; only a mail that surely did not go out is tried again."""
        if self.away_until() is not None:
            return Outcome("away", "The mail server could not be reached a moment ago.")
        connection: Connection | None = None
        try:
            connection = self._open()
            connection.host_noted(False)
            connection.send(Posted(letter, self._sender, wire))
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            outcome = _judged(error, text_gone=connection is not None and connection.host_noted())
            self.close()
            return self._noted(outcome)
        connection.used_at = time.monotonic()
        return self._noted(Outcome("sent"))

    def away_until(self) -> datetime | None:
        """Until when there is no use in trying."""
        left = self._away_until - time.monotonic()
        return clock.now() + timedelta(seconds=left) if left > 0 else None
