"""Reading imports: files, their rows, what waits for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core import glance
from portal.core.db import db, get_one, rows, scalars
from portal.core.pages import Keyset, Page, keyset
from portal.imports.models import Import, ImportMapping, ImportMatch, ImportProposal, ImportRow
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Row

NO_SUCH = "There is no such import."
PAGE_SIZE = 50
AT_ONCE = 2000
COLUMNS = (
    ImportRow.id, ImportRow.number, ImportRow.outcome, ImportRow.why, ImportRow.record, ImportRow.applied,
    Person.public_id.label("person"), Person.full_name.label("person_name"),
)  # fmt: skip


def by_id(import_id: int) -> Import:
    """An import by the key inside, as it is now."""
    found = select(Import).where(Import.id == import_id).execution_options(populate_existing=True)
    return get_one(found, NO_SUCH)


def one(public_id: str) -> Import:
    """An import by its public id."""
    return get_one(select(Import).where(Import.public_id == public_id), NO_SUCH)


def imports(*, after: str | None = None, before: str | None = None) -> Page[Import]:
    """All imports, the newest first."""
    page = keyset(select(Import), (Import.id,), size=PAGE_SIZE, after=after, before=before)
    return page.map(lambda row: row[0])


def mapping(shape: str) -> ImportMapping | None:
    """What a header's columns meant last time."""
    return db.session.execute(select(ImportMapping).where(ImportMapping.shape == shape)).scalar_one_or_none()


def keyless_twin(digest: str) -> Import | None:
    """An import in force of the very same bytes, without ids and addresses."""
    same = (Import.digest == digest, Import.state.in_(("applied", "applying")), Import.has_keys.is_(False))
    return db.session.execute(select(Import).where(*same).limit(1)).scalar_one_or_none()


def keyless_before(imported: Import) -> Import | None:
    """Another import in force of the same shape, whose rows named nobody for sure either."""
    same = (Import.shape == imported.shape, Import.id != imported.id, Import.state.in_(("applied", "applying")))
    found = select(Import).where(*same, Import.has_keys.is_(False)).order_by(Import.id.desc()).limit(1)
    return db.session.execute(found).scalar_one_or_none()


_rows = select(*COLUMNS).outerjoin(Person, Person.id == ImportRow.person_id)


def report(
    imported: Import, outcome: str = "", *, after: str | None = None, before: str | None = None
) -> Page[Row[Any]]:
    """What becomes of each row, in the file's order."""
    found = _rows.where(ImportRow.import_id == imported.id)
    found = found.where(ImportRow.outcome == outcome) if outcome else found
    return Keyset(found, (ImportRow.number,), ascending=True).page(size=PAGE_SIZE, after=after, before=before)


def whole_report(import_id: int, outcome: str = "") -> Iterator[Sequence[Row[Any]]]:
    """The same for a download, some rows at a time."""
    found, last = _rows.where(ImportRow.import_id == import_id), 0
    found = found.where(ImportRow.outcome == outcome) if outcome else found
    while some := rows(found.where(ImportRow.number > last).order_by(ImportRow.number).limit(AT_ONCE)):
        yield some
        last = some[-1].number


def match(public_id: str) -> ImportMatch:
    """A question about two records, with both."""
    found = select(ImportMatch).where(ImportMatch.public_id == public_id)
    return get_one(
        found.options(joinedload(ImportMatch.low), joinedload(ImportMatch.high)), "There is no such question."
    )


def open_matches(*, after: str | None = None, before: str | None = None) -> Page[ImportMatch]:
    """Pairs that look like one human, the oldest question first."""
    found = select(ImportMatch).where(ImportMatch.state == "open")
    found = found.options(joinedload(ImportMatch.low), joinedload(ImportMatch.high))
    page = keyset(found, (ImportMatch.id,), size=20, after=after, before=before, ascending=True)
    return page.map(lambda row: row[0])


def open_links(*, after: str | None = None, before: str | None = None) -> Page[ImportProposal]:
    """Rows that fit a member by address alone, and wait for an admin."""
    waiting = select(ImportProposal).where(ImportProposal.state == "open", ImportProposal.kind == "link")
    waiting = waiting.options(joinedload(ImportProposal.person))
    return keyset(waiting, (ImportProposal.id,), size=20, after=after, before=before, ascending=True).map(
        lambda row: row[0]
    )


def has_questions() -> bool:
    """Whether anything waits for an admin."""
    pairs = select(ImportMatch.id).where(ImportMatch.state == "open").limit(1)
    links = select(ImportProposal.id).where(ImportProposal.state == "open", ImportProposal.kind == "link").limit(1)
    return any(db.session.execute(each).first() is not None for each in (pairs, links))


def proposal(public_id: str) -> ImportProposal:
    """Something that a file proposes."""
    return get_one(select(ImportProposal).where(ImportProposal.public_id == public_id), "There is no such proposal.")


def own_proposal(person_id: int, public_id: str) -> ImportProposal:
    """One that is the person's to answer."""
    mine = (ImportProposal.person_id == person_id, ImportProposal.kind == "position")
    found = select(ImportProposal).where(ImportProposal.public_id == public_id, *mine)
    return get_one(found, "There is no such proposal.")


def own_proposals(person_id: int) -> list[ImportProposal]:
    """What a member is asked about their career, at most a page of it."""
    mine = (ImportProposal.person_id == person_id, ImportProposal.kind == "position", ImportProposal.state == "open")
    return scalars(select(ImportProposal).where(*mine).order_by(ImportProposal.id).limit(PAGE_SIZE))


def _open_of(person_id: Any) -> ColumnElement[int]:
    mine = (ImportProposal.person_id == person_id, ImportProposal.kind == "position", ImportProposal.state == "open")
    return select(func.count(ImportProposal.id)).where(*mine).scalar_subquery()


glance.for_tasks("proposals", _open_of)


def count_own_proposals(person_id: int) -> int:
    """How many entries a member is asked about."""
    return int(glance.of("proposals", person_id))


def imports_of(person_id: int) -> list[int]:
    """The imports whose rows speak of a person, the newest first."""
    found = select(ImportRow.import_id).where(ImportRow.person_id == person_id, ImportRow.applied).distinct()
    return sorted(scalars(found), reverse=True)


def sources_of(people: list[int]) -> dict[int, list[Row[Any]]]:
    """Where what is known of these people came from: file, row, day and what it said."""
    columns = (ImportRow.person_id, ImportRow.number, ImportRow.seen_on, ImportRow.record, Import.name, Import.source,
               Import.public_id)  # fmt: skip
    found = select(*columns).join(Import, Import.id == ImportRow.import_id)
    said: dict[int, list[Row[Any]]] = {person_id: [] for person_id in people}
    for row in rows(found.where(ImportRow.person_id.in_(people), ImportRow.applied).order_by(ImportRow.id)):
        said[row.person_id].append(row)
    return said


def rows_of(row_ids: list[int]) -> dict[int, Row[Any]]:
    """What rows said, and in which files."""
    found = select(ImportRow.id, ImportRow.number, ImportRow.record, Import.name, Import.source).join(Import)
    return {row.id: row for row in rows(found.where(ImportRow.id.in_(row_ids)))}
