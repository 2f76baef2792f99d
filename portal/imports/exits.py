"""Last days at the host that lie ahead: announced if the admin asked for it, by the same way as on the page for leavers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.core import clock
from portal.core.mail_domains import is_provider
from portal.imports import queries
from portal.imports.deriving import career, claims_of
from portal.imports.rows import boxes
from portal.imports.signals import exit_read, exits_taken_back

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from portal.accounts.mailboxes import Mailbox
    from portal.core.access import Viewer
    from portal.imports.firms import Firms
    from portal.imports.matching import Decision
    from portal.imports.models import Import
    from portal.imports.rows import Fact

AHEAD = timedelta(days=366)  # what lies further ahead is no leaving yet; the page for leavers takes no such day either
TOLD = "Their last day, {day:%-d %B %Y}, is announced: they are invited in time."


def tell_exits(decisions: Iterable[Decision], imported: Import, firms: Firms) -> None:
    """Say of each row that it announces a last day."""
    for each in decisions if imported.announces else ():
        day = _last_day(each.pending.fact, firms) if each.known is not None else None
        if day is not None:
            each.why = f"{each.why} {TOLD.format(day=day)}".strip()


def announce_exit(person_id: int, fact: Fact, firms: Firms, *, by: Viewer) -> None:
    """Hand the last day on that a row tells of its person, with the addresses that it names."""
    day = _last_day(fact, firms)
    if day is None or not queries.by_id(fact.import_id).announces:
        return
    work, own = _addresses(fact, firms)
    exit_read.send(None, person_id=person_id, ends_on=day, work=work, own=own, by=by)


def take_back_exits(people: list[int], imported: Import, *, by: Viewer) -> None:
    """What this import announced is announced no more; whoever has come is not asked."""
    if imported.announces and imported.applied_at is not None:
        exits_taken_back.send(None, people=people, since=imported.applied_at, by=by)


def _last_day(fact: Fact, firms: Firms) -> date | None:
    ends = [entry.end.last for entry in career(claims_of(fact, firms)) if entry.relation == "employee" and entry.end]
    return max((end for end in ends if clock.today() <= end <= clock.today() + AHEAD), default=None)


def _addresses(fact: Fact, firms: Firms) -> tuple[Mailbox | None, Mailbox | None]:
    """The one at work and the one of their own; of an unknown domain alone nobody knows, so it counts as work (R4)."""
    named = boxes(fact.record)
    at_work = [box for box in named if firms.address_kind(box.domain) == "work"]
    own = [box for box in named if box not in at_work and (at_work or is_provider(box.domain))]
    rest = [box for box in named if box not in own]
    return next(iter(rest), None), next(iter(own), None)
