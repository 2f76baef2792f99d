"""Files that were brought in, what each row said, which record it belongs to, and what imports wrote where."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

KINDS = ("", "employee", "customer", "partner")
STATES = ("uploaded", "staging", "planning", "planned", "applying", "applied", "undoing", "undone", "refused")
BUSY = ("staging", "planning", "applying", "undoing")
OUTCOMES = ("new", "adds", "same", "quiet", "proposal", "doubtful", "refused")
THINGS = ("person", "email_address", "position", "relation", "organisation")
VALUES = ("name", "address", "phone", "link", "place", "external_id", "stint", "row")
PROPOSALS = ("link", "employment", "position")


class Import(Model):
    """One file and what became of it; `cursor` is how many of its rows the present step has done."""

    __tablename__ = "people_import"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(200))  # what the file was called
    source: Mapped[str] = mapped_column(String(80), default="")  # what people call the place it comes from
    kind: Mapped[str] = mapped_column(String(10), default="")  # the relation to the host that its rows speak of
    as_of: Mapped[date]  # the day the file speaks of, unless a row names its own
    file_key: Mapped[str] = mapped_column(String(200), default="")
    digest: Mapped[str] = mapped_column(String(64), index=True)  # of the file's bytes
    shape: Mapped[str] = mapped_column(String(64), default="", index=True)  # of its header: the key of saved mappings
    layout: Mapped[str] = mapped_column(String(60), default="")
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="uploaded")
    cursor: Mapped[int] = mapped_column(default=0)
    reached: Mapped[int] = mapped_column(default=0, server_default="0")  # the last of those rows, as the file counts
    rows: Mapped[int] = mapped_column(default=0)
    has_keys: Mapped[bool] = mapped_column(default=False)  # whether any row has an address or an id
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    problem: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    planned_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    @property
    def announces(self) -> bool:
        """Whether last days that lie ahead are announced."""
        return bool(self.choices.get("announce"))

    @property
    def is_busy(self) -> bool:
        """Whether work on it is going on."""
        return self.state in BUSY

    @property
    def percent(self) -> int:
        """How much of the present step is done."""
        return min(100, self.cursor * 100 // self.rows) if self.rows else 0


class ImportRow(Model):
    """One row: what it said, what became of it and why; `person_id` is whose it is, once it is `applied`."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index("uq_import_row_number", "import_id", "number", unique=True),
        Index("ix_import_row_outcome", "import_id", "outcome", "number"),
        Index("ix_import_row_part", "import_id", "part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("people_import.id", ondelete="CASCADE"))
    number: Mapped[int]  # 1 is the first row after the header
    applied: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str] = mapped_column(String(10), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    part: Mapped[int | None]  # in a dry run: the first row of the person who is not there yet
    seen_on: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))  # of what it says: the same row of the same sort of file
    record: Mapped[dict[str, Any]] = mapped_column(JSON)


class ImportedValue(Model):
    """One value that a row brought, in the form in which values are compared: where every value came from."""

    __tablename__ = "imported_value"
    __table_args__ = (
        CheckConstraint(f"kind IN {VALUES}", name="kind"),
        Index("ix_imported_value_kind", "kind", "value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("import_row.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    system: Mapped[str] = mapped_column(String(64), default="")  # whose id it is
    value: Mapped[str] = mapped_column(String(254))


class ImportedThing(Model):
    """A row of another table that imports made, as they last wrote it: what reads otherwise was edited since."""

    __tablename__ = "imported_thing"
    __table_args__ = (
        CheckConstraint(f"kind IN {THINGS}", name="kind"),
        Index("uq_imported_thing", "kind", "thing_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(14))
    thing_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("people_import.id", ondelete="SET NULL"), index=True)
    written: Mapped[list[Any]] = mapped_column(JSON)


class ImportMatch(Model):
    """Two records that may be one human; a person decides, and the answer is remembered (R17)."""

    __tablename__ = "import_match"
    __table_args__ = (
        CheckConstraint("state IN ('open','same','different')", name="state"),
        CheckConstraint("low_id < high_id", name="ordered"),
        Index("uq_import_match_pair", "low_id", "high_id", unique=True),
        Index("ix_import_match_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    low_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("people_import.id", ondelete="SET NULL"), index=True)
    why: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10), default="open")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    low: Mapped[Person] = related(foreign_keys=[low_id])
    high: Mapped[Person] = related(foreign_keys=[high_id])


class ImportMerge(Model):
    """Two unclaimed records that became one, so that an undo can tell them apart again."""

    __tablename__ = "import_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("people_import.id", ondelete="SET NULL"), index=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10))  # of the record that is gone
    row_ids: Mapped[list[int]] = mapped_column(JSON)  # the rows that were its own
    by_hand: Mapped[bool] = mapped_column(default=False)  # somebody said that the two are one
    at: Mapped[datetime] = mapped_column(default=clock.now)


class ImportProposal(Model):
    """What a file says of somebody who has an account: nothing changes until they, or an admin, say so (I11)."""

    __tablename__ = "import_proposal"
    __table_args__ = (
        CheckConstraint(f"kind IN {PROPOSALS}", name="kind"),
        CheckConstraint("state IN ('open','accepted','declined','applied')", name="state"),
        Index("uq_import_proposal_once", "person_id", "digest", unique=True),
        Index("ix_import_proposal_state", "state", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("people_import.id", ondelete="CASCADE"), index=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("import_row.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))  # of what it says: the same is proposed once
    title: Mapped[str] = mapped_column(String(300))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="open")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = related(foreign_keys=[person_id])


class ImportMapping(Model):
    """What the columns of a header meant last time: offered again for the same header."""

    __tablename__ = "import_mapping"

    shape: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))  # the file it was chosen for
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(String(10), default="")
    source: Mapped[str] = mapped_column(String(80), default="")
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
