"""Writing unclaimed records as their rows make them; what somebody edited since stays as it is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from portal.accounts.models import EmailAddress
from portal.core import clock
from portal.core.db import db
from portal.core.text import fold
from portal.core.tokens import new_public_id
from portal.imports import stretches
from portal.imports.batches import among, asked, change_all, in_parts, insert_all
from portal.imports.models import ImportedThing
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.imports.deriving import Derived
    from portal.imports.firms import Firms

Kept = dict[int, list[str]]  # what was left as it is, by person


def create_people(records: list[Derived], import_id: int | None) -> list[int]:
    """New people with these names, whom nobody has claimed; their ids in this order (I11)."""
    now, ids = clock.now(), [new_public_id() for _ in records]
    names = [_name(record) for record in records]
    values = [
        {"public_id": public_id, "full_name": full, "call_name": call, "sort_name": fold(full)[:120], "listed": False,
         "access_version": 0, "timezone": "UTC", "theme": "auto", "shortcuts": True, "is_system": False,
         "created_at": now}
        for public_id, (full, call) in zip(ids, names, strict=True)
    ]  # fmt: skip
    insert_all(Person, values)
    made: dict[str, int] = {}
    for part in in_parts(ids):
        made |= dict(asked(select(Person.public_id, Person.id).where(among(Person.public_id, part))))
    note("person", {made[public_id]: (made[public_id], list(name)) for public_id, name in zip(ids, names, strict=True)},
         import_id)  # fmt: skip
    return [made[public_id] for public_id in ids]


def settle(records: dict[int, Derived], firms: Firms, import_id: int | None) -> Kept:
    """Bring names, addresses and careers of these people in line with their rows; what was kept instead."""
    things = things_of(records)
    made = firms.make(entry.firm for record in records.values() for entry in record.entries)
    note("organisation", {firm: (None, []) for firm in made}, import_id)
    kept: Kept = defaultdict(list)
    _settle_names(records, things, kept)
    _settle_addresses(records, things, firms, import_id, kept)
    stretches.settle(records, things, firms, import_id, kept)
    return kept


def things_of(people: Iterable[int]) -> dict[tuple[str, int], list[Any]]:
    """What imports wrote of these people, as they wrote it."""
    found: dict[tuple[str, int], list[Any]] = {}
    columns = select(ImportedThing.kind, ImportedThing.thing_id, ImportedThing.written)
    for part in in_parts(people):
        for kind, thing_id, written in asked(columns.where(among(ImportedThing.person_id, part))):
            found[kind, thing_id] = written
    return found


def note(kind: str, made: dict[int, tuple[int | None, list[Any]]], import_id: int | None) -> None:
    """Remember what was made, for whom, and how it reads."""
    values = [
        {"kind": kind, "thing_id": thing_id, "person_id": person_id, "import_id": import_id, "written": written}
        for thing_id, (person_id, written) in made.items()
    ]
    insert_all(ImportedThing, values)


def note_again(kind: str, changed: dict[int, list[Any]]) -> None:
    """Remember how what imports made reads now."""
    change_all(ImportedThing, {thing_id: {"written": now} for thing_id, now in changed.items()}, "thing_id", kind=kind)


def forget_things(kind: str, gone: Iterable[int]) -> None:
    """What is not there any more was made by nobody."""
    for part in in_parts(gone):
        _run(delete(ImportedThing).where(ImportedThing.kind == kind, among(ImportedThing.thing_id, part)))


def _run(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _name(record: Derived) -> tuple[str, str]:
    return record.name, (record.call_name or record.name.partition(" ")[0])[:60]


def _settle_names(records: dict[int, Derived], things: dict[tuple[str, int], list[Any]], kept: Kept) -> None:
    changed: dict[int, list[Any]] = {}
    for part in in_parts(records):
        for row in asked(select(Person.id, Person.full_name, Person.call_name).where(among(Person.id, part))):
            wanted, written = list(_name(records[row.id])), things.get(("person", row.id))
            if not records[row.id].name or written is None or wanted == [row.full_name, row.call_name]:
                continue
            if written != [row.full_name, row.call_name]:
                kept[row.id].append(f"the name {row.full_name}")
                continue
            changed[row.id] = wanted
    named = {
        person_id: {"full_name": full, "call_name": call, "sort_name": fold(full)[:120]}
        for person_id, (full, call) in changed.items()
    }
    change_all(Person, named)
    note_again("person", changed)


def _settle_addresses(
    records: dict[int, Derived],
    things: dict[tuple[str, int], list[Any]],
    firms: Firms,
    import_id: int | None,
    kept: Kept,
) -> None:
    """Addresses come unverified, and go again only while they are (R20)."""
    have: dict[int, set[str]] = defaultdict(set)
    gone = []
    columns = select(EmailAddress.id, EmailAddress.person_id, EmailAddress.norm, EmailAddress.state)
    for part in in_parts(records):
        for row in asked(columns.where(among(EmailAddress.person_id, part))):
            wanted = row.norm in records[row.person_id].addresses
            if not wanted and ("email_address", row.id) in things and row.state == "unverified":
                gone.append(row.id)
                continue
            if not wanted and ("email_address", row.id) in things:
                kept[row.person_id].append(f"the address {row.norm}, which is {row.state}")
            have[row.person_id].add(row.norm)
    for part in in_parts(gone):
        _run(delete(EmailAddress).where(among(EmailAddress.id, part)))
    forget_things("email_address", gone)
    _add_addresses(records, have, firms, import_id)


def _add_addresses(records: dict[int, Derived], have: dict[int, set[str]], firms: Firms, import_id: int | None) -> None:
    now = clock.now()
    values = [
        {"public_id": new_public_id(), "person_id": person_id, "address": box.address, "norm": norm,
         "domain": box.domain, "kind": firms.address_kind(box.domain), "state": "unverified", "is_primary": False,
         "created_at": now, "bounced_at": now if norm in record.bounced else None}
        for person_id, record in records.items() for norm, box in record.addresses.items()
        if norm not in have[person_id]
    ]  # fmt: skip
    insert_all(EmailAddress, values)
    made: dict[int, tuple[int | None, list[Any]]] = {}
    columns = select(EmailAddress.id, EmailAddress.person_id, EmailAddress.norm)
    for part in in_parts(value["public_id"] for value in values):
        for row in asked(columns.where(among(EmailAddress.public_id, part))):
            made[row.id] = (row.person_id, [row.norm])
    note("email_address", made, import_id)
