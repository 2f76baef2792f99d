"""The advocates with their lights: the list of any size, one of them act by act, and why not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, String, and_, bindparam, exists, false, literal, not_, null, select, true, union_all
from sqlalchemy.orm import aliased

from portal.advocates.models import Act, Advocate
from portal.advocates.policies import checked_in, paused_ids, present, sees_everybody, sees_reasons, unflagged
from portal.advocates.queries import OpenAct, open_acts
from portal.asks import policies
from portal.asks.policies import GREEN, PAUSED, RESTING
from portal.careers.models import KINDS, Relation
from portal.consents.models import Consent
from portal.consents.policies import holds
from portal.core import clock
from portal.core.db import UTCDateTime, db, rows
from portal.core.memory import Memory
from portal.core.pages import Keyset, Page
from portal.core.sets import is_one_of, several
from portal.core.text import fold
from portal.organisations.models import Organisation
from portal.people.faces import FACE, Face
from portal.people.models import Person

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row, Select

    from portal.core.access import Viewer

PAGE_SIZE = 30
NOT_GREEN = "not green"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed by."""

    act: OpenAct | None = None
    relation: str = ""
    organisation: str = ""
    light: str = ""
    name: str = ""


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
    calls: int
    most_calls: int
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
            (self.calls < self.most_calls or not act.is_call, "Their calls for this quarter are used up."),
        ]
        return [sentence for holds, sentence in said if not holds]


CHECK_IN_WORDS = {"not_now": "They said “not now”.", "not_happy": "They said “not happy”."}


def advocates(viewer: Viewer, wanted: Wanted, *, after: str | None = None, before: str | None = None) -> Page[Line]:
    """A page of advocates by name; those who may be asked by their last yes, the paused by who joined last.

    A seller finds only those who may be asked (A2).
    """
    folded = fold(wanted.organisation)
    given = {"kind": wanted.relation, "firm": folded, "name": _somewhere(fold(wanted.name)),
             "firm_end": folded + "\uffff", "me": viewer.person_id or 0, "blocks": list(viewer.blocks)}  # fmt: skip
    shape = Shape(
        one=wanted.act is not None, light=_light_wanted(viewer, wanted.light), kind=wanted.relation in KINDS,
        firm=bool(folded), name=bool(fold(wanted.name)),
    )  # fmt: skip
    terms = policies.terms(act=wanted.act)
    page = _lists.get(shape, lambda: _list(shape)).page(size=PAGE_SIZE, after=after, before=before, **terms, **given)
    lines = [_line(row, viewer, terms) for row in page.items]
    _add_acts_and_ties(lines, terms)
    return Page(lines, page.older, page.newer)


class Shape(NamedTuple):
    """What makes one list another statement; everything else is filled in."""

    one: bool
    light: str
    kind: bool
    firm: bool
    name: bool


_lists: Memory[Shape, Keyset] = Memory(100)


def _light_wanted(viewer: Viewer, light: str) -> str:
    """Which lights this viewer finds: sellers green ones; who is no manager takes paused for resting (A2)."""
    if not sees_everybody(viewer):
        return GREEN
    return NOT_GREEN if light in (RESTING, PAUSED) and not sees_reasons(viewer) else light


def _list(shape: Shape) -> Keyset:
    """The list of one shape; where the light is what was looked for, it is not computed again for each row."""
    known = shape.light in (GREEN, PAUSED)
    light = literal(shape.light) if known else policies.light(one=shape.one)
    reasons = [true()] * 3 if shape.light == GREEN else [unflagged(), present(), policies.rested()]
    named = [clause.label(name) for clause, name in zip(reasons, ("unflagged", "present", "rested"), strict=True)]
    found = select(*FACE, Advocate.answer, Advocate.answered_at, light.label("light"), *named)
    found = found.join(Advocate, Advocate.person_id == Person.id)
    found = found.where(
        policies.here(), not_(is_one_of(Person.id, several("blocks", Integer))), Person.id != bindparam("me")
    )
    if shape.name:
        found = found.where(Person.sort_name.like(bindparam("name", type_=String()), escape="/"))
    if shape.light:
        found = found.where(_lit(shape))
    found = found.where(*_ties(shape))
    if shape.light != GREEN:  # who is green is willing
        found = found.where(policies.one_act() if shape.one else policies.any_act())
    # Few are green or paused: by name one would walk past everybody else to find them.
    if shape.light == GREEN:
        return Keyset(found, [Advocate.answered_at, Advocate.person_id])
    if shape.light == PAUSED:
        return Keyset(found, [Advocate.person_id])
    return Keyset(found, [Person.sort_name, Person.id], ascending=True)


def _somewhere(text: str) -> str:
    """The pattern of names that have this in them; every sign means itself."""
    return f"%{text.replace('/', '//').replace('%', '/%').replace('_', '/_')}%"


def _lit(shape: Shape) -> ColumnElement[bool]:
    """The light that is looked for, as the cheapest clause that says it."""
    green = policies.green_now(one=shape.one)
    if shape.light == RESTING:
        return and_(~policies.paused(), ~green)
    return {GREEN: green, PAUSED: Advocate.person_id.in_(paused_ids()), NOT_GREEN: ~green}[shape.light]


def _ties(shape: Shape) -> list[ColumnElement[bool]]:
    tie = [Relation.person_id == Advocate.person_id]
    if shape.kind:
        tie.append(Relation.kind == bindparam("kind"))
    if shape.firm:
        named = Organisation.folded_name.between(bindparam("firm"), bindparam("firm_end"))
        tie.append(Relation.organisation_id.in_(select(Organisation.id).where(named)))
    return [exists(select(Relation.id).where(*tie)).correlate(Advocate)] if len(tie) > 1 else []


def _line(row: Row[*tuple[Any, ...]], viewer: Viewer, terms: dict[str, Any]) -> Line:
    """Why somebody is not green is for the manager alone; for others paused is resting too (A2)."""
    light = row.light if sees_reasons(viewer) or row.light == GREEN else RESTING
    why = _why(row, terms) if light != GREEN and sees_reasons(viewer) else []
    return Line(Face.of(row), light, why, row.answered_at)


def _why(row: Row[*tuple[Any, ...]], terms: dict[str, Any]) -> list[str]:
    """In a few words; act by act it stands in the record."""
    fresh = row.answer == "yes" and row.answered_at > terms["other_valid"]
    said = {"not_now": "said “not now”", "not_happy": "said “not happy”"}
    why = [words for holds, words in (
        (row.unflagged, "a flag is open"), (row.present, "away"), (fresh, said.get(row.answer, "no fresh check-in")),
        (row.rested, "asked a short time ago"),
    ) if not holds]  # fmt: skip
    return why or ["no fresh check-in for calls, or none left"]


def _add_acts_and_ties(lines: list[Line], terms: dict[str, Any]) -> None:
    """What each is willing to do, in the order of the acts, and each tie to the host, the newest first."""
    by_id = {line.face.id: line for line in lines}
    found: Any = rows(_ACTS_AND_TIES, **terms, ids=list(by_id)) if by_id else ()
    given: dict[int, set[str]] = defaultdict(set)
    ties, today = [], clock.today()
    for is_act, id_, person_id, kind, starts_on, ends_on, name in found:
        if is_act:
            given[person_id].add(kind)
        else:
            tie = _tie(kind, name, ended=bool(ends_on and ends_on <= today))
            ties.append((starts_on or date.min, -id_, person_id, tie))
    for _, _, person_id, tie in sorted(ties, reverse=True):
        by_id[person_id].ties.append(tie)
    acts = open_acts()
    for line in lines:
        line.acts = [act.name for act in acts if act.consent_kind in given[line.face.id]]


def _tie(kind: str, organisation: str, *, ended: bool) -> str:
    """ "Former customer, Acme"; of employees it is the host."""
    tie = f"{'former ' if ended else ''}{kind}" + (f", {organisation}" if kind != "employee" else "")
    return tie[0].upper() + tie[1:]


def green_acts(person_id: int) -> dict[str, bool]:
    """Each open act's light for one advocate: the same predicate, act by act, in one statement."""
    return {row.key: bool(row.green) for row in rows(_GREEN_ACTS, **policies.terms(), person_id=person_id)}


def is_green(person_id: int, act: Act, *, beside: int = 0, override: bool = False) -> bool:
    """Whether this advocate may be asked for this act now (A2, A4)."""
    given = {**policies.terms(beside=beside), "person_id": person_id, "act_id": act.id}
    return db.session.execute(_IS_GREEN[override], given).first() is not None


def standing(person_id: int) -> Standing | None:
    """What an advocate's light is made of; None for who never opted in."""
    row = db.session.execute(_STANDING, {**policies.terms(), "person_id": person_id}).one_or_none()
    return Standing(**row._mapping) if row is not None else None  # noqa: SLF001 - the documented way to a row's mapping


def overall(person_id: int) -> str | None:
    """One advocate's light for at least one act; None for who is willing to none."""
    found: str | None = db.session.execute(
        _OVERALL, {**policies.terms(), "person_id": person_id}
    ).scalar_one_or_none()  # fmt: skip
    return found


def _of_one(*columns: Any) -> Select[*tuple[Any, ...]]:
    of_one = select(*columns).select_from(Advocate).join(Person, Person.id == Advocate.person_id)
    return of_one.where(Advocate.person_id == bindparam("person_id"))


_IDS = several("ids", Integer)
_GIVEN = aliased(Consent)
_ACTS_AND_TIES: Any = union_all(
    select(literal(False).label("is_act"), Relation.id, Relation.person_id, Relation.kind, Relation.starts_on, Relation.ends_on,
           Organisation.name)
    .join(Organisation, Organisation.id == Relation.organisation_id).where(is_one_of(Relation.person_id, _IDS)),
    select(literal(True), _GIVEN.id, _GIVEN.person_id, _GIVEN.kind, null(), null(), null())
    .where(is_one_of(_GIVEN.person_id, _IDS), *holds(_GIVEN, _GIVEN.person_id, bindparam("at", type_=UTCDateTime()))),
)  # fmt: skip
_GREEN_ACTS = _of_one(Act.key, policies.green().label("green")).join(Act, true()).where(Act.closed_at.is_(None))
_IS_GREEN = {
    override: _of_one(Act.id).join(Act, Act.id == bindparam("act_id")).where(policies.green(override=override))
    for override in (False, True)
}
_STANDING = _of_one(
    policies.here().label("here"), unflagged().label("unflagged"), present().label("present"),
    policies.rested().label("rested"), policies.calls().label("calls"), policies.most_calls().label("most_calls"), Advocate.answer,
    checked_in(true()).label("fresh_for_calls"), checked_in(false()).label("fresh_for_others"),
)  # fmt: skip
_OVERALL = _of_one(policies.light(one=False)).where(policies.any_act())
