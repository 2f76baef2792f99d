"""Who is found in the directory, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_

from portal.people.models import Person
from portal.profiles.policies import people_for

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer
    from portal.profiles.policies import Sight


def can_search(viewer: Viewer) -> bool:
    """The directory is for members."""
    return viewer.is_member


def findable_by(sight: Sight) -> ColumnElement[bool]:
    """Persons whom such a viewer may meet, as lists see them: unclaimed and stepped back are nowhere (I11).

    The plain condition in front lets both databases walk the index of listed names.
    """
    return and_(Person.listed, people_for(sight))
