"""A text file line by line, without ever holding a line that is too long."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, TextIO

from portal.imports.reading.encodings import ENCODINGS
from portal.imports.reading.limits import LONGEST_LINE
from portal.imports.reading.source import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOO_LONG = "\x00"  # stands for a line that is too long to be read; no line that can be read holds it


def open_text(path: Path, encoding: str) -> TextIO:
    """Open a file in an encoding that may be chosen; what can't be read in it becomes U+FFFD."""
    if encoding not in ENCODINGS:
        raise BadFile("Choose one of the encodings of the list.")
    return io.TextIOWrapper(path.open("rb"), encoding=encoding, errors="replace", newline="")


def lines_of(file: TextIO) -> Iterator[str]:
    """Each line with its end; TOO_LONG in the place of one that is longer than LONGEST_LINE."""
    while line := file.readline(LONGEST_LINE):
        if len(line) < LONGEST_LINE or line[-1] in "\r\n":
            yield line
            continue
        while line and line[-1] not in "\r\n":
            line = file.readline(LONGEST_LINE)
        yield TOO_LONG
