"""What is known about a file before it is read, and what was chosen about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from portal.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.imports.records import Record

FORMATS = {"csv": "CSV", "tsv": "TSV", "xlsx": "Excel (.xlsx)", "vcard": "vCard"}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
DATE_ORDERS = {
    "ymd": "Year first: 2014-06-30",
    "dmy": "Day first: 30/06/2014",
    "mdy": "Month first: 06/30/2014",
}


class BadFile(Invalid):
    """A file that can't be read; its sentence says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How a file is to be read; `inspect` proposes, a person may choose otherwise."""

    format: str  # of FORMATS
    encoding: str = ""  # of encodings.ENCODINGS; empty where the format says it by itself
    delimiter: str = ""  # of DELIMITERS; empty where there is none
    sheet: str = ""
    header_row: int = 1  # 1 is the first row of the file; 0: there is no line of column names
    mapping: tuple[str, ...] = ()  # one of MEANINGS for each column
    date_order: str = ""  # of DATE_ORDERS; empty: not chosen, and dates that need it are left out
    system: str = ""  # whose ids these are, like "BambooHR"

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self) | {"mapping": list(self.mapping)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Choices:
        """From what `to_dict` gave; what a later version added is left out."""
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in stored.items() if key in known}
        return cls(**values | {"mapping": tuple(stored.get("mapping", ()))})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file and what it is taken for."""

    name: str
    meaning: str  # of MEANINGS
    sure: bool  # recognised by its name; otherwise a person should look
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What a file is, as far as its beginning and end tell."""

    format: str
    layout: str  # the product that wrote it, or ""
    choices: Choices
    encoding_sure: bool
    encodings: tuple[str, ...]  # what else it may be
    delimiter_sure: bool
    sheets: tuple[str, ...]
    columns: tuple[Column, ...]
    rows_seen: int  # exact in small files, an estimate in large ones
    preview: list[Record]
    notes: tuple[str, ...]  # sentences: what was skipped, and what was taken why
    date_order_sure: bool = True  # no date was seen that can be read in two ways
