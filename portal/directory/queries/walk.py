"""How a list by name goes through the persons it wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.db import is_sqlite
from portal.people.models import Person

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def among(ids: Any) -> ColumnElement[bool]:
    """Where-clause: the person is one of these.

    SQLite would fetch every one of them and sort; with a sum in front it walks the index of names, looks each person up
    among them, and stops when the page is full. PostgreSQL decides by its statistics.
    """
    wanted: ColumnElement[bool] = (Person.id + 0 if is_sqlite() else Person.id).in_(ids)
    return wanted
