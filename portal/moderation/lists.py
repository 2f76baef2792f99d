"""The lists of the queue: oldest first, by keyset; and how much waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.core.db import db
from portal.core.pages import Page, keyset
from portal.moderation import policies
from portal.moderation.models import Appeal, Case, Decision, Report
from portal.moderation.queries import OF_A_CASE

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.sql.base import ExecutableOption

    from portal.core.access import Viewer

PAGE_SIZE = 30
COUNTED = 100  # a badge shows no more


def reasons_of(case_ids: list[int]) -> dict[int, list[str]]:
    """Why cases were reported, each reason once, for a list of them."""
    found = select(Report.case_id, Report.reason).where(Report.case_id.in_(case_ids), Report.state == "open").distinct()
    by_case: dict[int, list[str]] = {}
    for row in db.session.execute(found.order_by(Report.case_id, Report.reason)):
        by_case.setdefault(row.case_id, []).append(row.reason)
    return by_case


def open_cases(viewer: Viewer, *, held: bool, after: str | None = None, before: str | None = None) -> Page[Case]:
    """Open cases of the viewer's queue, oldest first: held posts, or all others."""
    return _oldest_first(_cases_waiting(viewer, held), (Case.opened_at, Case.id), OF_A_CASE, after, before)


def waiting_decisions(viewer: Viewer, after: str | None = None, before: str | None = None) -> Page[Decision]:
    """Decisions that wait for this viewer's second look, oldest first."""
    options = (contains_eager(Decision.case).options(*OF_A_CASE), joinedload(Decision.by))
    return _oldest_first(_decisions_waiting(viewer), (Decision.at, Decision.id), options, after, before)


def open_appeals(viewer: Viewer, after: str | None = None, before: str | None = None) -> Page[Appeal]:
    """Appeals that this viewer may answer, oldest first."""
    options = (contains_eager(Appeal.decision).contains_eager(Decision.case).options(*OF_A_CASE),)
    return _oldest_first(_appeals_waiting(viewer), (Appeal.opened_at, Appeal.id), options, after, before)


def decided_cases(viewer: Viewer, after: str | None = None, before: str | None = None) -> Page[Decision]:
    """What was decided in the viewer's scope, newest first."""
    found = select(Decision).join(Decision.case).where(policies.cases_of(viewer))
    options = (contains_eager(Decision.case).options(*OF_A_CASE), joinedload(Decision.by))
    return keyset(found.options(*options), (Decision.id,), size=PAGE_SIZE, after=after, before=before).map(
        lambda row: row[0]
    )


def waiting_counts(viewer: Viewer) -> dict[str, int]:
    """How much is asked of this viewer, by tab, counted no further than a badge shows."""
    if not policies.has_queue(viewer):
        return {}
    lists = {
        "reports": _cases_waiting(viewer, held=False),
        "held": _cases_waiting(viewer, held=True),
        "appeals": _appeals_waiting(viewer),
        "second": _decisions_waiting(viewer),
    }
    counts = [_count(statement).label(name) for name, statement in lists.items()]
    return dict(db.session.execute(select(*counts)).one()._mapping)  # noqa: SLF001 - the documented way to a row's mapping


def _count(statement: Select[Any]) -> Any:
    some = statement.with_only_columns(func.coalesce(1, 1).label("one")).limit(COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _cases_waiting(viewer: Viewer, held: bool) -> Select[Case]:
    origin = Case.origin == "held" if held else Case.origin != "held"
    return select(Case).where(Case.state == "open", origin, policies.cases_of(viewer), policies.not_reported_by(viewer))


def _decisions_waiting(viewer: Viewer) -> Select[Decision]:
    return select(Decision).join(Decision.case).where(policies.confirmable_by(viewer))


def _appeals_waiting(viewer: Viewer) -> Select[Appeal]:
    return select(Appeal).join(Appeal.decision).join(Decision.case).where(policies.appeals_of(viewer))


def _oldest_first(
    statement: Select[Any],
    order: tuple[Any, ...],
    options: tuple[ExecutableOption, ...],
    after: str | None,
    before: str | None,
) -> Page[Any]:
    page = keyset(statement.options(*options), order, size=PAGE_SIZE, after=after, before=before, ascending=True)
    return page.map(lambda row: row[0])
