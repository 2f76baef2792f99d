"""A file's rows are read once and kept: from then on the file itself is not needed any more."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import date
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Missing
from portal.core.files import storage
from portal.core.partial_dates import PartialDate
from portal.imports.batches import AT_ONCE, among, asked, in_parts, insert_all
from portal.imports.models import ImportedValue, ImportRow
from portal.imports.reading import Choices, inspect
from portal.imports.rows import as_json, boxes, has_key, row_digest, trimmed, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.imports.models import Import
    from portal.imports.reading import Source
    from portal.imports.records import Record

DAY = re.compile(r"(?<!\d)(20\d\d)(?:[-_.]?(0[1-9]|1[0-2])(?:[-_.]?([0-3]\d))?)?(?!\d)")
BLOCK = 1 << 20


def content_digest(path: Path) -> str:
    """What the bytes of a file are, in 64 hex digits."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def shape_of(layout: str, columns: list[str]) -> str:
    """What a header is, in 64 hex digits: files of one shape come from one place."""
    return hashlib.sha256("\x1f".join([layout, *columns]).encode()).hexdigest()


def day_in(name: str) -> date:
    """The day that a file's name tells, at the latest; today when it tells none."""
    today = clock.today()
    for found in DAY.finditer(name):
        try:
            text = "-".join(part for part in found.groups() if part)
            return min(PartialDate.parse(text).last, today)
        except ValueError:
            continue
    return today


class Copied:
    """A kept file as a path to read from, for as long as the block lasts."""

    def __init__(self, imported: Import) -> None:
        self.key, self.name = imported.file_key, imported.name
        self._folder = TemporaryDirectory()

    def __enter__(self) -> Path:
        path = Path(self._folder.name) / "file"
        with storage().open(self.key) as source, path.open("wb") as target:
            copyfileobj(source, target, BLOCK)
        return path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def look(imported: Import, choices: Choices | None = None) -> Source:
    """What a kept file is, as it is to be read, or under other choices."""
    with Copied(imported) as path:
        return inspect(path, imported.name, choices or Choices.from_dict(imported.choices))


def keep_rows(imported: Import, records: list[Record]) -> int:
    """Keep some more rows with what names their people; how many of them have a key."""
    prepared = [trimmed(record) for record in records]
    digests = _numbered(imported, [_digest(imported, record) for record in prepared])
    insert_all(ImportRow, [
        {"import_id": imported.id, "number": record.row, "applied": False, "outcome": "", "why": "", "digest": digest,
         "seen_on": (record.seen_on or imported.as_of.isoformat())[:10], "record": as_json(record)}
        for record, digest in zip(prepared, digests, strict=True)
    ])  # fmt: skip
    ids: dict[int, int] = {}
    for part in in_parts(record.row for record in prepared):
        made = select(ImportRow.number, ImportRow.id)
        ids |= dict(asked(made.where(ImportRow.import_id == imported.id, among(ImportRow.number, part))))
    insert_all(ImportedValue, [
        {"row_id": ids[record.row], "kind": kind, "system": system, "value": value}
        for record, digest in zip(prepared, digests, strict=True)
        for kind, system, value in [*values(record, [box.norm for box in boxes(record)]), ("row", "", digest)]
    ])  # fmt: skip
    return sum(has_key(record) for record in prepared)


def forget_rows(imported: Import) -> None:
    """The rows that were kept, but not applied, go."""
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == imported.id, ImportRow.applied.is_(False)))


def forget_file(imported: Import) -> None:
    """The file is not needed any more."""
    if imported.file_key:
        try:
            storage().delete(imported.file_key)
        except Missing:
            return


def _digest(imported: Import, record: Record) -> str:
    """One row of one sort of file; a name and nothing else is known again in the very same file only (R17)."""
    place = imported.shape if has_key(record) or record.stints else imported.digest
    return hashlib.sha256(f"{place}:{row_digest(record)}".encode()).hexdigest()[:40]


def _numbered(imported: Import, digests: list[str]) -> list[str]:
    """Rows that say the same are counted: the second one may be somebody else."""
    seen = _counted(imported, digests)
    numbered = []
    for stem in digests:
        seen[stem] += 1
        numbered.append(f"{stem}#{seen[stem]}")
    return numbered


def _counted(imported: Import, digests: list[str]) -> Counter[str]:
    """How often the file's earlier rows said the same; only what was said twice may have been said more often."""
    seen: Counter[str] = Counter()
    stems, first, size = list(dict.fromkeys(digests)), 1, 2
    # Found by value: by import, all rows that were kept so far would be read for each batch.
    said = select(ImportedValue.value).join(ImportRow, ImportRow.id == ImportedValue.row_id)
    said = said.where(ImportRow.import_id == imported.id, ImportedValue.kind == "row")
    while stems:
        for part in in_parts(stems, max(1, AT_ONCE // size)):
            marks = [f"{stem}#{number}" for stem in part for number in range(first, first + size)]
            seen.update(row.value.partition("#")[0] for row in asked(said.where(among(ImportedValue.value, marks))))
        first += size
        stems = [stem for stem in stems if seen[stem] == first - 1]
        size = min(size * 4, AT_ONCE)
    return seen


def batches_of(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    """The records in lists; the file is read before anything is asked of the database."""
    from itertools import islice

    while batch := list(islice(records, size)):
        yield batch
