"""A member's report opens a case or joins the open one; the third reporter hides the thing (M4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from portal.core.access import system_viewer
from portal.core.db import db, upsert
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.moderation import notices, policies, queries, reasons, telling
from portal.moderation.actions.cases import open_case
from portal.moderation.models import Case, Report

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.parts import ReportedThing

LONGEST = 2000
THREE = "three members reported it, and a moderator has yet to look"


def report_thing(thing: ReportedThing, reason: str, words: str = "", *, by: Viewer) -> Case:
    """Ask a moderator to look at something; one open report per member and thing."""
    require(
        policies.can_report(by, thing.author_id), "You can't report your own words. You can take them back yourself."
    )
    _check(reason, words)
    case, count = _join_case(thing, by)
    key = f"{by.person_id}:{thing.kind}:{thing.public_id}"
    values = {
        "case_id": case.id,
        "reporter_id": by.person_id,
        "reason": reason,
        "words": words.strip(),
        "open_key": key,
    }
    written = upsert(Report.__table__, values, keys=["open_key"]).returning(Report.__table__.c.id)
    if db.session.execute(written).first() is None:
        raise Invalid("You have reported this already. A moderator will look at it, and you will hear what came of it.")
    if count >= policies.REPORTERS_THAT_HIDE:
        _hide_automatically(case, thing)
    return case


def recount_reports(*, by: Viewer) -> None:
    """Set the counters of cases that are not closed to a recount (T2)."""
    require(by.system, "This is done by the system, daily.")
    open_ = select(func.count()).where(Report.case_id == Case.id, Report.state == "open").select_from(Report)
    counted = update(Case).where(Case.open_key.is_not(None)).values(reports_count=open_.scalar_subquery())
    db.session.execute(counted.execution_options(synchronize_session=False))


def _check(reason: str, words: str) -> None:
    if reason not in reasons.BY_KEY:
        raise Invalid("Choose the rule that you think is broken.", "reason")
    if len(words) > LONGEST:
        raise Invalid(f"Keep it under {LONGEST:,} characters.", "words")
    if reason == "other" and not words.strip():
        raise Invalid("Say which rule you mean.", "words")


def _join_case(thing: ReportedThing, by: Viewer) -> tuple[Case, int]:
    """The open case, counted up by the database: three at once count to three."""
    while True:
        case = open_case(thing, "report", by=by)
        counted = (
            update(Case)
            .where(Case.id == case.id, Case.open_key.is_not(None))
            .values(reports_count=Case.reports_count + 1)
        )
        count = db.session.execute(
            counted.returning(Case.reports_count).execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        if count is not None:  # none: a moderator closed it between the two statements, so a new one is opened
            db.session.refresh(case, ["reports_count", "state", "hidden_automatically"])
            return case, count


def _hide_automatically(case: Case, thing: ReportedThing) -> None:
    """Hide until a moderator looks, once; what a moderator looked at and left standing stays (M4)."""
    if thing.is_hidden or case.state != "open" or queries.has_been_looked_at(case, thing.html):
        return
    mine = (
        update(Case).where(Case.id == case.id, Case.hidden_automatically.is_(False)).values(hidden_automatically=True)
    )
    if db.session.execute(mine.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        return
    db.session.refresh(case, ["hidden_automatically"])
    system = system_viewer()
    queries.reportable(case.kind).set_hidden(case.thing_id, True, THREE, by=system)
    telling.tell_author(case, notices.of_automatic_hiding(case), by=system)
