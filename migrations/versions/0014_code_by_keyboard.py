"""Wide code in stored texts can be scrolled by keyboard (ui.md, access)."""

from __future__ import annotations

from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

COOKED = (
    ('board', 'rules_html'), ('legal_text', 'html'), ('moderation_case', 'html'), ('news_item', 'html'),
    ('news_revision', 'html'), ('post', 'html'), ('post_revision', 'html'), ('profile_entry', 'html'),
)  # fmt: skip
BEFORE, AFTER = '<pre>', '<pre tabindex="0">'  # texts hold no such tag otherwise: what people write is escaped


def upgrade() -> None:
    """Make the change."""
    _say_instead(BEFORE, AFTER)


def downgrade() -> None:
    """Take the change back."""
    _say_instead(AFTER, BEFORE)


def _say_instead(old: str, new: str) -> None:
    for table, column in COOKED:
        op.execute(
            f"UPDATE {table} SET {column} = replace({column}, '{old}', '{new}') WHERE {column} LIKE '%{old}%'"  # noqa: S608
        )
