"""One file with everything, and back."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core import backup as backups
from portal.core.backup import backup, carry_over, restore
from portal.core.database_copy import BackupError
from portal.core.db import db, unit_of_work
from portal.core.files import LocalStorage, storage
from portal.core.search import SearchIndex
from tests.core import small_app
from tests.core.sample_jobs import THINGS, make_thing

METADATA = sa.MetaData()
INDEX = SearchIndex("saved_thing", typos=True, metadata=METADATA)


@pytest.fixture(autouse=True)
def _nothing_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "_carried", [])


@pytest.fixture
def house(app: Flask) -> Iterator[Flask]:
    """A portal with a row, an index and an upload."""
    with db.engine.begin() as connection:
        INDEX.create(connection)
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num varchar(32))"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('abc123')"))
    with unit_of_work():
        make_thing("tea")
        INDEX.put(1, "tea")
    storage().put("photos/ada.webp", b"picture")
    yield app
    db.session.remove()
    with db.engine.begin() as connection:
        INDEX.drop(connection)
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))


def things() -> list[str]:
    with db.reading_engine.connect() as connection:
        return list(connection.execute(sa.select(THINGS.c.word).order_by(THINGS.c.id)).scalars())


def indexed(word: str) -> bool:
    found = db.session.execute(sa.select(sa.literal(1)).where(INDEX.matches(sa.literal(1), word))).first() is not None
    db.session.rollback()
    return found


def test_a_backup_brings_everything_back(house: Flask, tmp_path: Path) -> None:
    made = backup(tmp_path / "all.tar.gz")
    assert (made.revision, made.uploads, len(made.checksums)) == ("abc123", "here", 2)
    with unit_of_work():
        make_thing("coffee")
        INDEX.put(1, "coffee")
    storage().put("photos/ben.webp", b"newer")
    storage().delete("photos/ada.webp")
    restored = restore(tmp_path / "all.tar.gz", force=True)
    assert restored == made
    assert things() == ["tea"]
    assert (indexed("tea"), indexed("coffee")) == (True, False)
    with storage().open("photos/ada.webp") as file:
        assert file.read() == b"picture"
    assert not storage().exists("photos/ben.webp")
    with unit_of_work():
        make_thing("and on it goes")
    assert things() == ["tea", "and on it goes"]


def test_a_fresh_place_takes_a_backup_without_force(house: Flask, tmp_path: Path, own_database: str) -> None:
    backup(tmp_path / "all.tar.gz")
    if own_database:
        with db.engine.begin() as connection:
            for name in sa.inspect(connection).get_table_names():
                connection.execute(sa.text(f'DROP TABLE "{name}" CASCADE'))
    fresh = small_app.make(tmp_path / "fresh", own_database)
    with fresh.app_context():
        restore(tmp_path / "all.tar.gz")
        assert things() == ["tea"]
        assert storage().exists("photos/ada.webp")
        db.session.remove()
        db.engine.dispose()


def test_data_is_never_replaced_by_accident(house: Flask, tmp_path: Path) -> None:
    backup(tmp_path / "all.tar.gz")
    with pytest.raises(BackupError, match="Use --force"):
        restore(tmp_path / "all.tar.gz")


def test_a_backup_is_for_its_owner_alone_and_appears_whole(house: Flask, tmp_path: Path, monkeypatch: Any) -> None:
    backup(tmp_path / "all.tar.gz")
    assert (tmp_path / "all.tar.gz").stat().st_mode & 0o777 == 0o600
    before = (tmp_path / "all.tar.gz").read_bytes()
    monkeypatch.setattr(backups, "_add", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        backup(tmp_path / "all.tar.gz")
    assert (tmp_path / "all.tar.gz").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "all" in path.name or path.name.startswith("tmp")] == [
        "all.tar.gz"
    ]


def test_a_backup_taken_while_people_write_is_of_one_moment(house: Flask, tmp_path: Path) -> None:
    stop, app = threading.Event(), house

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                with unit_of_work():
                    make_thing("pair")
                    make_thing("pair")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            backup(tmp_path / f"{number}.tar.gz")
    finally:
        stop.set()
        writer.join()
    for number in range(4):
        restore(tmp_path / f"{number}.tar.gz", force=True)
        assert things().count("pair") % 2 == 0


def test_what_people_had_erased_stays_erased(house: Flask, tmp_path: Path) -> None:
    backup(tmp_path / "all.tar.gz")
    erased = ["tea"]
    carry_over(
        "erasures",
        lambda: list(erased),
        lambda words: db.session.execute(sa.delete(THINGS).where(THINGS.c.word.in_(words))),
    )
    restore(tmp_path / "all.tar.gz", force=True)
    assert things() == []


def rewritten(
    source: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes] | None], extra: Any = None
) -> Path:
    """The same backup with its members changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for entry in old:
            data = old.extractfile(entry)
            assert data is not None
            changed = change(entry.name, data.read())
            if changed is not None:
                entry.name, entry.size = changed[0], len(changed[1])
                new.addfile(entry, io.BytesIO(changed[1]))
        if extra is not None:
            new.addfile(extra, io.BytesIO(b"x" * extra.size))
    return target


class TestDamage:
    """What must never be restored."""

    @pytest.fixture
    def good(self, house: Flask, tmp_path: Path) -> Path:
        """A good backup."""
        backup(tmp_path / "good.tar.gz")
        return tmp_path / "good.tar.gz"

    def refused(self, bad: Path) -> str:
        with pytest.raises(BackupError) as error:
            restore(bad, force=True)
        assert things() == ["tea"], "nothing was touched"
        assert storage().exists("photos/ada.webp")
        return str(error.value)

    def test_a_changed_byte(self, good: Path, tmp_path: Path) -> None:
        bad = rewritten(good, tmp_path / "bad.tar.gz", lambda name, data: (name, data.replace(b"picture", b"pictuRe")))
        assert "is not what was saved" in self.refused(bad)

    def test_a_missing_file(self, good: Path, tmp_path: Path) -> None:
        bad = rewritten(good, tmp_path / "bad.tar.gz", lambda name, data: None if "ada" in name else (name, data))
        assert "is not what was saved" in self.refused(bad)

    def test_a_file_too_many(self, good: Path, tmp_path: Path) -> None:
        extra = tarfile.TarInfo("files/zz/eve.webp")
        extra.size = 5
        assert "is not what was saved" in self.refused(rewritten(good, tmp_path / "bad.tar.gz", lambda *x: x, extra))

    @pytest.mark.parametrize(
        "name", ["../evil", "/etc/evil", "files/../../evil", "evil", "files", "files//x", "./database"]
    )
    def test_a_name_that_leads_elsewhere(self, good: Path, tmp_path: Path, name: str) -> None:
        bad = rewritten(good, tmp_path / "bad.tar.gz", lambda *x: x, tarfile.TarInfo(name))
        assert "has no place in a backup" in self.refused(bad)

    @pytest.mark.parametrize(
        "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE]
    )
    def test_anything_but_a_file(self, good: Path, tmp_path: Path, kind: bytes) -> None:
        extra = tarfile.TarInfo("files/aa/link")
        extra.type, extra.linkname = kind, "/etc/passwd"
        assert "has no place in a backup" in self.refused(rewritten(good, tmp_path / "bad.tar.gz", lambda *x: x, extra))

    def test_a_file_cut_short(self, good: Path, tmp_path: Path) -> None:
        (tmp_path / "bad.tar.gz").write_bytes(good.read_bytes()[:-200])
        assert "is no complete backup" in self.refused(tmp_path / "bad.tar.gz")

    def test_something_else(self, good: Path, tmp_path: Path) -> None:
        (tmp_path / "bad.tar.gz").write_bytes(gzip.compress(b"hello"))
        assert "is no complete backup" in self.refused(tmp_path / "bad.tar.gz")

    def test_a_newer_format_or_another_database(self, good: Path, tmp_path: Path) -> None:
        def change(key: str, value: object) -> Callable[[str, bytes], tuple[str, bytes]]:
            return lambda name, data: (
                name,
                json.dumps({**json.loads(data), key: value}).encode() if name == "manifest.json" else data,
            )

        newer = rewritten(good, tmp_path / "newer.tar.gz", change("format", 2))
        assert "newer version" in self.refused(newer)
        assert "names another database" in self.refused(
            rewritten(good, tmp_path / "other.tar.gz", change("engine", "oracle"))
        )

    def test_if_the_uploads_cannot_be_put_in_place_the_old_ones_stay(self, good: Path, monkeypatch: Any) -> None:
        def fail(self: Path, target: Path) -> Path:
            raise OSError("disk full") if target.name == "files" and self.name == "files" else OSError("other")

        local = storage()
        assert isinstance(local, LocalStorage)
        with pytest.raises(OSError, match="disk full"), backups._put_aside(local.root):
            raise OSError("disk full")
        assert storage().exists("photos/ada.webp")


def test_missing_programs_are_named(house: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name != "postgresql":
        return
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BackupError, match="pg_dump is not installed here"):
        backup(tmp_path / "all.tar.gz")


def test_a_password_is_never_on_a_command_line(house: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if db.engine.dialect.name != "postgresql":
        return
    seen: list[Any] = []
    real = subprocess.run

    def run(command: list[str], **options: Any) -> Any:
        seen.append((command, options["env"].get("PGPASSWORD")))
        return real(command, **options)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(db.engine, "url", db.engine.url.set(password="hush"))
    backup(tmp_path / "all.tar.gz")
    assert seen[0][1] == "hush"
    assert "hush" not in " ".join(seen[0][0])


def test_a_process_killed_in_the_middle_leaves_the_last_backup(house: Flask, tmp_path: Path, own_database: str) -> None:
    backup(tmp_path / "all.tar.gz")
    before = (tmp_path / "all.tar.gz").read_bytes()
    code = (
        "import os, sys; from pathlib import Path; from portal.core import backup as b\n"
        "from tests.core import small_app\n"
        "b._add = lambda *a: os.kill(os.getpid(), 9)\n"
        "with small_app.make(sys.argv[1], sys.argv[2]).app_context(): b.backup(Path(sys.argv[1]) / 'all.tar.gz')"
    )
    command = [sys.executable, "-c", code, str(tmp_path), own_database]
    assert subprocess.run(command, check=False, cwd=small_app.ROOT).returncode == -9
    assert (tmp_path / "all.tar.gz").read_bytes() == before
