"""Whose clocks: those who care see everybody's, "only yours" leaves others out, a seller sees their own asks alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from portal.advocates import actions as care
from portal.advocates import parts as of_advocates
from portal.advocates.models import Advocate, Flag, Nomination
from portal.asks import parts as of_asks
from portal.asks.actions import accept
from portal.core.access import viewer_of
from portal.core.db import db
from tests.asks.story import QUOTE, Programme

if TYPE_CHECKING:
    from portal.people.models import Person
    from tests.factories import Make


@pytest.fixture
def programme(make: Make) -> Programme:
    return Programme(make)


def shown(person: Person, *, mine: bool) -> set[tuple[str, str]]:
    """Which clocks of advocates and asks a person is shown: sort and subject."""
    viewer = viewer_of(person.id)
    found = [*of_advocates.clocks(viewer, 50, mine=mine), *of_asks.clocks(viewer, 50, mine=mine)]
    return {(one.kind, one.title.rpartition(", ")[2]) for one in found}


def clocks_of(programme: Programme, owner: Person, name: str) -> set[tuple[str, str]]:
    """A nomination, a flag, an ask that waits and an accepted one whose advocate was not heard of: all one person's."""
    flagged, waits, silent = (programme.advocate(f"{name} {word}") for word in ("Flagged", "Waits", "Silent"))
    care.nominate(programme.make.member(f"{name} Nominee"), "They like it here.", by=programme.by(programme.staff))
    programme.ask(waits, by=owner)
    soon = programme.ask(silent, QUOTE, by=owner, days=5)
    accept(soon, by=programme.by(silent))
    care.raise_flag(flagged.id, "Not happy with the last call.", by=programme.by(programme.staff))
    db.session.flush()
    db.session.execute(update(Advocate).where(Advocate.person_id == silent.id).values(answered_at=None))
    for table in (Flag, Nomination):
        newest = select(table.id).order_by(table.id.desc()).limit(1).scalar_subquery()
        db.session.execute(update(table).where(table.id == newest).values(owner_id=owner.id))
    db.session.commit()
    return {("Nomination", f"{name} Nominee"), ("Flag", f"{name} Flagged"), ("Ask", f"{name} Waits"),
            ("Ask", f"{name} Silent"), ("Check-in", f"{name} Silent")}  # fmt: skip


def test_everybody_or_only_yours(programme: Programme, make: Make) -> None:
    """A2, A3, A6: flags are for managers; a seller is shown their own asks, and nobody to check in with."""
    mine, theirs = programme.manager, make.member("Olga Others", roles=("manager",))
    own, other = clocks_of(programme, mine, "Mia"), clocks_of(programme, theirs, "Otto")
    asked = programme.ask(programme.advocate("Sue Asked"), by=programme.seller)
    sellers = {("Ask", "Sue Asked")}
    assert asked.asked_by_id == programme.seller.id
    assert shown(mine, mine=False) == own | other | sellers
    assert shown(mine, mine=True) == own
    assert shown(theirs, mine=True) == other
    assert shown(programme.staff, mine=False) == {one for one in own | other | sellers if one[0] != "Flag"}
    assert shown(programme.staff, mine=True) == set()
    for only in (True, False):
        assert shown(programme.seller, mine=only) == sellers
        assert shown(make.member(roles=("admin",)), mine=only) == set()
