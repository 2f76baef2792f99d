"""Records that only a row of the taken-back import held together go separate ways again."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db, scalars
from portal.imports.models import ImportMerge, ImportRow
from portal.imports.names import may_be_one
from portal.imports.rows import boxes
from portal.imports.settling import note
from portal.people.models import Person

if TYPE_CHECKING:
    from portal.imports.models import Import
    from portal.imports.rows import Fact


def part_records(facts: dict[int, list[Fact]], imported: Import) -> dict[int, list[Fact]]:
    """The same rows by person, after those who were joined by this import alone have become two again."""
    joined = ImportMerge.import_id == imported.id
    merges = scalars(select(ImportMerge).where(joined, ImportMerge.kept_id.in_(list(facts)), ~ImportMerge.by_hand))
    by_person: dict[int, list[ImportMerge]] = defaultdict(list)
    for merge in merges:
        by_person[merge.kept_id].append(merge)
    parted = dict(facts)
    for person_id, mine in by_person.items():
        first, *others = _groups(facts[person_id]) or [[]]
        parted[person_id] = first
        for group in others:
            parted[_bring_back(group, mine, imported)] = group
        for merge in mine if others or not first else ():
            db.session.delete(merge)
    db.session.flush()
    return parted


def _groups(facts: list[Fact]) -> list[list[Fact]]:
    """Rows that belong together by an id, or by an address and a name; the group of the oldest row first."""
    groups: list[list[Fact]] = []
    for fact in facts:
        near = [group for group in groups if any(_belong(fact, other) for other in group)]
        rest = [group for group in groups if group not in near]
        groups = [*rest, sorted([*(each for group in near for each in group), fact], key=lambda each: each.row_id)]
    return sorted(groups, key=lambda group: group[0].row_id)


def _belong(one: Fact, other: Fact) -> bool:
    if set(one.record.external_ids) & set(other.record.external_ids):
        return True
    shared = {box.norm for box in boxes(one.record)} & {box.norm for box in boxes(other.record)}
    return bool(shared) and may_be_one(one.record.full_name, other.record.full_name)


def _bring_back(group: list[Fact], merges: list[ImportMerge], imported: Import) -> int:
    """The record that was gone, under its old public id."""
    row_ids = [fact.row_id for fact in group]
    was = next((merge for merge in merges if set(merge.row_ids) & set(row_ids)), None)
    person = Person(created_at=clock.now())
    person.take_name(group[-1].record.full_name, group[-1].record.call_name)
    if was is not None:
        person.public_id = was.public_id
    db.session.add(person)
    db.session.flush()
    note("person", {person.id: (person.id, [person.full_name, person.call_name])}, imported.id)
    db.session.execute(update(ImportRow).where(ImportRow.id.in_(row_ids)).values(person_id=person.id))
    return person.id
