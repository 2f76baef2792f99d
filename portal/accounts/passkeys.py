"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is right.

The question lies, sealed, in the browser's session; an answer is good for ten minutes, for one purpose, once.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import webauthn
from flask import current_app
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.core import clock, crypto
from portal.core.errors import Gone, Invalid

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

SEALED = "passkey"
ASKED_AGAIN_AFTER, LIVES = timedelta(minutes=5), timedelta(minutes=10)
LONGEST = 20_000  # characters of an answer
TOO_LATE = "That took too long, or it was answered already. Please try once more."
NOT_RIGHT = "That passkey did not work here. Try again, or get in another way."
NECESSARY = UserVerificationRequirement.REQUIRED


class Question(NamedTuple):
    """What was asked, and the digest-worthy secret in it."""

    options: str
    challenge: bytes


class NewKey(NamedTuple):
    """What a browser made."""

    key_id: str
    public_key: str
    sign_count: int
    is_synced: bool


def ask_to_make(
    session: MutableMapping[str, Any], *, handle: str, name: str, house: str, held: Sequence[str]
) -> Question:
    """Ask for a new passkey, on a device that holds none of these yet."""
    challenge = _challenge(session, "make")
    options = webauthn.generate_registration_options(
        rp_id=_home()[0], rp_name=house, user_id=handle.encode(), user_name=name, challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=NECESSARY
        ),
        exclude_credentials=_described(held),
    )  # fmt: skip
    return Question(webauthn.options_to_json(options), challenge)


def ask_to_show(session: MutableMapping[str, Any], purpose: str, held: Sequence[str] = ()) -> Question:
    """Ask for a passkey: one of these, or whichever the browser has for us."""
    challenge = _challenge(session, purpose)
    options = webauthn.generate_authentication_options(
        rp_id=_home()[0], challenge=challenge, allow_credentials=_described(held), user_verification=NECESSARY
    )
    return Question(webauthn.options_to_json(options), challenge)


def check_made(answer: str, challenge: bytes) -> NewKey:
    """The new passkey in an answer, or `Invalid`."""
    where, origin = _home()
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer), expected_challenge=challenge, expected_rp_id=where, expected_origin=origin,
            require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Invalid(NOT_RIGHT) from None
    synced = made.credential_device_type is CredentialDeviceType.MULTI_DEVICE
    key = bytes_to_base64url(made.credential_public_key)
    return NewKey(bytes_to_base64url(made.credential_id), key, made.sign_count, synced)


def named_in(answer: str) -> str:
    """Which passkey an answer says it is from; nothing is proved by that yet."""
    found = _read(answer).get("rawId", "")
    return found if isinstance(found, str) else ""


def check_shown(answer: str, challenge: bytes, public_key: str, sign_count: int) -> int:
    """The new count of uses, if the answer is right; a count that runs backwards tells of a copied key."""
    where, origin = _home()
    try:
        shown = webauthn.verify_authentication_response(
            credential=_read(answer), expected_challenge=challenge, expected_rp_id=where, expected_origin=origin,
            credential_public_key=base64url_to_bytes(public_key), credential_current_sign_count=sign_count,
            require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Invalid(NOT_RIGHT) from None
    return shown.new_sign_count


def asked(session: MutableMapping[str, Any], purpose: str) -> bytes:
    """The question that waits in this browser for an answer; `Gone` when there is none any more."""
    found = _waiting(session, purpose)
    if found is None or clock.now() - found[1] > LIVES:
        raise Gone(TOO_LATE)
    return found[0]


def answered(session: MutableMapping[str, Any]) -> None:
    """Ask something new from now on."""
    session.pop(SEALED, None)


def _challenge(session: MutableMapping[str, Any], purpose: str) -> bytes:
    """The same question for a while, so that two open tabs do not spoil each other's."""
    found = _waiting(session, purpose)
    if found is not None and clock.now() - found[1] < ASKED_AGAIN_AFTER:
        return found[0]
    fresh = secrets.token_bytes(32)
    words = {"for": purpose, "what": urlsafe_b64encode(fresh).decode(), "at": clock.now().isoformat()}
    session[SEALED] = crypto.encrypt(json.dumps(words), purpose=SEALED)
    return fresh


def _waiting(session: MutableMapping[str, Any], purpose: str) -> tuple[bytes, datetime] | None:
    words = json.loads(crypto.decrypt(session.get(SEALED, ""), purpose=SEALED) or "{}")
    if words.get("for") != purpose:
        return None
    return urlsafe_b64decode(words["what"]), datetime.fromisoformat(words["at"])


def _described(held: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key_id)) for key_id in held]


def _read(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer) if len(answer) <= LONGEST else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid(NOT_RIGHT)
    return found


def _home() -> tuple[str, str]:
    """The host that passkeys belong to, and the one address they may be used at."""
    base = urlsplit(current_app.config["PORTAL"].base_url)
    return base.hostname or "localhost", f"{base.scheme}://{base.netloc}"
