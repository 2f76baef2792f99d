"""What people are told of the roles that they are given, or that end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.admin import words
from portal.notifications import kinds
from portal.notifications.actions import notify
from portal.people.signals import role_granted, roles_ended

if TYPE_CHECKING:
    from portal.core.access import Viewer

KIND = "role"
# Where the work of a role is.
DESKS = {
    "moderator": "/moderation", "staff": "/news/desk", "seller": "/programme", "manager": "/programme",
    "executive": "/programme/referrals", "admin": "/admin",
}  # fmt: skip
kinds.register(kinds.NotificationType(KIND, "Roles that I am given, or that end", icon="person-badge"))


@role_granted.connect
def tell_of_role(_sender: Any, *, person_id: int, role: str, by: Viewer) -> None:
    """Whoever is given a role hears what it is for, and where its work is."""
    if by.system:
        return  # whoever sets the house up gives it to themselves
    title = f"You have a role from now on, {words.ROLES[role].lower()}: {words.ROLE_NOTES[role]}"
    notify(person_id, KIND, title=title, url=DESKS[role], by=by)


@roles_ended.connect
def tell_of_end(_sender: Any, *, person_id: int, roles: list[str], by: Viewer) -> None:
    """And hears when it ends; that they stay a member, too."""
    title = f"What you did as {words.roles(roles).lower()} has ended. You stay a member."
    notify(person_id, KIND, title=title, url="/", by=by)
