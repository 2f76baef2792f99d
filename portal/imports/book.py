"""Everybody whom a batch of rows may speak of, found in a few questions and kept in memory for the batch."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from portal.accounts.models import HOLDING, EmailAddress
from portal.careers.models import Position
from portal.imports.batches import among, asked, in_parts
from portal.imports.deriving import Derived, claims_of, derive
from portal.imports.firms import Firms
from portal.imports.models import Import, ImportedValue, ImportMatch, ImportProposal, ImportRow
from portal.imports.rows import Fact, boxes, folded, from_json
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement

    from portal.accounts.mailboxes import Mailbox

MOST_NAMESAKES = 3000  # rows with the names of one batch that are looked at; more say nothing
FACT = (ImportRow.id, ImportRow.import_id, ImportRow.number, ImportRow.seen_on, ImportRow.record, ImportRow.person_id,
        ImportRow.part, Import.kind)  # fmt: skip
Place = tuple[str, str, str]  # kind, system, value


@dataclass(slots=True)
class Pending:
    """A row that waits to be decided."""

    fact: Fact
    digest: str
    boxes: list[Mailbox]

    @property
    def places(self) -> list[Place]:
        """Where the row may find its person."""
        ids = [("external_id", system, value) for system, value in self.fact.record.external_ids]
        return [*ids, ("row", "", self.digest), *(("address", "", box.norm) for box in self.boxes)]


@dataclass(slots=True)
class Known:
    """One person who is there, or will be; `key` is the id, or minus the number of the row that began them."""

    key: int
    public_id: str = ""
    full_name: str = ""
    claimed: bool = False
    facts: list[Fact] = field(default_factory=list)
    firms: set[Any] = field(default_factory=set)
    held: set[str] = field(default_factory=set)  # addresses that the person has proved
    proposed: set[str] = field(default_factory=set)
    touched: bool = False
    _derived: Derived | None = None

    @property
    def names(self) -> list[str]:
        """The names under which the person is known."""
        return [name for name in {self.full_name, *(fact.record.full_name for fact in self.facts)} if name]

    def derived(self, firms: Firms) -> Derived:
        """The record as its rows make it."""
        if self._derived is None:
            self._derived = derive(self.facts, firms)
        return self._derived

    def take(self, facts: Iterable[Fact]) -> None:
        """More rows speak of them."""
        self.facts.extend(facts)
        self._derived = None
        self.touched = True

    def ids(self) -> dict[str, set[str]]:
        """The ids by which systems know the person."""
        found: dict[str, set[str]] = defaultdict(set)
        for fact in self.facts:
            for system, value in fact.record.external_ids:
                found[system].add(value)
        return found

    def employers(self, firms: Firms) -> set[Any]:
        """The firms that the person was ever at."""
        return self.firms | {
            claim.firm.key for fact in self.facts for claim in claims_of(fact, firms) if claim.firm.key != ""
        }


class Book:
    """The known people of a batch, by what names them; `planning` looks at this import's own rows as if they were done."""

    def __init__(self, imported: Import, *, planning: bool, alias: dict[int, int] | None = None) -> None:
        self.imported, self.planning = imported, planning
        self.firms = Firms()
        self.people: dict[int, Known] = {}
        self.index: dict[Place, set[int]] = defaultdict(set)
        self.alias = {} if alias is None else alias
        self.decided: dict[tuple[int, int], str] = {}

    def load(self, pending: list[Pending]) -> None:
        """Find everybody who shares an id, an address, a name or the very row with these."""
        self._load_values(pending)
        self._load_addresses({box.norm for each in pending for box in each.boxes})
        self._load_namesakes({folded(each.fact.record.full_name) for each in pending})
        self._load_people()
        self._load_facts()
        every = [fact for known in self.people.values() for fact in known.facts] + [each.fact for each in pending]
        self.firms.load({stint.organisation for fact in every for stint in fact.record.stints})
        self._load_surroundings()

    def find(self, key: int) -> Known:
        """The person of a key, also after two became one."""
        while key in self.alias:
            key = self.alias[key]
        return self.people[key]

    def at(self, place: Place) -> list[Known]:
        """Who is found there, the longest known first."""
        found = {(known := self.find(key)).key: known for key in self.index.get(place, ())}
        return sorted(found.values(), key=lambda each: (each.key < 0, abs(each.key)))

    def add(self, known: Known, pending: Pending) -> None:
        """A row belongs to a person from now on."""
        known.take([pending.fact])
        for place in [*pending.places, ("name", "", folded(pending.fact.record.full_name))]:
            self.index[place].add(known.key)

    def begin(self, number: int) -> Known:
        """Somebody who was not there before."""
        known = self.people[-number] = Known(-number)
        return known

    def join(self, kept: Known, gone: Known) -> None:
        """Two become one."""
        kept.take(gone.facts)
        kept.firms |= gone.firms
        self.alias[gone.key] = kept.key

    def _visible(self) -> ColumnElement[bool]:
        if not self.planning:
            return ImportRow.applied.is_(True)
        return or_(ImportRow.applied, and_(ImportRow.import_id == self.imported.id, ImportRow.outcome != ""))

    def _note(self, place: Place, person_id: int | None, part: int | None) -> None:
        if (key := person_id or -(part or 0)) != 0:
            self.index[place].add(key)

    def _load_values(self, pending: list[Pending]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for each in pending:
            for kind, _, value in each.places:
                wanted[kind].add(value)
            wanted["name"].add(folded(each.fact.record.full_name))
        columns = select(
            ImportedValue.kind, ImportedValue.system, ImportedValue.value, ImportRow.person_id, ImportRow.part
        )
        found = columns.join(ImportRow, ImportRow.id == ImportedValue.row_id).where(self._visible()).distinct()
        for kind, texts in wanted.items():
            for part in in_parts(sorted(texts)):
                those = found.where(ImportedValue.kind == kind, among(ImportedValue.value, part))
                for row in asked(those.limit(MOST_NAMESAKES) if kind == "name" else those):
                    self._note((row.kind, row.system, row.value), row.person_id, row.part)

    def _load_addresses(self, norms: set[str]) -> None:
        held = select(EmailAddress.norm, EmailAddress.person_id).join(Person).where(
            or_(EmailAddress.state.in_(HOLDING), and_(EmailAddress.state != "removed", Person.claimed_at.is_(None))),
            Person.is_system.is_(False),
        )  # fmt: skip
        for part in in_parts(sorted(norms)):
            for norm, person_id in asked(held.where(among(EmailAddress.norm, part))):
                self._note(("address", "", norm), person_id, None)

    def _load_namesakes(self, names: set[str]) -> None:
        named = select(Person.sort_name, Person.id).where(Person.is_system.is_(False))
        for part in in_parts(sorted(names)):
            for name, person_id in asked(named.where(among(Person.sort_name, part)).limit(MOST_NAMESAKES)):
                self._note(("name", "", name), person_id, None)

    def _load_people(self) -> None:
        keys = {key for found in self.index.values() for key in found if key not in self.alias}
        keys |= set(self.alias.values()) - set(self.alias)
        for key in keys:
            self.people.setdefault(key, Known(key))
        columns = (Person.id, Person.public_id, Person.full_name, Person.claimed_at, Person.remembered_at)
        for part in in_parts(sorted(key for key in keys if key > 0)):
            for row in asked(select(*columns).where(among(Person.id, part))):
                known = self.people[row.id]
                known.public_id, known.full_name = row.public_id, row.full_name
                known.claimed = row.claimed_at is not None or row.remembered_at is not None

    def _load_facts(self) -> None:
        found = select(*FACT).join(Import, Import.id == ImportRow.import_id).where(self._visible())
        people = sorted({*(key for key in self.people if key > 0), *(key for key in self.alias if key > 0)})
        parts = sorted(-key for key in {*self.people, *self.alias} if key < 0)
        mine = found.where(ImportRow.import_id == self.imported.id, ImportRow.person_id.is_(None))
        questions = [found.where(among(ImportRow.person_id, part)) for part in in_parts(people)]
        questions += [mine.where(among(ImportRow.part, part)) for part in in_parts(parts)]
        for question in questions:
            for row in asked(question.order_by(ImportRow.id)):
                self.find(row.person_id or -row.part).facts.append(fact_of(row))

    def _load_surroundings(self) -> None:
        """Careers that people keep themselves, addresses they proved, what was decided and proposed before."""
        for part in in_parts(sorted(key for key in self.people if key > 0)):
            for person_id, firm in asked(
                select(Position.person_id, Position.organisation_id).where(among(Position.person_id, part))
            ):
                self.people[person_id].firms.add(firm)
            pairs = select(ImportMatch.low_id, ImportMatch.high_id, ImportMatch.state)
            for low, high, state in asked(
                pairs.where(or_(among(ImportMatch.low_id, part), among(ImportMatch.high_id, part)))
            ):
                self.decided[low, high] = state
        claimed = sorted(key for key, known in self.people.items() if known.claimed)
        for part in in_parts(claimed):
            held = select(EmailAddress.person_id, EmailAddress.norm)
            for person_id, norm in asked(
                held.where(among(EmailAddress.person_id, part), EmailAddress.state.in_(HOLDING))
            ):
                self.people[person_id].held.add(norm)
            said = select(ImportProposal.person_id, ImportProposal.digest)
            for person_id, digest in asked(said.where(among(ImportProposal.person_id, part))):
                self.people[person_id].proposed.add(digest)


def fact_of(row: Any) -> Fact:
    """What a kept row says."""
    return Fact(row.id, row.import_id, row.number, row.seen_on, row.kind, from_json(row.number, row.record))


def facts_of(people: Iterable[int]) -> dict[int, list[Fact]]:
    """Everything that applied rows say of these people."""
    found: dict[int, list[Fact]] = {person_id: [] for person_id in people}
    said = select(*FACT).join(Import, Import.id == ImportRow.import_id).where(ImportRow.applied)
    for part in in_parts(sorted(found)):
        for row in asked(said.where(among(ImportRow.person_id, part)).order_by(ImportRow.id)):
            found[row.person_id].append(fact_of(row))
    return found


def pending_of(row: Any, kind: str, digest: str) -> Pending:
    """A kept row that waits."""
    record = from_json(row.number, row.record)
    fact = Fact(row.id, row.import_id, row.number, row.seen_on, kind, record)
    return Pending(fact, digest, boxes(record))
