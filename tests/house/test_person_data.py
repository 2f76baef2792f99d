"""No table that names a person is forgotten when somebody exports or erases their account (P5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import parts
from portal.core.db import db

if TYPE_CHECKING:
    from portal.core.application import Portal

# The person's own row and what is kept about deeds, not about persons: dealt with by the erasure itself.
OWN = {"person", "audit_row", "audit_values", "audit_key", "outbox_mail"}


def test_every_table_with_a_person_has_somebody_who_looks_after_it(app: Portal) -> None:
    named = {
        table.name
        for table in db.metadata.sorted_tables
        if any(key.column.table.name == "person" for key in table.foreign_keys) or "person_id" in table.columns
    }
    looked_after = {name for part in parts.every("person_data") for name in part.tables}
    assert not named - looked_after - OWN, sorted(named - looked_after - OWN)
    assert looked_after <= {table.name for table in db.metadata.sorted_tables}, "a table that does not exist"
