"""Development only: the mails that lie in the folder, to read them without a mail program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from flask import Blueprint, make_response, render_template

from portal.core.errors import Missing
from portal.core.web import public

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage
    from pathlib import Path

    from flask.typing import ResponseReturnValue

bp = Blueprint("dev_mail", __name__, url_prefix="/dev/mail")
NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{6}-[a-z0-9]+")
SHOWN = 100
# A mail's own inline styles are the point of looking at it; it still loads and runs nothing.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-popups"


@dataclass(frozen=True, slots=True)
class FolderMail:
    """One mail in the folder."""

    name: str
    to_address: str
    subject: str
    at: datetime
    headers: list[tuple[str, str]]
    text: str
    html: str


@bp.get("/")
@public
def folder() -> ResponseReturnValue:
    """The newest mails."""
    names = sorted((path.stem for path in _folder().glob("*.eml")), reverse=True)[:SHOWN]
    return render_template("dev/mail.html", mails=[_mail(name) for name in names])


@bp.get("/<name>")
@public
def message(name: str) -> ResponseReturnValue:
    """One mail as text, with its headers."""
    return render_template("dev/mail_message.html", mail=_mail(name))


@bp.get("/<name>/html")
@public
def message_html(name: str) -> ResponseReturnValue:
    """One mail as a mail program shows it."""
    response = make_response(_mail(name).html)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def _folder() -> Path:
    from portal.core.mail import FolderTransport, transport

    here = transport()
    if not isinstance(here, FolderTransport):
        raise Missing("Mail goes to a mail server here; there is no folder to look into.")
    return here.folder


def _mail(name: str) -> FolderMail:
    path = _folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.is_file():
        raise Missing("There is no such mail in the folder.")
    parsed = message_from_bytes(path.read_bytes(), policy=policy.default)
    return FolderMail(
        name=name,
        to_address=str(parsed["To"]),
        subject=str(parsed["Subject"]),
        at=parsedate_to_datetime(str(parsed["Date"])),
        headers=[(key, str(value)) for key, value in parsed.items()],
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def _part(parsed: EmailMessage, kind: str) -> str:
    found = parsed.get_body((kind,))
    return str(found.get_content()) if found is not None else ""
