"""What a file says of people who have an account: the host's own dates apply, all else is proposed (I11)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.careers.actions import end_relation, record_relation
from portal.careers.models import Position, Relation
from portal.core.db import add, db, scalars
from portal.core.partial_dates import PartialDate
from portal.imports.deriving import career, claims_of
from portal.imports.exits import announce_exit
from portal.imports.models import ImportProposal
from portal.notifications.actions import notify
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.imports.deriving import Entry
    from portal.imports.firms import Firms
    from portal.imports.rows import Fact

CAREER, SUGGESTED = "/settings/career", "/settings/career/suggested"


def say_of_member(person_id: int, fact: Fact, digest: str, firms: Firms, *, linked: bool, by: Viewer) -> None:
    """Apply what is the host's to say of a member it knows by id; ask an admin first when only the address fits."""
    if not linked:
        title = f"Row {fact.number} has this member’s address and the name {fact.record.full_name}."
        _propose(person_id, fact, "link", f"held:{digest}", title, {"name": fact.record.full_name})
        return
    for entry in career(claims_of(fact, firms)):
        if entry.relation == "employee":
            _apply_employment(person_id, fact, digest, entry, firms, by)
        else:
            _propose_position(person_id, fact, entry, by)
    announce_exit(person_id, fact, firms, by=by)
    _propose(person_id, fact, "link", f"linked:{digest}", "Known by id.", {}, state="applied")


def _apply_employment(person_id: int, fact: Fact, digest: str, entry: Entry, firms: Firms, by: Viewer) -> None:
    """The host's own dates hold from their day, and the person is told."""
    relation = _employment(person_id, entry)
    if relation is None:
        made = record_relation(
            person_by_id(person_id), "employee", firms.host, start=entry.start, end=entry.end, title=entry.title,
            department=entry.department, site=entry.site, verified_by="import", by=by,
        )  # fmt: skip
        said = f"{firms.host.name} noted your employment there {entry.when}".strip()
        data: dict[str, Any] = {"made": made.id}
    elif entry.end is not None and relation.end != entry.end:
        data = {"relation": relation.id, "before": relation.end.text if relation.end else "", "after": entry.end.text}
        end_relation(relation, entry.end, by=by)
        said = f"{firms.host.name} noted that your employment there ends on {entry.end.label}"
    else:
        return
    _propose(person_id, fact, "employment", f"employment:{digest}", said, data, state="applied")
    notify(person_id, "host_record", title=said + ".", url=CAREER, by=by)


def _employment(person_id: int, entry: Entry) -> Relation | None:
    """The employment that an entry speaks of: of one beginning, else the one that is open, else the last."""
    mine = select(Relation).where(Relation.person_id == person_id, Relation.kind == "employee")
    found = scalars(mine.order_by(Relation.starts_on.desc(), Relation.id.desc()))
    if entry.start:
        named = [each for each in found if each.start in (entry.start, None)]
        return named[0] if named else None if found and all(each.end for each in found) else next(iter(found), None)
    return next((each for each in found if each.end is None), next(iter(found), None))


def _propose_position(person_id: int, fact: Fact, entry: Entry, by: Viewer) -> None:
    """Another employer is the person's to confirm, and so is its end when their career says that they are still there."""
    here = positions_at(person_id, entry.firm.key) if isinstance(entry.firm.key, int) else []
    if here and (entry.end is None or still_there(here, entry.start) is None):
        return
    data = {
        "organisation": entry.firm.name, "title": entry.title, "department": entry.department, "site": entry.site,
        "start": entry.start.text if entry.start else "", "end": entry.end.text if entry.end else "",
    } | ({"ends": True} if here else {})  # fmt: skip
    title = f"{entry.firm.name} {entry.when}".strip()
    made = _propose(person_id, fact, "position", f"position:{sorted(data.items())}", title, data)
    if made is not None:
        notify(person_id, "proposal", title=_question(entry, ends=bool(here)), url=SUGGESTED,
               group_key="proposals", many="{n} entries are suggested for your career", by=by)  # fmt: skip


def _question(entry: Entry, *, ends: bool) -> str:
    if ends and entry.end:
        return f"Did you leave {entry.firm.name}? A file says: until {entry.end.label}."
    return f"Should {entry.firm.name} be part of your career?"


def positions_at(person_id: int, organisation_id: int) -> list[Position]:
    """What a member's career says of their time at a firm."""
    mine = (Position.person_id == person_id, Position.organisation_id == organisation_id)
    return scalars(select(Position).where(*mine).order_by(Position.starts_on.desc(), Position.id.desc()))


def still_there(here: list[Position], start: PartialDate | None) -> Position | None:
    """The entry without an end that a row speaks of; the one at the host follows the host's own record."""
    open_ = [each for each in here if each.end is None and each.relation_id is None]
    return next((each for each in open_ if start is None or each.start in (start, None)), None)


def _propose(
    person_id: int, fact: Fact, kind: str, key: str, title: str, data: dict[str, Any], *, state: str = "open"
) -> ImportProposal | None:
    """Put it down once; what was declined is not asked again."""
    digest = key if len(key) <= 64 else hashlib.sha256(key.encode()).hexdigest()
    known = select(ImportProposal.id).where(ImportProposal.person_id == person_id, ImportProposal.digest == digest)
    if db.session.execute(known).first() is not None:
        return None
    return add(ImportProposal(
        person_id=person_id, import_id=fact.import_id, row_id=fact.row_id, kind=kind, digest=digest,
        title=title[:300], data=data, state=state,
    ))  # fmt: skip


def take_back_employment(data: dict[str, Any], *, by: Viewer) -> bool:
    """An undo gives an employment its former end, if it still has the one that the import wrote."""
    relation_id = data.get("relation") or data.get("made")
    relation = db.session.execute(select(Relation).where(Relation.id == relation_id)).scalar_one_or_none()
    if relation is None or "made" in data or (relation.end and relation.end.text) != data["after"]:
        return False
    before = PartialDate(data["before"]) if data["before"] else None
    relation.set_dates(relation.start, before)
    for position in scalars(select(Position).where(Position.relation_id == relation.id)):
        position.set_dates(position.start, before)
    db.session.flush()
    return True
