"""The factory: the only module that knows every feature; one request = one transaction."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import config as configuration
from portal.core import (
    assets,
    bounces,
    db,
    error_pages,
    fragments,
    headers,
    health,
    housekeeping,
    jinja,
    jobs,
    limits,
    logs,
    mail,
    memory,
    parts,
    settings,
    web,
)
from portal.core.application import Portal
from portal.core.db import UTCDateTime

if TYPE_CHECKING:
    from typing import Any

    from portal.config import Config
    from portal.core.parts import Feature

# Lowest layer first, so that what is wired later may build on what is there.
FEATURES = (
    "people", "organisations", "careers", "consents", "accounts", "notifications", "profiles", "directory", "boards",
    "messages", "news", "advocates", "asks", "referrals", "moderation", "imports", "digests", "programme", "rights",
    "leavers", "memorials", "watch", "home", "search", "admin", "demo",
)  # fmt: skip
RENEWED = 1800  # seconds that a connection to the database is kept


def create_app(config: Config | None = None) -> Portal:
    """Build the application for these deployment settings (by default the environment's)."""
    config = config or configuration.load()
    memory.forget()  # statements that are kept are one database's
    app = Portal("portal", root_path=str(configuration.ROOT), template_folder="templates", static_folder=None)
    _configure(app, config)
    logs.configure(config.log_format or ("json" if config.is_production else "text"))
    for part in (db, logs, headers, error_pages, jinja, assets, mail, limits, jobs, bounces, health, housekeeping):
        part.init(app)
    CSRFProtect(app)
    fragments.init(app)
    features = load_features()
    parts.wire(features)
    for feature in features:
        _add(app, feature)
    web.init(app)
    Migrate(app, db.db, directory=str(configuration.ROOT / "migrations"), render_as_batch=True, compare_type=True,
            render_item=_render_type, include_name=_ours)  # fmt: skip
    if config.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxy_hops, x_proto=config.proxy_hops)  # type: ignore[method-assign]
    return app


def load_features() -> list[Feature]:
    """Every feature as its `parts.py` declares it."""
    return [import_module(f"portal.{name}.parts").FEATURE for name in FEATURES]


def _configure(app: Portal, config: Config) -> None:
    secure = config.base_url.startswith("https:")
    app.config.update(
        PORTAL=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config),
        SESSION_COOKIE_NAME="__Host-portal" if secure else "portal",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=400 * 86_400,  # the row in the database decides how long a session lives
        MAX_CONTENT_LENGTH=9 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
        TRUSTED_HOSTS=config.hosts,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}


def _engine_options(config: Config) -> dict[str, Any]:
    if config.sqlalchemy_url.startswith("sqlite"):
        # Renewed, so that each process takes in what the worker counted (docs/decisions/0021).
        return {"connect_args": {"timeout": 15}, "pool_recycle": RENEWED}
    options = {
        "connect_timeout": 2,
        "options": "-c statement_timeout=20000 -c lock_timeout=10000 -c timezone=UTC -c jit=off",
    }
    return {
        "connect_args": options,
        "pool_size": config.web_threads,
        "max_overflow": 2,
        "pool_timeout": 15,
        "pool_recycle": RENEWED,
    }


def _add(app: Portal, feature: Feature) -> None:
    settings.register(*feature.settings)
    for blueprint in feature.blueprints:
        app.register_blueprint(blueprint)
    for command in feature.commands:
        app.cli.add_command(command)
    if feature.init:
        feature.init(app)


def _render_type(kind: str, thing: object, _context: Any) -> str | bool:
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(thing).__name__ == "PartialDateType":
        return "sa.String(length=10)"
    return False


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    return not (kind == "table" and name and "_fts" in name)
