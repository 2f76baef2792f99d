"""Where uploaded files lie: the same five verbs on a folder and on a real S3 protocol."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests

from portal.config import Config
from portal.core.errors import Missing
from portal.core.files import LocalStorage, S3Storage, Storage, configured


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    """An S3 server on this machine."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    requests.put(f"{address}/uploads", timeout=10)
    yield address
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each kind of store."""
    given: dict[str, Any] = {"data_dir": str(tmp_path)}
    if request.param == "s3":
        address = request.getfixturevalue("s3_address")
        given |= {"s3_url": "s3://uploads/portal", "s3_endpoint": address, "s3_key": "key", "s3_secret": "secret"}
    return configured(Config(**given))


def test_the_settings_choose_the_store(store: Storage, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    assert isinstance(store, S3Storage if "s3" in request.node.callspec.id else LocalStorage)


def test_what_is_put_can_be_read_replaced_and_deleted(store: Storage) -> None:
    store.put("photos/abc.webp", b"one", "image/webp")
    assert store.exists("photos/abc.webp")
    with store.open("photos/abc.webp") as file:
        assert file.read() == b"one"
    store.put("photos/abc.webp", BytesIO(b"two" * 1_000_000))
    with store.open("photos/abc.webp") as file:
        assert file.read() == b"two" * 1_000_000
    store.delete("photos/abc.webp")
    store.delete("photos/abc.webp")
    assert not store.exists("photos/abc.webp")


def test_what_is_not_there_is_missing(store: Storage) -> None:
    with pytest.raises(Missing):
        store.open("photos/none.webp")
    assert not store.exists("photos/none.webp")


BAD = (
    "",
    "/etc/passwd",
    "../x",
    "a/../../x",
    "a//b",
    "a/.hidden",
    "a/..",
    "A.webp",
    "a b",
    "a\0b",
    "a\\b",
    "x" * 201,
    "ä",
)


@pytest.mark.parametrize("key", BAD)
def test_no_key_leads_out_of_the_store(store: Storage, key: str) -> None:
    for verb in (store.open, store.exists, store.delete, store.url, lambda bad: store.put(bad, b"x")):
        with pytest.raises(ValueError, match="is no key for a file"):
            verb(key)


def test_a_store_gives_a_signed_address_and_a_folder_none(store: Storage) -> None:
    store.put("notes/a.txt", b"hello", "text/plain")
    address = store.url("notes/a.txt")
    if isinstance(store, LocalStorage):
        assert address is None
    else:
        assert address is not None
        answer = requests.get(address, timeout=10)
        assert (answer.text, answer.headers["Content-Type"]) == ("hello", "text/plain")


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("the line broke")
            return super().read(5)

    store = LocalStorage(tmp_path)
    store.put("a/b.txt", b"old")
    with pytest.raises(OSError, match="the line broke"):
        store.put("a/b.txt", Broken(b"newer and longer"))
    with store.open("a/b.txt") as file:
        assert file.read() == b"old"
    assert [name for _, _, names in os.walk(tmp_path) for name in names] == ["b.txt"]


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    store = LocalStorage(tmp_path)
    store.put("a/b.txt", b"0" * 100_000)
    seen: set[bytes] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            with store.open("a/b.txt") as file:
                data = file.read()
            seen.add(data[:1] + data[-1:] + str(len(data)).encode())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(20):
        store.put("a/b.txt", str(number % 10).encode() * 100_000)
    done.set()
    reader.join()
    assert all(mark[:1] == mark[1:2] and mark.endswith(b"100000") for mark in seen)


def test_files_are_spread_over_folders(tmp_path: Path) -> None:
    store = LocalStorage(tmp_path)
    for number in range(200):
        store.put(f"photos/{number}.webp", b"x")
    assert len(list(tmp_path.iterdir())) > 100
