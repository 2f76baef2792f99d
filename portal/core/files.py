"""Uploaded files, in a folder of the data directory or in an S3-compatible store: five verbs, the same for both."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol
from urllib.parse import urlsplit

from flask import current_app

from portal.core.errors import Missing

if TYPE_CHECKING:
    from portal.config import Config

STORAGE = "portal-storage"
FOLDER = "files"
KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)*(?:/[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)*)*")
LONGEST_KEY = 200
LINK_LIVES = timedelta(minutes=10)
BLOCK = 1 << 20


class Storage(Protocol):
    """Where files lie, by key: "photos/abc234.webp"."""

    def put(self, key: str, data: bytes | BinaryIO, content_type: str = "application/octet-stream") -> None:
        """Keep the bytes under the key, whole or not at all; what was there is replaced."""

    def open(self, key: str) -> BinaryIO:
        """The bytes, or `Missing`."""

    def url(self, key: str) -> str | None:
        """An address that works for some minutes; None when the portal itself must send the file."""

    def delete(self, key: str) -> None:
        """Take it away; nothing happens if it isn't there."""

    def exists(self, key: str) -> bool:
        """Whether it is there."""


def storage() -> Storage:
    """Where this deployment keeps files."""
    found: Storage | None = current_app.extensions.get(STORAGE)
    if found is None:
        found = current_app.extensions[STORAGE] = configured(current_app.config["PORTAL"])
    return found


def configured(config: Config) -> Storage:
    """The store that the deployment settings name."""
    return S3Storage(config) if config.s3_url else LocalStorage(Path(config.data_dir) / FOLDER)


def checked(key: str) -> str:
    """The key, when it is one: small letters, digits, - _ . and / between names; never what people called a file."""
    if len(key) > LONGEST_KEY or not KEY.fullmatch(key):
        raise ValueError(f"“{key}” is no key for a file.")
    return key


class LocalStorage:
    """A folder; files are spread over 256 folders so that none grows too large."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: str) -> Path:
        """Where a key's file lies."""
        return self.root / hashlib.sha256(checked(key).encode()).hexdigest()[:2] / key

    def put(self, key: str, data: bytes | BinaryIO, content_type: str = "application/octet-stream") -> None:
        """Write beside the place, bring it to the disk, then move it there in one step."""
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with half.open("xb") as file:
                source = BytesIO(data) if isinstance(data, bytes) else data
                while block := source.read(BLOCK):
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def open(self, key: str) -> BinaryIO:
        """The file, open for reading."""
        try:
            return self.path(key).open("rb")
        except FileNotFoundError:
            raise Missing("That file is not here any more.") from None

    def url(self, key: str) -> str | None:
        """Nobody else serves this folder."""
        checked(key)
        return None

    def delete(self, key: str) -> None:
        """Take the file away."""
        self.path(key).unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        """Whether there is such a file."""
        return self.path(key).is_file()


def _sync_folder(folder: Path) -> None:
    """The name of a new file is as durable as its bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class S3Storage:
    """A bucket of any S3-compatible store, through obstore (the extra `s3`)."""

    def __init__(self, config: Config) -> None:
        import obstore
        from obstore.store import S3Store

        place = urlsplit(config.s3_url)
        options: dict[str, Any] = {"endpoint": config.s3_endpoint} if config.s3_endpoint else {}
        plain = config.s3_endpoint.startswith("http:")
        self._verbs: Any = obstore
        self._store: Any = S3Store(
            place.netloc,
            prefix=place.path.strip("/") or None,
            access_key_id=config.s3_key,
            secret_access_key=config.s3_secret,
            region="us-east-1",
            client_options={"timeout": "30s", "connect_timeout": "2s", "allow_http": plain},
            **options,
        )

    def put(self, key: str, data: bytes | BinaryIO, content_type: str = "application/octet-stream") -> None:
        """Send the bytes; the store shows them once they are complete."""
        self._verbs.put(self._store, checked(key), data, attributes={"Content-Type": content_type})

    def open(self, key: str) -> BinaryIO:
        """The bytes, in memory."""
        try:
            return BytesIO(bytes(self._verbs.get(self._store, checked(key)).bytes()))
        except FileNotFoundError:
            raise Missing("That file is not here any more.") from None

    def url(self, key: str) -> str | None:
        """A signed address at the store."""
        return str(self._verbs.sign(self._store, "GET", checked(key), LINK_LIVES))

    def delete(self, key: str) -> None:
        """Take the object away."""
        try:
            self._verbs.delete(self._store, checked(key))
        except FileNotFoundError:
            return

    def exists(self, key: str) -> bool:
        """Whether there is such an object."""
        try:
            self._verbs.head(self._store, checked(key))
        except FileNotFoundError:
            return False
        return True
