"""`python -m benchmarks.mail`: how many mails a second one worker hands to a mail server on this machine."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import site
from portal.app import create_app
from portal.config import Config
from portal.core import mail, outbox
from portal.core.db import db, unit_of_work

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
SECRET = "bench " * 8


def main() -> None:
    """Measure on SQLite and, when PORTAL_TEST_POSTGRES names a server, on PostgreSQL."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail", description=__doc__)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    known = ["sqlite"] + (["postgresql"] if os.environ.get("PORTAL_TEST_POSTGRES") else [])
    for database in options.database or known:
        with tempfile.TemporaryDirectory() as folder, site.database(database, Path(folder)) as url:
            print(f"{database}: {measure(url, Path(folder), options.mails)}", flush=True)


def measure(url: str, folder: Path, count: int) -> str:
    """Post so many mails, let one worker send them, and count by the server's own list."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app = create_app(Config(secret_key=SECRET, database_url=url, data_dir=str(folder), log_format="json"))
    with app.app_context():
        db.create_all()
        posted = _post(count)
        db.session.remove()
        db.engine.dispose()
    ledger = folder / "arrived"
    ledger.touch()
    environment = os.environ | {
        "PORTAL_SECRET_KEY": SECRET, "PORTAL_DATABASE_URL": url, "PORTAL_DATA_DIR": str(folder), "PORTAL_LOG_FORMAT": "json",
        "PORTAL_MAIL_URL": f"smtp://127.0.0.1:{port}",
    }  # fmt: skip
    server = subprocess.Popen([sys.executable, "-m", "tests.core.mail_server", str(port), str(ledger)], cwd=ROOT)
    time.sleep(1)
    command = [sys.executable, "-c", "from portal.core.cli import main; main()", "worker"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        rate, spent = _watch(ledger, count, lambda: (site.cpu_seconds([worker.pid]), _of_database(url)))
    finally:
        for process in (worker, server):
            process.send_signal(signal.SIGKILL)
            process.wait()
    each = " + ".join(f"{1000 * seconds:.1f}" for seconds in spent)
    return (
        f"{posted:.0f} mails/s into the outbox, {rate:.0f} mails/s out of it by one worker; "
        f"ms of CPU a mail, worker + database: {each}"
    )


def _of_database(url: str) -> float:
    return site.cpu_seconds(site.postgres_pids(url))


def _post(count: int) -> float:
    began = time.monotonic()
    with unit_of_work():
        for number in range(count):
            headers = mail.bulk_headers(list_name="news", off_url=f"http://localhost/off/{number}", thread="news:1")
            text = "Tea is ready. " * 40
            outbox.post_mail("bench.news", f"n{number}@example.org", "News", text, f"<p>{text}</p>", headers=headers)
    return count / (time.monotonic() - began)


def _watch(ledger: Path, count: int, used: Callable[[], tuple[float, ...]]) -> tuple[float, list[float]]:
    """Between the hundredth mail and the last: the rate, and the CPU that each mail used."""
    began, first, before = 0.0, 0, used()
    while (arrived := ledger.read_bytes().count(b"\n")) < count:
        if arrived >= 100 and not began:
            began, first, before = time.monotonic(), arrived, used()
        time.sleep(0.02)
    done = count - first
    return done / (time.monotonic() - began), [
        (after - start) / done for after, start in zip(used(), before, strict=True)
    ]


if __name__ == "__main__":
    main()
