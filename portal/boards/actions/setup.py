"""Boards themselves: made, described, opened to an audience, trusted to moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from portal.boards import policies
from portal.boards.models import STARTERS, Board, BoardAudience, BoardModerator, BoardSection
from portal.boards.slugs import slug_of
from portal.core import audit, clock, markdown, stamps
from portal.core.db import add, db, upsert
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.people.actions import touch_access

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.people.models import Person

ONLY_ADMINS = "Only an admin can set up boards."
EVERYBODY = ({"relation_kind": "any"},)


def create_section(name: str, position: int = 0, *, by: Viewer) -> BoardSection:
    """A heading for boards; the one of this name if there is one."""
    require(policies.can_keep_boards(by), ONLY_ADMINS)
    found = db.session.execute(select(BoardSection).where(BoardSection.name == name)).scalar_one_or_none()
    if found is not None:
        return found
    if not 1 < len(name) <= 60:
        raise Invalid("A section's name has between 2 and 60 characters.", "name")
    section = add(BoardSection(name=name, position=position))
    audit.record("create section", section, by=by, note=name)
    return section


def create_board(
    section: BoardSection, name: str, purpose: str = "", *, rules: str = "", starters: str = "readers", position: int = 0,
    audiences: tuple[dict[str, Any], ...] = EVERYBODY, by: Viewer,
) -> Board:  # fmt: skip
    """A place for discussion, readable by its audience alone."""
    require(policies.can_keep_boards(by), ONLY_ADMINS)
    _check_name(name)
    board = Board(section_id=section.id, name=name, slug=slug_of(name), position=position)
    _describe(board, purpose, rules, starters)
    add(board)
    write_audience(board, audiences, by=by)
    stamps.bump("boards")
    audit.record("create board", board, by=by, note=name, after={"audiences": list(audiences)})
    return board


def edit_board(
    board: Board,
    *,
    name: str,
    purpose: str,
    rules: str,
    starters: str,
    section: BoardSection,
    position: int,
    archived: bool,
    by: Viewer,
) -> None:
    """Describe a board anew, move it, open or archive it."""
    require(policies.can_keep_boards(by), ONLY_ADMINS)
    if name != board.name:
        _check_name(name)
    before = _described(board)
    board.name, board.slug, board.section_id, board.position = name, slug_of(name), section.id, position
    board.archived_at = (board.archived_at or clock.now()) if archived else None
    _describe(board, purpose, rules, starters)
    db.session.flush()
    stamps.bump("boards")
    audit.record("edit board", board, by=by, note=name, before=before, after=_described(board))


def set_audience(board: Board, audiences: tuple[dict[str, Any], ...], *, by: Viewer) -> None:
    """Say who may read a board: lines of relation kind and phase, group, or role."""
    require(policies.can_keep_boards(by), ONLY_ADMINS)
    before = {"audiences": _audience_of(board)}
    db.session.execute(delete(BoardAudience).where(BoardAudience.board_id == board.id))
    write_audience(board, audiences, by=by)
    stamps.bump("boards")
    audit.record("set audience", board, by=by, note=board.name, before=before, after={"audiences": list(audiences)})


def appoint(board: Board, person: Person, *, by: Viewer) -> None:
    """Trust a member with a board."""
    require(policies.can_keep_boards(by), ONLY_ADMINS)
    values = {"board_id": board.id, "person_id": person.id, "since": clock.now()}
    db.session.execute(upsert(BoardModerator.__table__, values, keys=["board_id", "person_id"]))
    touch_access(person.id)
    audit.record("appoint moderator", board, by=by, about=person.id, note=board.name)


def dismiss(board: Board, person: Person, *, by: Viewer) -> None:
    """End a member's trust with a board."""
    require(policies.can_keep_boards(by), ONLY_ADMINS)
    db.session.execute(
        delete(BoardModerator).where(BoardModerator.board_id == board.id, BoardModerator.person_id == person.id)
    )
    touch_access(person.id)
    audit.record("dismiss moderator", board, by=by, about=person.id, note=board.name)


def _describe(board: Board, purpose: str, rules: str, starters: str) -> None:
    if starters not in STARTERS:
        raise Invalid("Choose who may start topics.", "starters")
    board.purpose, board.rules, board.rules_html, board.starters = purpose, rules, markdown.render(rules), starters


def _described(board: Board) -> dict[str, Any]:
    names = ("name", "purpose", "rules", "starters", "section_id", "position")
    return {name: getattr(board, name) for name in names} | {"archived": board.archived_at is not None}


def _audience_of(board: Board) -> list[dict[str, Any]]:
    """The lines in force, as they would be given."""
    columns = [getattr(BoardAudience, name) for name in ("relation_kind", "phase", "group_id", "role")]
    found = db.session.execute(select(*columns).where(BoardAudience.board_id == board.id))
    return [{name: value for name, value in row._mapping.items() if value is not None} for row in found]  # noqa: SLF001 - the documented way to a row's mapping


def write_audience(board: Board, audiences: tuple[dict[str, Any], ...], *, by: Viewer) -> None:
    """The lines of a new audience; whoever calls this has ended the old one."""
    require(policies.can_keep_boards(by) or policies.can_open_comments(by), ONLY_ADMINS)
    for line in audiences:
        db.session.add(BoardAudience(board_id=board.id, **({"phase": "any"} | line)))
    db.session.flush()


def _check_name(name: str) -> None:
    if not 2 <= len(name) <= 80:
        raise Invalid("A board's name has between 2 and 80 characters.", "name")
    if db.session.execute(select(Board.id).where(Board.name == name)).first():
        raise Invalid("There is a board with this name already.", "name")
