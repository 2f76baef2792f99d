"""The account for life: copies of one's data, erasures, what is left of a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table('data_export',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('file_key', sa.String(length=80), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('making', 'ready', 'over')", name=op.f('ck_data_export_state')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_data_export_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_export')),
    sa.UniqueConstraint('public_id', name=op.f('uq_data_export_public_id'))
    )
    with op.batch_alter_table('data_export', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_data_export_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_data_export_person_id'), ['person_id'], unique=False)

    op.create_table('erasure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('posts', sa.String(length=4), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('called_off_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("posts IN ('keep','take')", name=op.f('ck_erasure_posts')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_erasure_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure'))
    )
    waits = sa.text('called_off_at IS NULL AND done_at IS NULL')
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.create_index('ix_erasure_due_at', ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_erasure_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_erasure_waits', ['person_id'], unique=True, sqlite_where=waits, postgresql_where=waits)

    op.create_table('erased_person',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('posts', sa.String(length=4), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_erased_person')),
    # A restore makes it before the migrations are run, so that whoever was erased since stays so.
    if_not_exists=True
    )
    op.create_table('merge_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['other_id'], ['person.id'], name=op.f('fk_merge_request_other_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_merge_request_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge_request')),
    sa.UniqueConstraint('public_id', name=op.f('uq_merge_request_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_merge_request_token_hash'))
    )
    with op.batch_alter_table('merge_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_merge_request_other_id'), ['other_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_merge_request_person_id'), ['person_id'], unique=False)

    op.create_table('account_merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('gone_id', sa.Integer(), nullable=False),
    sa.Column('changes', sa.Text(), nullable=False),
    sa.Column('merged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undo_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('final_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['gone_id'], ['person.id'], name=op.f('fk_account_merge_gone_id')),
    sa.ForeignKeyConstraint(['kept_id'], ['person.id'], name=op.f('fk_account_merge_kept_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_merge')),
    sa.UniqueConstraint('public_id', name=op.f('uq_account_merge_public_id'))
    )
    with op.batch_alter_table('account_merge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_merge_gone_id'), ['gone_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_merge_kept_id'), ['kept_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_merge_undo_until'), ['undo_until'], unique=False)

    op.add_column('person', sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
    # In one statement, which both databases know: a table that so many others point to is not copied.
    op.execute(
        'ALTER TABLE person ADD COLUMN merged_into_id INTEGER CONSTRAINT fk_person_merged_into_id REFERENCES person (id)'
    )
    op.create_index('ix_person_merged_into_id', 'person', ['merged_into_id'], unique=False)

    op.add_column('move', sa.Column('wishes', sa.JSON(), nullable=False, server_default='[]'))
    op.add_column('move', sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('move', schema=None) as batch_op:
        batch_op.alter_column('wishes', server_default=None)
    op.execute('UPDATE move SET settled_at = declared_at')  # nobody was asked yet what may happen
    unsettled = sa.text('settled_at IS NULL')
    op.create_index('ix_move_unsettled', 'move', ['declared_at'], sqlite_where=unsettled, postgresql_where=unsettled)

    op.create_table('yearly_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('address_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(length=5), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("answer IN ('', 'right', 'moved')", name=op.f('ck_yearly_question_answer')),
    sa.ForeignKeyConstraint(['address_id'], ['email_address.id'], name=op.f('fk_yearly_question_address_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_yearly_question_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_yearly_question')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_yearly_question_token_hash'))
    )
    with op.batch_alter_table('yearly_question', schema=None) as batch_op:
        batch_op.create_index('ix_yearly_question_person_id', ['person_id', 'sent_at'], unique=False)
        batch_op.create_index('ix_yearly_question_address_id', ['address_id'], unique=False)

    op.create_table('leaver',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('announced_by_id', sa.Integer(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('work_address', sa.String(length=254), nullable=False),
    sa.Column('own_address', sa.String(length=254), nullable=False),
    sa.Column('letters', sa.SmallInteger(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['announced_by_id'], ['person.id'], name=op.f('fk_leaver_announced_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_leaver_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leaver')),
    sa.UniqueConstraint('person_id', name=op.f('uq_leaver_person_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_leaver_public_id'))
    )
    with op.batch_alter_table('leaver', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_leaver_announced_by_id'), ['announced_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_leaver_ends_on'), ['ends_on'], unique=False)

    op.create_table('memorial',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('page', sa.String(length=6), nullable=False),
    sa.Column('proof', sa.Text(), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("page IN ('kept','hidden')", name=op.f('ck_memorial_page')),
    sa.CheckConstraint('confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id', name=op.f('ck_memorial_two')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['person.id'], name=op.f('fk_memorial_confirmed_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_memorial_person_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['person.id'], name=op.f('fk_memorial_proposed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memorial')),
    sa.UniqueConstraint('public_id', name=op.f('uq_memorial_public_id'))
    )
    still = sa.text('ended_at IS NULL')
    with op.batch_alter_table('memorial', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_memorial_confirmed_by_id'), ['confirmed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_memorial_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_memorial_proposed_by_id'), ['proposed_by_id'], unique=False)
        batch_op.create_index('uq_memorial_open', ['person_id'], unique=True, sqlite_where=still, postgresql_where=still)

    op.create_table('family_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('about', sa.String(length=120), nullable=False),
    sa.Column('sender', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_family_request')),
    sa.UniqueConstraint('public_id', name=op.f('uq_family_request_public_id'))
    )
    op.create_index('ix_family_request_done_at', 'family_request', ['done_at'], unique=False)

    op.create_table('canary',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_canary_person_id')),
    sa.ForeignKeyConstraint(['set_by_id'], ['person.id'], name=op.f('fk_canary_set_by_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_canary'))
    )
    op.create_index('ix_canary_set_by_id', 'canary', ['set_by_id'], unique=False)
    op.create_table('reading_hour',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('hour', sa.DateTime(timezone=True), nullable=False),
    sa.Column('profiles', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reading_hour_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'hour', name=op.f('pk_reading_hour'))
    )
    op.create_index('ix_reading_hour_hour', 'reading_hour', ['hour'], unique=False)
    op.create_table('reading_alert',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=6), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("what IN ('hour', 'day', 'canary')", name=op.f('ck_reading_alert_what')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_reading_alert_closed_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reading_alert_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reading_alert')),
    sa.UniqueConstraint('public_id', name=op.f('uq_reading_alert_public_id'))
    )
    with op.batch_alter_table('reading_alert', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reading_alert_closed_by_id'), ['closed_by_id'], unique=False)
        batch_op.create_index('uq_reading_alert_once', ['person_id', 'what', 'day'], unique=True)


def downgrade() -> None:
    """Take it back."""
    op.drop_table('reading_alert')
    op.drop_table('reading_hour')
    op.drop_table('canary')
    op.drop_table('family_request')
    op.drop_table('memorial')
    op.drop_table('leaver')
    op.drop_table('yearly_question')
    op.drop_index('ix_move_unsettled', table_name='move')
    op.drop_column('move', 'settled_at')
    op.drop_column('move', 'wishes')
    op.drop_index('ix_person_merged_into_id', table_name='person')
    op.drop_column('person', 'merged_into_id')
    op.drop_column('person', 'erased_at')
    op.drop_table('account_merge')
    op.drop_table('merge_request')
    op.drop_table('erased_person')
    op.drop_table('erasure')
    op.drop_table('data_export')
