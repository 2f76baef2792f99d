"""An index on every column that points to another row, so that an undo, an erasure or a merge finds it; feeds of news."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

POINTING = {
    "advocate_flag": ("closed_by_id", "owner_id", "raised_by_id"), "advocate_view": ("viewer_id",),
    "appeal": ("decided_by_id",), "applicant": ("decided_by_id", "person_id"), "board_audience": ("group_id",),
    "board_reader": ("board_id",), "check_in": ("sent_by_id",),
    "decision": ("by_id", "from_board_id", "reversed_by_id", "second_by_id", "to_board_id"), "hello": ("low_id",),
    "import_match": ("decided_by_id",), "import_proposal": ("decided_by_id",), "invitation": ("invited_by_id",),
    "invitation_wave": ("made_by_id",), "leaver_notice": ("organisation_id",), "legal_text": ("published_by_id",),
    "moderation_case": ("claimed_by_id",), "move": ("declared_by_id", "from_position_id", "to_position_id"),
    "nomination": ("contacted_by_id", "owner_id"), "organisation": ("parent_id",), "people_import": ("created_by_id",),
    "person_role": ("granted_by_id",), "topic": ("last_author_id",), "waiting_reset": ("address_id",),
}  # fmt: skip


def upgrade() -> None:
    """Make the indexes and the tables."""
    for table, columns in POINTING.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])
    op.add_column("nomination", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
    _count_letters()
    op.create_table(
        "news_feed",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_news_feed_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_news_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_news_feed_token_hash")),
    )


def _count_letters() -> None:
    """What counted as delivered until now was every letter that did not come back."""
    op.add_column("wave_invitee", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitation_wave", sa.Column("delivered", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE wave_invitee SET left_at = last_at WHERE letters > 0 AND state <> 'returned'")
    op.execute(
        "UPDATE invitation_wave SET delivered = (SELECT count(*) FROM wave_invitee"
        " WHERE wave_invitee.wave_id = invitation_wave.id AND wave_invitee.left_at IS NOT NULL)"
    )
    with op.batch_alter_table("invitation_wave") as batch:
        batch.alter_column("delivered", server_default=None)


def downgrade() -> None:
    """Take them back."""
    op.drop_table("news_feed")
    with op.batch_alter_table("nomination") as batch:
        batch.drop_column("escalated_at")
    with op.batch_alter_table("invitation_wave") as batch:
        batch.drop_column("delivered")
    with op.batch_alter_table("wave_invitee") as batch:
        batch.drop_column("left_at")
    for table, columns in POINTING.items():
        for column in columns:
            op.drop_index(f"ix_{table}_{column}", table)
