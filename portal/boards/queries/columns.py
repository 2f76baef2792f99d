"""What several reads of the boards share: who asks, since when, and who wrote."""

from __future__ import annotations

from sqlalchemy import Integer, bindparam
from sqlalchemy.orm import aliased

from portal.boards.models import Topic
from portal.people.models import Person

NO_BOARD = "There is no such board."
NO_TOPIC = "There is no such topic."
NO_POST = "There is no such post."
LastAuthor = aliased(Person)
ME = bindparam("me", type_=Integer)
HORIZON = bindparam("horizon", type_=Topic.last_posted_at.type)
AUTHOR = (
    Person.id.label("author_key"),
    Person.public_id.label("author_public_id"),
    Person.full_name,
    Person.photo,
    Person.listed,
)
