"""After an erasure: what SQLite's search tables still hold of rows that are gone is pressed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import search
from portal.core.jobs import LATER, job

if TYPE_CHECKING:
    from collections.abc import Iterator


@job("rights.tidy_indexes", priority=LATER)
def tidy_indexes() -> Iterator[None]:
    """Press the words of rows that are gone out of the search tables, a little at a time."""
    for index in search.indexes:
        while index.squeeze():
            yield
