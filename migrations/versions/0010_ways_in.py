"""Ways in: passkeys, sign-ins of providers, recovery by two admins, re-assigned addresses, domains without mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None
BEFORE = ("sign_in", "device", "second", "verify", "confirm", "reset", "stop_reset", "undo_removal")


def upgrade() -> None:
    """Make the tables, and let a mailed secret be a veto."""
    _purposes((*BEFORE, "veto"))
    op.create_table('domain_check',
    sa.Column('domain', sa.String(length=253), nullable=False),
    sa.Column('refusals', sa.Integer(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('domain', name=op.f('pk_domain_check'))
    )
    op.create_table('spent_challenge',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('spent_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_spent_challenge'))
    )
    with op.batch_alter_table('spent_challenge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spent_challenge_spent_at'), ['spent_at'], unique=False)

    op.create_table('passkey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('key_id', sa.String(length=1400), nullable=False),
    sa.Column('public_key', sa.Text(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('is_synced', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_passkey_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('key_id', name=op.f('uq_passkey_key_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_passkey_public_id'))
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_person_id'), ['person_id'], unique=False)

    op.create_table('provider_sign_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('issuer', sa.String(length=255), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('label', sa.String(length=254), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_provider_sign_in_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_sign_in')),
    sa.UniqueConstraint('public_id', name=op.f('uq_provider_sign_in_public_id'))
    )
    with op.batch_alter_table('provider_sign_in', schema=None) as batch_op:
        batch_op.create_index('uq_provider_sign_in_person', ['person_id', 'issuer'], unique=True)
        batch_op.create_index('uq_provider_sign_in_subject', ['issuer', 'subject'], unique=True)

    op.create_table('recovery_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('full_name', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('norm', sa.String(length=254), nullable=False),
    sa.Column('told', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('second_evidence', sa.Text(), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_because', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'proved', 'proposed', 'waiting', 'ready', 'done', 'vetoed', 'refused', 'over')", name=op.f('ck_recovery_case_state')),
    sa.CheckConstraint('confirmed_by_id <> proposed_by_id', name=op.f('ck_recovery_case_two_admins')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['person.id'], name=op.f('fk_recovery_case_confirmed_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recovery_case_person_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['person.id'], name=op.f('fk_recovery_case_proposed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_case')),
    sa.UniqueConstraint('public_id', name=op.f('uq_recovery_case_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_recovery_case_token_hash'))
    )
    with op.batch_alter_table('recovery_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_case_norm'), ['norm'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_case_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_recovery_case_state', ['state', 'id'], unique=False)
        batch_op.create_index('uq_recovery_case_running', ['person_id'], unique=True, sqlite_where=sa.text("state IN ('proposed', 'waiting', 'ready')"), postgresql_where=sa.text("state IN ('proposed', 'waiting', 'ready')"))

    op.create_table('address_dispute',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('address_id', sa.Integer(), nullable=False),
    sa.Column('claim_id', sa.Integer(), nullable=False),
    sa.Column('holder_id', sa.Integer(), nullable=False),
    sa.Column('claimant_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('open', 'given', 'kept', 'over')", name=op.f('ck_address_dispute_state')),
    sa.ForeignKeyConstraint(['address_id'], ['email_address.id'], name=op.f('fk_address_dispute_address_id')),
    sa.ForeignKeyConstraint(['claim_id'], ['email_address.id'], name=op.f('fk_address_dispute_claim_id')),
    sa.ForeignKeyConstraint(['claimant_id'], ['person.id'], name=op.f('fk_address_dispute_claimant_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_address_dispute_decided_by_id')),
    sa.ForeignKeyConstraint(['holder_id'], ['person.id'], name=op.f('fk_address_dispute_holder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_address_dispute')),
    sa.UniqueConstraint('public_id', name=op.f('uq_address_dispute_public_id'))
    )
    with op.batch_alter_table('address_dispute', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_address_dispute_address_id'), ['address_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_address_dispute_claimant_id'), ['claimant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_address_dispute_holder_id'), ['holder_id'], unique=False)
        batch_op.create_index('uq_address_dispute_open', ['claim_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))



def downgrade() -> None:
    """Take them back; vetoes go, since nothing could be stopped by them."""
    op.execute("DELETE FROM login_token WHERE purpose = 'veto'")
    _purposes(BEFORE)
    with op.batch_alter_table('address_dispute', schema=None) as batch_op:
        batch_op.drop_index('uq_address_dispute_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_address_dispute_holder_id'))
        batch_op.drop_index(batch_op.f('ix_address_dispute_claimant_id'))
        batch_op.drop_index(batch_op.f('ix_address_dispute_address_id'))

    op.drop_table('address_dispute')
    with op.batch_alter_table('recovery_case', schema=None) as batch_op:
        batch_op.drop_index('uq_recovery_case_running', sqlite_where=sa.text("state IN ('proposed', 'waiting', 'ready')"), postgresql_where=sa.text("state IN ('proposed', 'waiting', 'ready')"))
        batch_op.drop_index('ix_recovery_case_state')
        batch_op.drop_index(batch_op.f('ix_recovery_case_person_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_case_norm'))

    op.drop_table('recovery_case')
    with op.batch_alter_table('provider_sign_in', schema=None) as batch_op:
        batch_op.drop_index('uq_provider_sign_in_subject')
        batch_op.drop_index('uq_provider_sign_in_person')

    op.drop_table('provider_sign_in')
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_passkey_person_id'))

    op.drop_table('passkey')
    with op.batch_alter_table('spent_challenge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_spent_challenge_spent_at'))

    op.drop_table('spent_challenge')
    op.drop_table('domain_check')


def _purposes(purposes: tuple[str, ...]) -> None:
    with op.batch_alter_table("login_token") as table:
        table.drop_constraint(op.f("ck_login_token_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_login_token_purpose"), f"purpose IN {purposes}")
