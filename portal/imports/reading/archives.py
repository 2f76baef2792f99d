"""The guard before an .xlsx is unpacked: nothing of it is trusted, and what is kept is written anew.

The spreadsheet reader never sees the archive itself, only a copy of the few parts it needs, whose true sizes were
counted while they were copied. So it does not matter how it would have understood a forged table of contents.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

from portal.imports.reading.limits import (
    LARGEST_ARCHIVE,
    LARGEST_INDEX,
    LARGEST_RATIO,
    LARGEST_UNPACKED,
    MEBIBYTE,
    MOST_PARTS,
    RATIO_COUNTS_FROM,
)
from portal.imports.reading.source import BadFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

END = b"PK\x05\x06"
LARGER_END = b"PK\x06\x07"  # of archives over 4 GB
NEEDED = re.compile(
    r"(\[Content_Types\]\.xml|_rels/\.rels|xl/(_rels/)?[^/]+\.(xml|rels)|xl/worksheets/[^/]+\.xml)", re.I
)
BROKEN = "This Excel file is damaged. Open it in a spreadsheet program and save it once more."
NO_EXCEL = "This is an archive, not an Excel file. Unpack it and choose the file in it."
BOMB = "This file would become too large when it is unpacked, so it was not opened. Save it as CSV and choose that."
LOCKED = "This file has a password. Save it without one."


def copy_needed(path: Path, copy: Path, look: Callable[[str, bytes], None]) -> None:
    """Write the parts that a spreadsheet reader needs into a new archive; `look` sees every piece of them."""
    _check_index(path)
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(copy, "w") as safe:
            parts = archive.infolist()
            _check_parts(parts)
            left = LARGEST_UNPACKED
            for part in parts:
                if NEEDED.fullmatch(part.filename):
                    with safe.open(zipfile.ZipInfo(part.filename), "w", force_zip64=True) as out:
                        left -= _copy(archive, part, out, left, look)
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, NotImplementedError):
        raise BadFile(BROKEN) from None
    except (RuntimeError, UnicodeError):  # what zipfile says to passwords and to names that are no text
        raise BadFile(LOCKED) from None


def _check_index(path: Path) -> None:
    """Refuse a table of contents that would fill the memory by itself."""
    size = path.stat().st_size
    if size > LARGEST_ARCHIVE:
        raise BadFile(BOMB)
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < 22:
        raise BadFile(BROKEN)
    (index_size,) = struct.unpack_from("<L", tail, at + 12)
    if index_size > LARGEST_INDEX or LARGER_END in tail[max(0, at - 20) : at]:
        raise BadFile(BOMB)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.casefold() for part in parts]
    if len(names) > MOST_PARTS:
        raise BadFile(BOMB)
    if len(set(names)) < len(names) or any(_leads_out(name) for name in names):
        raise BadFile(BROKEN)
    if "xl/workbook.xml" not in names:
        raise BadFile(NO_EXCEL)
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile(LOCKED)
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise BadFile(BROKEN)
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or any(map(_is_packed_too_tightly, parts)):
        raise BadFile(BOMB)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _is_packed_too_tightly(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_COUNTS_FROM and part.file_size > LARGEST_RATIO * part.compress_size


def _copy(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, out: IO[bytes], left: int, look: Callable[[str, bytes], None]
) -> int:
    """Copy one part and count what it really holds, whatever the table of contents says of it."""
    told, part.file_size = part.file_size, left + 1
    size = 0
    with archive.open(part) as file:
        for piece in _pieces(file):
            size += len(piece)
            if size > left:
                raise BadFile(BOMB)
            look(part.filename, piece)
            out.write(piece)
    if size != told:
        raise BadFile(BROKEN)
    return size


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Pieces of about a mebibyte that do not cut an XML tag in two."""
    rest = b""
    while block := file.read(MEBIBYTE):
        block = rest + block
        at = block.rfind(b"<")
        if at < 0 or len(block) > 4 * MEBIBYTE:
            raise BadFile(BROKEN)
        rest = block[at:]
        if at:
            yield block[:at]
    if rest:
        yield rest
