"""Reading cases, decisions and appeals: for the queue, for a case's page, for the person concerned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.boards.grants import readable_boards
from portal.boards.models import Board, BoardModerator
from portal.core import clock, parts, settings
from portal.core.db import db, get_one, rows, scalars
from portal.core.errors import Missing
from portal.moderation import policies
from portal.moderation.models import Appeal, Case, Decision, Report
from portal.moderation.reasons import AGAINST, TOLD
from portal.people.models import Person, PersonRole

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer
    from portal.core.parts import Reportable, ReportedThing

NO_CASE = "There is no such case, or it is not yours to look into."
NO_DECISION = "There is no such decision."
NO_APPEAL = "There is no such appeal."
PAGE_SIZE = 30
COUNTED = 100  # a badge shows no more
OF_A_CASE = (joinedload(Case.author), joinedload(Case.board), joinedload(Case.claimed_by))


def reportable(kind: str) -> Reportable:
    """How to handle this kind of thing."""
    found = parts.reportable(kind)
    if found is None:
        raise Missing("There is nothing of this kind to report.")
    return found


def thing_of(case: Case) -> ReportedThing | None:
    """The thing as it is now, if it is still there."""
    try:
        return reportable(case.kind).load(case.thing_id)
    except Missing:
        return None


def case_for(viewer: Viewer, public_id: str) -> Case:
    """A case that the viewer may look into; one's own does not exist (M5)."""
    return get_one(
        select(Case).where(Case.public_id == public_id, policies.cases_of(viewer)).options(*OF_A_CASE), NO_CASE
    )


def case_by_id(case_id: int) -> Case:
    """A case by the key inside, for jobs and actions."""
    return get_one(select(Case).where(Case.id == case_id).options(*OF_A_CASE), NO_CASE)


def open_case_about(kind: str, public_id: str) -> Case | None:
    """The case about a thing that is not closed."""
    found = select(Case).where(Case.open_key == f"{kind}:{public_id}").options(*OF_A_CASE)
    return db.session.execute(found).scalar_one_or_none()


def has_been_looked_at(case: Case, html: str) -> bool:
    """Whether a moderator has looked at the thing as it is now, without hiding it for good."""
    same = (Case.kind == case.kind, Case.thing_id == case.thing_id, Case.html == html)
    return (
        db.session.execute(select(Case.id).join(Decision, Decision.case_id == Case.id).where(*same).limit(1)).first()
        is not None
    )


def is_reporter(viewer: Viewer, case_id: int) -> bool:
    """Whether the viewer reported this case."""
    found = select(Report.id).where(Report.case_id == case_id, Report.reporter_id == viewer.person_id)
    return db.session.execute(found.limit(1)).first() is not None


def open_report(viewer: Viewer, kind: str, public_id: str) -> Report | None:
    """The viewer's report on a thing that nobody has answered yet."""
    key = f"{viewer.person_id}:{kind}:{public_id}"
    return db.session.execute(select(Report).where(Report.open_key == key)).scalar_one_or_none()


def reports_on(case: Case) -> list[Report]:
    """What was reported, oldest first."""
    return scalars(
        select(Report).where(Report.case_id == case.id).options(joinedload(Report.reporter)).order_by(Report.id)
    )


def decisions_on(case: Case) -> list[Decision]:
    """What was decided about the thing, in this case and earlier ones, oldest first."""
    found = select(Decision).join(Decision.case).where(Case.kind == case.kind, Case.thing_id == case.thing_id)
    options = (contains_eager(Decision.case), joinedload(Decision.by), joinedload(Decision.appeal))
    return scalars(found.options(*options).order_by(Decision.id))


def history_of(person_id: int, limit: int = 10) -> list[Decision]:
    """The latest decisions about a person, for moderators."""
    found = select(Decision).join(Decision.case).where(Case.author_id == person_id, Decision.verb.in_(TOLD))
    return scalars(
        found.options(contains_eager(Decision.case).joinedload(Case.board)).order_by(Decision.id.desc()).limit(limit)
    )


def decision_for(viewer: Viewer, public_id: str) -> Decision:
    """A decision that the viewer may look into, or that is about the viewer and in force."""
    decision = _decision(Decision.public_id == public_id)
    if not policies.can_see_decision(viewer, decision, decision.case):
        raise Missing(NO_DECISION)
    return decision


def decision_by_id(decision_id: int) -> Decision:
    """A decision by the key inside, for jobs."""
    return _decision(Decision.id == decision_id)


def decision_about(viewer: Viewer, public_id: str) -> Decision:
    """A decision about the viewer."""
    return _decision(Decision.public_id == public_id, Case.author_id == viewer.person_id, told())


def _decision(*conditions: ColumnElement[bool]) -> Decision:
    found = select(Decision).join(Decision.case).where(*conditions)
    options = (contains_eager(Decision.case).options(*OF_A_CASE), joinedload(Decision.by), joinedload(Decision.appeal))
    return get_one(found.options(*options), NO_DECISION)


def told() -> ColumnElement[bool]:
    """Decisions that their author knows of: those that took effect, if only for the time of a second look."""
    return (Decision.verb.in_(TOLD)) & or_(Decision.hides, Decision.in_force_at.is_not(None))


def decisions_about(person_id: int) -> list[Decision]:
    """Everything decided about a person, newest first, for that person."""
    found = select(Decision).join(Decision.case).where(Case.author_id == person_id, told())
    options = (contains_eager(Decision.case).joinedload(Case.board), joinedload(Decision.appeal))
    return scalars(found.options(*options).order_by(Decision.id.desc()))


def hidden_cases_of(person_id: int) -> list[Case]:
    """What reports have hidden until a moderator looks, for its author."""
    return scalars(
        select(Case)
        .where(Case.author_id == person_id, Case.hidden_automatically, Case.state == "open")
        .order_by(Case.id)
    )


def reports_by(person_id: int, limit: int = 20) -> list[Report]:
    """What a person reported lately."""
    found = select(Report).where(Report.reporter_id == person_id).options(joinedload(Report.case))
    return scalars(found.order_by(Report.id.desc()).limit(limit))


def appeal_for(viewer: Viewer, public_id: str) -> Appeal:
    """An appeal that the viewer may answer."""
    return _appeal(Appeal.public_id == public_id, policies.appeals_of(viewer))


def appeal_by_id(appeal_id: int) -> Appeal:
    """An appeal by the key inside, for jobs."""
    return _appeal(Appeal.id == appeal_id)


def _appeal(*conditions: ColumnElement[bool]) -> Appeal:
    found = select(Appeal).join(Appeal.decision).join(Decision.case).where(*conditions)
    options = contains_eager(Appeal.decision).options(
        contains_eager(Decision.case).options(*OF_A_CASE), joinedload(Decision.by), joinedload(Decision.appeal)
    )
    return get_one(found.options(options), NO_APPEAL)


def hiding_in_force(case: Case, beside: int) -> bool:
    """Whether another decision still hides the thing."""
    same = (Case.kind == case.kind, Case.thing_id == case.thing_id)
    found = (
        select(Decision.id)
        .join(Decision.case)
        .where(*same, Decision.hides, Decision.reversed_at.is_(None), Decision.id != beside)
    )
    return db.session.execute(found.limit(1)).first() is not None


def suspensions_in_force(person_id: int) -> list[Decision]:
    """The suspensions of a person that run now, by their end."""
    runs = (
        Decision.verb == "suspend",
        Decision.in_force_at.is_not(None),
        Decision.reversed_at.is_(None),
        Decision.suspended_until > clock.now(),
    )
    found = select(Decision).join(Decision.case).where(Case.author_id == person_id, *runs)
    return scalars(found.order_by(Decision.suspended_until))


def overdue_seconds(now: datetime) -> list[int]:
    """Decisions whose second look did not come in time."""
    pending = (Decision.in_force_at.is_(None), Decision.reversed_at.is_(None), Decision.second_until <= now)
    return scalars(select(Decision.id).where(*pending).order_by(Decision.id).limit(100))


def moderators_for(board_id: int | None) -> list[int]:
    """Who works on a case of this board: holders of the role, and who keeps the board."""
    held = select(PersonRole.person_id).where(PersonRole.role == "moderator", PersonRole.ended_at.is_(None))
    kept = select(BoardModerator.person_id).where(BoardModerator.board_id == board_id)
    return scalars(select(Person.id).where(or_(Person.id.in_(held), Person.id.in_(kept))).order_by(Person.id))


def board_moderators(viewer: Viewer) -> list[tuple[str, Person]]:
    """Who keeps the boards that the viewer may read: name of the board, person."""
    found = (
        select(Board.name, Person)
        .join(BoardModerator, BoardModerator.board_id == Board.id)
        .join(Person, Person.id == BoardModerator.person_id)
        .where(Board.id.in_(readable_boards(viewer)), Person.listed)
        .order_by(Board.name, Person.sort_name)
    )
    return [(name, person) for name, person in db.session.execute(found)]


_AGAINST = exists().where(
    Case.author_id == bindparam("me"), Decision.case_id == Case.id, Decision.verb.in_(AGAINST), Decision.reversed_at.is_(None),
    or_(Decision.hides, Decision.in_force_at.is_not(None)),
)  # fmt: skip
_TRUSTED = select(Person.id).where(
    Person.id == bindparam("me"), Person.claimed_at <= bindparam("joined", type_=Person.claimed_at.type), ~_AGAINST
)


def facts(person_id: int) -> dict[str, Any]:
    """Whether a viewer is trusted: a member for 30 days, with no decision against them that stands."""
    joined = clock.now() - timedelta(days=settings.get("trusted_days"))
    return {"trusted": bool(rows(_TRUSTED, me=person_id, joined=joined))}
