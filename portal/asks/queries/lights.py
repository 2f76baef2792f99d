"""The advocates with their lights: the list of any size, one of them act by act, and why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, literal, select

from portal.advocates.models import Act, Advocate
from portal.advocates.policies import checked_in, present, sees_everybody, sees_reasons, unflagged
from portal.asks import policies
from portal.asks.policies import GREEN, PAUSED, RESTING
from portal.careers.models import KINDS, Relation
from portal.consents.policies import in_force
from portal.core import clock
from portal.core.db import db, rows
from portal.core.pages import Page, keyset
from portal.core.text import fold
from portal.organisations.models import Organisation
from portal.people.faces import FACE, Face
from portal.people.models import Person
from portal.people.policies import listed_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Row, Select

    from portal.core.access import Viewer

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed by."""

    act: Act | None = None
    relation: str = ""
    organisation: str = ""
    light: str = ""


@dataclass(slots=True)
class Line:
    """An advocate in the list."""

    face: Face
    light: str
    why: list[str]
    answered_at: datetime | None
    acts: list[str] = field(default_factory=list)
    ties: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that a light is made of, for one advocate; the manager is told it in words."""

    here: bool
    unflagged: bool
    present: bool
    rested: bool
    below_calls: bool
    answer: str
    fresh_for_calls: bool
    fresh_for_others: bool

    def why_not(self, act: Act) -> list[str]:
        """What stands against asking for this act now, in sentences."""
        fresh = self.fresh_for_calls if act.is_call else self.fresh_for_others
        said = [
            (self.here, "They stepped back."),
            (self.unflagged, "A flag is open."),
            (self.present, "They are away."),
            (fresh, CHECK_IN_WORDS.get(self.answer, "No fresh check-in.")),
            (self.rested, "They were asked a short time ago."),
            (self.below_calls or not act.is_call, "Their calls for this quarter are used up."),
        ]
        return [sentence for holds, sentence in said if not holds]


CHECK_IN_WORDS = {"not_now": "They said “not now”.", "not_happy": "They said “not happy”."}


def advocates(viewer: Viewer, wanted: Wanted, *, after: str | None = None, before: str | None = None) -> Page[Line]:
    """A page of advocates by name; a seller finds those who may be asked now, and nobody else (A2)."""
    at = clock.now()
    light = policies.light(wanted.act, at)
    found = _list(viewer, wanted, light, at)
    order = [Person.sort_name, Person.id]
    page = keyset(found, order, size=PAGE_SIZE, after=after, before=before, ascending=True)
    lines = [_line(row, viewer) for row in page.items]
    _add_acts(lines, at)
    _add_ties(lines)
    return Page(lines, page.older, page.newer)


def _list(viewer: Viewer, wanted: Wanted, light: ColumnElement[str], at: datetime) -> Select[*tuple[Any, ...]]:
    columns = (
        Advocate.answer, Advocate.answered_at, light.label("light"), unflagged().label("unflagged"),
        present(at.date()).label("present"), policies.rested(at).label("rested"),
    )  # fmt: skip
    found = select(*FACE, *columns).join(Advocate, Advocate.person_id == Person.id)
    found = found.where(policies.here(), listed_for(viewer), Advocate.person_id != (viewer.person_id or 0))
    found = found.where(policies.is_advocate(wanted.act, at), *_narrowed(wanted))
    if not sees_everybody(viewer):
        return found.where(light == GREEN)
    if wanted.light == RESTING and not sees_reasons(viewer):
        return found.where(light != GREEN)
    return found.where(light == wanted.light) if wanted.light else found


def _narrowed(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    tie = [Relation.person_id == Advocate.person_id]
    if wanted.relation in KINDS:
        tie.append(Relation.kind == wanted.relation)
    if wanted.organisation:
        folded = fold(wanted.organisation)
        named = select(Organisation.id).where(Organisation.folded_name.between(folded, folded + "\uffff"))
        tie.append(Relation.organisation_id.in_(named))
    return [exists(select(Relation.id).where(*tie)).correlate(Advocate)] if len(tie) > 1 else []


def _line(row: Row[*tuple[Any, ...]], viewer: Viewer) -> Line:
    """Why somebody is not green is for the manager alone; for others paused is resting too (A2)."""
    if not sees_reasons(viewer):
        return Line(Face.of(row), GREEN if row.light == GREEN else RESTING, [], row.answered_at)
    why = [words for holds, words in (
        (row.unflagged, "a flag is open"), (row.present, "away"), (row.rested, "asked a short time ago"),
    ) if not holds]  # fmt: skip
    if not why and row.light == RESTING:
        said = {"not_now": "said “not now”", "not_happy": "said “not happy”", "yes": "check-in or calls used up"}
        why = [said.get(row.answer, "no fresh check-in")]
    return Line(Face.of(row), row.light, [] if row.light == GREEN else why, row.answered_at)


def _add_acts(lines: list[Line], at: datetime) -> None:
    by_id = {line.face.id: line for line in lines}
    willing = in_force(Advocate.person_id, Act.consent_kind, at)
    found = select(Advocate.person_id, Act.name).join(Act, literal(True)).order_by(Act.position)
    found = found.where(Advocate.person_id.in_(by_id), Act.closed_at.is_(None), willing)
    for row in rows(found) if by_id else ():
        by_id[row.person_id].acts.append(row.name)


def _add_ties(lines: list[Line]) -> None:
    by_id = {line.face.id: line for line in lines}
    found = select(Relation.person_id, Relation.kind, Relation.ends_on, Organisation.name)
    found = found.join(Organisation, Organisation.id == Relation.organisation_id).where(Relation.person_id.in_(by_id))
    for row in rows(found.order_by(Relation.starts_on.desc(), Relation.id)) if by_id else ():
        phase = "former " if row.ends_on and row.ends_on <= clock.today() else ""
        tie = f"{phase}{row.kind}" + (f", {row.name}" if row.kind != "employee" else "")
        by_id[row.person_id].ties.append(tie)


def green_acts(person_id: int) -> dict[str, bool]:
    """Each open act's light for one advocate: the same predicate, act by act, in one statement."""
    from portal.advocates.queries import acts

    at, every = clock.now(), acts()
    columns = [policies.green_for(one, at).label(one.key) for one in every]
    row = db.session.execute(_one(*columns).where(Advocate.person_id == person_id)).one_or_none()
    return {one.key: bool(row[number]) if row else False for number, one in enumerate(every)}


def is_green(person_id: int, act: Act, *, beside: int | None = None, override: bool = False) -> bool:
    """Whether this advocate may be asked for this act now (A2, A4)."""
    green = policies.green_for(act, clock.now(), beside=beside, override=override)
    return (
        db.session.execute(_one(Advocate.person_id).where(Advocate.person_id == person_id, green)).first() is not None
    )


def standing(person_id: int, *, beside: int | None = None) -> Standing | None:
    """What an advocate's light is made of; None for who never opted in."""
    at = clock.now()
    columns = (
        policies.here().label("here"), unflagged().label("unflagged"), present(at.date()).label("present"),
        policies.rested(at, beside).label("rested"), policies.below_calls(at, beside).label("below_calls"),
        Advocate.answer, checked_in(literal(True), at).label("fresh_for_calls"),
        checked_in(literal(False), at).label("fresh_for_others"),
    )  # fmt: skip
    row = db.session.execute(_one(*columns).where(Advocate.person_id == person_id)).one_or_none()
    return Standing(**row._mapping) if row is not None else None  # noqa: SLF001 - the documented way to a row's mapping


def overall(person_id: int) -> str | None:
    """One advocate's light for at least one act; None for who is none."""
    at = clock.now()
    found = _one(policies.light(None, at)).where(Advocate.person_id == person_id, policies.any_act(at))
    return db.session.execute(found).scalar_one_or_none()


def _one(*columns: Any) -> Select[*tuple[Any, ...]]:
    return select(*columns).select_from(Advocate).join(Person, Person.id == Advocate.person_id)


__all__ = [
    "GREEN", "PAUSED", "RESTING", "Line", "Standing", "Wanted", "advocates", "green_acts", "is_green",
    "overall", "standing",
]  # fmt: skip
