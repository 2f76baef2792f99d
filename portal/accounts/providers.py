"""Sign-ins of other providers (OpenID Connect), as many as the deployment configures; the client is Authlib's.

Who somebody is there is the pair of issuer and subject. An address that a provider tells is a label, and never looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import current_app, request, session
from joserfc.errors import JoseError
from requests import RequestException

from portal.core.errors import Invalid, Missing
from portal.core.logs import log

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

EXTENSION = "sign_in_providers"
TIMEOUT = 10  # seconds, for each question to a provider
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")  # never "none", never a shared secret
NOT_THERE = "There is no such way to sign in here."
DID_NOT_WORK = "{} did not answer as we expect. Try again, or get in another way."
STOPPED = "You stopped it at {}."
LONGEST = 255  # of a subject, as OpenID Connect says


class Provider(NamedTuple):
    """A provider as it is configured; `domain` names the employer whose it is, if it is an employer's."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    domain: str = ""

    @property
    def is_own(self) -> bool:
        """Whether it stays with the person whoever employs them."""
        return not self.domain


class Shown(NamedTuple):
    """Who somebody is at a provider, and what it calls them."""

    subject: str
    label: str


def init(app: Flask) -> None:
    """Register the configured providers; nothing is asked of them before somebody signs in."""
    clients = OAuth(app)
    for each in _configured(app):
        clients.register(
            each.key, client_id=each.client_id, client_secret=each.client_secret,
            server_metadata_url=f"{each.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": TIMEOUT},
        )  # fmt: skip
    app.extensions[EXTENSION] = clients


def configured() -> list[Provider]:
    """The providers of this deployment."""
    return _configured(current_app)


def _configured(app: Any) -> list[Provider]:
    return [Provider(**each) for each in app.config["PORTAL"].providers]


def provider(key: str) -> Provider:
    """One of them."""
    found = next((each for each in configured() if each.key == key), None)
    if found is None:
        raise Missing(NOT_THERE)
    return found


def leave_for(chosen: Provider, back: str) -> ResponseReturnValue:
    """Send the browser to the provider, with state, nonce and PKCE bound to this browser."""
    try:
        _check_metadata(chosen)
        answer: ResponseReturnValue = _client(chosen).authorize_redirect(back)
    except (AuthlibBaseError, RequestException, RuntimeError, ValueError, KeyError) as error:
        raise _failed(chosen, error) from None
    return answer


def has_asked(key: str, state: str) -> bool:
    """Whether this browser waits for the answer to this question to the provider."""
    client = current_app.extensions[EXTENSION].create_client(key)
    return client is not None and client.framework.get_state_data(session, state) is not None


def come_back(chosen: Provider) -> Shown:
    """Who the provider says has signed in, in this browser and for us alone; or `Invalid`."""
    if request.args.get("iss", chosen.issuer) != chosen.issuer:  # the answer of another provider (RFC 9207)
        raise Invalid(DID_NOT_WORK.format(chosen.name))
    state = request.args.get("state", "")
    if request.args.get("error") == "access_denied" and has_asked(chosen.key, state):
        _client(chosen).framework.clear_state_data(session, state)
        raise Invalid(STOPPED.format(chosen.name))
    must = {
        "iss": {"essential": True, "value": chosen.issuer},
        "aud": {"essential": True, "value": chosen.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
    }
    try:
        _check_metadata(chosen)
        told = _client(chosen).authorize_access_token(claims_options=must).get("userinfo") or {}
    except (AuthlibBaseError, JoseError, RequestException, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise _failed(chosen, error) from None
    subject, label = told.get("sub"), told.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST:
        raise Invalid(DID_NOT_WORK.format(chosen.name))
    return Shown(subject, label[:254] if isinstance(label, str) else "")


def _client(chosen: Provider) -> Any:
    return current_app.extensions[EXTENSION].create_client(chosen.key)


def _check_metadata(chosen: Provider) -> None:
    """The provider calls itself exactly what was configured, and signs with nothing weaker than we take."""
    metadata = _client(chosen).load_server_metadata()
    if metadata.get("issuer") != chosen.issuer:
        raise ValueError("the issuer in its metadata is another one")
    said = metadata.get("id_token_signing_alg_values_supported", ())
    metadata["id_token_signing_alg_values_supported"] = [each for each in said if each in ALGORITHMS] or ["RS256"]


def _failed(chosen: Provider, error: Exception) -> Invalid:
    log.warning("sign_in_provider_failed", provider=chosen.key, error=type(error).__name__, said=str(error)[:200])
    return Invalid(DID_NOT_WORK.format(chosen.name))
