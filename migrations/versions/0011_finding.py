"""Finding people: the firms that somebody worked with from a position, former names, kept searches,
and what happened to firms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEAR = {
    "ix_position_organisation_desk": ["organisation_id", "department", "site", "starts_on"],
    "ix_position_organisation_department": ["organisation_id", "department", "starts_on"],
    "ix_position_organisation_site": ["organisation_id", "site", "starts_on"],
    "ix_position_organisation_starts_on": ["organisation_id", "starts_on"],
}

TERMS = ("headline", "about", "place", "skill", "language", "career")
AUDIENCES = ("public", "members", "same_kind", "connections", "staff", "only_me")


def upgrade() -> None:
    """Make the tables and indexes."""
    _make_assignments()
    _make_former_names()
    _let_terms_be(("name", "former", *TERMS))
    _make_saved_searches()
    _make_history_and_merges()
    for name, columns in NEAR.items():
        op.create_index(name, "position", columns)


def _make_assignments() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("start", sa.String(length=10), nullable=True),
        sa.Column("end", sa.String(length=10), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_assignment_order")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_assignment_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_assignment_position_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_public_id")),
    )
    op.create_index("ix_assignment_organisation_position", "assignment", ["organisation_id", "position_id"])
    op.create_index(op.f("ix_assignment_person_id"), "assignment", ["person_id"])
    op.create_index(op.f("ix_assignment_position_id"), "assignment", ["position_id"])


def _make_former_names() -> None:
    op.create_table(
        "former_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"audience IN {AUDIENCES}", name=op.f("ck_former_name_audience")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_former_name_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_former_name_public_id")),
    )
    op.create_index("uq_former_name", "former_name", ["person_id", "name"], unique=True)


def _make_saved_searches() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_search_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_search_public_id")),
    )
    op.create_index("uq_saved_search", "saved_search", ["person_id", "query"], unique=True)


def _make_history_and_merges() -> None:
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_organisation_merged_into_id"), "organisation", ["merged_into_id"], ["id"]
        )  # fmt: skip
        table.create_index(op.f("ix_organisation_merged_into_id"), ["merged_into_id"])
    op.create_table(
        "organisation_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("happened", sa.String(length=10), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('renamed', 'bought', 'merged', 'split')", name=op.f("ck_organisation_event_kind")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_event_organisation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["other_id"], ["organisation.id"], name=op.f("fk_organisation_event_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_event")),
    )
    op.create_index(op.f("ix_organisation_event_organisation_id"), "organisation_event", ["organisation_id"])
    op.create_index(op.f("ix_organisation_event_other_id"), "organisation_event", ["other_id"])
    op.create_table(
        "organisation_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["gone_id"], ["organisation.id"], name=op.f("fk_organisation_merge_gone_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["organisation.id"], name=op.f("fk_organisation_merge_kept_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_merge")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_merge_public_id")),
    )
    op.create_index(op.f("ix_organisation_merge_gone_id"), "organisation_merge", ["gone_id"])
    op.create_index(op.f("ix_organisation_merge_kept_id"), "organisation_merge", ["kept_id"])
    op.create_table(
        "organisation_merge_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("column_name", sa.String(length=63), nullable=False),
        sa.Column("row_key", sa.String(length=253), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["organisation_merge.id"], name=op.f("fk_organisation_merge_row_merge_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_merge_row")),
    )
    op.create_index(
        "ix_organisation_merge_row_place", "organisation_merge_row", ["merge_id", "table_name", "column_name"]
    )


def _let_terms_be(sources: tuple[str, ...]) -> None:
    with op.batch_alter_table("person_term") as table:
        table.drop_constraint(op.f("ck_person_term_source"), type_="check")
        table.create_check_constraint(op.f("ck_person_term_source"), f"source IN {sources}")


def downgrade() -> None:
    """Take them away."""
    op.execute("DELETE FROM person_term WHERE source = 'former'")
    _let_terms_be(("name", *TERMS))
    for name in ("organisation_merge_row", "organisation_merge", "organisation_event", "saved_search"):
        op.drop_table(name)
    with op.batch_alter_table("organisation") as table:
        table.drop_index(op.f("ix_organisation_merged_into_id"))
        table.drop_constraint(op.f("fk_organisation_merged_into_id"), type_="foreignkey")
        table.drop_column("merged_into_id")
    op.drop_table("former_name")
    for name in NEAR:
        op.drop_index(name, table_name="position")
    op.drop_table("assignment")
