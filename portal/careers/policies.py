"""Who may write careers."""

from __future__ import annotations

from portal.core.access import Viewer


def can_edit_career(by: Viewer, person_id: int) -> bool:
    """A career is its person's own."""
    return by.system or by.is_person(person_id)


def can_keep_relations(by: Viewer) -> bool:
    """The host's record is kept by admins (and by claiming)."""
    return by.system or by.has_role("admin")
