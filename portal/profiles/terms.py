"""What members are found by: one row per value with its audience, kept in step with profile, career and name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, bindparam, delete, select

from portal.careers.queries import assignments_of, positions_of, relations_of
from portal.core.db import db, scalars
from portal.core.jobs import job
from portal.core.text import fold
from portal.people.models import Person
from portal.people.queries import lock_person
from portal.profiles.models import CALLED, NAMES, SOURCES, WORDS, FormerName, PersonTerm, ProfileEntry
from portal.profiles.queries import people_of_firm

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from portal.careers.models import Position, Relation

WEIGHTS = {
    "name": 100,
    "former": 90,
    "skill": 60,
    "career": 50,
    "headline": 40,
    "place": 40,
    "language": 20,
    "about": 10,
}
NAME_AUDIENCE, BATCH = "members", 200
NAMED = ("name", "former")  # found in spite of typing errors
# Put together once: they run at every change of a name, a profile or a career.
_ID: Any = bindparam("person_id", type_=Integer)
_PERSON = select(Person).where(Person.id == _ID).execution_options(populate_existing=True)
_ROWS = select(PersonTerm).where(PersonTerm.person_id == _ID)
_FORMER = select(FormerName).where(FormerName.person_id == _ID)
_ENTRIES = select(ProfileEntry).where(ProfileEntry.person_id == _ID)


class Term(NamedTuple):
    """A term as it should be."""

    source: str
    text: str
    audience: str


def refresh_terms(person_id: int) -> None:
    """Bring a person's terms and their index up to date; people whom nobody can meet have none (I11)."""
    db.session.flush()
    lock_person(person_id)  # whoever steps back meanwhile is not found any more
    person = next(iter(scalars(_PERSON, person_id=person_id)), None)
    wanted = set(_terms(person)) if person is not None and person.listed else set()
    there: dict[Term, PersonTerm] = {}
    useless = []
    for row in _rows(person_id):
        term = Term(row.source, row.text, row.audience)
        if term in wanted and term not in there:
            there[term] = row
        else:
            useless.append(row.id)
    _remove(useless)
    _insert(person_id, wanted - there.keys())


@job("profiles.refresh_terms_of_firm")
def refresh_terms_of_firm(organisation_id: int) -> Iterator[None]:
    """What a firm's people are found by follows the firm's name; there may be many, so some at a time."""
    last = 0
    while found := people_of_firm(organisation_id, after=last, limit=BATCH):
        for person_id in found:
            refresh_terms(person_id)
        last = found[-1]
        yield


def index_again(after: int) -> int:
    """Write some terms into the indexes once more, as terms are written today: a release may find by other letters too."""
    found = scalars(select(PersonTerm).where(PersonTerm.id > after).order_by(PersonTerm.id).limit(BATCH))
    _index(found)
    return found[-1].id if found else 0


def remove_terms(person_id: int) -> None:
    """Nobody is found by these any more."""
    _remove([row.id for row in _rows(person_id)])


def _rows(person_id: int) -> list[PersonTerm]:
    return scalars(_ROWS, person_id=person_id)


def _terms(person: Person) -> Iterator[Term]:
    called = "" if person.sort_name.startswith(fold(person.call_name)) else person.call_name
    yield Term("name", f"{person.full_name}{CALLED}{called}" if called else person.full_name, NAME_AUDIENCE)
    for former in scalars(_FORMER, person_id=person.id):
        yield Term("former", former.name, former.audience)
    for entry in scalars(_ENTRIES, person_id=person.id):
        if entry.field in SOURCES:
            yield Term(entry.field, entry.value, entry.audience)
    yield from _career(person.id)


def _career(person_id: int) -> Iterator[Term]:
    positions = positions_of(person_id)
    audiences = {row.id: row.audience for row in positions}
    for each in assignments_of(audiences):
        yield Term("career", ", ".join(filter(None, (each.what, each.organisation.name))), audiences[each.position_id])
    rows: list[Position | Relation] = [*positions, *relations_of(person_id)]
    for row in rows:
        words = (row.title, row.department, row.organisation.name, row.site)
        yield Term("career", ", ".join(word for word in words if word), row.audience)


def _remove(ids: list[int]) -> None:
    if not ids:
        return
    for term_id in ids:
        WORDS.remove(term_id)
        NAMES.remove(term_id)
    db.session.execute(delete(PersonTerm).where(PersonTerm.id.in_(ids)))


def _insert(person_id: int, terms: Collection[Term]) -> None:
    if not terms:
        return
    rows = [
        PersonTerm(person_id=person_id, weight=WEIGHTS[term.source], folded=fold(term.text), **term._asdict())
        for term in sorted(terms)
    ]
    db.session.add_all(rows)
    db.session.flush()
    _index(rows)


def _index(rows: Collection[PersonTerm]) -> None:
    WORDS.put_many((row.id, row.text) for row in rows)
    NAMES.put_many((row.id, row.text) for row in rows if row.source in NAMED)
