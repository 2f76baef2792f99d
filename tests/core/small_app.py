"""An application with core's parts alone, for tests and for the worker processes that tests start and kill."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import portal.app
from portal.config import Config
from portal.core import db as database
from portal.core import error_pages, jinja, jobs, limits, logs, mail, outbox, settings
from portal.core.application import Portal
from portal.core.settings import Setting

ROOT = Path(__file__).resolve().parents[2]
BRAND = {
    "brand_name": "Test House", "host_name": "Tests", "brand_accent": "#0e5a63", "postal_address": "1 Test Way",
    "contact_address": "",
}  # fmt: skip


def make(data_dir: Path | str, database_url: str = "", **given: Any) -> Portal:
    """The application over a database; its deployment settings as `Config` knows them."""
    Path(data_dir).mkdir(parents=True, exist_ok=True)
    config = Config(secret_key="only for tests " * 3, data_dir=str(data_dir), database_url=database_url, **given)
    app = Portal("portal", root_path=str(ROOT), template_folder="templates", static_folder=None)
    portal.app._configure(app, config)
    logs.configure("json")
    assert outbox.deliver  # a worker must know this job
    known = {item.key for item in settings.registry()}
    settings.register(*(Setting(key, value, key, "Brand") for key, value in BRAND.items() if key not in known))
    for part in (database, error_pages, jinja, mail, limits, jobs):
        part.init(app)
    return app


def work(environment: dict[str, str] | None = None) -> None:
    """A worker process over the database of the environment, with the jobs of tests/core/sample_jobs.py."""
    from tests.core import sample_jobs

    os.environ.update(environment or {})
    given = {"redis_url": os.environ.get("TEST_REDIS", ""), "mail_url": os.environ.get("TEST_MAIL", "folder:")}
    app = make(os.environ["TEST_DATA"], os.environ.get("TEST_DATABASE", ""), **given)
    app.config["JOB_LEASE_SECONDS"] = float(os.environ.get("TEST_LEASE", "1.5"))
    sample_jobs.announce(f"worker {os.getpid()} ready")
    jobs.run_worker(app, poll=0.1, threads=int(os.environ.get("TEST_THREADS", "1")))


if __name__ == "__main__":
    sys.exit(work())
