"""The address that a mail's failure comes back to: one for each mail, signed, so that nobody can make one up (VERP)."""

from __future__ import annotations

import re

from flask import current_app

from portal.core import crypto, tokens

SIGNED = 20  # hex digits: 80 bits
FORM = re.compile(rf"\+(\d{{1,18}})-([0-9a-f]{{{SIGNED}}})$")


def write(mail_id: int) -> str:
    """The envelope sender of a mail; empty when this deployment reads no reports."""
    local, at, domain = _home().rpartition("@")
    return f"{local}+{mail_id}-{_signature(mail_id)}{at}{domain}" if domain else ""


def read(address: str) -> int | None:
    """Which mail a report is about, if the address it went to is one that we gave."""
    local, _, domain = address.strip().lower().rpartition("@")
    home, _, host = _home().lower().rpartition("@")
    found = FORM.search(local)
    if not host or domain != host or found is None or local[: found.start()] != home:
        return None
    mail_id = int(found[1])
    return mail_id if tokens.same(found[2], _signature(mail_id)) else None


def _signature(mail_id: int) -> str:
    return tokens.keyed_digest(crypto.own_key("return path"), str(mail_id))[:SIGNED]


def _home() -> str:
    return str(current_app.config["PORTAL"].bounces_to)
