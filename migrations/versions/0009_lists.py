"""Lists of the programme are read along an index: what runs, what is open, who said yes lately."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    running, open_ = sa.text('ended_at IS NULL'), sa.text('closed_at IS NULL')
    op.create_index('ix_ask_running', 'ask', ['by_date', 'id'], sqlite_where=running, postgresql_where=running)
    op.create_index('ix_advocate_flag_open', 'advocate_flag', ['raised_at', 'id'], sqlite_where=open_, postgresql_where=open_)
    op.create_index('ix_advocate_answered', 'advocate', ['answer', 'answered_at', 'person_id'])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index('ix_advocate_answered', 'advocate')
    op.drop_index('ix_advocate_flag_open', 'advocate_flag')
    op.drop_index('ix_ask_running', 'ask')
