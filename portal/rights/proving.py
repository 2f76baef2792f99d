"""The link that proves the other account, mailed by a job: the page is the same whether the address is known or not (I12)."""

from __future__ import annotations

from portal.accounts import policies, queries
from portal.core import tokens
from portal.core.db import db
from portal.core.jobs import SOON, job
from portal.rights import emails
from portal.rights.models import MergeRequest


@job("rights.mail_proof", priority=SOON)
def mail_proof(request_id: int, norm: str) -> None:
    """A link to whoever holds the address; to a work address only where there is nothing better (I2)."""
    row, held = db.session.get(MergeRequest, request_id), queries.holder(norm)
    if row is None or row.ended_at is not None or held is None or held.person_id == row.person_id:
        return
    if not policies.signs_in_by_mail(held, work=queries.is_work(held)):
        return
    if not policies.proves_again(work=queries.is_work(held), keys=queries.keys_of(held.person_id)):
        held = next((each for each in queries.live_addresses(held.person_id) if not queries.is_work(each)), None)
    if held is None:
        return
    secret = tokens.new_secret()
    row.other_id, row.token_hash = held.person_id, tokens.digest(secret)
    emails.proof(held, secret, row.expires_at)
