"""Is this deployment well? Each check answers with nothing, or with one line that says what to do."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select, text

from portal.core import clock, jobs, mail, outbox
from portal.core.db import db, is_sqlite
from portal.core.files import storage
from portal.core.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Iterator

Check = Callable[[], str | None]
LONG_WAIT = timedelta(minutes=15)
SKEW = timedelta(minutes=2)
LITTLE_SPACE = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: `todo` is empty when all is well; a hint is no problem yet."""

    name: str
    todo: str
    is_hint: bool = False

    @property
    def is_problem(self) -> bool:
        """Whether somebody must act."""
        return bool(self.todo) and not self.is_hint


@dataclass(frozen=True, slots=True)
class _Registered:
    name: str
    check: Check
    hint: bool


_checks: list[_Registered] = []


def health_check(name: str, *, hint: bool = False) -> Callable[[Check], Check]:
    """Register a check of the deployment; it answers None, or one line that says what to do."""

    def register(check: Check) -> Check:
        _checks.append(_Registered(name, check, hint))
        return check

    return register


def examine() -> Iterator[Finding]:
    """What each check finds; when the database is away, nothing that needs it is asked."""
    for registered in _checks:
        finding = _found(registered)
        yield finding
        if registered.check is database and finding.is_problem:
            return


def _found(registered: _Registered) -> Finding:
    try:
        todo = registered.check() or ""
    except Exception as error:  # noqa: BLE001 - a check that breaks is itself a finding
        todo = f"This could not be checked: {type(error).__name__}: {error}".splitlines()[0][:300]
    db.session.rollback()
    return Finding(registered.name, todo, registered.hint)


def _config() -> Any:
    return current_app.config["PORTAL"]


@health_check("Settings")
def deployment() -> str | None:
    """A real site must not run with development's settings."""
    if not _config().is_production and _config().base_url.startswith("https:"):
        return "This looks like a real site: set PORTAL_ENV=production."
    return None


@health_check("Disk")
def disk() -> str | None:
    """Writes need room."""
    free = shutil.disk_usage(_config().data_dir).free
    if free < LITTLE_SPACE:
        return f"Only {free // 1024 // 1024} MB are free below {_config().data_dir}: make room."
    return None


@health_check("Storage")
def uploads() -> str | None:
    """A file can be written, read and taken away."""
    key, probe = f"doctor/{secrets.token_hex(8)}.txt", secrets.token_bytes(16)
    storage().put(key, probe)
    with storage().open(key) as file:
        same = file.read() == probe
    storage().delete(key)
    return None if same else "The store returned something else than it was given: check PORTAL_S3_URL."


@health_check("Mail")
def mail_server() -> str | None:
    """Mail can leave."""
    wrong = mail.transport().check()
    return f"The mail server can't be used ({wrong}): check PORTAL_MAIL_URL." if wrong else None


@health_check("Redis", hint=True)
def redis() -> str | None:
    """Redis answers, if there should be one."""
    if not _config().redis_url:
        return None
    from portal.core.redis_link import RedisLink

    link = RedisLink(_config().redis_url)
    answered = link.attempt(lambda client: client.ping())
    link.client.close()
    return None if answered else "Redis does not answer; all works without it, more slowly: check PORTAL_REDIS_URL."


@health_check("Proxy", hint=True)
def proxy() -> str | None:
    """Slow clients are kept off the workers by a buffering proxy."""
    if _config().is_production and not _config().proxy_hops:
        return "Put a buffering proxy such as nginx in front and set PORTAL_PROXY_HOPS."
    return None


@health_check("Database")
def database() -> str | None:
    """The database answers."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception as error:  # noqa: BLE001 - drivers have their own
        return f"The database does not answer ({type(error).__name__}): check PORTAL_DATABASE_URL."
    return None


@health_check("Migrations")
def migrations() -> str | None:
    """The tables are those of this version."""
    with db.reading_engine.connect() as connection:
        here = set(MigrationContext.configure(connection).get_current_heads())
    wanted = set(ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config()).get_heads())
    return None if here == wanted else "The database is not at this version's tables: run `portal db upgrade`."


@health_check("Clock")
def clock_sanity() -> str | None:
    """This machine's clock agrees with the database's, and has not been set back."""
    newest = db.session.execute(select(func.max(Job.created_at))).scalar()
    if newest is not None and newest > clock.now() + SKEW:
        return "The clock was set back: work was queued in the future. Set the machine's time (NTP)."
    if not is_sqlite():
        theirs = db.session.execute(select(func.now())).scalar_one()
        if abs(theirs - clock.now()) > SKEW:
            return "This machine's clock and the database's differ by minutes: set both by NTP."
    return None


@health_check("Worker")
def worker() -> str | None:
    """Work that is due is taken up."""
    waited = jobs.health().oldest_wait
    if waited > LONG_WAIT:
        return f"Work has been waiting for {int(waited.total_seconds() // 60)} minutes: is `portal worker` running?"
    return None


@health_check("Dead letters")
def dead_letters() -> str | None:
    """No work was given up unseen."""
    count = jobs.health().dead
    return f"{count} jobs were given up: look at them in the back office under Jobs." if count else None


@health_check("Outbox")
def mails() -> str | None:
    """Mail goes out, and what could not be sent has been looked at."""
    if late := late_mail():
        return late
    lost = outbox.counted("failed", "unknown")
    return f"{lost} mails failed or are unknown: look at them in the back office under Mail." if lost else None


def late_mail() -> str:
    """The alarm when mail has been waiting for a quarter of an hour."""
    waited = outbox.oldest_wait()
    if waited <= outbox.LATE:
        return ""
    minutes = int(waited.total_seconds() // 60)
    return f"Mail has been waiting for {minutes} minutes: is the mail server there, and `portal worker` running?"
