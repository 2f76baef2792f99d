"""The processes of a deployment: the web server, and both of them together for development."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from portal.core.db import db, unit_of_work

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

    from portal.config import Config

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeat files don't belong on a disk
PATIENCE = 20  # seconds for starting, and for stopping
FORK = multiprocessing.get_context("fork")
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
_first_starts: list[Callable[[], None]] = []
_sign_in_help: list[Callable[[], list[str]]] = []


def on_first_start(prepare: Callable[[], None]) -> Callable[[], None]:
    """Register what `portal up` does once the tables are there, such as filling an empty house."""
    _first_starts.append(prepare)
    return prepare


def sign_in_help(lines: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """Register what `portal up` tells about signing in."""
    _sign_in_help.append(lines)
    return lines


class _PunctualArbiter(Arbiter):
    """gunicorn's master, whose workers can be stopped from their first moment on.

    A fresh fork still has its master's handlers, which swallow the signal; the master then waits for it in vain. So the
    signals wait until the worker has handlers of its own.
    """

    def spawn_worker(self) -> int:
        """Fork one worker, as gunicorn does."""
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        try:
            return int(super().spawn_worker())
        finally:
            _hear_signals()


def _hear_signals(_worker: object = None) -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


class WebServer(BaseApplication):
    """gunicorn with threads: (worker processes) x (threads) requests at once, over an application built once."""

    def __init__(self, config: Config, host: str, application: Callable[..., Any]) -> None:
        self._config, self._host, self._application = config, host, application
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn is told."""
        options: dict[str, Any] = {
            "bind": f"{self._host}:{self._config.port}",
            "worker_class": "gthread",
            "workers": self._config.web_workers,
            "threads": self._config.web_threads,
            "timeout": 60,
            "graceful_timeout": 30,
            "keepalive": 5,
            "control_socket_disable": True,  # it would lie in a home folder, which a container may not have
            "post_fork": lambda _arbiter, _worker: _forget_connections(self._application),
            "post_worker_init": _hear_signals,
        }
        if SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK):
            options["worker_tmp_dir"] = str(SHARED_MEMORY)
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """The application, shared by all worker processes until they write to its memory."""
        return self._application

    def run(self) -> None:
        """Serve until a signal."""
        _PunctualArbiter(self).run()


def _forget_connections(application: Callable[..., Any]) -> None:
    """Two processes must never talk over one connection."""
    if isinstance(application, Flask):
        with application.app_context():
            db.engine.dispose(close=False)


def is_taken(host: str, port: int) -> bool:
    """Whether somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def prepare() -> list[str]:
    """Bring the tables to this version and do what a first start needs; answers how to sign in."""
    import flask_migrate

    flask_migrate.upgrade()
    for first in _first_starts:
        with unit_of_work():
            first()
    lines = [line for each in _sign_in_help for line in each()]
    db.session.remove()
    db.engine.dispose()
    return lines


def run_together(web: Callable[[], Any], work: Callable[[], Any], address: str, say: Callable[[bool], Any]) -> int:
    """Web server and worker as forks of this process, until a signal or until one stops by itself; the exit code.

    `say(True)` is called once the address answers, `say(False)` when one of them stopped.
    """
    # Forked, not started: what was imported and built here is not built again, and the start takes half the time.
    children = [FORK.Process(target=target) for target in (web, work)]
    for child in children:
        child.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    try:
        if _wait_for(f"{address}/healthz", children):
            say(True)
        while all(child.is_alive() for child in children):
            time.sleep(0.2)
        say(False)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(children)


def _wait_for(address: str, children: list[ForkProcess]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and all(child.is_alive() for child in children):
        with suppress(URLError, OSError), urlopen(address, timeout=2):  # noqa: S310 - our own address
            return True
        time.sleep(0.05)
    return False


def _stop(children: list[ForkProcess]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        child.join(PATIENCE)
        if child.is_alive():
            child.kill()
            child.join()
