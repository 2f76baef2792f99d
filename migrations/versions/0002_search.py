"""The tables that find posts and people by their words; written by hand, since they differ by engine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = ("post_fts", "person_fts", "person_name_fts")
TYPOS = "person_name_fts"


def upgrade() -> None:
    """Make the tables."""
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def _upgrade_sqlite() -> None:
    for name in WORDS:
        words = "tokenize='unicode61 remove_diacritics 2', prefix='2 3'"
        op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(body, {words})")
    op.execute(f"CREATE VIRTUAL TABLE {TYPOS}_typos USING fts5(body, tokenize='trigram')")


def _upgrade_postgresql() -> None:
    tsv = "tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED"
    for name in WORDS:
        op.execute(f"CREATE TABLE {name} (id bigint PRIMARY KEY, body text NOT NULL, tsv {tsv})")
        op.execute(f"CREATE INDEX ix_{name}_tsv ON {name} USING gin (tsv)")
    if _trigrams():
        op.execute(f"CREATE INDEX ix_{TYPOS}_typos ON {TYPOS} USING gin (body gin_trgm_ops)")


def _trigrams() -> bool:
    """Install pg_trgm if this role may; without it typing errors are found less well, nothing else changes."""
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except sa.exc.DBAPIError:
        return False
    return True


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TABLE {TYPOS}_typos")
    for name in WORDS:
        op.execute(f"DROP TABLE {name}")
