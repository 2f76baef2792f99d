"""The whole file, record by record, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.imports.reading import tables
from portal.imports.reading.cards import records_of_cards
from portal.imports.reading.kinds import kind_of
from portal.imports.reading.meanings import MEANINGS
from portal.imports.reading.source import DATE_ORDERS, DELIMITERS, FORMATS, BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.imports.reading.source import Choices
    from portal.imports.records import Record

WRONG_CHOICE = "These choices do not fit the file. Look at it once more and choose again."


def read(path: Path, name: str, choices: Choices) -> Iterator[Record]:
    """Every record of a file under these choices; what is wrong with a row is told in its record."""
    check(choices)
    if kind_of(path) != choices.format.replace("tsv", "csv"):
        raise BadFile(WRONG_CHOICE)
    if choices.format == "vcard":
        return records_of_cards(path, choices)
    return tables.records_of(tables.rows_of(path, choices), choices)


def check(choices: Choices) -> None:
    """Refuse choices that no form can give."""
    fits = choices.format in FORMATS and choices.date_order in ("", *DATE_ORDERS) and choices.header_row >= 0
    if choices.format in ("csv", "tsv"):
        fits = fits and choices.delimiter in DELIMITERS
    if not fits or not set(choices.mapping) <= set(MEANINGS):
        raise BadFile(WRONG_CHOICE)
