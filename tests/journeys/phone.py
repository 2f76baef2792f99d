"""A phone that makes and keeps passkeys: Chromium's virtual authenticator."""

from __future__ import annotations

from typing import Any

PHONE_IN_HAND = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def with_phone(one: Any, **changes: Any) -> Any:
    """Put a virtual authenticator into somebody's browser; answers how to speak to it."""
    line = one.context.new_cdp_session(one.page)
    line.send("WebAuthn.enable")
    made = line.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE_IN_HAND | changes})
    return line, made["authenticatorId"]
