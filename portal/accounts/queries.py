"""Reading accounts."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import EmailAddress
from portal.core.db import db


def primary_address(person_id: int) -> str | None:
    """Where to write to a member; None when no address is live."""
    found = select(EmailAddress.address).where(EmailAddress.person_id == person_id, EmailAddress.state == "live")
    return db.session.execute(found.order_by(EmailAddress.is_primary.desc()).limit(1)).scalar_one_or_none()
