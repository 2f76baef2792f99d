"""Who hears what: the person concerned by bell and letter, reporters what came of it, moderators what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.queries import primary_address
from portal.core.access import system_viewer, viewer_of
from portal.core.jobs import enqueue, job
from portal.moderation import emails, notices, policies, queries
from portal.notifications.actions import notify
from portal.people.queries import holders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.core.access import Viewer
    from portal.moderation.models import Appeal, Case
    from portal.moderation.notices import Notice

QUEUE = "/moderation"
STANDING = "/my-standing"


def tell_author(case: Case, notice: Notice, *, by: Viewer) -> None:
    """The bell, and a letter with the whole notice; who stepped back reads it on coming back."""
    if case.author.is_system or case.author.claimed_at is None:
        return
    notify(case.author_id, "moderation", title=notice.headline, url=STANDING, by=by)
    address = primary_address(case.author_id) if case.author.listed else None
    if address is not None:
        emails.send_notice(case.author_id, address, notice)


def tell_reporters(case: Case, reporter_ids: Iterable[int], *, acted: bool, by: Viewer) -> None:
    """What became of a report, without saying whom it met."""
    for person_id in reporter_ids:
        notify(person_id, "report", title=notices.for_reporter(case, acted=acted), url=f"{STANDING}#reports", by=by)


def call_moderators(case: Case) -> None:
    """Something new waits: those in whose queue it is hear of it."""
    enqueue(tell_moderators, case.id, unique=f"moderation.tell:{case.id}")


@job("moderation.tell_moderators")
def tell_moderators(case_id: int) -> None:
    """One line for each moderator of the case, however much comes."""
    case, system = queries.case_by_id(case_id), system_viewer()
    if case.state not in ("open", "waiting"):
        return
    for person_id in queries.moderators_for(case.board_id):
        if policies.can_look_into(viewer_of(person_id), case.board_id, case.author_id):
            notify(
                person_id,
                "moderators",
                title="Something waits for a moderator",
                url=QUEUE,
                group_key="moderation",
                many="{n} things wait for a moderator",
                by=system,
            )


def call_to_appeal(appeal: Appeal) -> None:
    """An appeal waits for somebody who had no part in the decision."""
    enqueue(tell_of_appeal, appeal.id)


@job("moderation.tell_of_appeal")
def tell_of_appeal(appeal_id: int) -> None:
    """Those who may answer hear of it; admins too, when it is about a suspension."""
    appeal, system = queries.appeal_by_id(appeal_id), system_viewer()
    decision, case = appeal.decision, appeal.decision.case
    asked = {*queries.moderators_for(case.board_id), *(person.id for person in holders("admin"))}
    for person_id in sorted(asked):
        reported = queries.is_reporter(viewer_of(person_id), case.id)
        if policies.can_answer_appeal(viewer_of(person_id), appeal, decision, case, reported=reported):
            notify(person_id, "moderators", title="An appeal waits for an answer", url=QUEUE, by=system)
