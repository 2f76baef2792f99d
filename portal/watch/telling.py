"""The admins are told by the bell, in a job: whoever reads notices nothing."""

from __future__ import annotations

from portal.core.access import system_viewer
from portal.core.jobs import job
from portal.notifications.actions import notify
from portal.people.queries import holders, person_by_id

WORDS = {
    "hour": "{} has opened as many profiles in an hour as a member may",
    "day": "{} has opened very many profiles today",
    "canary": "{} has opened a record that nobody has reason to open",
}


@job("watch.tell_admins")
def tell_admins(person_id: int, what: str) -> None:
    """One line for each admin."""
    title = WORDS[what].format(person_by_id(person_id).full_name)
    for admin in holders("admin"):
        notify(
            admin.id,
            "reading_alert",
            title=title,
            url="/admin/reading",
            group_key=f"watch:{person_id}",
            by=system_viewer(),
        )
