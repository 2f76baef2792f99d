"""A sign-in of somebody else's: connected by its owner, used at the door, and refused when it is not connected (R12, R13)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from portal import config as configuration
from portal.accounts import providers
from tests.accounts.idp import CLIENT, SECRET, Idp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.core.application import Portal
    from tests.factories import Make


@pytest.fixture
def acme(app: Portal, address: str) -> Iterator[Idp]:
    """A provider that this journey's server knows."""
    before = app.config["PORTAL"]
    with Idp().listening(f"{address}/sign-in/from/acme") as idp:
        known = {"key": "acme", "name": "Acme", "issuer": idp.issuer, "client_id": CLIENT, "client_secret": SECRET}
        app.config["PORTAL"] = configuration.check(replace(before, base_url=address, oidc=json.dumps([known])))
        providers.init(app)
        yield idp
        app.config["PORTAL"] = before
        providers.init(app)


def test_a_provider_is_connected_used_and_refused(someone: Callable[..., Any], make: Make, acme: Idp) -> None:
    her = someone(make.member("Ada Lovelace", address="ada@example.org"))
    her.go("/settings/how-you-get-in").sees("Through somebody else", "Not connected")
    her.press("Connect Acme").sees("Connect").look_around("provider-to-connect").press("Connect it")
    her.sees("Connected as ada@example.org").look_around("provider-connected")

    her.context.clear_cookies()
    her.go("/sign-in").look_around("sign-in-with-provider").press("Sign in with Acme")
    her.sees("Sign in with Acme").look_around("from-provider").press("Continue").go("/people/me").sees("Ada Lovelace")

    acme.subject = "somebody-else"
    stranger = someone()
    stranger.go("/sign-in").press("Sign in with Acme").press("Continue").sees("This sign-in is not connected")
    stranger.look_around("not-connected")
