"""Terms follow what changes elsewhere: names, whether a person can be met, careers."""

from __future__ import annotations

from typing import Any

from portal.careers.signals import career_changed
from portal.people.signals import person_changed
from portal.profiles.terms import refresh_terms


@career_changed.connect
@person_changed.connect
def follow(_sender: Any, *, person_id: int, **_: Any) -> None:
    """Bring the person's search terms up to date, in the transaction that changed them."""
    refresh_terms(person_id)
