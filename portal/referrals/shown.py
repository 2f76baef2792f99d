"""What the pages show of referrals: plain values, made of rows; nothing of a referred person before their yes (A8)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from portal.core import clock
from portal.core.fragments import Later, Piece
from portal.core.jinja import ago, time_left
from portal.core.parts import Deadline
from portal.referrals import ledger, money, policies, queries
from portal.referrals.stages import KIND_WORDS, LOST, STAGES, place_of, stage_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Row

    from portal.core.access import Viewer
    from portal.core.exports import Row as ExportRow
    from portal.referrals.models import Referral, ReferralEvent

PLACE = "/programme/referrals/"
FORMER = "Former member"
HIDDEN = "waiting for their yes"
AGREED = {
    "waiting": "Waiting for their yes",
    "yes": "They said yes",
    "no": "They would rather not",
}
NEXT = {
    "accept": "Look at it and take it up, or say why not",
    "accept_waiting": "Take it up, then wait for their yes or ask {referrer} about it",
    "consent": "Ask {referrer} whether they have agreed",
    "step": "Plan the next step",
}
HEADER = (
    "Kind", "Company", "Job", "Person", "Address", "Consent", "Stage", "Days in stage", "Owner", "Amount", "Currency",
    "Next step", "By", "Why not", "Referred by", "Credit", "Referred on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A referral in a column, a table or the cockpit."""

    public_id: str
    url: str
    title: str
    about: str
    kind: str
    kind_label: str
    stage: str
    stage_label: str
    owner: str
    referrer: str
    worth: str
    days: int
    next_step: str
    next_on: Any
    due_at: datetime | None
    consent: str
    ending: str
    reason: str
    later: bool
    since: datetime
    is_late: bool
    options: Markup  # of the select that moves it; empty for who only reads


def pieces(found: Iterable[Row[Any]], viewer: Viewer) -> list[Piece]:
    """Referrals as staff see them, as rows of a list."""
    at, seen_by = clock.now(), (viewer.has_role(*policies.WORKERS), viewer.timezone)
    return [Piece((tuple(row), seen_by, *_since(row, at)), Later(partial(line, row, viewer))) for row in found]


def _since(row: Row[Any], at: datetime) -> tuple[int, str, str | None]:
    """What a row says of time: days in the stage, for how long it is late, when the next step is."""
    late = time_left(row.due_at, at).words if row.due_at and row.due_at < at else ""
    return (at - row.stage_since).days, late, row.next_on and ago(row.next_on, at)


def line(row: Row[Any], viewer: Viewer) -> Line:
    """What is shown of one referral."""
    title, about = names(row, viewer)
    works = viewer.has_role(*policies.WORKERS)
    return Line(
        row.public_id, PLACE + row.public_id, title, about, row.kind, KIND_WORDS[row.kind], row.stage,
        stage_of(row.kind, row.stage).label, row.owner_name or "", _referrer(row), money.shown(row.amount, row.currency),
        ledger.days_since(row.stage_since), row.next_step, row.next_on, row.due_at, row.consent, row.ending, row.reason,
        row.first_id is not None, row.stage_since, bool(row.due_at and row.due_at < clock.now()),
        _options(row.kind, row.stage, row.consent) if works else Markup(),
    )  # fmt: skip


def names(row: Row[Any] | Referral, viewer: Viewer) -> tuple[str, str]:
    """What it is called, and what stands under it."""
    person = row.contact_name if policies.sees_contact(viewer, row) else ""
    if row.kind == "candidate":
        return person or "A candidate", row.job
    return row.company, person or (HIDDEN if row.consent == "waiting" else "")


def moves(kind: str, stage: str, consent: str) -> list[tuple[str, str]]:
    """Where it can be moved to, the following stage first; after the person's no it can only end."""
    here = place_of(kind, stage)
    every = STAGES[kind][here + 1 :] + STAGES[kind][:here]
    return [(one.key, one.label) for one in every if consent != "no" or one.ending == LOST]


@cache
def _options(kind: str, stage: str, consent: str) -> Markup:
    """The same few selects stand on every line: written once a process."""
    option = Markup('<option value="{}">{}</option>')
    return Markup().join(option.format(key, label) for key, label in moves(kind, stage, consent))


def steps(referral: Referral | Row[Any], events: list[ReferralEvent]) -> list[dict[str, Any]]:
    """The stages for the stepper: those that were or were skipped, the present one, those to come; what ended ends the row."""
    at = {event.new: event.at for event in events if event.what == "stage"}
    here = place_of(referral.kind, referral.stage)
    if referral.ending == LOST:
        been = [one for one in STAGES[referral.kind] if one.key in at and one.key != referral.stage]
        shown = [{"label": one.label, "state": "done", "at": at[one.key]} for one in been]
        note = referral.reason if hasattr(referral, "reason") else ""
        return [*shown, {"label": "Not this time", "state": "stopped", "at": at.get(referral.stage), "note": note}]
    shown = []
    for number, one in enumerate(stage for stage in STAGES[referral.kind] if stage.ending != LOST):
        passed = "done" if one.key in at or number in (0, here) else "skipped"
        state = "current" if number == here and not referral.ending else passed if number <= here else "todo"
        shown.append({"label": one.label, "state": state, "at": at.get(one.key) if number <= here else None})
    return shown


def own_line(row: Row[Any]) -> dict[str, Any]:
    """One of the member's own."""
    stage = stage_of(row.kind, row.stage)
    return {
        "title": own_title(row), "url": f"/referrals/{row.public_id}", "kind": KIND_WORDS[row.kind], "stage": stage.label,
        "told": stage.told, "since": row.stage_since, "ending": row.ending, "consent": row.consent,
        "has_credit": row.has_credit, "is_later": row.first_id is not None,
    }  # fmt: skip


def own_title(referral: Referral | Row[Any]) -> str:
    """How the referrer knows it: they wrote it themselves."""
    about = referral.job if referral.kind == "candidate" else referral.company
    return f"{referral.contact_name}, {about}" if referral.contact_name else about


def told(event: ReferralEvent, kind: str) -> str:
    """One line of the history, for the referrer."""
    if event.what == "stage":
        return stage_of(kind, event.new).told
    if event.what == "consent":
        return "They have agreed that we write to them." if event.new == "yes" else "They would rather not talk now."
    return "The credit is yours now." if event.what == "credit" else ""


def happened(event: ReferralEvent, kind: str) -> str:
    """One line of the history, for staff."""
    if event.what == "stage":
        old = stage_of(kind, event.old).label + " → " if event.old else "Referred: "
        return old + stage_of(kind, event.new).label
    return {
        "owner": f"Owner: {event.old} → {event.new}",
        "plan": f"Planned: {event.new}" if event.new else "Nothing is planned",
        "note": "Told to the referrer" if event.told else "Note",
        "consent": "They said yes" if event.new == "yes" else "They would rather not",
        "credit": "The credit passed on",
    }[event.what]  # fmt: skip


def clocks(viewer: Viewer, limit: int, *, mine: bool = False) -> list[Deadline]:
    """What runs out, for the cockpit."""
    return [_deadline(row, viewer) for row in queries.due_for(viewer, limit, mine=mine)]


def _deadline(row: Row[Any], viewer: Viewer) -> Deadline:
    title, about = names(row, viewer)
    what = "accept_waiting" if row.due_what == "accept" and row.consent == "waiting" else row.due_what
    planned = row.next_step if row.due_what != "accept" else ""
    step = planned or NEXT[what].format(referrer=_referrer(row))
    return Deadline(
        "Referral", f"{title} · {about}" if about else title, PLACE + row.public_id, row.due_at, step,
        owner=row.owner_name or "", since=row.created_at, all_url=f"{PLACE}table?overdue=1",
    )  # fmt: skip


def export_row(row: Row[Any], viewer: Viewer) -> ExportRow:
    """One row of an export: the person only after their yes."""
    open_ = policies.sees_contact(viewer, row)
    amount = None if row.amount is None else money.exact(row.amount, row.currency)
    return (
        KIND_WORDS[row.kind], row.company, row.job, row.contact_name if open_ else "", row.contact_address if open_ else "",
        AGREED[row.consent], stage_of(row.kind, row.stage).label, ledger.days_since(row.stage_since), row.owner_name, amount,
        row.currency, row.next_step, row.next_on, row.reason, _referrer(row), "yes" if row.has_credit else "no",
        row.created_at.date(),
    )  # fmt: skip


def _referrer(row: Row[Any]) -> str:
    return row.referrer_name if row.referrer_listed else FORMER
