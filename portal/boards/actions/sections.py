"""The headings under which boards stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.boards import policies
from portal.boards.actions.setup import ONLY_ADMINS
from portal.boards.models import Board, BoardSection
from portal.core import audit, stamps
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.core.access import Viewer


def edit_section(section: BoardSection, *, name: str, position: int, by: Viewer) -> None:
    """Rename a section or move it among the others."""
    require(policies.can_keep_boards(by), ONLY_ADMINS)
    _check_free(name, section.id)
    before = {"name": section.name, "position": section.position}
    section.name, section.position = name, position
    db.session.flush()
    stamps.bump("boards")
    audit.record("edit section", section, by=by, before=before, after={"name": name, "position": position})


def remove_section(section: BoardSection, *, by: Viewer) -> None:
    """Take an empty section away."""
    require(policies.can_keep_boards(by), ONLY_ADMINS)
    if db.session.execute(select(Board.id).where(Board.section_id == section.id).limit(1)).first():
        raise Invalid("There are boards in this section. Move them first.")
    audit.record("remove section", section, by=by, note=section.name)
    db.session.delete(section)
    db.session.flush()


def _check_free(name: str, section_id: int) -> None:
    if not 1 < len(name) <= 60:
        raise Invalid("A section's name has between 2 and 60 characters.", "name")
    if db.session.execute(
        select(BoardSection.id).where(BoardSection.name == name, BoardSection.id != section_id)
    ).first():
        raise Invalid("There is a section with this name already.", "name")
