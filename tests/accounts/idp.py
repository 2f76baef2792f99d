"""A provider of sign-ins of its own (OpenID Connect), on Authlib's server side, listening on a port of this machine.

It says yes at once. `lies` changes what its next tokens say, so that a test can be a careless or a hostile provider.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT, SECRET = "portal", "provider's secret"


@lru_cache
def key_number(_number: int) -> Any:
    """A key to sign with; making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class Code:
    """What was given to the browser, as Authlib asks about it."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    subject: str

    def get_redirect_uri(self) -> str:
        """Where it was sent to."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """What was asked."""
        return self.scope


class Client(ClientMixin):  # type: ignore[misc]
    """The portal, as it is registered here."""

    def __init__(self, back: str) -> None:
        self.back = back

    def get_client_id(self) -> str:
        """Its id."""
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        """Where answers go."""
        return self.back

    def get_allowed_scope(self, scope: str) -> str:
        """All that it asks."""
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Exactly one."""
        return redirect_uri == self.back

    def check_client_secret(self, client_secret: str) -> bool:
        """Its secret."""
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """By header."""
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        """Codes only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Codes only."""
        return grant_type == "authorization_code"


@dataclass
class Idp:
    """The provider: who is signed in there, and what it says about them."""

    subject: str = "li-1"
    email: str = "ada@example.org"
    lies: dict[str, Any] = field(default_factory=dict)
    metadata_lies: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    codes: dict[str, Code] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: key_number(1))
    foreign_key: bool = False

    @contextmanager
    def listening(self, back: str) -> Iterator[Idp]:
        """The provider answers meanwhile; `issuer` is the address."""
        app = self._app(back)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        self.issuer = f"http://localhost:{server.server_port}"
        with serving(server):
            yield self

    def _app(self, back: str) -> Flask:
        app = Flask("provider")
        server = AuthorizationServer(
            app, lambda client_id: Client(back) if client_id == CLIENT else None, lambda *_: None
        )
        server.register_grant(_grant(self), [CodeChallenge(required=True), _tokens(self)])

        def authorize() -> Any:
            grant = server.get_consent_grant(end_user=self.subject)
            return server.create_authorization_response(grant_user=self.subject, grant=grant)

        app.add_url_rule("/authorize", "authorize", authorize)
        app.add_url_rule("/token", "token", server.create_token_response, methods=["POST"])
        app.add_url_rule("/keys", "keys", lambda: jsonify({"keys": [self.key.as_dict(private=False)]}))
        app.add_url_rule("/.well-known/openid-configuration", "metadata", lambda: jsonify(self._metadata()))
        return app

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys", "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        } | self.metadata_lies  # fmt: skip

    def token(self, nonce: str) -> str:
        """The signed statement."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 300, "nonce": nonce,
                  "email": self.email, "email_verified": True} | self.lies  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not ...}
        header = {"alg": self.algorithm, "kid": "one"}
        if self.algorithm == "HS256":
            return jwt.encode(header, claims, OctKey.import_key(self.key.as_pem(private=False)), ["HS256"])
        key = key_number(2) if self.foreign_key else self.key
        return jwt.encode(header, claims, key, [self.algorithm])


def _grant(idp: Idp) -> type[AuthorizationCodeGrant]:
    class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]  # noqa: RUF012

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            idp.codes[code] = Code(
                code, asked["redirect_uri"], asked["scope"], asked.get("nonce", ""), asked["code_challenge"],
                asked["code_challenge_method"], idp.subject,
            )  # fmt: skip

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            return idp.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            idp.codes.pop(authorization_code.code, None)

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.subject

    return Grant


def _tokens(idp: Idp) -> OpenIDCode:
    class Tokens(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return any(code.nonce == nonce for code in idp.codes.values())

        def encode_id_token(self, token: Any, request: Any) -> str:
            return idp.token(request.authorization_code.nonce)

    return Tokens(require_nonce=True)
