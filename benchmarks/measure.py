"""Asks for pages, eight at once, and counts time, size, statements and CPU."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import cycle
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import flask_migrate
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy import event, select

from benchmarks import coworkers, favours, newsroom, referrals, seed, site
from portal.app import create_app
from portal.boards.models import Board, Topic
from portal.config import Config
from portal.core.db import db
from portal.core.pages import encode_cursor
from portal.news.models import NewsItem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AT_ONCE = 8
WARM_UP = 1.0  # seconds: every thread of the two workers, and its connection to the database, has seen a page before it is measured


@dataclass(frozen=True)
class Page:
    """What is asked for, and how many times the bare view it may cost."""

    name: str
    url: str
    bar: float
    form: dict[str, str] | None = None
    cookie: str = ""  # of somebody else than the member who asks for most pages
    cookies: tuple[str, ...] = ()  # of many, one after the other: nothing is remembered for any of them


@dataclass(frozen=True)
class Figures:
    """What one page cost."""

    page: Page
    per_second: float
    p50: float
    p95: float
    size: int
    statements: int | None
    server: float  # CPU ms a request
    database: float
    ratio: float
    least: float
    most: float


def run(
    url: str, folder: Path, *, scale: float, seconds: float, rounds: int, community: str = "house"
) -> list[Figures]:
    """Seed one of the communities, start both servers, measure the bare view and every page, in rounds.

    Of each page the round in the middle counts: a machine's speed changes within minutes, and not for all pages alike.
    """
    config = Config(secret_key="bench " * 8, database_url=url, data_dir=str(folder), limits="off", log_format="json")
    app = create_app(config)
    began = time.monotonic()
    with app.app_context():
        pages, cookie = COMMUNITIES[community](app, scale)
        db.session.rollback()
        statements = {page.name: _statements(app, cookie, page) for page in pages}
        db.session.remove()
        db.engine.dispose()
    print(f"seeded in {time.monotonic() - began:.0f} s", flush=True)
    environ = {
        "PORTAL_SECRET_KEY": config.secret_key, "PORTAL_DATABASE_URL": url, "PORTAL_DATA_DIR": str(folder), "PORTAL_LIMITS": "off",
        "PORTAL_LOG_FORMAT": "json",
    }  # fmt: skip
    bare, portal = site.Server("benchmarks.bare:application", {}), site.Server("wsgi:application", environ)
    try:
        bares, costs = [_bare(bare, seconds)], defaultdict(list)
        for page in pages * rounds:
            cost = _measure(portal, page, cookie, seconds, url=url)
            bares.append(_bare(bare, seconds))
            costs[page.name].append((_ratio(cost, *bares[-2:]), cost))
        middle = sorted(bares, key=lambda cost: cost[6])[len(bares) // 2]
        return [Figures(*middle, 1.0, 1.0, 1.0), *(_middle(costs[page.name], statements[page.name]) for page in pages)]
    finally:
        bare.stop()
        portal.stop()


def _fill(app: Any, scale: float) -> tuple[list[Page], str]:
    """Fill the house; what is asked for, and the member's cookie."""
    flask_migrate.upgrade()
    token = seed.fill(scale)
    newsroom.fill()
    manager, managing = favours.fill(scale), referrals.fill(scale)
    seed.analyze()
    pages, cookie = _pages(app, token)
    pages += _programme_pages(_cookie(app, manager)[0])
    return pages + referrals.pages(Page, _cookie(app, managing)[0]), cookie


def _fill_coworkers(app: Any, scale: float) -> tuple[list[Page], str]:
    """Many people with long careers, and nothing else."""
    flask_migrate.upgrade()
    cookies = [_cookie(app, token)[0] for token in coworkers.fill(scale)]
    return list(coworkers.pages(Page, cookies)), cookies[0]


COMMUNITIES = {"house": _fill, "coworkers": _fill_coworkers}


def _pages(app: Any, token: str) -> tuple[list[Page], str]:
    long_topic = db.session.execute(select(Topic).where(Topic.id == 1)).scalar_one()
    board = db.session.execute(select(Board).where(Board.id == 1)).scalar_one()
    last = -(-long_topic.last_number // 20)
    cookie, csrf = _cookie(app, token)
    deep = _deep_cursor(board.id)
    base, list_ = f"/topics/{long_topic.public_id}/{long_topic.slug}", f"/boards/{board.public_id}/{board.slug}"
    other = db.session.execute(select(Topic).where(Topic.id == 2)).scalar_one()
    newest = db.session.execute(select(NewsItem).order_by(NewsItem.id.desc()).limit(1)).scalar_one()
    return [
        Page("topic, first page of 5,000 posts", base, 12),
        Page("topic, last page", f"{base}?page={last}", 12),
        Page("topic list", list_, 12),
        Page("topic list, 500 pages deep", f"{list_}?after={deep}", 12),
        Page("home", "/", 15),
        Page("board index", "/boards", 15),
        Page("news", "/news", 15),
        Page("news item with 60 comments", f"/news/{newest.public_id}/{newest.slug}", 15),
        Page("people", "/people", 15),
        Page("people search", "/people?q=kowalsk", 15),
        Page("rare-word search", f"/search?q={seed.RARE}&tab=posts", 20),
        Page("common-word search", "/search?q=crane&tab=posts", 20),
        Page(
            "reply",
            f"/topics/{other.public_id}/replies",
            25,
            {"csrf_token": csrf, "body": "A short **reply** with a [link](https://example.org)."},
        ),
    ], cookie


def _programme_pages(cookie: str) -> list[Page]:
    """The advocates of a large programme, as their manager sees them."""
    base = "/programme/advocates"
    return [
        Page("advocates", base, 15, cookie=cookie),
        Page("advocates who are green for a call", f"{base}?act=reference_call&light=green", 15, cookie=cookie),
        Page("advocates who are paused", f"{base}?light=paused", 15, cookie=cookie),
    ]


def _cookie(app: Any, token: str) -> tuple[str, str]:
    """A signed-in browser's cookie, and its CSRF token."""
    with (
        app.app_context(),
        app.test_request_context(),
    ):  # a context of its own, or a second browser would get no CSRF secret
        from flask import session

        session["_user_id"] = token
        csrf = generate_csrf()
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(dict(session))}", csrf  # type: ignore[union-attr]


def _deep_cursor(board_id: int) -> str:
    """The cursor that leads 500 pages deep (or two thirds down a smaller list)."""
    order = (Topic.last_posted_at, Topic.id)
    query = select(*order).where(Topic.board_id == board_id).order_by(*[column.desc() for column in order])
    rows = db.session.execute(query).all()
    return encode_cursor(rows[min(500 * 20, len(rows) * 2 // 3)])


def _statements(app: Any, cookie: str, page: Page) -> int | None:
    """How many statements a page needs, once the process has warmed up."""
    if page.form:
        return None
    client = app.test_client(use_cookies=False)
    count = 0

    def counted(*_args: Any) -> None:
        nonlocal count
        count += 1

    from contextvars import Context

    for turn in range(3):
        if turn == 2:
            event.listen(db.engine, "before_cursor_execute", counted)
        response = Context().run(client.get, page.url, headers={"Cookie": page.cookie or cookie})
        assert response.status_code == 200, f"{page.url}: {response.status_code}"
    event.remove(db.engine, "before_cursor_execute", counted)
    return count


def _ratio(cost: tuple[Any, ...], before: tuple[Any, ...], after: tuple[Any, ...]) -> float:
    """What a page costs beside the bare views around it."""
    return float((cost[6] + cost[7]) / ((before[6] + after[6]) / 2))


def _middle(costs: list[tuple[float, tuple[Any, ...]]], statements: int | None) -> Figures:
    ordered = sorted(costs, key=lambda each: each[0])
    ratio, cost = ordered[len(ordered) // 2]
    return Figures(*cost[:5], statements, *cost[6:], ratio, ordered[0][0], ordered[-1][0])


def _bare(server: site.Server, seconds: float) -> tuple[Any, ...]:
    """What one word costs now: a machine's speed changes within minutes, so it is measured before and after each page."""
    return _measure(server, Page("bare view", "/", 1), "", seconds / 2, url="")


def _measure(server: site.Server, page: Page, cookie: str, seconds: float, *, url: str) -> tuple[Any, ...]:
    """Requests a second, p50, p95, size, and CPU ms of the server and the database a request."""
    _ask_at_once(server.port, replace(page, cookies=()), cookie, time.monotonic() + WARM_UP)
    databases = site.postgres_pids(url) if url else []
    pids = server.pids()
    before, before_database = site.cpu_seconds(pids), site.cpu_seconds(databases)
    began = time.monotonic()
    times, sizes = _ask_at_once(server.port, page, cookie, began + seconds)
    took = time.monotonic() - began
    cpu = (site.cpu_seconds(pids) - before) / len(times) * 1000
    cpu_database = (site.cpu_seconds(databases) - before_database) / len(times) * 1000
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return page, len(times) / took, statistics.median(times) * 1000, p95 * 1000, max(sizes), None, cpu, cpu_database


def _ask_at_once(port: int, page: Page, cookie: str, until: float) -> tuple[list[float], list[int]]:
    """Seconds and bytes of every answer, asked for over several connections (a connection stays with its worker)."""
    times: list[float] = []
    sizes: list[int] = []
    cookies = cycle(page.cookies or [page.cookie or cookie])
    threads = [threading.Thread(target=_ask, args=(port, page, cookies, until, times, sizes)) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, sizes


def _ask(port: int, page: Page, cookies: Iterator[str], until: float, times: list[float], sizes: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Accept": "text/html"}
    while time.monotonic() < until:
        headers["Cookie"] = next(cookies)
        began = time.perf_counter()
        if page.form:
            body = urlencode(page.form)
            connection.request("POST", page.url, body, headers | {"Content-Type": "application/x-www-form-urlencoded"})
        else:
            connection.request("GET", page.url, headers=headers)
        response = connection.getresponse()
        content = response.read()
        times.append(time.perf_counter() - began)
        sizes.append(len(content))
        if response.status >= 400:
            raise RuntimeError(f"{page.url} answers {response.status}")
    connection.close()
