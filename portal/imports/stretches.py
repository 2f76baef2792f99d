"""The stretches of unclaimed careers, and the host's record of them, written as their rows make them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, select, update

from portal.careers.models import Position, Relation
from portal.core import clock
from portal.core.db import db
from portal.core.partial_dates import PartialDate
from portal.core.tokens import new_public_id
from portal.imports.batches import among, asked, change_all, in_parts, insert_all

if TYPE_CHECKING:
    from portal.imports.deriving import Derived, Entry
    from portal.imports.firms import Firms

Things = dict[tuple[str, int], list[Any]]
COLUMNS = ("title", "department", "site", "start", "end")  # what is written, beside the firm and the kind


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stretch that should be there."""

    person_id: int
    firm_id: int
    kind: str  # of the relation; empty for a position
    entry: Entry

    @property
    def written(self) -> list[Any]:
        """How it reads."""
        start, end = (each.text if each else "" for each in (self.entry.start, self.entry.end))
        return [self.kind, self.firm_id, self.entry.title, self.entry.department, self.entry.site, start, end]

    def values(self) -> dict[str, Any]:
        """The columns that say so; an end that has come by is told to nobody, since nobody claimed the record."""
        start, end = self.entry.start, self.entry.end
        ends_on = end.last if end else None
        return {
            "title": self.entry.title, "department": self.entry.department, "site": self.entry.site, "start": start,
            "end": end, "starts_on": start.first if start else None, "ends_on": ends_on,
            "end_told": ends_on is not None and ends_on <= clock.today(),
        }  # fmt: skip


@dataclass(slots=True)
class Plan:
    """What is to be written in one table."""

    new: list[Wanted]
    changed: dict[int, Wanted]
    gone: list[int]


def settle(
    records: dict[int, Derived], things: Things, firms: Firms, import_id: int | None, kept: dict[int, list[str]]
) -> None:
    """Relations first, positions after: the position at the host is linked to the relation that it shows."""
    relations = [
        Wanted(person_id, firms.id_of(entry.firm), entry.relation, entry)
        for person_id, record in records.items() for entry in record.entries if entry.relation
    ]  # fmt: skip
    positions = [
        Wanted(person_id, firms.id_of(entry.firm), "", entry)
        for person_id, record in records.items() for entry in record.entries
    ]  # fmt: skip
    _write(Relation, "relation", relations, records, things, import_id, kept)
    _write(Position, "position", positions, records, things, import_id, kept)
    _link({each.person_id for each in relations})


def _write(
    model: Any, thing: str, wanted: list[Wanted], people: Any, things: Things, import_id: int | None,
    kept: dict[int, list[str]],
) -> None:  # fmt: skip
    from portal.imports.settling import forget_things, note, note_again

    plan = _plan(model, thing, wanted, people, things, kept)
    if thing == "relation":
        db.session.execute(update(Position).where(among(Position.relation_id, plan.gone)).values(relation_id=None))
    for part in in_parts(plan.gone):
        db.session.execute(delete(model).where(among(model.id, part)), execution_options={"synchronize_session": False})
    forget_things(thing, plan.gone)
    change_all(model, {row_id: each.values() for row_id, each in plan.changed.items()})
    note_again(thing, {row_id: each.written for row_id, each in plan.changed.items()})
    made = _insert(model, plan.new)
    note(thing, {row_id: (each.person_id, each.written) for row_id, each in made.items()}, import_id)


def _plan(
    model: Any, thing: str, wanted: list[Wanted], people: Any, things: Things, kept: dict[int, list[str]]
) -> Plan:  # fmt: skip
    """Compare what is there with what should be: what people wrote or edited stands, and nothing is put beside it."""
    open_: dict[tuple[int, str, int], list[Wanted]] = defaultdict(list)
    for each in wanted:
        open_[each.person_id, each.kind, each.firm_id].append(each)
    plan = Plan([], {}, [])
    for row in _present(model, people):
        place, written = (row.person_id, getattr(row, "kind", ""), row.organisation_id), things.get((thing, row.id))
        if written is None or written != reads(row):
            if written is not None and not _stands(written, open_[place]):
                kept[row.person_id].append("an entry of the career that was edited since")
            open_.pop(place, None)
            continue
        same = _nearest(row, open_.get(place, []))
        if same is None:
            plan.gone.append(row.id)
            continue
        open_[place].remove(same)
        if same.written != written:
            plan.changed[row.id] = same
    plan.new = [each for left in open_.values() for each in left]
    return plan


def _stands(written: list[Any], wanted: list[Wanted]) -> bool:
    return any(each.written == written for each in wanted)


def _nearest(row: Any, wanted: list[Wanted]) -> Wanted | None:
    """The stretch that a row shows: the same beginning, else the first one there."""
    start = row.start.text if row.start else ""
    exact = [each for each in wanted if each.written[-2] == start]
    return next(iter(exact or wanted), None)


def _present(model: Any, people: Any) -> list[Any]:
    columns = [model.id, model.person_id, model.organisation_id, *(getattr(model, name) for name in COLUMNS)]
    columns += [model.kind] if model is Relation else []
    found: list[Any] = []
    for part in in_parts(people):
        found += asked(select(*columns).where(among(model.person_id, part)).order_by(model.id))
    return found


def reads(row: Any) -> list[Any]:
    """How a row reads, in the form in which it was written."""
    dates = [value.text if isinstance(value, PartialDate) else "" for value in (row.start, row.end)]
    return [getattr(row, "kind", ""), row.organisation_id, row.title, row.department, row.site, *dates]


def _insert(model: Any, new: list[Wanted]) -> dict[int, Wanted]:
    by_id = {new_public_id(): each for each in new}
    values = [
        each.values() | {"public_id": public_id, "person_id": each.person_id, "organisation_id": each.firm_id,
                         "audience": "members", "created_at": clock.now()}
        | ({"kind": each.kind, "verified_by": ""} if model is Relation else {})
        for public_id, each in by_id.items()
    ]  # fmt: skip
    insert_all(model, values)
    made: dict[int, Wanted] = {}
    for part in in_parts(by_id):
        for row in asked(select(model.id, model.public_id).where(among(model.public_id, part))):
            made[row.id] = by_id[row.public_id]
    return made


def _link(people: set[int]) -> None:
    """The position of the same stretch shows the relation."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    here = (Position.person_id == Relation.person_id, Position.organisation_id == Relation.organisation_id)
    for part in in_parts(sorted(people)):
        found = select(Position.id, Relation.id, Position.start, Relation.start).join(Relation, and_(*here))
        shown = select(Position.relation_id).where(among(Position.person_id, part), Position.relation_id.is_not(None))
        found = found.where(among(Position.person_id, part), Position.relation_id.is_(None), Relation.id.not_in(shown))
        for position, relation, mine, theirs in asked(found.order_by(Position.id, Relation.id)):
            if mine == theirs and relation not in taken:
                taken.add(relation)
                pairs.setdefault(position, relation)
    change_all(Position, {position: {"relation_id": relation} for position, relation in pairs.items()})
