"""The host's dated record of a bond (relation), the person's own career (position), and the fact of moving (move)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.core.partial_dates import PartialDate, PartialDateType
from portal.organisations.models import Organisation

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

KINDS = ("employee", "customer", "partner")
AUDIENCE_WORDS = {
    "public": "Everyone",
    "members": "All members",
    "same_kind": "Same kind of relation",
    "connections": "My connections",
    "staff": "Staff",
    "only_me": "Only me",
}
AUDIENCES = tuple(AUDIENCE_WORDS)
AUDIENCE_CHECK = f"audience IN {AUDIENCES}"
UNTOLD = text("NOT end_told AND ends_on IS NOT NULL")
UNDO_FOR = timedelta(hours=24)
# What may happen after a move, each only if the person ticked it (A10).
WISHES = {
    "recount": "Those who look after the firm I left may count anew whom they know there",
    "introduce": "Those who run the advocate programme may ask me to introduce them at my new firm",
    "check_in": "They may ask how I am, before anybody calls on me again",
}
UNSETTLED = text("settled_at IS NULL")


def when_in_words(first: PartialDate | None, last: PartialDate | None) -> str:
    """ "2014 – June 2019", "since 2020", "until 2018"."""
    start, end = first and first.label, last and last.label
    if start and end:
        return start if start == end else f"{start} – {end}"
    return f"since {start}" if start else f"until {end}" if end else ""


class Dated:
    """A stretch of time whose ends may be a year, a month or a day; open while it has no end."""

    start: Mapped[PartialDate | None] = mapped_column(PartialDateType)
    end: Mapped[PartialDate | None] = mapped_column(PartialDateType)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    end_told: Mapped[bool] = mapped_column(default=False)  # whether the end, once it had come, was announced

    def set_dates(self, start: PartialDate | None, end: PartialDate | None) -> None:
        """Keep both ends, as written and as days: a year or month ends on its last day (I5)."""
        self.end_told = bool(self.end_told) and self.end == end
        self.start, self.end = start, end
        self.starts_on = start.first if start else None
        self.ends_on = end.last if end else None

    @property
    def is_over(self) -> bool:
        """Whether it has ended; on its last day it has."""
        return self.ends_on is not None and self.ends_on <= clock.today()

    @property
    def phase(self) -> str:
        """`former` or `current`."""
        return "former" if self.is_over else "current"

    @property
    def when(self) -> str:
        """For people: "2014 – June 2019", "since 2020", "until 2018"."""
        return when_in_words(self.start, self.end)

    @property
    def years(self) -> str:
        """The same in years alone: "2009–2018"."""
        start, end = self.starts_on and self.starts_on.year, self.ends_on and self.ends_on.year
        if start and end:
            return str(start) if start == end else f"{start}–{end}"
        return f"since {start}" if start else f"until {end}" if end else ""

    @classmethod
    def open_on(cls, day: date) -> ColumnElement[bool]:
        """Rows that have not ended on a day."""
        column = cls.ends_on
        return (column.is_(None)) | (column > day)


class Relation(Dated, Model):
    """A dated bond between a person and the host; ended ones stay first class."""

    __tablename__ = "relation"
    __table_args__ = (
        CheckConstraint("kind IN ('employee','customer','partner')", name="kind"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="order"),
        CheckConstraint(AUDIENCE_CHECK, name="audience"),
        Index("ix_relation_kind_ends_on", "kind", "ends_on"),
        Index("ix_relation_person_id_kind", "person_id", "kind", "ends_on"),
        Index("ix_relation_end_untold", "ends_on", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(10))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    department: Mapped[str] = mapped_column(String(80), default="")
    site: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    audience: Mapped[str] = mapped_column(String(12), default="members")
    verified_by: Mapped[str] = mapped_column(String(20), default="")  # invitation | admin | import
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    organisation: Mapped[Organisation] = related()


class Position(Dated, Model):
    """One entry of the person's own career; linked to the relation when it is the one at the host."""

    __tablename__ = "position"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="order"),
        CheckConstraint(AUDIENCE_CHECK, name="audience"),
        Index("ix_position_organisation_person", "organisation_id", "person_id"),
        Index("ix_position_organisation_ends_on", "organisation_id", "ends_on", "person_id"),
        Index("ix_position_department", "department"),
        # In a large firm those who sat close, and began about when one did oneself, are looked up first.
        Index("ix_position_organisation_desk", "organisation_id", "department", "site", "starts_on"),
        Index("ix_position_organisation_department", "organisation_id", "department", "starts_on"),
        Index("ix_position_organisation_site", "organisation_id", "site", "starts_on"),
        Index("ix_position_organisation_starts_on", "organisation_id", "starts_on"),
        Index("ix_position_end_untold", "ends_on", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    relation_id: Mapped[int | None] = mapped_column(ForeignKey("relation.id"), unique=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    department: Mapped[str] = mapped_column(String(80), default="")
    site: Mapped[str] = mapped_column(String(80), default="")
    audience: Mapped[str] = mapped_column(String(12), default="members")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    organisation: Mapped[Organisation] = related()


class Assignment(Model):
    """A firm that somebody worked with from a position: the customer whose rollout they ran, the partner they sat with.

    It is seen by whoever sees the position; an end that it does not say is the position's.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="order"),
        Index("ix_assignment_organisation_position", "organisation_id", "position_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    what: Mapped[str] = mapped_column(String(120), default="")
    start: Mapped[PartialDate | None] = mapped_column(PartialDateType)
    end: Mapped[PartialDate | None] = mapped_column(PartialDateType)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    organisation: Mapped[Organisation] = related()
    position: Mapped[Position] = related()

    def set_dates(self, start: PartialDate | None, end: PartialDate | None) -> None:
        """Keep both ends, as written and as days."""
        self.start, self.end = start, end
        self.starts_on, self.ends_on = start.first if start else None, end.last if end else None

    @property
    def when(self) -> str:
        """For people: "2014 – June 2019", "since 2020"; nothing when it lasted as long as the position."""
        return when_in_words(self.start, self.end)


class Move(Model):
    """The fact that a person went from one organisation to another."""

    __tablename__ = "move"
    __table_args__ = (Index("ix_move_unsettled", "declared_at", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id", ondelete="SET NULL"), index=True)
    to_position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id", ondelete="SET NULL"), index=True)
    moved_on: Mapped[date]
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    declared_at: Mapped[datetime] = mapped_column(default=clock.now)
    old_end: Mapped[PartialDate | None] = mapped_column(PartialDateType)  # the end that the left position had before
    wishes: Mapped[list[str]] = mapped_column(JSON, default=list)  # what may happen next (A10)
    settled_at: Mapped[datetime | None]  # when it had come and could not be taken back any more: the wishes were told
    final_at: Mapped[datetime | None]  # from then on it can't be undone: it was, or the host confirmed the end

    left: Mapped[Position | None] = related(foreign_keys=[from_position_id])
    started: Mapped[Position | None] = related(foreign_keys=[to_position_id])

    @property
    def wished(self) -> list[str]:
        """What may happen next, in words."""
        return [words for key, words in WISHES.items() if key in self.wishes]

    @property
    def undo_until(self) -> datetime:
        """Until when the person may take it back: for a day, and as long as it lies ahead."""
        return max(self.declared_at + UNDO_FOR, datetime.combine(self.moved_on, time(), UTC))

    @property
    def was_taken_back(self) -> bool:
        """Whether it is undone: what it began is gone, and what it ended has the end from before."""
        if self.final_at is None or self.started is not None:
            return False
        return self.left is None or (self.left.end == self.old_end and self.left.ends_on != self.moved_on)

    @property
    def has_come(self) -> bool:
        """Whether its day is here."""
        return self.moved_on <= clock.today()

    @property
    def can_be_undone(self) -> bool:
        """Whether it can still be taken back."""
        return self.final_at is None and self.settled_at is None and clock.now() < self.undo_until
