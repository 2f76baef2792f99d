"""Asks that run are found in the order in which they are due, state by state."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

RUNNING = {'sqlite_where': text('ended_at IS NULL'), 'postgresql_where': text('ended_at IS NULL')}


def upgrade() -> None:
    """Make the change."""
    op.drop_index('ix_ask_running', 'ask')
    op.create_index('ix_ask_due_answer', 'ask', ['state', 'answer_by', 'id'], **RUNNING)
    op.create_index('ix_ask_due_date', 'ask', ['state', 'by_date', 'id'], **RUNNING)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index('ix_ask_due_date', 'ask')
    op.drop_index('ix_ask_due_answer', 'ask')
    op.create_index('ix_ask_running', 'ask', ['by_date', 'id'], **RUNNING)
