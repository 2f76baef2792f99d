"""How each kind comes by mail: now, in the weekly letter or not, instead of yes or no; pauses; the weekly letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHOICE = sa.text("choice IN ('now','weekly','off')")


def upgrade() -> None:
    """Whoever said yes hears now, whoever said no does not."""
    with op.batch_alter_table("notification_preference") as table:
        table.add_column(sa.Column("choice", sa.String(length=6), nullable=True))
    op.execute("UPDATE notification_preference SET choice = CASE WHEN by_mail THEN 'now' ELSE 'off' END")
    with op.batch_alter_table("notification_preference") as table:
        table.alter_column("choice", existing_type=sa.String(length=6), nullable=False)
        table.drop_column("by_mail")
        table.create_check_constraint(op.f("ck_notification_preference_choice"), CHOICE)
    with op.batch_alter_table("notification") as table:
        table.add_column(sa.Column("deferred", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("notification") as table:
        table.alter_column("deferred", existing_type=sa.Boolean(), server_default=None)
    _make_tables()


def _make_tables() -> None:
    op.create_table(
        "mail_pause",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_pause_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_pause")),
    )
    op.create_table(
        "weekly_letter",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.CheckConstraint("state IN ('empty','posted','failed')", name=op.f("ck_weekly_letter_state")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_weekly_letter_person_id")),
        sa.PrimaryKeyConstraint("person_id", "week", name=op.f("pk_weekly_letter")),
    )
    op.create_index("ix_weekly_letter_week", "weekly_letter", ["week"])


def downgrade() -> None:
    """Only those who hear now had said yes."""
    op.drop_table("weekly_letter")
    op.drop_table("mail_pause")
    with op.batch_alter_table("notification") as table:
        table.drop_column("deferred")
    with op.batch_alter_table("notification_preference") as table:
        table.add_column(sa.Column("by_mail", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE notification_preference SET by_mail = (choice = 'now')")
    with op.batch_alter_table("notification_preference") as table:
        table.drop_constraint(op.f("ck_notification_preference_choice"), type_="check")
        table.alter_column("by_mail", existing_type=sa.Boolean(), server_default=None)
        table.drop_column("choice")
