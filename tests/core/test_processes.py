"""The processes of a deployment."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
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
web = processes.WebServer(config, "127.0.0.1", page)
web.cfg.set("post_fork", lambda _arbiter, _worker: time.sleep(float(sys.argv[4])))
sys.exit(processes.run_together(web.run, work, f"http://127.0.0.1:{config.port}", lambda ready: print(ready, flush=True)))
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


@contextmanager
def together(folder: Path, port: int, work: str, boots_for: float = 0) -> Iterator[subprocess.Popen[bytes]]:
    """A small `portal up` in a process of its own, each of whose web workers takes some seconds to boot."""
    command = [sys.executable, "-c", CODE, str(folder), str(port), work, str(boots_for)]
    environment = {**os.environ, "PYTHONPATH": str(small_app.ROOT)}
    hearing = _hear_interrupts  # no threads here yet, so this is safe before the new program begins
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=folder, preexec_fn=hearing) as process:  # noqa: PLW1509
        try:
            yield process
        finally:
            process.kill()


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
    with together(tmp_path, port, "die") as process:
        said, _ = process.communicate(timeout=30)
    assert (said, process.returncode) == (b"True\nFalse\n", 1)
    assert not processes.is_taken("127.0.0.1", port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_both(tmp_path: Path, port: int, number: signal.Signals) -> None:
    with together(tmp_path, port, "wait") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"True\n"
        assert urlopen(f"http://127.0.0.1:{port}/", timeout=5).read() == b"ok"
        assert _stopped_by(process, number) == 0
    until(lambda: not processes.is_taken("127.0.0.1", port))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_workers_that_are_still_booting(tmp_path: Path, port: int, number: signal.Signals) -> None:
    with together(tmp_path, port, "wait", boots_for=2) as process:
        until(lambda: processes.is_taken("127.0.0.1", port))
        time.sleep(0.5)
        assert _stopped_by(process, number) == 0
    until(lambda: not processes.is_taken("127.0.0.1", port))


def _stopped_by(process: subprocess.Popen[bytes], number: signal.Signals) -> int:
    began = time.monotonic()
    process.send_signal(number)
    code = process.wait(timeout=20)
    assert time.monotonic() - began < 10
    return code
