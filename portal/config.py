"""Deployment settings: typed, from `PORTAL_*` variables, refused when half-configured."""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX = "PORTAL_"
TEST_PREFIX = "PORTAL_TEST_"
ROOT = Path(__file__).resolve().parent.parent


class ConfigError(Exception):
    """The deployment can't start like this; the message is one sentence that says what to change."""


def setting(doc: str, default: Any = "", *, secret: bool = False) -> Any:
    """A deployment setting: its one-line explanation, default, and whether `_FILE` may name a file that holds it."""
    return field(default=default, metadata={"doc": doc, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Config:
    """Where this deployment lives and what it talks to; what the community may tune is in `core.settings`."""

    env: str = setting("`production` or `development`", "development")
    secret_key: str = setting("signs cookies and links; required in production, at least 32 characters", secret=True)
    base_url: str = setting("the address people type, used in every mail", "http://localhost:8000")
    database_url: str = setting("SQLite or PostgreSQL; empty is a file in the data folder", secret=True)
    data_dir: str = setting("the folder for the database file, uploads and development mail", str(ROOT / "var"))
    redis_url: str = setting("optional: faster limits and worker wake-ups", secret=True)
    s3_url: str = setting("optional: `s3://bucket/prefix` for uploads instead of the data folder")
    s3_endpoint: str = setting("address of an S3-compatible store, when it is not AWS")
    s3_key: str = setting("access key of the store")
    s3_secret: str = setting("secret key of the store", secret=True)
    mail_url: str = setting("`smtp://user:password@host:587?tls=1`, `smtps://…` or `folder:`", "folder:", secret=True)
    mail_from: str = setting("sender of every mail", "portal@example.org")
    bounces_to: str = setting(
        "optional: `bounces@example.org`, a mailbox that takes `bounces+…@` too, for mail that comes back"
    )
    bounces_url: str = setting(
        "where its reports are read: `maildir:/folder` or `imaps://user:password@host/INBOX`", secret=True
    )
    oidc: str = setting(
        "sign-ins of other providers: a JSON list of `{key, name, issuer, client_id, client_secret}`, and `domain` if an"
        " employer's",
        secret=True,
    )
    dns_server: str = setting("optional: a name server to ask for the domains of addresses, `host` or `host:port`")
    trusted_hosts: str = setting("further host names to answer to, separated by commas")
    proxy_hops: int = setting("how many reverse proxies stand in front", 0)
    web_workers: int = setting("web processes", 2)
    web_threads: int = setting("threads in each web process", 8)
    port: int = setting("port that `portal serve` listens on", 8000)
    log_format: str = setting("`json` or `text`; empty: json in production")
    limits: str = setting("`on`, or `off` for load measurements only", "on")

    @property
    def is_production(self) -> bool:
        """Whether real people's data may live here."""
        return self.env == "production"

    @property
    def sqlalchemy_url(self) -> str:
        """The database address with an explicit driver."""
        if not self.database_url:
            return f"sqlite:///{Path(self.data_dir).resolve() / 'portal.sqlite'}"
        for short in ("postgres://", "postgresql://"):
            if self.database_url.startswith(short):
                return "postgresql+psycopg://" + self.database_url.removeprefix(short)
        return self.database_url

    @property
    def providers(self) -> list[dict[str, str]]:
        """The sign-ins of other providers, as they were configured."""
        return json.loads(self.oidc) if self.oidc else []

    @property
    def hosts(self) -> list[str]:
        """Host names this deployment answers to."""
        own = urlsplit(self.base_url).hostname or "localhost"
        extra = [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]
        local = [] if self.is_production else ["localhost", "127.0.0.1"]
        return [own, *extra, *local]


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read the deployment settings, or raise `ConfigError` with one sentence that says what to change."""
    environ = os.environ if environ is None else environ
    known = {PREFIX + item.name.upper(): item for item in fields(Config)}
    allowed = set(known) | {name + "_FILE" for name, item in known.items() if item.metadata["secret"]}
    given = {name for name in environ if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX)}
    if unknown := sorted(given - allowed):
        raise ConfigError(f"There is no setting {unknown[0]}; `portal settings` lists those there are.")
    values = {item.name: value for name, item in known.items() if (value := _value(environ, name, item)) is not None}
    if "base_url" not in values and values.get("port"):
        values["base_url"] = f"http://localhost:{values['port']}"
    return check(Config(**values))


def _value(environ: Mapping[str, str], name: str, item: Any) -> Any:
    raw = environ.get(name)
    if item.metadata["secret"] and (path := environ.get(name + "_FILE")):
        if raw is not None:
            raise ConfigError(f"Set {name} or {name}_FILE, not both.")
        try:
            raw = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"{name}_FILE names {path}, which can't be read.") from error
    if raw is None or not isinstance(item.default, int):
        return raw
    if not raw.isdigit():
        raise ConfigError(f"{name} must be a whole number, not “{raw}”.")
    return int(raw)


def check(config: Config) -> Config:
    """The same settings, once they make sense together."""
    for rule in RULES:
        rule(config)
    return config if config.secret_key else _with_development_key(config)


def _known_words(config: Config) -> None:
    for name, words in CHOICES.items():
        if getattr(config, name) not in words:
            raise ConfigError(f"{PREFIX}{name.upper()} must be one of: {', '.join(filter(None, words))}.")


def _base_url(config: Config) -> None:
    parts = urlsplit(config.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ConfigError("PORTAL_BASE_URL must look like https://alumni.example.org, without a path.")
    if config.is_production and parts.scheme != "https":
        raise ConfigError("PORTAL_BASE_URL must begin with https:// in production.")


def _secret(config: Config) -> None:
    if config.is_production and len(config.secret_key) < 32:
        raise ConfigError("PORTAL_SECRET_KEY must be set in production, with 32 characters or more.")


def _database(config: Config) -> None:
    if not config.sqlalchemy_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("PORTAL_DATABASE_URL must begin with sqlite:/// or postgresql://.")


def _mail(config: Config) -> None:
    if not config.mail_url.startswith(("smtp://", "smtps://", "folder:")):
        raise ConfigError("PORTAL_MAIL_URL must begin with smtp://, smtps:// or folder:.")
    if config.is_production and config.mail_url.startswith("folder:"):
        raise ConfigError("PORTAL_MAIL_URL must name a mail server in production.")


def _bounces(config: Config) -> None:
    if config.bounces_url and not config.bounces_url.startswith(("maildir:/", "imaps://", "imap://")):
        raise ConfigError("PORTAL_BOUNCES_URL must begin with maildir:/, imaps:// or imap://.")
    if config.bounces_url and not config.bounces_to:
        raise ConfigError("PORTAL_BOUNCES_URL needs PORTAL_BOUNCES_TO, the address that the reports go to.")
    if config.bounces_to and not re.fullmatch(r"[\w.-]{1,30}@[\w.-]+", config.bounces_to, re.ASCII):
        raise ConfigError("PORTAL_BOUNCES_TO must be one plain address, like bounces@example.org.")


def _oidc(config: Config) -> None:
    try:
        found: Any = config.providers
        right = isinstance(found, list) and all(
            PROVIDER <= set(each) <= PROVIDER | {"domain"} and all(map(str, each.values())) for each in found
        )
        keys, issuers = {each["key"] for each in found}, {each["issuer"] for each in found}
    except (ValueError, TypeError, KeyError, AttributeError):
        right, keys, issuers, found = False, set(), set(), []
    if not right or len(keys) < len(found) or len(issuers) < len(found):
        raise ConfigError(
            "PORTAL_OIDC must be a JSON list of providers, each with its own key and issuer, and name, client_id, client_secret."
        )
    if not all(re.fullmatch(r"[a-z][a-z0-9-]{0,29}", key) for key in keys):
        raise ConfigError("In PORTAL_OIDC each key is short and plain, like google or our-idp.")
    if config.is_production and not all(issuer.startswith("https://") for issuer in issuers):
        raise ConfigError("In PORTAL_OIDC each issuer must begin with https:// in production.")


def _store(config: Config) -> None:
    if config.s3_url and not (config.s3_url.startswith("s3://") and config.s3_key and config.s3_secret):
        raise ConfigError("PORTAL_S3_URL must begin with s3:// and needs PORTAL_S3_KEY and PORTAL_S3_SECRET.")


def _limits(config: Config) -> None:
    if config.is_production and config.limits != "on":
        raise ConfigError("PORTAL_LIMITS can't be off in production.")


def _data_dir(config: Config) -> None:
    folder = Path(config.data_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise ConfigError(f"PORTAL_DATA_DIR is {folder}, where this process can't write.") from error


PROVIDER = {"key", "name", "issuer", "client_id", "client_secret"}
CHOICES = {"env": ("production", "development"), "log_format": ("", "json", "text"), "limits": ("on", "off")}
RULES: tuple[Callable[[Config], None], ...] = (
    _known_words, _base_url, _secret, _database, _mail, _bounces, _oidc, _store, _limits, _data_dir,
)  # fmt: skip


def _with_development_key(config: Config) -> Config:
    """Development only: a key kept beside the data, so that a restart signs nobody out."""
    path = Path(config.data_dir) / "development.key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    return Config(
        **{**{f.name: getattr(config, f.name) for f in fields(config)}, "secret_key": path.read_text().strip()}
    )


def table() -> str:
    """The settings as a Markdown table, for the README."""
    rows = ["| variable | default | what it is |", "| --- | --- | --- |"]
    for item in fields(Config):
        default = "" if item.name == "data_dir" else item.default
        extra = " (or `…_FILE`)" if item.metadata["secret"] else ""
        rows.append(
            f"| `{PREFIX}{item.name.upper()}` | {f'`{default}`' if default != '' else '–'} | {item.metadata['doc']}{extra} |"
        )
    return "\n".join(rows)
