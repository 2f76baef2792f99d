"""An organisation is an employer or firm; one of them is the host."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.core.partial_dates import PartialDate, PartialDateType

HISTORY = {
    "renamed": "Was called …", "bought": "Was bought by …", "merged": "Became one firm with …", "split": "Came out of …",
}  # fmt: skip
UNDO_FOR = timedelta(days=30)


class Organisation(Model):
    """An employer or firm."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index(
            "uq_organisation_host",
            "is_host",
            unique=True,
            sqlite_where=text("is_host"),
            postgresql_where=text("is_host"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(160))
    folded_name: Mapped[str] = mapped_column(String(160), unique=True)
    industry: Mapped[str] = mapped_column(String(80), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    is_host: Mapped[bool] = mapped_column(default=False)
    is_account_firm: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    parent: Mapped[Organisation | None] = related(remote_side=[id], foreign_keys=[parent_id])


class OrganisationAlias(Model):
    """Another name of an organisation; unique, so that one spelling means one firm."""

    __tablename__ = "organisation_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    folded_name: Mapped[str] = mapped_column(String(160), unique=True)


class OrganisationDomain(Model):
    """A mail domain of an organisation: addresses there are work addresses (I4)."""

    __tablename__ = "organisation_domain"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)


class OrganisationEvent(Model):
    """Something that happened to a firm: it was renamed, or bought by another one. A successor is not a new name."""

    __tablename__ = "organisation_event"
    __table_args__ = (CheckConstraint(f"kind IN {tuple(HISTORY)}", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(160))  # the former name, or the other firm's
    other_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    happened: Mapped[PartialDate | None] = mapped_column(PartialDateType)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class OrganisationMerge(Model):
    """Two records of one firm made one; it can be undone for a month."""

    __tablename__ = "organisation_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    gone_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    undone_at: Mapped[datetime | None]

    gone: Mapped[Organisation] = related(foreign_keys=[gone_id])

    @property
    def undo_until(self) -> datetime:
        """Until when it can be taken apart again."""
        return self.made_at + UNDO_FOR

    @property
    def can_be_undone(self) -> bool:
        """Whether it still can."""
        return self.undone_at is None and clock.now() < self.undo_until


class OrganisationMergeRow(Model):
    """One row that a merge let point to the other record, so that undoing it finds the row again."""

    __tablename__ = "organisation_merge_row"
    __table_args__ = (Index("ix_organisation_merge_row_place", "merge_id", "table_name", "column_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("organisation_merge.id", ondelete="CASCADE"))
    table_name: Mapped[str] = mapped_column(String(63))
    column_name: Mapped[str] = mapped_column(String(63))
    row_key: Mapped[str] = mapped_column(String(253))
