"""Asks are found as they are due, topics by who follows them; an import knows which row it reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

FOLLOWED = {'sqlite_where': text("level = 'follow'"), 'postgresql_where': text("level = 'follow'")}
RUNNING = {'sqlite_where': text('ended_at IS NULL'), 'postgresql_where': text('ended_at IS NULL')}


def upgrade() -> None:
    """Make the change."""
    op.create_index('ix_ask_due_answer', 'ask', ['state', 'answer_by', 'id'], **RUNNING)
    op.create_index('ix_ask_due_date', 'ask', ['state', 'by_date', 'id'], **RUNNING)
    op.add_column('people_import', sa.Column('reached', sa.Integer(), nullable=False, server_default='0'))
    op.execute('UPDATE people_import SET reached = cursor')  # so far the one was taken for the other
    op.create_index('ix_topic_reader_followed', 'topic_reader', ['person_id', 'topic_id'], **FOLLOWED)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index('ix_ask_due_date', 'ask')
    op.drop_index('ix_ask_due_answer', 'ask')
    op.drop_index('ix_topic_reader_followed', 'topic_reader')
    op.drop_column('people_import', 'reached')
