"""The first link of somebody who lost every way in goes on saying how it stands when the second one is mailed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table('recovery_case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('status_hash', sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_recovery_case_status_hash'), ['status_hash'])


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('recovery_case', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_recovery_case_status_hash'), type_='unique')
        batch_op.drop_column('status_hash')
