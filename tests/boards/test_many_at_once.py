"""Many at once: no error, no gap, no double, counters equal a recount (M2, T1, T2); and kill -9 loses nothing."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sqlalchemy import func, select

from portal.boards.models import Board, Post, Topic
from portal.core.db import db
from tests.factories import open_session

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make

ROOT = Path(__file__).resolve().parents[2]
WRITERS = 50
THREADS = 16  # as the server has: two workers of eight; the others stand in its queue
KILLS, BETWEEN_KILLS, PATIENCE = 4, 12, 60


def numbers(topic_id: int) -> list[int]:
    db.session.rollback()
    found = list(db.session.scalars(select(Post.number).where(Post.topic_id == topic_id).order_by(Post.number)))
    db.session.rollback()
    return found


def recount(topic_id: int) -> None:
    """Counters equal a recount (T2)."""
    topic = db.session.execute(
        select(Topic).where(Topic.id == topic_id).execution_options(populate_existing=True)
    ).scalar_one()
    board = db.session.execute(
        select(Board).where(Board.id == topic.board_id).execution_options(populate_existing=True)
    ).scalar_one()
    posts = db.session.execute(select(func.count()).select_from(Post).where(Post.topic_id == topic_id)).scalar_one()
    assert (topic.last_number, topic.post_count, board.post_count) == (posts, posts, posts)
    db.session.rollback()


def test_fifty_writers_at_once_leave_no_gap(app: Portal, browse: Browser, make: Make, unlimited: None) -> None:
    """M2, T1, T2."""
    topic, members = make.topic(), [make.member() for _ in range(10)]
    pages = [browse.as_(members[n % 10]).open("boards.topic", public_id=topic.public_id) for n in range(WRITERS)]
    db.session.remove()

    def write(n: int) -> int:
        with app.app_context():
            return pages[n].insist("Reply", body=f"Number {n} of fifty.").status

    with ThreadPoolExecutor(THREADS) as pool:
        statuses = list(pool.map(lambda n: Context().run(write, n), range(WRITERS)))
    assert statuses == [200] * WRITERS
    assert numbers(topic.id) == list(range(1, WRITERS + 2))
    recount(topic.id)


def test_one_form_sent_by_ten_at_once_makes_one_post(app: Portal, browse: Browser, make: Make, unlimited: None) -> None:
    """T1: parallel twins wait for the first and get its answer."""
    topic, ada = make.topic(), make.member()
    page = browse.as_(ada).open("boards.topic", public_id=topic.public_id)
    values = page._values(page._form("Reply", {"body"})) | {"body": "Once only."}  # noqa: SLF001
    cookie = page.browser.client.get_cookie("portal")
    assert cookie is not None
    db.session.remove()

    def send(_n: int) -> int:
        client = app.test_client(use_cookies=False)
        headers = {"Cookie": f"portal={cookie.value}"}
        return client.post(
            f"/topics/{topic.public_id}/replies", data=values, headers=headers, buffered=True
        ).status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda n: Context().run(send, n), range(10)))
    assert set(statuses) == {302}
    assert numbers(topic.id) == [1, 2]


class Clients:
    """Members who go on writing, and note what was acknowledged."""

    def __init__(self, port: int, path: str, cookie: str, csrf: str) -> None:
        self.port, self.path, self.cookie, self.csrf = port, path, cookie, csrf
        self.acknowledged: list[str] = []
        self.until = 0.0
        self.lock = threading.Lock()

    def write(self, who: int) -> None:
        n = 0
        while time.monotonic() < self.until:
            n += 1
            words = f"client {who} says {n}"
            body = urlencode({"csrf_token": self.csrf, "once_key": f"k{who}x{n}", "body": words})
            for _ in range(3):  # the same key: a repeat after a broken connection makes no second post
                if self._send(body) and time.monotonic() < self.until + 5:
                    with self.lock:
                        self.acknowledged.append(words)
                    break

    def _send(self, body: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded", "Host": "localhost"}
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            response.read()
            return response.status == 302
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            return False
        finally:
            connection.close()


def test_kill_9_of_web_workers_loses_and_doubles_nothing(
    app: Portal, make: Make, database_url: str, data_dir: Path
) -> None:
    """T1: what was acknowledged is there, what was sent again is there once, numbers have no gap."""
    topic = make.topic()
    token = open_session(make.member())
    topic_id, path = topic.id, f"/topics/{topic.public_id}/replies"
    cookie, csrf = signed(app, token)
    db.session.remove()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = os.environ | {
        "PORTAL_SECRET_KEY": app.config["SECRET_KEY"], "PORTAL_DATABASE_URL": database_url, "PORTAL_DATA_DIR": str(data_dir),
        "PORTAL_LIMITS": "off", "PORTAL_LOG_FORMAT": "json",
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "wsgi:application",
        "-w",
        "2",
        "--threads",
        "4",
        "-k",
        "gthread",
        "--no-control-socket",
        "-b",
        f"127.0.0.1:{port}",
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        wait_for(port)
        clients = Clients(port, path, cookie, csrf)
        clients.until = time.monotonic() + PATIENCE
        threads = [threading.Thread(target=clients.write, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        kills = kill_workers(server.pid, clients)
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait(20)
    assert kills == KILLS
    check_nothing_lost(topic_id, clients.acknowledged)


def check_nothing_lost(topic_id: int, acknowledged: list[str]) -> None:
    bodies = list(db.session.scalars(select(Post.body).where(Post.topic_id == topic_id)))
    db.session.rollback()
    assert len(acknowledged) >= KILLS * BETWEEN_KILLS, "the load was too small to say anything"
    assert not set(acknowledged) - set(bodies), "acknowledged and lost"
    assert len(bodies) == len(set(bodies)), "doubled by a repeat"
    assert numbers(topic_id) == list(range(1, len(bodies) + 1))
    recount(topic_id)


def kill_workers(master: int, clients: Clients) -> int:
    """Kill a worker without warning after every few acknowledged posts; then let the clients come to an end."""
    kills = 0
    while kills < KILLS and time.monotonic() < clients.until:
        time.sleep(0.02)
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        if children and len(clients.acknowledged) >= BETWEEN_KILLS * (kills + 1):
            os.kill(int(children[0]), signal.SIGKILL)
            kills += 1
    clients.until = min(clients.until, time.monotonic() + 1)
    return kills


def wait_for(port: int) -> None:
    for _ in range(600):  # a minute: a busy machine boots slowly
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the server did not start")


def signed(app: Portal, token: str) -> tuple[str, str]:
    """The cookie and the CSRF token of a session."""
    from flask import session
    from flask_wtf.csrf import generate_csrf

    def make_both() -> tuple[str, str]:
        with app.test_request_context():
            session["_user_id"] = token
            csrf = generate_csrf()
            serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(dict(session))}", csrf

    return Context().run(make_both)
