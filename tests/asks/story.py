"""The people of a story about advocates, and shortcuts for what happens again and again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from portal.advocates import actions as care
from portal.advocates import queries as care_queries
from portal.advocates.models import Advocate
from portal.asks import actions
from portal.asks.actions import Brief
from portal.asks.models import Ask
from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from datetime import datetime

    from portal.core.access import Viewer
    from portal.people.models import Person
    from tests.factories import Make

CALL, QUOTE = "reference_call", "quote"


def forget() -> None:
    """Read everything anew, and leave what the story holds as it is."""
    db.session.expunge_all()
    db.session.rollback()


class Programme:
    """The host's acts, a manager, a seller and staff; advocates as a story needs them."""

    def __init__(self, make: Make) -> None:
        self.make = make
        care.ensure_acts(by=make.system)
        self.manager = make.member("Ines Manager", roles=("manager",))
        self.seller = make.member("Tom Seller", roles=("seller",))
        self.staff = make.member("Ruth Staff", roles=("staff",))
        db.session.commit()

    def by(self, person: Person) -> Viewer:
        """Who the person is to an action."""
        return viewer_of(person.id)

    def advocate(self, name: str = "Ada Advocate", *acts: str, says: str = "yes", **kwargs: Any) -> Person:
        """A member who turned these acts on (by default calls and quotes) and answered a check-in."""
        person = self.make.member(name, relation=kwargs.pop("relation", "customer:current"), **kwargs)
        self.opt_in(person, *(acts or (CALL, QUOTE)))
        if says:
            care.answer(person.id, says, by=self.by(person))
        db.session.commit()
        return person

    def opt_in(self, person: Person, *acts: str) -> None:
        """Turn acts on, with the words that are in force."""
        for one in care_queries.willing(person.id):
            if one.act.key in acts:
                care.turn_on(one.act, one.version, by=self.by(person))
        db.session.commit()

    def brief(self, days: int = 20) -> Brief:
        """A brief that is good enough."""
        return Brief("Half an hour on the phone about the scales.", clock.today() + timedelta(days=days),
                     "Harbour 7", "Harbour Mills", "Only for this call.")  # fmt: skip

    def ask(
        self, person: Person, act: str = CALL, *, by: Person | None = None, reason: str = "", days: int = 20
    ) -> Ask:
        """Ask, and commit."""
        asked = actions.ask_advocate(
            person_by_id(person.id), care_queries.act(act), self.brief(days), override_reason=reason,
            by=self.by(by or self.seller),
        )  # fmt: skip
        db.session.commit()
        return asked

    def fresh(self, ask: Ask) -> Ask:
        """The ask as it is now."""
        forget()
        found = db.session.execute(select(Ask).where(Ask.id == ask.id)).scalar_one()
        db.session.rollback()
        return found

    def date_back(self, ask: Ask, days: float) -> None:
        """As if it had been asked so many days ago."""
        at = clock.now() - timedelta(days=days)
        db.session.execute(update(Ask).where(Ask.id == ask.id).values(asked_at=at))
        db.session.commit()

    def answered(self, person: Person, at: datetime) -> None:
        """As if the last check-in had been answered then."""
        db.session.execute(update(Advocate).where(Advocate.person_id == person.id).values(answered_at=at))
        db.session.commit()


def tomorrow(days: int = 20) -> date:
    """A day ahead."""
    return clock.today() + timedelta(days=days)
