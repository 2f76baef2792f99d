"""Terms follow what changes elsewhere: names, whether a person can be met, careers."""

from __future__ import annotations

from typing import Any

from portal.careers.signals import career_changed
from portal.core import jobs
from portal.organisations.signals import organisation_changed
from portal.people.signals import person_changed
from portal.profiles.terms import refresh_terms, refresh_terms_of_firm


@career_changed.connect
@person_changed.connect
def follow(_sender: Any, *, person_id: int, **_: Any) -> None:
    """Bring the person's search terms up to date, in the transaction that changed them."""
    refresh_terms(person_id)


@organisation_changed.connect
def follow_firm(_sender: Any, *, organisation_id: int, **_: Any) -> None:
    """What a firm's people are found by changes with its name; there may be many, so the worker does it."""
    jobs.enqueue(refresh_terms_of_firm, organisation_id)
