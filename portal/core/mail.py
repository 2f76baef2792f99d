"""Mail: written from templates, handed to a mail server or laid into a folder. Only the outbox sends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.charset import QP, Charset
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP, compat32
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import css_inline
from flask import current_app

from portal.core import clock, crypto, dev_mail, settings, smtp, tokens
from portal.core.brand import INK, contrast, normal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from email.mime.base import MIMEBase

    from flask import Flask

    from portal.core.smtp import Outcome

TRANSPORT = "portal-mail"
# One address: no list, no display name, no comment, nothing that a header or a mail server could read differently.
ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"\x00-\x1f\x7f]+@[^\s@,;:<>()\[\]\\\"\x00-\x1f\x7f]+")
LONGEST_LINE = 990  # folding long links in headers breaks them; 998 is the limit
LONG_LINES = SMTP.clone(max_line_length=LONGEST_LINE)
BODY = compat32.clone(
    linesep="\r\n"
)  # three times as quick as the policy above, which parses each header that it writes
UTF8 = Charset("utf-8")
UTF8.body_encoding = QP
FOLDER = "mail"


class BadHeader(ValueError):
    """A line break, or a second address, where one line was expected."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's three parts."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one address, ready to be sent; the same `message_id` at every try."""

    to_address: str
    subject: str
    text: str
    html: str | None
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    return_path: str = ""  # where a report goes when it can't be delivered; empty: to the sender


class Transport(Protocol):
    """How mail leaves."""

    def send(self, letter: Letter, wire: bytes) -> Outcome: ...

    def away_until(self) -> datetime | None: ...

    def check(self) -> str | None: ...

    def rest(self) -> None: ...


def init(app: Flask) -> None:
    """Choose the transport that PORTAL_MAIL_URL names; in development show what lies in the folder."""
    config = app.config["PORTAL"]
    if config.mail_url.startswith("folder:"):
        given = config.mail_url.removeprefix("folder:")
        app.extensions[TRANSPORT] = FolderTransport(Path(given) if given else Path(config.data_dir) / FOLDER)
    else:
        app.extensions[TRANSPORT] = smtp.SmtpTransport(app, config.mail_url, config.mail_from)
    if not config.is_production:
        app.register_blueprint(dev_mail.bp)


def transport() -> Transport:
    """How mail leaves this deployment."""
    found: Transport = current_app.extensions[TRANSPORT]
    return found


def send(letter: Letter) -> Outcome:
    """Hand a letter over, and say what became of it; never raises for what a mail server does."""
    try:
        wire = compose(letter)
    except (ValueError, LookupError) as error:
        return smtp.Outcome("failed", f"This mail can't be written: {error}")
    return transport().send(letter, wire)


def compose(letter: Letter) -> bytes:
    """The message as it goes over the wire, with text and HTML as alternatives."""
    check_lines(letter.to_address, letter.subject, letter.headers)
    lines = {
        "From": current_app.config["PORTAL"].mail_from, "To": _ascii(letter.to_address), "Subject": letter.subject,
        "Date": format_datetime(clock.now()), "Message-ID": letter.message_id, "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    head = "".join(_line(name, value) for name, value in [*lines.items(), *letter.headers.items()])
    body: MIMEBase = _part(letter.text, "plain")
    if letter.html is not None:
        body = MIMEMultipart("alternative", None, [body, _part(letter.html, "html")], policy=BODY)
    return head.encode() + body.as_bytes(policy=BODY)


def _part(text: str, kind: str) -> MIMEText:
    return MIMEText(text, kind, UTF8, policy=BODY)  # type: ignore[arg-type]  # it takes a Charset too


def _line(name: str, value: str) -> str:
    """A header as it is sent; only what needs encoding goes through the library, which takes half a mail's time."""
    if value.isascii() and len(name) + len(value) < LONGEST_LINE:
        return f"{name}: {value}\r\n"
    return str(LONG_LINES.fold(*LONG_LINES.header_store_parse(name, value)))


def check_lines(to_address: str, subject: str, headers: Mapping[str, str]) -> None:
    """One recipient and one line per header, or `BadHeader`."""
    if not ADDRESS.fullmatch(to_address):
        raise BadHeader("A mail goes to exactly one plain address.")
    for line in (subject, *headers, *headers.values()):
        if any(ord(char) < 32 or ord(char) == 127 for char in line):
            raise BadHeader("A mail's header is one line.")


def _ascii(address: str) -> str:
    """Names of domains in any script travel in their ASCII form; before the @ only ASCII is understood everywhere."""
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise BadHeader("Addresses with such letters before the @ can't be reached.")
    return f"{local}@{domain.encode('idna').decode()}"


def new_message_id() -> str:
    """A Message-ID of this deployment, given once to each mail."""
    sender = current_app.config["PORTAL"].mail_from
    domain = sender.rpartition("@")[2].rstrip("> ") or "localhost"
    return f"<{tokens.new_public_id()}{tokens.new_public_id()}@{domain}>"


def render_mail(name: str, **context: Any) -> Rendered:
    """A mail from templates/email/<name>.txt (its first line is `Subject: …`) and .html, styles inlined.

    `reason` completes "You get this because …"; `preferences_url` is where the person changes it, when they can.
    """
    environment, words = current_app.jinja_env, _words() | context
    head, _, text = environment.get_template(f"email/{name}.txt").render(words).lstrip().partition("\n")
    if not head.startswith("Subject: "):
        raise ValueError(f"email/{name}.txt must begin with “Subject: …”.")
    subject = " ".join(head.removeprefix("Subject: ").split())
    html = environment.get_template(f"email/{name}.html").render(words | {"subject": subject})
    return Rendered(subject, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", _inliner().inline(html))


def _words() -> dict[str, Any]:
    accent = normal(settings.get("brand_accent"))
    return {
        "brand_name": settings.get("brand_name"),
        "host": settings.get("host_name"),
        "postal_address": settings.get("postal_address"),
        "contact": settings.get("contact_address"),
        "accent": accent,
        "on_accent": "#ffffff" if contrast(accent, "#ffffff") >= 4.5 else INK,
        "home_url": current_app.config["PORTAL"].base_url,
        "link": link,
        "preferences_url": None,
    }


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


def link(endpoint: str, **values: Any) -> str:
    """The full address of a page, from the configured base URL, whatever host the request named."""
    base = urlsplit(current_app.config["PORTAL"].base_url)
    adapter = current_app.url_map.bind(base.netloc, url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)


def bulk_headers(*, list_name: str, off_url: str, thread: str | None = None) -> dict[str, str]:
    """What every mail that nobody asked for this minute carries: which list it is of, and the way off it.

    One click in the mail program posts to `off_url` without a cookie and without a question (RFC 8058, R24); mails with
    the same `thread` stand together, under a first mail that need not exist.
    """
    headers = {
        "List-Unsubscribe": f"<{off_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{re.sub('[^a-z0-9.]+', '-', list_name.lower()).strip('-.')}.{_list_host()}>",
        "Precedence": "bulk",
    }
    if thread is not None:
        root = f"<{tokens.keyed_digest(crypto.own_key('thread'), thread)[:32]}.thread@{_list_host()}>"
        headers |= {"In-Reply-To": root, "References": root}
    return headers


def _list_host() -> str:
    return urlsplit(current_app.config["PORTAL"].base_url).hostname or "localhost"


class FolderTransport:
    """Development: each mail is a file that any mail program opens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter, wire: bytes) -> Outcome:
        """Lay the mail into the folder, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{clock.now():%Y%m%d-%H%M%S-%f}-{tokens.new_public_id()}"
        half = self.folder / f".{name}"
        half.write_bytes(wire)
        half.rename(self.folder / f"{name}.eml")
        return smtp.Outcome("sent")

    def away_until(self) -> datetime | None:
        """A folder is always there."""
        return None

    def check(self) -> str | None:
        """What is wrong with the folder, if anything."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return str(error)
        return None

    def rest(self) -> None:
        """Nothing is kept open."""
