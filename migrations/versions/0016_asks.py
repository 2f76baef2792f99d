"""One index leads to the asks of a state: SQLite read all that ever ended by the other."""

from __future__ import annotations

from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.drop_index('ix_ask_state', 'ask')


def downgrade() -> None:
    """Take the change back."""
    op.create_index('ix_ask_state', 'ask', ['state', 'by_date', 'id'])
