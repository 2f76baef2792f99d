"""One row of a file as plain values, whatever the file was: what reading hands to matching."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.partial_dates import PartialDate


@dataclass(frozen=True, slots=True)
class Stint:
    """A stretch at one organisation; an empty name means the host itself (its own HR's files)."""

    organisation: str = ""
    title: str = ""
    department: str = ""
    site: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    is_over: bool = False  # named as a former employer, though the file gives no date


@dataclass(frozen=True, slots=True)
class Record:
    """One person as one row of one file tells of them; nothing here was checked against the database."""

    row: int  # 1 is the first row after the header
    full_name: str = ""
    call_name: str = ""
    addresses: tuple[str, ...] = ()  # as written, the first one the main one; those that are none are in `problems`
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    place: str = ""
    external_ids: tuple[tuple[str, str], ...] = ()  # (system, id): ("BambooHR", "1001")
    stints: tuple[Stint, ...] = ()
    relation: str = ""  # employee | customer | partner, when the file says so; otherwise the importer chooses
    seen_on: str = ""  # the day the row speaks of, ISO, when the file says so
    unsubscribed: bool = False  # never to be mailed, whatever another file says
    bounced: bool = False
    problems: tuple[str, ...] = field(default=())  # sentences: what could not be understood, and what was done
