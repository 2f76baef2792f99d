"""One file with everything: the database as of one moment, the uploads, and checksums over all of it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import secrets
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from flask import current_app

from portal.core import clock, memory
from portal.core.database_copy import BackupError, dump, load, revision, tables
from portal.core.db import db, unit_of_work
from portal.core.files import LocalStorage, storage

MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
FORMAT = 1
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; `checksums` are SHA-256 by name."""

    version: str
    revision: str
    made_at: str
    engine: str
    uploads: str
    checksums: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Carried:
    """What survives a restore, because forgetting it would bring back what people had erased."""

    name: str
    read: Callable[[], Any]
    write: Callable[[Any], None]


_carried: list[Carried] = []


def carry_over(name: str, read: Callable[[], Any], write: Callable[[Any], None]) -> None:
    """Register facts that are read before a restore and applied after it: erasures, suppressed addresses."""
    _carried.append(Carried(name, read, write))


def backup(target: Path) -> Manifest:
    """Write a backup of the running portal; the file appears whole or not at all, readable by its owner alone."""
    half = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
            copy = dump(Path(folder) / DATABASE)
            handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as raw:
                manifest = _write(raw, copy)
                raw.flush()
                os.fsync(raw.fileno())
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
    return manifest


def _write(raw: BinaryIO, copy: Path) -> Manifest:
    local = storage()
    uploads = "here" if isinstance(local, LocalStorage) else "in the object store, which keeps its own copies"
    manifest = Manifest(_version(), revision(), clock.now().isoformat(), db.engine.dialect.name, uploads)
    with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
        manifest.checksums[DATABASE] = _add(archive, copy, DATABASE)
        if isinstance(local, LocalStorage):
            for path in _uploads(local.root):
                name = f"{FILES}/{path.relative_to(local.root).as_posix()}"
                manifest.checksums[name] = _add(archive, path, name)
        body = json.dumps(asdict(manifest), indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mtime = len(body), int(clock.now().timestamp())
        archive.addfile(entry, BytesIO(body))
    return manifest


def _uploads(root: Path) -> Iterator[Path]:
    """Uploads that are complete, in order; those being written begin with a dot."""
    return (path for path in sorted(root.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    with path.open("rb") as file:
        entry = archive.gettarinfo(arcname=name, fileobj=file)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        reader = _Hashing(file)
        archive.addfile(entry, reader)
        return reader.digest.hexdigest()


class _Hashing:
    """A file that is hashed as it is read, or written."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.file.write(data)


def restore(source: Path, *, force: bool = False) -> Manifest:
    """Put a backup in place of what is there; without `force` only where there is nothing. Stop the portal first."""
    if not force and not _is_empty():
        raise BackupError("There is data here already. Use --force to replace it by the backup.")
    root = Path(current_app.config["PORTAL"].data_dir)
    with tempfile.TemporaryDirectory(dir=root, prefix=".restore-") as folder:
        manifest = unpack(source, Path(folder))
        if manifest.engine != db.engine.dialect.name:
            raise BackupError(f"This is a backup of {manifest.engine}; PORTAL_DATABASE_URL names another database.")
        kept = _read_carried() if not _is_empty() else {}
        load(Path(folder) / DATABASE)
        _replace_uploads(Path(folder) / FILES)
    memory.forget()
    _write_carried(kept)
    return manifest


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack a backup into a folder and verify each file; nothing outside the folder is touched."""
    found: dict[str, str] = {}
    try:
        with tarfile.open(source, "r:gz") as archive:
            for entry in archive:
                found[entry.name] = _extract(archive, entry, folder)
        manifest = Manifest(**json.loads((folder / MANIFEST).read_bytes()))
    except (OSError, tarfile.TarError, EOFError, ValueError, TypeError) as error:
        raise BackupError(f"{source} is no complete backup: {error}") from error
    found.pop(MANIFEST)
    if manifest.format != FORMAT:
        raise BackupError("This backup was made by a newer version; use that version to restore it.")
    if found != manifest.checksums:
        names = found.keys() | manifest.checksums.keys()
        damaged = min(name for name in names if found.get(name) != manifest.checksums.get(name))
        raise BackupError(f"The backup is damaged: {damaged} is not what was saved. Use another one.")
    return manifest


def _extract(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> str:
    parts = PurePosixPath(entry.name).parts
    known = entry.name in (MANIFEST, DATABASE) or (parts[:1] == (FILES,) and len(parts) > 1)
    if not entry.isreg() or not known or ".." in parts or entry.name != "/".join(parts):
        raise BackupError(f"“{entry.name}” has no place in a backup.")
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = archive.extractfile(entry)
    if data is None:
        raise BackupError(f"“{entry.name}” can't be read.")
    with data, path.open("xb") as file:
        writer = _Hashing(file)
        shutil.copyfileobj(data, writer, BLOCK)
    return writer.digest.hexdigest()


def _version() -> str:
    """The installed version of this program."""
    names = importlib.metadata.packages_distributions().get("portal", [])
    return importlib.metadata.version(names[0]) if names else "unreleased"


def _is_empty() -> bool:
    """Whether neither tables nor uploads are there."""
    local = storage()
    has_uploads = isinstance(local, LocalStorage) and any(_uploads(local.root))
    return not has_uploads and not tables()


def _replace_uploads(unpacked: Path) -> None:
    local = storage()
    if not isinstance(local, LocalStorage):
        return
    unpacked.mkdir(exist_ok=True)
    with _put_aside(local.root):
        unpacked.replace(local.root)


@contextmanager
def _put_aside(folder: Path) -> Iterator[None]:
    """Take a folder out of the way; it comes back when what follows fails, and goes when it succeeds."""
    old = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    if folder.exists():
        folder.rename(old)
    try:
        yield
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _read_carried() -> dict[str, Any]:
    return {carried.name: carried.read() for carried in _carried}


def _write_carried(kept: dict[str, Any]) -> None:
    for carried in _carried:
        if carried.name in kept:
            with unit_of_work():
                carried.write(kept[carried.name])
