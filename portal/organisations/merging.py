"""Two records of one firm made one, everything that points to it included; and taken apart again within a month.

Which tables point to a firm is read from the tables themselves: a feature that comes later is merged like the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Integer,
    String,
    UniqueConstraint,
    and_,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from portal.core import audit, clock, stamps
from portal.core.db import add, db, scalars
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.core.text import fold
from portal.organisations import policies, queries
from portal.organisations.models import (
    Organisation,
    OrganisationAlias,
    OrganisationMerge,
    OrganisationMergeRow,
)
from portal.organisations.signals import organisation_changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, ColumnElement, Table

    from portal.core.access import Viewer

ONLY_ADMINS = "Only an admin can merge firms."
OWN = ("organisation_merge", "organisation_merge_row")  # a merge's own records stay as they are
MADE = "made"  # stands for the column of rows that the merge made, which undoing takes away
BELOW = "below"  # that the record which stays belonged to the one that went
QUIET = {"synchronize_session": False}


def preview(gone: Organisation, kept: Organisation, *, by: Viewer) -> dict[str, int]:
    """How many rows of each table would point to the other record; nothing is written."""
    require(policies.can_keep(by), ONLY_ADMINS)
    _check(gone, kept)
    counted: dict[str, int] = {}
    for table, column in pointing():
        count = select(func.count()).select_from(table).where(column == gone.id, _may_move(table, column, kept.id))
        if found := db.session.execute(count).scalar_one():
            counted[table.name] = counted.get(table.name, 0) + found
    return counted


def merge_organisations(gone: Organisation, kept: Organisation, *, by: Viewer) -> OrganisationMerge:
    """All that points to one record points to the other one; its name stays as another name, its address leads on."""
    require(policies.can_keep(by), ONLY_ADMINS)
    for each in sorted((gone, kept), key=lambda firm: firm.id):
        db.session.refresh(each, ("merged_into_id",), with_for_update=True)
    _check(gone, kept)
    merge = add(OrganisationMerge(gone_id=gone.id, kept_id=kept.id, gone=gone))
    if kept.parent_id == gone.id:
        _note(merge, "organisation", BELOW, kept.id)
        kept.parent_id = gone.parent_id
        db.session.flush()
    for table, column in pointing():
        _repoint(merge, table, column)
    gone.merged_into_id = kept.id
    gone.folded_name = f"merged {gone.public_id}"  # its name means the other record from now on
    db.session.flush()
    if queries.by_name(gone.name) is None:
        alias = add(OrganisationAlias(organisation_id=kept.id, name=gone.name, folded_name=fold(gone.name)))
        _note(merge, "organisation_alias", MADE, alias.id)
    _tell("merge organisation", kept, gone, by)
    return merge


def undo_merge(merge: OrganisationMerge, *, by: Viewer) -> None:
    """Take two records apart again: what the merge moved, and nobody moved on since, goes back."""
    require(policies.can_keep(by), ONLY_ADMINS)
    db.session.refresh(merge, ("undone_at",), with_for_update=True)
    if not merge.can_be_undone:
        raise Invalid("This can't be undone any more.")
    gone, kept = queries.by_id(merge.gone_id), queries.by_id(merge.kept_id)
    if kept.merged_into_id is not None:
        raise Conflict(f"{kept.name} was merged into another firm since. Undo that first.")
    made = _keys(merge, "organisation_alias", MADE)
    db.session.execute(delete(OrganisationAlias).where(OrganisationAlias.id.in_(made)), execution_options=QUIET)
    other = queries.by_name(gone.name)
    if other is not None:
        raise Conflict(f"“{gone.name}” means {other.name} by now. Take that name away there first.")
    for table, column in pointing():
        key = _key(table)
        moved = select(OrganisationMergeRow.row_key).where(*_rows_of(merge, table.name, column.name))
        keys = select(cast(moved.subquery().c.row_key, key.type))
        db.session.execute(update(table).where(key.in_(keys), column == kept.id).values({column.name: gone.id}))
    if _keys(merge, "organisation", BELOW) and kept.parent_id == gone.parent_id:
        kept.parent_id = gone.id
    gone.merged_into_id, gone.folded_name, merge.undone_at = None, fold(gone.name), clock.now()
    db.session.flush()
    db.session.expire_all()
    _tell("undo merge of organisation", kept, gone, by)


def pointing() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that names a firm."""
    for table in db.metadata.sorted_tables:
        if table.name in OWN:
            continue
        for column in table.columns:
            names_firm = any(key.column is Organisation.__table__.c.id for key in column.foreign_keys)
            if names_firm and column.name != "merged_into_id":
                yield table, column


def _check(gone: Organisation, kept: Organisation) -> None:
    if gone.id == kept.id:
        raise Invalid("That is the same record.", "other")
    if gone.is_host:
        raise Invalid("The host's own record stays. Merge the other one into it.", "other")
    if gone.merged_into_id is not None or kept.merged_into_id is not None:
        raise Conflict("One of the two has been merged already.")
    if gone.id in queries.above(kept.id)[1:]:
        raise Conflict(f"{kept.name} belongs to {gone.name} by way of another firm. Change that first.")


def _repoint(merge: OrganisationMerge, table: Table, column: Column[Any]) -> None:
    moving = and_(column == merge.gone_id, _may_move(table, column, merge.kept_id))
    noted = select(
        literal(merge.id), literal(table.name), literal(column.name), cast(_key(table), String)
    ).where(moving)  # fmt: skip
    columns = ["merge_id", "table_name", "column_name", "row_key"]
    db.session.execute(insert(OrganisationMergeRow).from_select(columns, noted))
    db.session.execute(update(table).where(moving).values({column.name: merge.kept_id}))


def _may_move(table: Table, column: Column[Any], kept_id: int) -> ColumnElement[bool]:
    """Where-clause: no row that says the same of the other record is there already."""
    twins = []
    for names in _unique_together(table):
        if column.name in names and len(names) > 1:
            other = table.alias()
            same = [other.c[name] == table.c[name] for name in names if name != column.name]
            twins.append(exists(select(literal(1)).where(other.c[column.name] == kept_id, *same)))
    return ~or_(*twins) if twins else literal(1) == 1


def _unique_together(table: Table) -> Iterator[list[str]]:
    for index in table.indexes:
        if index.unique:
            yield [column.name for column in index.columns]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [column.name for column in constraint.columns]


def _key(table: Table) -> Column[Any]:
    """The one column that tells rows apart."""
    (key,) = table.primary_key.columns
    return key


def _note(merge: OrganisationMerge, table: str, column: str, key: int) -> None:
    add(OrganisationMergeRow(merge_id=merge.id, table_name=table, column_name=column, row_key=str(key)))


def _rows_of(merge: OrganisationMerge, table: str, column: str) -> tuple[ColumnElement[bool], ...]:
    row = OrganisationMergeRow
    return row.merge_id == merge.id, row.table_name == table, row.column_name == column


def _keys(merge: OrganisationMerge, table: str, column: str) -> list[int]:
    return scalars(select(cast(OrganisationMergeRow.row_key, Integer)).where(*_rows_of(merge, table, column)))


def _tell(verb: str, kept: Organisation, gone: Organisation, by: Viewer) -> None:
    stamps.bump("hierarchy")
    audit.record(verb, kept, by=by, note=gone.name)
    for each in (kept, gone):
        organisation_changed.send(None, organisation_id=each.id)
