"""Who may bring people in, and who answers what a file proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.imports.models import ImportProposal

ONLY_ADMINS = "Only an admin can import people."


def can_import(by: Viewer) -> bool:
    """Admins, and the operator at the command line."""
    return by.system or by.has_role("admin")


def can_answer(by: Viewer, proposal: ImportProposal) -> bool:
    """Facts about other employers are the person's to judge; whose row it is, an admin's."""
    if proposal.kind == "position":
        return by.is_person(proposal.person_id)
    return by.has_role("admin")
