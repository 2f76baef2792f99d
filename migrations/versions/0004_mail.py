"""Mail: addresses that nobody writes to again, mail that came back, and waves of invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "suppressed_address",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_suppressed_address")),
        if_not_exists=True,  # restoring an older backup has made it already, to keep the list
    )
    with op.batch_alter_table("outbox_mail") as batch:
        batch.add_column(sa.Column("bounce", sa.String(length=4), nullable=False, server_default=""))
        batch.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("outbox_mail") as batch:
        batch.alter_column("bounce", server_default=None)
    with op.batch_alter_table("invitation") as batch:
        batch.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
    _waves()


def _waves() -> None:
    counters = ("no_address", "unsubscribed", "invited_before", "came_back", "people", "invited", "returned", "refused",
                "claimed")  # fmt: skip
    op.create_table(
        "invitation_wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counters),
        sa.CheckConstraint(
            "state IN ('counting', 'ready', 'running', 'paused', 'stopped', 'done')",
            name=op.f("ck_invitation_wave_state"),
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_invitation_wave_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_wave")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_wave_public_id")),
    )
    op.create_table(
        "wave_invitee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("letters", sa.SmallInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'invited', 'claimed', 'refused', 'returned', 'left_out')",
            name=op.f("ck_wave_invitee_state"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wave_invitee_person_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["invitation_wave.id"], name=op.f("fk_wave_invitee_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave_invitee")),
    )
    due = sa.text("next_at IS NOT NULL")
    op.create_index("ix_wave_invitee_due", "wave_invitee", ["next_at", "id"], sqlite_where=due, postgresql_where=due)
    op.create_index(op.f("ix_wave_invitee_last_at"), "wave_invitee", ["last_at"])
    op.create_index(op.f("ix_wave_invitee_person_id"), "wave_invitee", ["person_id"])
    op.create_index("uq_wave_invitee_person", "wave_invitee", ["wave_id", "person_id"], unique=True)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("wave_invitee")
    op.drop_table("invitation_wave")
    with op.batch_alter_table("invitation") as batch:
        batch.drop_column("bounced_at")
    with op.batch_alter_table("outbox_mail") as batch:
        batch.drop_column("bounced_at")
        batch.drop_column("bounce")
    op.drop_table("suppressed_address")
