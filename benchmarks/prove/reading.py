"""The reading half of the proof on real exports: how each file is understood, and what could not be."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from portal.imports.reading import BadFile, inspect, read

if TYPE_CHECKING:
    from pathlib import Path

    from portal.imports.reading import Source

KINDS = {".csv", ".tsv", ".xlsx", ".vcf"}
NOT_PEOPLE = {"truth.csv"}  # what tests compare with; the portal never reads it
LINE = "{:<34} {:>7} {:>8} {:>7}  {:<24} {:<12} {}"


def reading_report(folder: Path) -> list[str]:
    """A table of all files under a folder: rows read, rows with problems, layout, encoding; never a name of a person."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in KINDS and path.name not in NOT_PEOPLE)
    return [LINE.format("file", "rows", "problems", "ms", "layout", "encoding", "skipped"), *map(_line, files)]


def _line(path: Path) -> str:
    began = time.perf_counter()
    try:
        source = inspect(path, path.name)
        rows = problems = 0
        for record in read(path, path.name, source.choices):
            rows += 1
            problems += bool(record.problems)
    except BadFile as bad:
        return f"{path.name:<34} refused: {bad.message}"
    took = round((time.perf_counter() - began) * 1000)
    skipped = ", ".join(_told(note) for note in source.notes if note.startswith("Skipped"))
    return LINE.format(path.name[:34], rows, problems, took, source.layout or "–", _encoding(source), skipped).rstrip()


def _told(note: str) -> str:
    """ "5 lines at the end", without the text of them."""
    return note.removeprefix("Skipped ").partition(":")[0]


def _encoding(source: Source) -> str:
    encoding = source.choices.encoding or "–"
    return encoding if source.encoding_sure else f"{encoding} (?)"
