"""On SQLite, beginnings of words are kept in more lengths: a common word is found as fast as a rare one."""

from __future__ import annotations

from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

WORDS = ('post_fts', 'person_fts', 'person_name_fts', 'news_fts', 'referral_fts')


def upgrade() -> None:
    """Make the change."""
    _build_anew('2 3 4 5 6')


def downgrade() -> None:
    """Take the change back."""
    _build_anew('2 3')


def _build_anew(beginnings: str) -> None:
    if op.get_bind().dialect.name != 'sqlite':
        return
    how = f"tokenize='unicode61 remove_diacritics 2', prefix='{beginnings}'"
    for name in WORDS:
        op.execute(f'CREATE VIRTUAL TABLE {name}_anew USING fts5(body, {how})')
        op.execute(f'INSERT INTO {name}_anew(rowid, body) SELECT rowid, body FROM {name}')
        op.execute(f'DROP TABLE {name}')
        op.execute(f'ALTER TABLE {name}_anew RENAME TO {name}')
