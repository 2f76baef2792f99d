"""An authenticator in software: makes passkeys and answers for them as a phone would, without a browser."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

if TYPE_CHECKING:
    from tests.browse import Browser, Page

HOME, ORIGIN = "localhost", "http://localhost:8000"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    """base64url without padding, as browsers write it."""
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class SoftKey:
    """One passkey on one device."""

    home: str = HOME
    origin: str = ORIGIN
    flags: int = PRESENT | VERIFIED
    count: int = 0
    key_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any]) -> str:
        """The answer to being asked for a new passkey."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        held = bytes(16) + len(self.key_id).to_bytes(2, "big") + self.key_id + cbor2.dumps(cose)
        data = self._data(ATTESTED) + held
        response = {
            "clientDataJSON": text(self._said("webauthn.create", options)),
            "attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(response)

    def show(self, options: dict[str, Any]) -> str:
        """The answer to being asked who one is."""
        self.count += 1
        data, said = self._data(), self._said("webauthn.get", options)
        signed = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": text(said), "authenticatorData": text(data), "signature": text(signed)})

    def _data(self, more: int = 0) -> bytes:
        return hashlib.sha256(self.home.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _said(self, kind: str, options: dict[str, Any]) -> bytes:
        words = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(words).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = text(self.key_id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}} | {"response": response}
        )


def asked(page: Page, what: str = "show") -> dict[str, Any]:
    """What a page asks the browser's passkeys."""
    assert page.tree is not None
    forms = page.tree.iter("{http://www.w3.org/1999/xhtml}form")
    options: dict[str, Any] = json.loads(
        next(form.get("data-options", "") for form in forms if form.get("data-passkey") == what)
    )
    return options


def add_passkey(browser: Browser, key: SoftKey, name: str = "My phone") -> Page:
    """Add a passkey as the settings page would."""
    page = browser.open("accounts.passkey_new")
    return page.submit("Make the passkey", name=name, answer=key.make(asked(page, "make")))


def show_passkey(browser: Browser, key: SoftKey) -> Page:
    """Sign in with it."""
    page = browser.open("accounts.sign_in")
    return page.submit("Sign in with a passkey", answer=key.show(asked(page)))
