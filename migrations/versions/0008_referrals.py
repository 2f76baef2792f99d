"""Referrals: who pointed the host to whom, stages, consent, credit, influence; and the words they are found by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table('referral_total',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_total')),
    sa.UniqueConstraint('kind', 'stage', 'currency', name=op.f('uq_referral_total_kind_stage_currency'))
    )
    op.create_table('influence_story',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('company', sa.String(length=160), nullable=False),
    sa.Column('happened', sa.String(length=10), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=14), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('told', 'confirmed', 'not_confirmed')", name=op.f('ck_influence_story_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_influence_story_decided_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_influence_story_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_influence_story')),
    sa.UniqueConstraint('public_id', name=op.f('uq_influence_story_public_id'))
    )
    with op.batch_alter_table('influence_story', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_influence_story_decided_by_id'), ['decided_by_id'], unique=False)
        batch_op.create_index('ix_influence_story_person', ['person_id', 'id'], unique=False)
        batch_op.create_index('ix_influence_story_state', ['state', 'id'], unique=False)

    op.create_table('referral',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('referrer_id', sa.Integer(), nullable=False),
    sa.Column('company', sa.String(length=160), nullable=False),
    sa.Column('job', sa.String(length=160), nullable=False),
    sa.Column('contact_name', sa.String(length=120), nullable=False),
    sa.Column('contact_address', sa.String(length=254), nullable=False),
    sa.Column('contact_norm', sa.String(length=254), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('consent', sa.String(length=8), nullable=False),
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('ending', sa.String(length=4), nullable=False),
    sa.Column('stage_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('next_step', sa.String(length=200), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('accept_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_what', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=120), nullable=False),
    sa.Column('has_credit', sa.Boolean(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=True),
    sa.Column('is_tie', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(amount IS NULL) = (currency = '')", name=op.f('ck_referral_amount')),
    sa.CheckConstraint("consent IN ('waiting', 'yes', 'no')", name=op.f('ck_referral_consent')),
    sa.CheckConstraint("due_what IN ('', 'accept', 'consent', 'step')", name=op.f('ck_referral_due_what')),
    sa.CheckConstraint("ending IN ('', 'won', 'lost')", name=op.f('ck_referral_ending')),
    sa.CheckConstraint("kind IN ('lead', 'candidate', 'partner')", name=op.f('ck_referral_kind')),
    sa.CheckConstraint("stage IN ('accepted', 'contacted', 'hired', 'interview', 'lost', 'meeting', 'new', 'offer', 'proposal', 'screened', 'signed', 'talking', 'terms', 'won')", name=op.f('ck_referral_stage')),
    sa.ForeignKeyConstraint(['first_id'], ['referral.id'], name=op.f('fk_referral_first_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_referral_owner_id')),
    sa.ForeignKeyConstraint(['referrer_id'], ['person.id'], name=op.f('fk_referral_referrer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral')),
    sa.UniqueConstraint('public_id', name=op.f('uq_referral_public_id'))
    )
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.create_index('ix_referral_column', ['kind', 'stage', 'stage_since', 'id'], unique=False)
        batch_op.create_index('ix_referral_due', ['due_at', 'id'], unique=False, sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_referral_first_id'), ['first_id'], unique=False)
        batch_op.create_index('ix_referral_kind_id', ['kind', 'id'], unique=False)
        batch_op.create_index('ix_referral_mine', ['referrer_id', 'id'], unique=False)
        batch_op.create_index('ix_referral_owned', ['owner_id', 'kind', 'stage', 'stage_since', 'id'], unique=False)
        batch_op.create_index('ix_referral_waiting', ['contact_norm'], unique=False, sqlite_where=sa.text("consent = 'waiting'"), postgresql_where=sa.text("consent = 'waiting'"))

    op.create_table('referral_deputy',
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('deputy_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['deputy_id'], ['person.id'], name=op.f('fk_referral_deputy_deputy_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_referral_deputy_owner_id')),
    sa.PrimaryKeyConstraint('owner_id', name=op.f('pk_referral_deputy'))
    )
    with op.batch_alter_table('referral_deputy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_deputy_deputy_id'), ['deputy_id'], unique=False)

    op.create_table('referral_consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.String(length=3), nullable=False),
    sa.Column('how', sa.String(length=8), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f('ck_referral_consent_answer')),
    sa.CheckConstraint("how IN ('referrer', 'letter', 'staff')", name=op.f('ck_referral_consent_how')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_referral_consent_recorded_by_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_consent_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_consent'))
    )
    with op.batch_alter_table('referral_consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_consent_recorded_by_id'), ['recorded_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_consent_referral_id'), ['referral_id'], unique=False)

    op.create_table('referral_credit',
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('key', sa.String(length=270), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_credit_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('kind', 'key', name=op.f('pk_referral_credit'))
    )
    with op.batch_alter_table('referral_credit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_credit_referral_id'), ['referral_id'], unique=False)

    op.create_table('referral_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(length=8), nullable=False),
    sa.Column('old', sa.String(length=200), nullable=False),
    sa.Column('new', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('told', sa.Boolean(), nullable=False),
    sa.CheckConstraint("what IN ('stage', 'owner', 'plan', 'note', 'consent', 'credit')", name=op.f('ck_referral_event_what')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_referral_event_by_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_event_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_event'))
    )
    with op.batch_alter_table('referral_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_event_by_id'), ['by_id'], unique=False)
        batch_op.create_index('ix_referral_event_referral', ['referral_id', 'id'], unique=False)

    op.create_table('referral_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(length=3), nullable=False),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_letter_referral_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_letter')),
    sa.UniqueConstraint('address_hash', name=op.f('uq_referral_letter_address_hash')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_referral_letter_token_hash'))
    )
    with op.batch_alter_table('referral_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_letter_referral_id'), ['referral_id'], unique=False)

    _create_words()


def _create_words() -> None:
    """The table that finds referrals by their words, as 0002 makes those of posts and people."""
    if op.get_bind().dialect.name == "sqlite":
        words = "tokenize='unicode61 remove_diacritics 2', prefix='2 3'"
        op.execute(f"CREATE VIRTUAL TABLE referral_fts USING fts5(body, {words})")
        return
    tsv = "tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED"
    op.execute(f"CREATE TABLE referral_fts (id bigint PRIMARY KEY, body text NOT NULL, tsv {tsv})")
    op.execute("CREATE INDEX ix_referral_fts_tsv ON referral_fts USING gin (tsv)")


def downgrade() -> None:
    """Take it back."""
    op.execute("DROP TABLE referral_fts")
    with op.batch_alter_table('referral_letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_letter_referral_id'))

    op.drop_table('referral_letter')
    with op.batch_alter_table('referral_event', schema=None) as batch_op:
        batch_op.drop_index('ix_referral_event_referral')
        batch_op.drop_index(batch_op.f('ix_referral_event_by_id'))

    op.drop_table('referral_event')
    with op.batch_alter_table('referral_credit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_credit_referral_id'))

    op.drop_table('referral_credit')
    with op.batch_alter_table('referral_consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_consent_referral_id'))
        batch_op.drop_index(batch_op.f('ix_referral_consent_recorded_by_id'))

    op.drop_table('referral_consent')
    with op.batch_alter_table('referral_deputy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_deputy_deputy_id'))

    op.drop_table('referral_deputy')
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.drop_index('ix_referral_waiting', sqlite_where=sa.text("consent = 'waiting'"), postgresql_where=sa.text("consent = 'waiting'"))
        batch_op.drop_index('ix_referral_owned')
        batch_op.drop_index('ix_referral_mine')
        batch_op.drop_index('ix_referral_kind_id')
        batch_op.drop_index(batch_op.f('ix_referral_first_id'))
        batch_op.drop_index('ix_referral_due', sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'))
        batch_op.drop_index('ix_referral_column')

    op.drop_table('referral')
    with op.batch_alter_table('influence_story', schema=None) as batch_op:
        batch_op.drop_index('ix_influence_story_state')
        batch_op.drop_index('ix_influence_story_person')
        batch_op.drop_index(batch_op.f('ix_influence_story_decided_by_id'))

    op.drop_table('influence_story')
    op.drop_table('referral_total')
