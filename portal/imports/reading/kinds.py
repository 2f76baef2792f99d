"""What a file is, by its first bytes; its name is believed in nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from portal.imports.reading.encodings import EMPTY, TOO_LARGE
from portal.imports.reading.limits import LARGEST_FILE
from portal.imports.reading.source import BadFile

if TYPE_CHECKING:
    from pathlib import Path

CARD = re.compile(rb"\s*begin\s*:\s*vcard", re.I)
PAGE = re.compile(rb"\s*<(!doctype|html|\?xml|table|meta|head)", re.I)
ARCHIVE = b"PK\x03\x04"
UNREADABLE = (
    (b"\xd0\xcf\x11\xe0", "This is an old Excel file (.xls) or one with a password. Save it as .xlsx without a password."),
    (b"%PDF", "This is a PDF. Export the list as CSV, XLSX or vCard."),
    (b"\x1f\x8b", "This file is packed. Unpack it and choose the file in it."),
    (b"PK\x05\x06", "This archive is empty."),
    (b"{\\rtf", "This is a text document. Export the list as CSV, XLSX or vCard."),
)  # fmt: skip
WEB_PAGE = "This is a web page, whatever its name says. Export the list as CSV, XLSX or vCard."


def kind_of(path: Path) -> str:
    """One of FORMATS, "csv" standing for all that is text."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            first = file.read(4096)
    except OSError:
        raise BadFile("The file can't be opened.") from None
    if size == 0:
        raise BadFile(EMPTY)
    if size > LARGEST_FILE:
        raise BadFile(TOO_LARGE)
    for mark, sentence in UNREADABLE:
        if first.startswith(mark):
            raise BadFile(sentence)
    return "xlsx" if first.startswith(ARCHIVE) else _kind_of_text(first)


def _kind_of_text(first: bytes) -> str:
    bare = first.removeprefix(b"\xef\xbb\xbf")
    if first[:2] in (b"\xff\xfe", b"\xfe\xff"):
        bare = first[2:].replace(b"\0", b"")
    if not bare.strip():
        return "csv"
    if PAGE.match(bare):
        raise BadFile(WEB_PAGE)
    return "vcard" if CARD.match(bare) else "csv"
