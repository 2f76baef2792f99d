"""Rows as they are kept, and the forms in which their values are compared."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from portal.accounts import mailboxes
from portal.core.partial_dates import PartialDate
from portal.core.text import fold, one_line
from portal.imports.records import Record, Stint

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 254
folded = lru_cache(50_000)(fold)  # the same names and firms come again and again
NAME, ORGANISATION, SHORT, TITLE = 120, 160, 80, 120  # what the tables hold


@dataclass(frozen=True, slots=True)
class Fact:
    """What one row says of a person, with where it says so and of which day."""

    row_id: int
    import_id: int
    number: int
    seen: str
    kind: str  # the relation to the host that its file speaks of
    record: Record


def as_json(record: Record) -> dict[str, Any]:
    """A record as it is kept: only what it says."""
    kept = {name: getattr(record, name) for name in Record.__slots__ if name not in ("row", "stints")}
    kept["stints"] = [_stint_json(stint) for stint in record.stints]
    return {name: value for name, value in kept.items() if value}


def from_json(row: int, kept: dict[str, Any]) -> Record:
    """The record again."""
    plain = dict(kept)
    stints = tuple(_stint(each) for each in plain.pop("stints", ()))
    ids = tuple((system, value) for system, value in plain.pop("external_ids", ()))
    lists = {name: tuple(value) for name, value in plain.items() if isinstance(value, list)}
    return Record(row=row, stints=stints, external_ids=ids, **(plain | lists))


def _stint_json(stint: Stint) -> dict[str, Any]:
    kept = {name: getattr(stint, name) for name in Stint.__slots__}
    return {name: value.text if isinstance(value, PartialDate) else value for name, value in kept.items() if value}


def _stint(kept: dict[str, Any]) -> Stint:
    dates = {name: PartialDate(kept[name]) for name in ("start", "end") if kept.get(name)}
    return Stint(**(kept | dates))


def trimmed(record: Record) -> Record:
    """The record as it is kept: addresses in the form that is mailed, a name in any case, nothing too long."""
    found: dict[str, str] = {}
    problems = list(record.problems)
    for text in record.addresses:
        try:
            box = mailboxes.parse(text)
            found.setdefault(box.norm, box.address)
        except ValueError:
            problems.append(f"“{text[:SHORT]}” is no address; it was left out.")
    name = " ".join(one_line(record.full_name).split())[:NAME].strip()
    if not name and found:
        name = next(iter(found.values())).partition("@")[0][:NAME]
    stints = tuple(
        replace(each, organisation=" ".join(each.organisation.split())[:ORGANISATION], title=each.title[:TITLE],
                department=each.department[:SHORT], site=each.site[:SHORT])
        for each in record.stints
    )  # fmt: skip
    return replace(record, full_name=name, call_name=one_line(record.call_name)[:60], stints=stints,
                   addresses=tuple(found.values()), problems=tuple(problems))  # fmt: skip


def boxes(record: Record) -> list[mailboxes.Mailbox]:
    """The addresses of a record that was trimmed, the first one the main one, each once."""
    return [
        mailboxes.Mailbox(address, address.lower() if address.isascii() else mailboxes.normal(address),
                          address.rpartition("@")[2])
        for address in record.addresses
    ]  # fmt: skip


def row_digest(record: Record) -> str:
    """What a row says, as a key: the same row of the same sort of file is the same person again."""
    said = json.dumps(as_json(record) | {"problems": ()}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:40]


def has_key(record: Record) -> bool:
    """Whether the row names its person by more than words."""
    return bool(record.external_ids or record.addresses)


def values(record: Record, norms: list[str]) -> Iterator[tuple[str, str, str]]:
    """What the row brings, as (kind, system, value) in the forms in which they are compared."""
    yield "name", "", folded(record.full_name)[:LONGEST]
    yield from (("address", "", norm) for norm in norms)
    yield from (("external_id", system[:64], value[:LONGEST]) for system, value in record.external_ids)
    yield from (("phone", "", phone[:LONGEST]) for phone in record.phones)
    yield from (("link", "", link[:LONGEST]) for link in record.links)
    if record.place:
        yield "place", "", folded(record.place)[:LONGEST]
    yield from (("stint", "", folded(stint.organisation)[:LONGEST]) for stint in record.stints)
