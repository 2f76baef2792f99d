"""A term tells where the name ends and what its person is called begins."""

from __future__ import annotations

from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

# Left behind when somebody stepped back while their profile was written; the index of words finds no row for them.
LEFT = "DELETE FROM person_term WHERE person_id IN (SELECT id FROM person WHERE NOT listed)"


def upgrade() -> None:
    """Make the change."""
    op.execute(LEFT)
    _part_by(' ', ' / ')


def downgrade() -> None:
    """Take the change back."""
    _part_by(' / ', ' ')


def _part_by(before: str, after: str) -> None:
    """Put something else between a name and what its person is called, where that follows."""
    text, folded = (
        f"(SELECT p.{name} || '{after}' || substr(person_term.{term}, length(p.{name}) + {len(before) + 1})"
        ' FROM person p WHERE p.id = person_term.person_id)'
        for name, term in (('full_name', 'text'), ('sort_name', 'folded'))
    )
    begins = ' AND '.join(
        f"substr(person_term.{term}, 1, length(p.{name}) + {len(before)}) = p.{name} || '{before}'"
        for name, term in (('full_name', 'text'), ('sort_name', 'folded'))
    )
    found = f'EXISTS (SELECT 1 FROM person p WHERE p.id = person_term.person_id AND {begins})'
    op.execute(f"UPDATE person_term SET text = {text}, folded = {folded} WHERE source = 'name' AND {found}")
