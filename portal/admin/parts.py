"""What the back office gives to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.admin import telling
from portal.admin.views import bp
from portal.core.parts import Feature, NavItem
from portal.core.settings import Setting

if TYPE_CHECKING:
    from portal.core.access import Viewer


def is_admin(viewer: Viewer) -> bool:
    """For others there is no back office."""
    return viewer.has_role("admin")


PAGES = (
    ("", "The day’s work", "admin.day.index", "sun"),
    ("Community", "Applicants", "admin.applicants.index", "person-plus"),
    ("Community", "Lost ways in", "admin.recovery.index", "life-preserver"),
    ("Community", "Addresses in question", "admin.disputes.index", "envelope-exclamation"),
    ("Community", "People", "admin.people.index", "people"),
    ("Community", "Groups", "admin.groups.index", "diagram-3"),
    ("Community", "Boards", "admin.boards.index", "chat-square-text"),
    ("Community", "Organisations", "admin.organisations.index", "building"),
    ("House", "Settings", "admin.settings.index", "sliders"),
    ("House", "Legal texts", "admin.wordings.index", "file-earmark-text"),
    ("House", "Audit", "admin.audit.index", "journal-text"),
    ("Machinery", "Jobs", "admin.machinery.work", "cpu"),
    ("Machinery", "Mail", "admin.machinery.mail", "envelope"),
    ("Machinery", "Self-check", "admin.machinery.self_check", "heart-pulse"),
)
# Pages that belong to an entry beside those of its own blueprint.
PREFIXES: dict[str, str | tuple[str, ...]] = {
    "admin.machinery.work": "admin.machinery.work",
    "admin.machinery.mail": "admin.machinery.mail",
    "admin.machinery.self_check": "admin.machinery.self_check",
    "admin.people.index": ("admin.people.", "admin.person."),
    "admin.organisations.index": ("admin.organisations.", "admin.firms."),
    "admin.boards.index": ("admin.boards.", "admin.readers."),
}

FEATURE = Feature(
    name="admin",
    blueprints=(bp,),
    nav=(
        NavItem("Admin", "admin.day.index", "sliders", 90, shown=is_admin, prefix="admin."),
        *(
            NavItem(label, endpoint, icon, order, shown=is_admin, section="admin", group=group,
                    prefix=PREFIXES.get(endpoint, endpoint.rpartition(".")[0] + "."))
            for order, (group, label, endpoint, icon) in enumerate(PAGES)
        ),
    ),
    settings=(
        Setting("admin_minutes", 60, "Minutes until the back office asks again who you are", "Sign-in", low=5, high=720),
    ),
)  # fmt: skip

__all__ = ["FEATURE", "telling"]
