"""Who something is for: the rule that a viewer meets and the clause that counts and mails say the same (M1)."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.careers.audiences import Audience, any_of, audience_of, in_words
from portal.core.access import viewer_of
from portal.core.db import db
from portal.people.models import Person

if TYPE_CHECKING:
    from tests.factories import Make


def test_rule_and_clause_agree_about_everybody(make: Make) -> None:
    """M1: every line there can be, against somebody of every sort; nobody is mailed what they can't read."""
    group = make.group("Halifax")
    kinds = [f"{kind}:{phase}" for kind in ("employee", "customer", "partner") for phase in ("former", "current")]
    somebody = [make.member(relation=relation) for relation in kinds]
    somebody += [make.member(roles=("staff",)), make.member(roles=("moderator",)), make.member(groups=(group,))]
    viewers = {person.id: viewer_of(person.id) for person in somebody}
    lines = [
        Audience(kind, phase, None, None)
        for kind, phase in product(("any", "employee", "customer", "partner"), ("any", "former", "current"))
    ]
    lines += [
        Audience(None, "any", group.id, None),
        Audience(None, "any", None, "staff"),
        Audience(None, "any", None, "moderator"),
    ]
    for line in lines:
        mailed = set(db.session.scalars(select(Person.id).where(Person.id.in_(viewers), any_of([line]))))
        assert mailed == {person_id for person_id, viewer in viewers.items() if line.includes(viewer)}, line


def test_nobody_is_meant_by_no_line(make: Make) -> None:
    make.member()
    assert not list(db.session.scalars(select(Person.id).where(any_of([]))))
    assert in_words([], {}) == "Nobody yet"


def test_an_audience_in_words() -> None:
    said = {
        "Former partners": [{"relation_kind": "partner", "phase": "former"}],
        "Former and current customers; people of Halifax": [{"relation_kind": "customer"}, {"group_id": 3}],
        "All members": [{"relation_kind": "any"}, {"role": "staff"}],
        "Everybody who has left; staff posters": [{"relation_kind": "any", "phase": "former"}, {"role": "staff"}],
    }
    for words, lines in said.items():
        assert in_words([audience_of(line) for line in lines], {3: "Halifax"}) == words
