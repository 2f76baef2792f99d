"""What consents keep about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from portal.consents.models import Consent, LegalText
from portal.consents.queries import ledger
from portal.core.db import db


class ConsentData:
    """The ledger outlives an erasure as proof of what was allowed; it names nobody once the person's row is empty."""

    tables: tuple[str, ...] = ("consent", "legal_text")

    def count(self, person_id: int) -> int:
        """How many entries there are."""
        found = select(func.count()).select_from(Consent).where(Consent.person_id == person_id)
        return db.session.execute(found).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """Every entry, the newest first."""
        return {
            "consents": [
                {"wording": row.kind, "version": row.version, "state": row.state, "how": row.how, "at": row.at}
                for row in ledger(person_id)
            ]
        }

    def move(self, old_id: int, new_id: int) -> None:
        """Consents follow a merge."""
        db.session.execute(update(Consent).where(Consent.person_id == old_id).values(person_id=new_id))
        db.session.execute(update(LegalText).where(LegalText.published_by_id == old_id).values(published_by_id=new_id))

    def erase(self, person_id: int) -> None:
        """The ledger stays; who published a wording is forgotten."""
        db.session.execute(update(LegalText).where(LegalText.published_by_id == person_id).values(published_by_id=None))
