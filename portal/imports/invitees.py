"""The people of an import, for whoever invites in waves; an import itself never writes to anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from sqlalchemy import select

from portal.accounts.signals import InviteeSource
from portal.core.db import rows
from portal.core.web import viewer
from portal.imports.models import Import, ImportRow
from portal.imports.policies import can_import

if TYPE_CHECKING:
    from sqlalchemy import Select

MOST, NAME = 50, "import"


def invite_page(imported: Import) -> str:
    """Where somebody invites the people of an import."""
    return url_for("waves.new", source=f"{NAME}:{imported.public_id}")


def _choices() -> list[tuple[str, str]]:
    """The latest imports that were applied."""
    found = select(Import.public_id, Import.source, Import.name).where(Import.state == "applied")
    newest = rows(found.order_by(Import.applied_at.desc(), Import.id.desc()).limit(MOST))
    return [(row.public_id, f"Imported from {row.source or row.name}") for row in newest]


def _people(public_id: str) -> Select[tuple[int]]:
    """Whom the rows of one import speak of."""
    found = select(ImportRow.person_id).join(Import, Import.id == ImportRow.import_id)
    return found.where(Import.public_id == public_id, ImportRow.applied, ImportRow.person_id.is_not(None))  # type: ignore[return-value]


def _shown(public_id: str) -> tuple[str, str] | None:
    """What the import is called; only those who import see its page."""
    found = rows(select(Import.source, Import.name).where(Import.public_id == public_id))
    if not found:
        return None
    page = url_for("imports.one", public_id=public_id) if can_import(viewer()) else ""
    return f"the import of {found[0].source or found[0].name}", page


SOURCE = InviteeSource(NAME, _choices, _people, _shown)
