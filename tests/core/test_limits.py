"""How often is too often."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask, current_app, request, session

from portal.core import clock, limits, settings
from portal.core.application import begin, reads_first
from portal.core.db import db, unit_of_work
from portal.core.errors import TooMany
from portal.core.limit_storage import DatabaseStorage, MemoryStorage, RateHit, SharedStorage, clean
from portal.core.limits import MINUTE, Rate, hit, limited
from tests.core import small_app

limits.register(
    Rate("tests_few", 3, MINUTE, "Teas"),
    Rate("tests_here", 3, MINUTE, "Teas in memory", in_memory=True),
    Rate("tests_strict", 3, MINUTE, "Important teas", strict=True),
    Rate("tests_growing", 5, 15 * MINUTE, "Patient teas", waits=(0, 0, 5, 15, 60)),
)


def refused(name: str, key: str = "ada") -> int:
    """The seconds to wait, or 0 when it is allowed."""
    try:
        counted(name, key)
    except TooMany as error:
        return error.retry_after
    return 0


def counted(name: str, key: str = "ada") -> None:
    """Hit, as a request does before it writes."""
    with current_app.test_request_context("/"):
        hit(name, key)


class TestCounting:
    """One key, one window."""

    @pytest.mark.parametrize("name", ["tests_few", "tests_here"])
    def test_so_many_in_a_window_and_then_no_more_until_it_ends(self, app: Flask, name: str) -> None:
        with time_machine.travel(clock.now(), tick=False) as travel:
            assert [refused(name) for _ in range(3)] == [0, 0, 0]
            travel.shift(20)
            assert refused(name) == 40
            travel.shift(41)
            assert refused(name) == 0

    def test_keys_are_apart(self, app: Flask) -> None:
        for _ in range(3):
            counted("tests_few", "ada")
        assert refused("tests_few", "ben") == 0

    def test_the_sentence_says_how_long_to_wait(self, app: Flask) -> None:
        for _ in range(3):
            counted("tests_few", "ada")
        with pytest.raises(TooMany, match=r"Please wait (1 minute|\d\d seconds) and try again\."):
            counted("tests_few", "ada")

    def test_waits_grow_with_each_try_and_never_lock_for_good(self, app: Flask) -> None:
        with time_machine.travel(clock.now(), tick=False) as travel:
            assert [refused("tests_growing"), refused("tests_growing"), refused("tests_growing")] == [0, 0, 0]
            assert refused("tests_growing") == 5
            travel.shift(5)
            assert [refused("tests_growing"), refused("tests_growing")] == [0, 15]
            travel.shift(15)
            assert [refused("tests_growing"), refused("tests_growing")] == [0, 60]
            travel.shift(60)
            assert 800 < refused("tests_growing") <= 900
            travel.shift(820)
            assert refused("tests_growing") == 0

    def test_many_tries_are_a_handful(self, app: Flask) -> None:
        with time_machine.travel(clock.now(), tick=False) as travel:
            allowed = 0
            for _ in range(200):
                allowed += refused("sign_in_address") == 0
                travel.shift(10)
        assert allowed <= 15

    def test_success_begins_anew(self, app: Flask) -> None:
        for _ in range(3):
            counted("tests_growing", "ada")
        with unit_of_work():
            limits.forget("tests_growing", "ada")
        assert refused("tests_growing") == 0

    def test_a_clock_set_back_locks_nobody_out(self, app: Flask) -> None:
        with time_machine.travel(clock.now(), tick=False) as travel:
            for _ in range(3):
                counted("tests_few", "ada")
                counted("tests_here", "ada")
            travel.shift(-86_400)
            assert [refused("tests_few"), refused("tests_here")] == [0, 0]

    def test_the_setting_decides(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "changed", lambda: {"rate_tests_few": 1})
        assert [refused("tests_few"), refused("tests_few") > 0] == [0, True]

    def test_neither_addresses_nor_tokens_are_stored(self, app: Flask) -> None:
        counted("tests_few", "ada@example.org")
        with db.reading_engine.connect() as connection:
            assert "ada" not in connection.execute(sa.select(RateHit.key)).scalar_one()

    def test_windows_that_are_over_are_forgotten(self, app: Flask) -> None:
        counted("tests_few", "ada")
        with unit_of_work():
            clean()
        with time_machine.travel(time.time() + 120):
            with unit_of_work():
                clean()
            with db.reading_engine.connect() as connection:
                assert connection.execute(sa.select(RateHit.key)).all() == []

    def test_they_can_be_switched_off_for_measurements(self, app: Flask, tmp_path: Any) -> None:
        made = small_app.make(tmp_path, limits="off")
        with made.app_context():
            assert [refused("tests_few") for _ in range(10)] == [0] * 10

    def test_memory_does_not_grow_for_ever(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.core.limit_storage.MEMORY_KEYS", 100)
        storage = MemoryStorage()
        for number in range(1000):
            storage.incr(str(number), 60)
        assert len(storage._windows) <= 100

    def test_many_threads_are_counted_exactly(self, app: Flask) -> None:
        answers: list[int] = []

        def many() -> None:
            with app.app_context():
                answers.extend(refused("tests_few") for _ in range(5))

        threads = [threading.Thread(target=many) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers.count(0) == 3

    def test_a_count_waits_for_no_disk_but_everything_after_it_does(self, app: Flask) -> None:
        ask = "PRAGMA synchronous" if db.engine.dialect.name == "sqlite" else "SHOW synchronous_commit"
        with current_app.test_request_context("/"):
            before = db.session.execute(sa.text(ask)).scalar()
            hit("tests_few", "ada")
            assert db.session.execute(sa.text(ask)).scalar() == before
        assert before in (2, "on")

    def test_two_processes_share_one_count(self, app: Flask, own_database: str, tmp_path: Any) -> None:
        code = (
            "import sys; from tests.core import small_app, test_limits as t\n"
            "app = small_app.make(sys.argv[1], sys.argv[2])\n"
            "with app.app_context(): print(sum(t.refused('sign_in_ip', 'x') == 0 for _ in range(10)))"
        )
        command = [sys.executable, "-c", code, str(tmp_path), own_database]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=small_app.ROOT) for _ in range(2)]
        assert sum(int(process.communicate()[0]) for process in running) == 6


class TestTrouble:
    """When nothing can be counted."""

    @pytest.fixture
    def broken(self, app: Flask) -> None:
        """The table is gone."""
        with db.engine.begin() as connection:
            RateHit.__table__.drop(connection)  # type: ignore[attr-defined]

    def test_strict_rates_refuse_and_the_others_let_through(self, app: Flask, broken: None) -> None:
        assert refused("tests_few") == 0
        assert refused("tests_strict") == 30

    def test_a_hit_inside_a_write_transaction_is_a_mistake(self, app: Flask) -> None:
        if db.engine.dialect.name != "sqlite":
            return
        db.session.execute(sa.select(1))
        with pytest.raises(RuntimeError, match="before the transaction"):
            hit("tests_few", "ada")


REDIS = "redis://127.0.0.1:6379/9"


class TestRedis:
    """Counts in Redis when there is one."""

    @pytest.fixture
    def redis(self) -> Iterator[Any]:
        """An empty real Redis."""
        client = pytest.importorskip("redis").Redis.from_url(REDIS)
        try:
            client.flushdb()
        except Exception:  # noqa: BLE001
            pytest.skip("no Redis answers")
        yield client
        client.flushdb()
        client.close()

    @pytest.mark.redis
    def test_counts_are_kept_there(self, app: Flask, redis: Any) -> None:
        storage = SharedStorage(REDIS, DatabaseStorage())
        assert [storage.incr("ada", 60) for _ in range(3)] == [1, 2, 3]
        assert storage.get("ada") == 3
        assert 50 < storage.get_expiry("ada") - time.time() <= 61
        assert DatabaseStorage().get("ada") == 0
        storage.clear("ada")
        assert storage.incr("ada", 60) == 1
        storage._link.client.close()

    def test_without_it_the_database_counts_and_nobody_waits_twice(self, app: Flask) -> None:
        storage = SharedStorage("redis://127.0.0.1:1/0", DatabaseStorage())
        assert [storage.incr("ada", 60) for _ in range(3)] == [1, 2, 3]
        assert storage.get("ada") == DatabaseStorage().get("ada") == 3
        began = time.monotonic()
        for _ in range(20):
            storage.incr("ben", 60)
        assert time.monotonic() - began < 2


class TestRequests:
    """What the web counts before a view begins."""

    @pytest.fixture
    def client(self, app: Flask) -> Any:
        """A browser on a few pages."""
        app.add_url_rule("/read", view_func=lambda: "read", endpoint="read")
        app.add_url_rule("/find", view_func=limited("tests_few")(lambda: "found"), endpoint="find")

        @limited("tests_strict", key=lambda: request.form.get("address", ""))
        @limited("tests_growing")
        def form() -> str:
            return "form"

        app.add_url_rule("/form", view_func=form, methods=["GET", "POST"])

        @reads_first
        def careful() -> str:
            hit("tests_few", request.form["address"])
            begin()
            limits.forget("tests_few", request.form["address"])
            return "ok"

        app.add_url_rule("/careful", view_func=careful, methods=["POST"])
        enter = lambda token: session.update(_user_id=token) or ""  # noqa: E731
        app.add_url_rule("/enter/<token>", view_func=enter, endpoint="enter")
        db.session.remove()
        return app.test_client()

    def statuses(self, ask: Any, number: int) -> list[int]:
        return [ask().status_code for _ in range(number)]

    def test_a_visitor_reads_120_pages_a_minute(self, client: Any) -> None:
        found = self.statuses(lambda: client.get("/read", headers={"Accept": "application/json"}), 121)
        assert found == [200] * 120 + [429]

    def test_a_member_reads_more_and_is_counted_apart(self, client: Any) -> None:
        client.get("/enter/abc")
        assert set(self.statuses(lambda: client.get("/read"), 250)) == {200}

    def test_what_is_refused_says_when_to_come_back(self, client: Any) -> None:
        self.statuses(lambda: client.get("/find"), 3)
        answer = client.get("/find", headers={"Accept": "application/json"})
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert "Please wait" in answer.json["title"]

    def test_showing_a_form_does_not_count_as_sending_it(self, client: Any) -> None:
        json = {"Accept": "application/json"}
        assert set(self.statuses(lambda: client.get("/form"), 10)) == {200}
        sent = self.statuses(lambda: client.post("/form", data={"address": "a"}, headers=json), 4)
        assert sent == [200, 200, 200, 429]

    def test_a_view_that_reads_first_may_count_and_forget(self, client: Any) -> None:
        assert self.statuses(lambda: client.post("/careful", data={"address": "a"}), 10) == [200] * 10

    def test_changes_are_counted_for_all_processes(self, client: Any, app: Flask) -> None:
        client.post("/form", data={"address": "a"})
        with db.reading_engine.connect() as connection:
            assert len(connection.execute(sa.select(RateHit.key)).all()) == 3

    @pytest.mark.parametrize(
        ("address", "place"),
        [
            ("203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("", "nowhere"),
        ],
    )
    def test_a_caller_is_an_address_or_a_network(self, app: Flask, address: str, place: str) -> None:
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            assert limits.caller() == (place, False)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (40, "40 seconds"), (60, "1 minute"), (61, "2 minutes"), (7200, "2 hours"), (86_400, "1 day")],
)
def test_times_in_words(seconds: int, words: str) -> None:
    assert limits.in_words(seconds) == words
