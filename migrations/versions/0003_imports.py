"""Files of people: their rows, where each value came from, questions and proposals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table('import_mapping',
    sa.Column('shape', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('shape', name=op.f('pk_import_mapping'))
    )
    op.create_table('people_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('file_key', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('shape', sa.String(length=64), nullable=False),
    sa.Column('layout', sa.String(length=60), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('cursor', sa.Integer(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('has_keys', sa.Boolean(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('', 'employee', 'customer', 'partner')", name=op.f('ck_people_import_kind')),
    sa.CheckConstraint("state IN ('uploaded', 'staging', 'planning', 'planned', 'applying', 'applied', 'undoing', 'undone', 'refused')", name=op.f('ck_people_import_state')),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_people_import_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_import')),
    sa.UniqueConstraint('public_id', name=op.f('uq_people_import_public_id'))
    )
    with op.batch_alter_table('people_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_import_digest'), ['digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_import_shape'), ['shape'], unique=False)

    op.create_table('import_match',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('low_id', sa.Integer(), nullable=False),
    sa.Column('high_id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('open','same','different')", name=op.f('ck_import_match_state')),
    sa.CheckConstraint('low_id < high_id', name=op.f('ck_import_match_ordered')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_import_match_decided_by_id')),
    sa.ForeignKeyConstraint(['high_id'], ['person.id'], name=op.f('fk_import_match_high_id')),
    sa.ForeignKeyConstraint(['import_id'], ['people_import.id'], name=op.f('fk_import_match_import_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['low_id'], ['person.id'], name=op.f('fk_import_match_low_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_match')),
    sa.UniqueConstraint('public_id', name=op.f('uq_import_match_public_id'))
    )
    with op.batch_alter_table('import_match', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_match_high_id'), ['high_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_match_import_id'), ['import_id'], unique=False)
        batch_op.create_index('ix_import_match_state', ['state', 'id'], unique=False)
        batch_op.create_index('uq_import_match_pair', ['low_id', 'high_id'], unique=True)

    op.create_table('import_merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('row_ids', sa.JSON(), nullable=False),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['people_import.id'], name=op.f('fk_import_merge_import_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['kept_id'], ['person.id'], name=op.f('fk_import_merge_kept_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_merge'))
    )
    with op.batch_alter_table('import_merge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_merge_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_merge_kept_id'), ['kept_id'], unique=False)

    op.create_table('import_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('applied', sa.Boolean(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('part', sa.Integer(), nullable=True),
    sa.Column('seen_on', sa.String(length=10), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['people_import.id'], name=op.f('fk_import_row_import_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_import_row_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_row'))
    )
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.create_index('ix_import_row_outcome', ['import_id', 'outcome', 'number'], unique=False)
        batch_op.create_index('ix_import_row_part', ['import_id', 'part'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_row_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_import_row_number', ['import_id', 'number'], unique=True)

    op.create_table('imported_thing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=14), nullable=False),
    sa.Column('thing_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('written', sa.JSON(), nullable=False),
    sa.CheckConstraint("kind IN ('person', 'email_address', 'position', 'relation', 'organisation')", name=op.f('ck_imported_thing_kind')),
    sa.ForeignKeyConstraint(['import_id'], ['people_import.id'], name=op.f('fk_imported_thing_import_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_imported_thing_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_thing'))
    )
    with op.batch_alter_table('imported_thing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_imported_thing_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_imported_thing_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_imported_thing', ['kind', 'thing_id'], unique=True)

    op.create_table('import_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('link', 'employment', 'position')", name=op.f('ck_import_proposal_kind')),
    sa.CheckConstraint("state IN ('open','accepted','declined','applied')", name=op.f('ck_import_proposal_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_import_proposal_decided_by_id')),
    sa.ForeignKeyConstraint(['import_id'], ['people_import.id'], name=op.f('fk_import_proposal_import_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_import_proposal_person_id')),
    sa.ForeignKeyConstraint(['row_id'], ['import_row.id'], name=op.f('fk_import_proposal_row_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_proposal')),
    sa.UniqueConstraint('public_id', name=op.f('uq_import_proposal_public_id'))
    )
    with op.batch_alter_table('import_proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_proposal_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_proposal_row_id'), ['row_id'], unique=False)
        batch_op.create_index('ix_import_proposal_state', ['state', 'kind', 'id'], unique=False)
        batch_op.create_index('uq_import_proposal_once', ['person_id', 'digest'], unique=True)

    op.create_table('imported_value',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('system', sa.String(length=64), nullable=False),
    sa.Column('value', sa.String(length=254), nullable=False),
    sa.CheckConstraint("kind IN ('name', 'address', 'phone', 'link', 'place', 'external_id', 'stint', 'row')", name=op.f('ck_imported_value_kind')),
    sa.ForeignKeyConstraint(['row_id'], ['import_row.id'], name=op.f('fk_imported_value_row_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_value'))
    )
    with op.batch_alter_table('imported_value', schema=None) as batch_op:
        batch_op.create_index('ix_imported_value_kind', ['kind', 'value'], unique=False)
        batch_op.create_index(batch_op.f('ix_imported_value_row_id'), ['row_id'], unique=False)

    # Not in a batch: SQLite must not rebuild the table that so many others point to.
    op.create_index('ix_person_sort_name', 'person', ['sort_name'], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_index('ix_person_sort_name', table_name='person')

    with op.batch_alter_table('imported_value', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_imported_value_row_id'))
        batch_op.drop_index('ix_imported_value_kind')

    op.drop_table('imported_value')
    with op.batch_alter_table('import_proposal', schema=None) as batch_op:
        batch_op.drop_index('uq_import_proposal_once')
        batch_op.drop_index('ix_import_proposal_state')
        batch_op.drop_index(batch_op.f('ix_import_proposal_row_id'))
        batch_op.drop_index(batch_op.f('ix_import_proposal_import_id'))

    op.drop_table('import_proposal')
    with op.batch_alter_table('imported_thing', schema=None) as batch_op:
        batch_op.drop_index('uq_imported_thing')
        batch_op.drop_index(batch_op.f('ix_imported_thing_person_id'))
        batch_op.drop_index(batch_op.f('ix_imported_thing_import_id'))

    op.drop_table('imported_thing')
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.drop_index('uq_import_row_number')
        batch_op.drop_index(batch_op.f('ix_import_row_person_id'))
        batch_op.drop_index('ix_import_row_part')
        batch_op.drop_index('ix_import_row_outcome')

    op.drop_table('import_row')
    with op.batch_alter_table('import_merge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_merge_kept_id'))
        batch_op.drop_index(batch_op.f('ix_import_merge_import_id'))

    op.drop_table('import_merge')
    with op.batch_alter_table('import_match', schema=None) as batch_op:
        batch_op.drop_index('uq_import_match_pair')
        batch_op.drop_index('ix_import_match_state')
        batch_op.drop_index(batch_op.f('ix_import_match_import_id'))
        batch_op.drop_index(batch_op.f('ix_import_match_high_id'))

    op.drop_table('import_match')
    with op.batch_alter_table('people_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_import_shape'))
        batch_op.drop_index(batch_op.f('ix_people_import_digest'))

    op.drop_table('people_import')
    op.drop_table('import_mapping')
