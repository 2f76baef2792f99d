"""The machine of I6, walked at random: a new password comes by the roads of I6 and no other, and a work address waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import hypothesis
import time_machine
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from portal.accounts import actions, mailing
from portal.accounts.models import Credential, EmailAddress, LoginToken, Session
from portal.careers.actions import end_relation
from portal.careers.queries import relations_of
from portal.core import clock, tokens
from portal.core.access import VISITOR, system_viewer
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.outbox import OutboxMail
from portal.core.partial_dates import PartialDate

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.organisations.models import Organisation
    from tests.factories import Make

DAY, YEAR = timedelta(days=1), timedelta(days=365)
OWN, MAILBOXES = ("home", "other"), st.sampled_from(["home", "other", "office", "nobody"])


class Reset(RuleBasedStateMachine):
    """Ada has two addresses of her own and one at her firm; whoever reads one of them tries to get a new password."""

    make: ClassVar[Make]
    firm: ClassVar[Organisation]

    @initialize()
    def begin(self) -> None:
        self.shift, self.number, self.employed = timedelta(0), 0, True
        word = tokens.new_secret()[:8].lower()
        ada = self.make.member(relation="customer:current", organisation=db.session.merge(self.firm), address=f"home.{word}@gmail.com")  # fmt: skip
        self.make.address(ada, f"other.{word}@gmail.com", primary=False)
        self.make.address(ada, f"office.{word}@harbour.example", kind="work", primary=False)
        self.ada_id = ada.id
        self.norms = {each.norm.partition(".")[0]: each.norm for each in self.rows()} | {"nobody": "x@gmail.com"}
        self.in_force: str | None = None
        self.waiting: tuple[str, datetime] | None = None

    def rows(self) -> list[EmailAddress]:
        return db.session.query(EmailAddress).filter_by(person_id=self.ada_id).order_by(EmailAddress.id).all()

    def row(self, which: str) -> EmailAddress:
        return next(each for each in self.rows() if each.norm == self.norms[which])

    def links(self, purpose: str, which: str = "") -> list[LoginToken]:
        found = db.session.query(LoginToken).filter_by(person_id=self.ada_id, purpose=purpose)
        found = found.filter_by(address_id=self.row(which).id) if which else found
        return found.order_by(LoginToken.id.desc()).all()

    @property
    def now(self) -> datetime:
        return clock.now() + self.shift

    def try_(self, act: Callable[[], Any]) -> bool:
        """Do it at the time of this walk."""
        try:
            with time_machine.travel(self.now, tick=False):
                act()
                db.session.commit()
        except DomainError:
            db.session.rollback()
            return False
        finally:
            db.session.expire_all()
        return True

    def recovers(self, which: str) -> bool:
        """I6, said once more by other words than the portal's."""
        address = self.row(which)
        if address.state != "live" or address.proved_at is None:
            return False
        return which in OWN or (self.employed and self.now - address.proved_at < YEAR)

    @rule(which=MAILBOXES)
    def ask(self, which: str) -> None:
        """Somebody types an address under "I have forgotten my password"."""
        may, before = which != "nobody" and self.recovers(which), len(self.links("reset"))
        self.try_(lambda: mailing.mail_reset_link(self.norms[which]))
        assert (len(self.links("reset")) == before + 1) == may, (which, may)

    @rule()
    def ask_at_work(self) -> None:
        """The same for the address that I6 is about."""
        self.ask("office")

    @rule(which=st.sampled_from([0, 0, 0, 1, 2]))
    def take(self, which: int) -> None:
        """The newest link, or one that should be worthless by now."""
        links = self.links("reset")
        if which >= len(links):
            return
        self.number += 1
        link, stored = links[which], f"hash {self.number}"
        used, over, came_to = link.used_at, link.expires_at <= self.now, db.session.get(EmailAddress, link.address_id)
        assert came_to is not None
        at_work, state = came_to.norm == self.norms["office"], came_to.state
        if not self.try_(lambda: actions.reset_password(link, stored, by=VISITOR)):
            return
        assert used is None
        assert not over
        assert state in ("live", "stale")
        self.waiting = (stored, self.now + DAY) if at_work else None
        self.in_force = self.in_force if at_work else stored

    @rule(which=MAILBOXES)
    def stop(self, which: str) -> None:
        """By a link that only an address of her own ever gets."""
        links = [] if which == "nobody" else self.links("stop_reset", which)
        assert which in OWN or not links
        if links and self.try_(lambda: actions.stop_reset(links[0], by=VISITOR)):
            assert self.waiting
            self.waiting = None

    @rule(hours=st.sampled_from([0.5, 1.5, 23, 25]))
    def wait(self, hours: float) -> None:
        self.shift += timedelta(hours=hours)

    @rule()
    def wait_long(self) -> None:
        """Two of these, and an address was not proved for a year."""
        self.shift += 200 * DAY

    @rule()
    def ripen(self) -> None:
        due = self.waiting is not None and self.waiting[1] <= self.now
        live = self.row("office").state == "live"
        self.try_(lambda: actions.apply_waiting_resets(by=system_viewer()))
        if due and self.waiting is not None:
            self.in_force, self.waiting = self.waiting[0] if live else self.in_force, None

    @rule(which=st.sampled_from([*OWN, *OWN, "office"]), state=st.sampled_from(["removed", "suspended", "dead"]))
    def lose(self, which: str, state: str) -> None:
        if self.row(which).live_norm and self.try_(lambda: actions.let_go(self.row(which), state, by=system_viewer())):
            self.waiting = None if which == "office" else self.waiting

    @rule(which=st.sampled_from([*OWN, "office"]))
    def prove(self, which: str) -> None:
        """She finds the mailbox again; that of a firm she has left proves nothing any more."""
        if self.try_(lambda: actions.hold(self.row(which), by=system_viewer())):
            assert which in OWN or self.employed

    @rule()
    def grow_old(self) -> None:
        self.try_(lambda: actions.age_addresses(by=system_viewer()))

    @rule(sure=st.integers(0, 7))
    def leave(self, sure: int) -> None:
        """Her work there ends; seldom, so that walks are about more than that."""
        if sure == 7 and self.employed:
            yesterday = PartialDate.of((self.now - DAY).date())
            self.try_(lambda: end_relation(relations_of(self.ada_id)[0], yesterday, by=system_viewer()))
            self.employed, self.waiting = False, None

    @invariant()
    def only_the_roads_of_i6(self) -> None:
        if not hasattr(self, "ada_id"):
            return
        held = db.session.query(Credential).filter_by(person_id=self.ada_id, kind="password").one_or_none()
        assert (held.secret if held else None) == self.in_force
        assert not db.session.query(Session).filter_by(person_id=self.ada_id).count()
        to_office = db.session.query(OutboxMail).filter_by(to_address=self.norms["office"])
        assert not [mail for mail in to_office if "stop-reset" in mail.text]


def test_no_walk_finds_another_road_to_a_password(make: Make) -> None:
    """I6, R8, R10, R11: own live addresses at once, a present employer's proved within a year after a day without a no."""
    Reset.make, Reset.firm = make, make.organisation("Harbour Optics", domain="harbour.example")
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Reset,
        settings=hypothesis.settings(
            max_examples=60,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=[hypothesis.Phase.generate],
        ),
    )


def test_both_roads_do_lead_to_one(make: Make) -> None:
    """I6: the straight walks succeed, so the walks above are not refused for some other reason."""
    Reset.make, Reset.firm = make, make.organisation("Harbour Optics", domain="harbour.example")
    one: Any = Reset()
    one.begin()
    one.ask("home")
    one.take(0)
    assert one.in_force == "hash 1"
    one.ask("office")
    one.take(0)
    one.wait(23)
    one.ripen()
    assert (one.in_force, bool(one.waiting)) == ("hash 1", True)
    one.wait(1.5)
    one.ripen()
    assert one.in_force == "hash 2"
    one.ask("office")
    one.take(0)
    one.stop("other")
    one.wait(25)
    one.ripen()
    one.only_the_roads_of_i6()
    assert (one.in_force, one.waiting) == ("hash 2", None)
