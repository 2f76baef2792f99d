"""Lists of the programme are read along an index: what runs, what is open, who said yes lately."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

POINTING = (
    ('address_dispute', 'claim_id'), ('address_dispute', 'decided_by_id'), ('recovery_case', 'confirmed_by_id'),
    ('recovery_case', 'proposed_by_id'),
)  # fmt: skip


def upgrade() -> None:
    """Make the change."""
    running, open_ = sa.text('ended_at IS NULL'), sa.text('closed_at IS NULL')
    op.create_index('ix_ask_running', 'ask', ['by_date', 'id'], sqlite_where=running, postgresql_where=running)
    op.create_index('ix_advocate_flag_open', 'advocate_flag', ['raised_at', 'id'], sqlite_where=open_, postgresql_where=open_)
    for table, column in POINTING:
        op.create_index(f'ix_{table}_{column}', table, [column])
    op.create_index('ix_advocate_answered', 'advocate', ['answer', 'answered_at', 'person_id'])


def downgrade() -> None:
    """Take the change back."""
    for table, column in POINTING:
        op.drop_index(f'ix_{table}_{column}', table)
    op.drop_index('ix_advocate_answered', 'advocate')
    op.drop_index('ix_advocate_flag_open', 'advocate_flag')
    op.drop_index('ix_ask_running', 'ask')
