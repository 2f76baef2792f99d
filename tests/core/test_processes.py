"""The processes of a deployment."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from portal.config import Config
from portal.core import processes
from tests.core import small_app
from tests.core.conftest import until

CODE = """
import sys, time
from portal.config import Config
from portal.core import processes
from tests.core.test_processes import page
config = Config(data_dir=sys.argv[1], port=int(sys.argv[2]), web_workers=2, web_threads=2)
work = {"wait": lambda: time.sleep(60), "die": lambda: time.sleep(2)}[sys.argv[3]]
web = processes.WebServer(config, "127.0.0.1", page).run
sys.exit(processes.run_together(web, work, f"http://127.0.0.1:{config.port}", lambda ready: print(ready, flush=True)))
"""


def page(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """A web application of one page."""
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def together(folder: Path, port: int, work: str) -> subprocess.Popen[bytes]:
    """A small `portal up` in a process of its own."""
    command = [sys.executable, "-c", CODE, str(folder), str(port), work]
    environment = {**os.environ, "PYTHONPATH": str(small_app.ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=folder, preexec_fn=_hear_interrupts)  # noqa: PLW1509 - no threads here yet


def _hear_interrupts() -> None:
    """A test run in the background of a shell inherits that SIGINT is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_the_web_server_has_threads_and_no_control_socket(tmp_path: Path, port: int) -> None:
    config = Config(data_dir=str(tmp_path), port=port, web_workers=3, web_threads=5)
    told = processes.WebServer(config, "127.0.0.1", page).cfg
    assert (told.workers, told.threads, told.worker_class_str) == (3, 5, "gthread")
    assert told.control_socket_disable is True


def test_a_taken_port_is_noticed(port: int) -> None:
    assert not processes.is_taken("127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)):
        assert processes.is_taken("127.0.0.1", port)


def test_both_are_stopped_when_one_of_them_stops(tmp_path: Path, port: int) -> None:
    process = together(tmp_path, port, "die")
    said, _ = process.communicate(timeout=30)
    assert (said, process.returncode) == (b"True\nFalse\n", 1)
    assert not processes.is_taken("127.0.0.1", port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_both(tmp_path: Path, port: int, number: signal.Signals) -> None:
    process = together(tmp_path, port, "wait")
    assert process.stdout is not None
    assert process.stdout.readline() == b"True\n"
    assert urlopen(f"http://127.0.0.1:{port}/", timeout=5).read() == b"ok"
    process.send_signal(number)
    began = time.monotonic()
    assert process.wait(timeout=20) == 0
    assert time.monotonic() - began < 10
    until(lambda: not processes.is_taken("127.0.0.1", port))
    process.stdout.close()
