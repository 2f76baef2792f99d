"""Mail: addresses that nobody writes to again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
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


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("suppressed_address")
