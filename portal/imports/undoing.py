"""Taking an import back: its rows say nothing any more, and every record is derived anew from those that are left (T3)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update

from portal.accounts.actions import leave_waves
from portal.accounts.models import EmailAddress
from portal.careers.models import Position, Relation
from portal.core.db import db, scalars
from portal.core.errors import Conflict
from portal.core.policy import require
from portal.imports.batches import BATCH, among, asked, change_all, in_parts
from portal.imports.book import facts_of
from portal.imports.claimed import take_back_employment
from portal.imports.deriving import derive
from portal.imports.exits import take_back_exits
from portal.imports.firms import Firms
from portal.imports.models import (
    Import,
    ImportedThing,
    ImportMatch,
    ImportMerge,
    ImportProposal,
    ImportRow,
)
from portal.imports.parting import part_records
from portal.imports.policies import ONLY_ADMINS
from portal.imports.settling import forget_things, settle
from portal.organisations.models import Organisation, OrganisationAlias, OrganisationDomain
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.core.access import Viewer

AS_IT_IS = {"synchronize_session": False}
OWN = {"import_row", "imported_thing", "import_match", "import_merge", "import_proposal"}
MADE: dict[str, Any] = {"email_address": EmailAddress, "position": Position, "relation": Relation}
MADE_LAST_FIRST: tuple[Any, ...] = (Position, Relation, EmailAddress)
CLAIMED = "Kept: they have taken the account since."
USED = "Kept: somebody added to this record since."
EDITED = "Kept, because it was edited since: "


def undo_batch(imported: Import, *, by: Viewer) -> tuple[list[int], int, int]:
    """Take back some rows: the numbers of those looked at, people removed, rows of which something was kept."""
    found = select(ImportRow.id, ImportRow.number, ImportRow.person_id, ImportRow.applied).where(
        ImportRow.import_id == imported.id, ImportRow.number > imported.reached
    )
    batch = asked(found.order_by(ImportRow.number).limit(BATCH))
    applied = {row.id: row.person_id for row in batch if row.applied and row.person_id}
    _silence(list(applied))
    people = sorted(set(applied.values()))
    claimed = _claimed(people)
    take_back_exits([person_id for person_id in people if person_id not in claimed], imported, by=by)
    _take_back_proposals([row.id for row in batch], by)
    edited = _settle_again([person_id for person_id in people if person_id not in claimed], imported)
    removed, used = _remove_unneeded([person_id for person_id in people if person_id not in claimed], by)
    kept = dict.fromkeys(claimed, CLAIMED) | dict.fromkeys(used, USED) | edited
    _tell(applied, kept)
    return [row.number for row in batch], removed, sum(person_id in kept for person_id in applied.values())


def remove_firms(imported: Import) -> None:
    """Organisations that the import made and nobody uses or keeps are taken away too."""
    made = scalars(
        select(ImportedThing.thing_id).where(
            ImportedThing.kind == "organisation", ImportedThing.import_id == imported.id
        )
    )
    for part in in_parts(made):
        used = _traces(
            Organisation.__table__, part, {OrganisationAlias.__tablename__, OrganisationDomain.__tablename__}
        )
        named = (OrganisationAlias.organisation_id, OrganisationDomain.organisation_id)
        for column in named:
            used |= set(scalars(select(column).where(among(column, part))))
        free = [firm for firm in part if firm not in used]
        db.session.execute(delete(Organisation).where(among(Organisation.id, free)), execution_options=AS_IT_IS)
        forget_things("organisation", free)


def _silence(row_ids: list[int]) -> None:
    for part in in_parts(row_ids):
        said = update(ImportRow).where(among(ImportRow.id, part)).values(applied=False, person_id=None)
        db.session.execute(said, execution_options=AS_IT_IS)


def _claimed(people: list[int]) -> set[int]:
    found: set[int] = set()
    for part in in_parts(people):
        has = or_(Person.claimed_at.is_not(None), Person.remembered_at.is_not(None))
        found |= set(scalars(select(Person.id).where(among(Person.id, part), has)))
    return found


def _take_back_proposals(row_ids: list[int], by: Viewer) -> None:
    """What nobody answered is not asked any more; the host's own dates go back where they still stand."""
    for proposal in scalars(select(ImportProposal).where(among(ImportProposal.row_id, row_ids))):
        if proposal.state == "applied" and proposal.kind == "employment":
            take_back_employment(proposal.data, by=by)
        if proposal.state in ("open", "applied"):
            db.session.delete(proposal)
    db.session.flush()


def _settle_again(people: list[int], imported: Import) -> dict[int, str]:
    """What other rows still say of these people is all that stays, but for what was edited."""
    facts = part_records(facts_of(people), imported)
    firms = Firms()
    firms.load({stint.organisation for said in facts.values() for fact in said for stint in fact.record.stints})
    records = {person_id: derive(said, firms) for person_id, said in facts.items()}
    empty = [person_id for person_id, said in facts.items() if not said]
    kept = settle(records, firms, imported.id)
    kept |= _edited(empty)
    return {person_id: EDITED + "; ".join(dict.fromkeys(words)) + "." for person_id, words in kept.items() if words}


def _edited(people: list[int]) -> dict[int, list[str]]:
    """Of whom no row speaks any more, but whose name somebody changed."""
    found: dict[int, list[str]] = defaultdict(list)
    written = select(ImportedThing.thing_id, ImportedThing.written, Person.full_name, Person.call_name)
    for part in in_parts(people):
        named = written.join(Person, Person.id == ImportedThing.thing_id)
        for row in asked(named.where(ImportedThing.kind == "person", among(ImportedThing.thing_id, part))):
            if row.written != [row.full_name, row.call_name]:
                found[row.thing_id].append(f"the name {row.full_name}")
    return found


def _remove_unneeded(people: list[int], by: Viewer) -> tuple[int, set[int]]:
    """Records that imports made, of which no row speaks and which nobody touched since; and those that somebody did."""
    left = {person_id for person_id, said in facts_of(people).items() if not said}
    made = _made(left)
    leave_waves(left & made, by=by)
    edited = set(_edited(sorted(left)))
    used = {
        person_id for part in in_parts(sorted(left & made - edited))
        for person_id in _traces(Person.__table__, part, OWN | set(MADE)) | _changed_things(part)
    }  # fmt: skip
    free = sorted(left & made - edited - used)
    for part in in_parts(free):
        _remove(part)
    return len(free), used


def _made(people: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for part in in_parts(sorted(people)):
        by_imports = (ImportedThing.kind == "person", among(ImportedThing.thing_id, part))
        found |= set(scalars(select(ImportedThing.thing_id).where(*by_imports)))
    return found


def _traces(target: Any, ids: list[int], without: set[str]) -> set[int]:
    """Which of these rows something else in the house points to, whatever it is."""
    found: set[int] = set()
    for table in db.metadata.sorted_tables:
        if table.name in without:
            continue
        for key in table.foreign_keys:
            if key.column.table is target:
                found |= {row[0] for row in asked(select(key.parent).where(among(key.parent, ids)).distinct())}
    return found


def _changed_things(people: list[int]) -> set[int]:
    """Who has an address, a position or a relation that no import wrote, or that reads otherwise now."""
    from portal.imports.stretches import reads

    things: dict[tuple[str, int], list[Any]] = {
        (row.kind, row.thing_id): row.written
        for row in asked(select(ImportedThing.kind, ImportedThing.thing_id, ImportedThing.written)
                        .where(among(ImportedThing.person_id, people)))
    }  # fmt: skip
    found = set()
    for kind, model in MADE.items():
        for row in scalars(select(model).where(among(model.person_id, people))):
            reads_now = [row.norm] if isinstance(row, EmailAddress) else reads(row)
            is_proved = isinstance(row, EmailAddress) and row.state != "unverified"
            if is_proved or things.get((kind, row.id)) != reads_now:
                found.add(row.person_id)
    return found


def _remove(people: list[int]) -> None:
    for model in MADE_LAST_FIRST:
        db.session.execute(delete(model).where(among(model.person_id, people)), execution_options=AS_IT_IS)
    pairs = or_(among(ImportMatch.low_id, people), among(ImportMatch.high_id, people))
    db.session.execute(delete(ImportMatch).where(pairs), execution_options=AS_IT_IS)
    for column in (ImportMerge.kept_id, ImportedThing.person_id):
        db.session.execute(delete(column.class_).where(among(column, people)), execution_options=AS_IT_IS)
    rest = update(ImportRow).where(among(ImportRow.person_id, people)).values(person_id=None)
    db.session.execute(rest, execution_options=AS_IT_IS)
    db.session.execute(delete(Person).where(among(Person.id, people)), execution_options=AS_IT_IS)


def _tell(applied: dict[int, int], kept: dict[int, str]) -> None:
    """Each row says what became of it; what was kept keeps its way to the person."""
    said = {row_id: {"why": kept.get(person_id, "Taken back.")} for row_id, person_id in applied.items()}
    change_all(ImportRow, said)


def forget_records(person: Person, *, by: Viewer) -> None:
    """An unclaimed record that turned out to be somebody else's goes, with what imports made of it."""
    require(by.has_role("admin"), ONLY_ADMINS)
    people = [person.id]
    _silence([row.id for row in asked(select(ImportRow.id).where(ImportRow.person_id == person.id))])
    if _traces(Person.__table__, people, OWN | set(MADE)) | _changed_things(people):
        raise Conflict("Somebody added to the unclaimed record since. Look at it first.")
    db.session.expunge(person)
    _remove(people)
