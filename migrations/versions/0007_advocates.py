"""Advocates, their asks, and wordings of acts beside the host's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

HOUSE = "kind IN ('terms', 'privacy', 'imprint')"
WITH_ACTS = HOUSE + " OR substr(kind, 1, 4) = 'act:'"


def _keep_kinds(check: str, before: int, after: int) -> None:
    """Which kinds of wordings there may be, and how long their names."""
    name = op.f("ck_legal_text_kind")
    with op.batch_alter_table("legal_text", schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.alter_column("kind", existing_type=sa.String(length=before), type_=sa.String(length=after),
                              existing_nullable=False)
        batch_op.create_check_constraint(name, check)


def upgrade() -> None:
    """Make the change."""
    op.create_table('act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=30), nullable=False),
    sa.Column('consent_kind', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('meaning', sa.String(length=300), nullable=False),
    sa.Column('icon', sa.String(length=40), nullable=False),
    sa.Column('is_call', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act')),
    sa.UniqueConstraint('consent_kind', name=op.f('uq_act_consent_kind')),
    sa.UniqueConstraint('key', name=op.f('uq_act_key'))
    )
    op.create_table('advocate',
    sa.Column('person_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('own_calls', sa.Integer(), nullable=True),
    sa.Column('rest_days', sa.Integer(), nullable=False),
    sa.Column('answer', sa.String(length=10), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("answer IN ('', 'yes', 'not_now', 'not_happy')", name=op.f('ck_advocate_answer')),
    sa.CheckConstraint('own_calls IS NULL OR own_calls >= 0', name=op.f('ck_advocate_own_calls')),
    sa.CheckConstraint('rest_days IN (0, 60, 90, 180, 365)', name=op.f('ck_advocate_rest_days')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_advocate_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_advocate'))
    )
    op.create_table('advocate_flag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('raised_by_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_because', sa.Text(), nullable=False),
    sa.CheckConstraint("(closed_at IS NULL) = (closed_because = '')", name=op.f('ck_advocate_flag_closed')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_advocate_flag_closed_by_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_advocate_flag_owner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_advocate_flag_person_id')),
    sa.ForeignKeyConstraint(['raised_by_id'], ['person.id'], name=op.f('fk_advocate_flag_raised_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advocate_flag')),
    sa.UniqueConstraint('public_id', name=op.f('uq_advocate_flag_public_id'))
    )
    with op.batch_alter_table('advocate_flag', schema=None) as batch_op:
        batch_op.create_index('ix_advocate_flag_person', ['person_id', 'closed_at'], unique=False)

    op.create_table('advocate_pause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_advocate_pause_order')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_advocate_pause_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advocate_pause')),
    sa.UniqueConstraint('public_id', name=op.f('uq_advocate_pause_public_id'))
    )
    with op.batch_alter_table('advocate_pause', schema=None) as batch_op:
        batch_op.create_index('ix_advocate_pause_person', ['person_id', 'ends_on'], unique=False)

    op.create_table('advocate_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('viewer_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_advocate_view_person_id')),
    sa.ForeignKeyConstraint(['viewer_id'], ['person.id'], name=op.f('fk_advocate_view_viewer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advocate_view'))
    )
    with op.batch_alter_table('advocate_view', schema=None) as batch_op:
        batch_op.create_index('ix_advocate_view_person', ['person_id', 'id'], unique=False)

    op.create_table('ask',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('act_id', sa.Integer(), nullable=False),
    sa.Column('is_call', sa.Boolean(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outside', sa.Boolean(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('deal', sa.String(length=120), nullable=False),
    sa.Column('firm', sa.String(length=160), nullable=False),
    sa.Column('data_use', sa.Text(), nullable=False),
    sa.Column('by_date', sa.Date(), nullable=False),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('override_reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_because', sa.String(length=10), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('outcome_note', sa.Text(), nullable=False),
    sa.Column('asker_feedback', sa.Text(), nullable=False),
    sa.Column('advocate_feedback', sa.Text(), nullable=False),
    sa.Column('thanks', sa.Text(), nullable=False),
    sa.Column('thanked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'done') = (outcome <> '')", name=op.f('ck_ask_done')),
    sa.CheckConstraint("(state = 'stopped') = (stopped_because <> '')", name=op.f('ck_ask_stopped')),
    sa.CheckConstraint("outcome = '' OR outcome IN ('helped', 'no_matter', 'not_held', 'open')", name=op.f('ck_ask_outcome')),
    sa.CheckConstraint("state <> 'waiting' OR answered_at IS NULL", name=op.f('ck_ask_waiting')),
    sa.CheckConstraint("state IN ('waiting', 'accepted', 'declined', 'unanswered', 'stopped', 'done')", name=op.f('ck_ask_state')),
    sa.CheckConstraint("state NOT IN ('accepted', 'declined') OR answered_at IS NOT NULL", name=op.f('ck_ask_answered')),
    sa.CheckConstraint("thanked_at IS NULL OR state = 'done'", name=op.f('ck_ask_thanked')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_ask_act_id')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_ask_asked_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_ask_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ask')),
    sa.UniqueConstraint('public_id', name=op.f('uq_ask_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_ask_token_hash'))
    )
    with op.batch_alter_table('ask', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ask_act_id'), ['act_id'], unique=False)
        batch_op.create_index('ix_ask_asked_by', ['asked_by_id', 'id'], unique=False)
        batch_op.create_index('ix_ask_open', ['answer_by', 'id'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.create_index('ix_ask_person_asked_at', ['person_id', 'asked_at'], unique=False)
        batch_op.create_index('ix_ask_state', ['state', 'by_date', 'id'], unique=False)

    op.create_table('check_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(length=10), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("answer IN ('', 'yes', 'not_now', 'not_happy')", name=op.f('ck_check_in_answer')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_check_in_person_id')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['person.id'], name=op.f('fk_check_in_sent_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_check_in_token_hash'))
    )
    with op.batch_alter_table('check_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_check_in_person_id'), ['person_id'], unique=False)

    op.create_table('nomination',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('contact_name', sa.String(length=120), nullable=False),
    sa.Column('contact_firm', sa.String(length=160), nullable=False),
    sa.Column('contact_address', sa.String(length=254), nullable=False),
    sa.Column('nominated_by_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('alarm_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('alarmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contacted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contacted_by_id', sa.Integer(), nullable=True),
    sa.Column('contact_note', sa.Text(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_because', sa.Text(), nullable=False),
    sa.CheckConstraint("person_id IS NOT NULL OR contact_name <> ''", name=op.f('ck_nomination_somebody')),
    sa.CheckConstraint("state <> 'closed' OR closed_because <> ''", name=op.f('ck_nomination_closed')),
    sa.CheckConstraint("state IN ('waiting', 'contacted', 'invited', 'opted_in', 'closed')", name=op.f('ck_nomination_state')),
    sa.ForeignKeyConstraint(['contacted_by_id'], ['person.id'], name=op.f('fk_nomination_contacted_by_id')),
    sa.ForeignKeyConstraint(['nominated_by_id'], ['person.id'], name=op.f('fk_nomination_nominated_by_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_nomination_owner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_nomination_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination')),
    sa.UniqueConstraint('public_id', name=op.f('uq_nomination_public_id'))
    )
    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nomination_nominated_by_id'), ['nominated_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_nomination_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_nomination_state_due', ['state', 'due_at'], unique=False)

    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_person_kind'))
        batch_op.create_index('ix_consent_person_kind', ['person_id', 'kind', 'id'], unique=False)

    _keep_kinds(WITH_ACTS, 10, 40)


def downgrade() -> None:
    """Take it back."""
    op.execute("DELETE FROM legal_text WHERE substr(kind, 1, 4) = 'act:'")
    _keep_kinds(HOUSE, 40, 10)

    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index('ix_consent_person_kind')
        batch_op.create_index(batch_op.f('ix_consent_person_kind'), ['person_id', 'kind'], unique=False)

    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.drop_index('ix_nomination_state_due')
        batch_op.drop_index(batch_op.f('ix_nomination_person_id'))
        batch_op.drop_index(batch_op.f('ix_nomination_nominated_by_id'))

    op.drop_table('nomination')
    with op.batch_alter_table('check_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_check_in_person_id'))

    op.drop_table('check_in')
    with op.batch_alter_table('ask', schema=None) as batch_op:
        batch_op.drop_index('ix_ask_state')
        batch_op.drop_index('ix_ask_person_asked_at')
        batch_op.drop_index('ix_ask_open', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index('ix_ask_asked_by')
        batch_op.drop_index(batch_op.f('ix_ask_act_id'))

    op.drop_table('ask')
    with op.batch_alter_table('advocate_view', schema=None) as batch_op:
        batch_op.drop_index('ix_advocate_view_person')

    op.drop_table('advocate_view')
    with op.batch_alter_table('advocate_pause', schema=None) as batch_op:
        batch_op.drop_index('ix_advocate_pause_person')

    op.drop_table('advocate_pause')
    with op.batch_alter_table('advocate_flag', schema=None) as batch_op:
        batch_op.drop_index('ix_advocate_flag_person')

    op.drop_table('advocate_flag')
    op.drop_table('advocate')
    op.drop_table('act')
