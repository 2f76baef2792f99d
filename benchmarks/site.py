"""A database of our own, servers on loopback, and the CPU their processes used."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
WORKERS = 2


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """An empty database, dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite'}"
        return
    name = f"portal_bench_{secrets.token_hex(4)}"
    server = create_engine(os.environ["PORTAL_TEST_POSTGRES"], isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield server.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


class Server:
    """A gunicorn with two workers, as a child of ours."""

    def __init__(self, application: str, environ: dict[str, str]) -> None:
        self.port = _free_port()
        command = [
            sys.executable, "-m", "gunicorn", application, "--workers", str(WORKERS), "--threads", "4", "--worker-class", "gthread", "--no-control-socket",
            "--bind", f"127.0.0.1:{self.port}", "--log-level", "error",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environ, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
        self._wait()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()  # noqa: S310 - loopback
            except OSError as error:
                if getattr(error, "code", None) == 404:
                    return
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server did not start")

    def pids(self) -> list[int]:
        """The workers' process ids."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def stop(self) -> None:
        """End the server."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def postgres_pids(url: str) -> list[int]:
    """The server processes that work for this database."""
    if not url.startswith("postgresql"):
        return []
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [
            row[0]
            for row in connection.execute(
                text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            )
        ]
    engine.dispose()
    return found


def cpu_seconds(pids: list[int]) -> float:
    """The CPU that processes have used, user and system."""
    total = 0.0
    for pid in pids:
        try:
            schedule = Path(f"/proc/{pid}/schedstat").read_text().split()
            threads = Path(f"/proc/{pid}/task").iterdir()
            total += (
                sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9 if schedule else 0
            )
        except OSError:
            continue
    return total


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
