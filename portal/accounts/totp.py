"""The second step: codes of an authenticator app (RFC 6238), and codes on paper for when it is lost."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

import pyotp
import segno
from markupsafe import Markup

from portal.core import clock, crypto
from portal.core.tokens import ALPHABET, digest, same

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be off
PURPOSE = "totp"
CODES, GROUPS, LETTERS = 10, 6, 4  # 24 letters of 31: 118 bits, so a plain digest is enough


def new_secret() -> str:
    """A secret for an authenticator app (160 bits)."""
    return pyotp.random_base32()


def seal(secret: str) -> str:
    """The secret as it is stored."""
    return crypto.encrypt(secret, purpose=PURPOSE)


def unseal(stored: str) -> str | None:
    """The secret again; None when the deployment's key is another one."""
    return crypto.decrypt(stored, purpose=PURPOSE)


def step_of(secret: str, code: str, at: datetime | None = None) -> int | None:
    """The time step that a code belongs to, or None when it is none of now."""
    code = "".join(code.split())
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    now = int((at or clock.now()).timestamp()) // STEP
    generator = pyotp.TOTP(secret)
    found = [step for step in _around(now) if same(generator.at(step * STEP), code)]
    return found[0] if found else None


def _around(step: int) -> Iterator[int]:
    yield step
    for off in range(1, DRIFT + 1):
        yield from (step - off, step + off)


def address_of(secret: str, account: str, issuer: str) -> str:
    """What an authenticator app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def picture(text: str) -> Markup:
    """A QR code as inline SVG, without any style attribute."""
    drawn = segno.make(text, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff", title="QR code")
    return Markup(drawn)  # noqa: S704 - drawn by segno from modules, no text of anybody goes into it


def in_groups(secret: str) -> str:
    """The secret as people copy it by hand."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)).lower()


def new_codes() -> list[str]:
    """Codes on paper, to be shown once."""
    return [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS)) for _ in range(CODES)
    ]


def code_digest(code: str) -> str:
    """What is stored of a code on paper; hyphens, spaces and case don't count."""
    return digest("".join(char for char in code.lower() if char.isalnum()))
