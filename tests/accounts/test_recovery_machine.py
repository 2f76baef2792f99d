"""The machine of I9, walked at random: whatever is tried in whatever order, no shortcut leads in (I6, I9, R14)."""

from __future__ import annotations

from datetime import timedelta
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

from portal.accounts import actions, queries, tickets
from portal.accounts.devices import Device
from portal.accounts.models import EmailAddress, LoginToken, RecoveryCase, Session
from portal.core import clock, tokens
from portal.core.access import VISITOR, Viewer, system_viewer, viewer_of
from portal.core.db import add, db
from portal.core.errors import DomainError
from portal.people.actions import end_role, grant_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.factories import Make

WEEK = timedelta(days=7)
HELPERS = st.sampled_from(["ann", "bob", "cat", "ada"])
NAMES = st.sampled_from(["ann", "bob", "cat", "ada", "eve", "nobody", "system"])


class Recovery(RuleBasedStateMachine):
    """Ann, Bob and Cat are admins, Eve is a member, Ada lost her way in (and is an admin herself)."""

    make: ClassVar[Make]
    admins: ClassVar[dict[str, Person]]

    @initialize(state=st.sampled_from(["asked", "proved"]))
    def begin(self, state: str = "asked") -> None:
        self.shift = timedelta(0)
        self.ada = self.make.member(
            "Ada Lovelace", roles=("admin",), address=f"a{tokens.new_secret()[:8].lower()}@example.org"
        )
        self.ada_id = self.ada.id
        for who in ("ann", "bob", "cat"):
            grant_role(self.admins[who], "admin", by=self.make.system)
        norm = f"n{tokens.new_secret()[:8].lower()}@example.com"
        case = add(
            RecoveryCase(
                full_name="Ada",
                address=norm,
                norm=norm,
                state=state,
                proved_at=clock.now() if state == "proved" else None,
            )
        )
        db.session.commit()
        self.case_id, self.proposer, self.confirmed_at, self.stopped = case.id, None, None, False
        self.admins_then: set[int] = set()

    @property
    def case(self) -> RecoveryCase:
        found = db.session.get(RecoveryCase, self.case_id)
        assert found is not None
        return found

    def by(self, who: str) -> Viewer:
        if who in ("nobody", "system"):
            return VISITOR if who == "nobody" else system_viewer()
        return viewer_of(self.ada_id if who == "ada" else self.admins[who].id)

    def try_(self, act: Callable[[], Any]) -> bool:
        """Do it at the time of this walk; what is refused changes nothing."""
        db.session.expire_all()
        before = self.case.state
        try:
            with time_machine.travel(clock.now() + self.shift, tick=False):
                act()
                db.session.commit()
        except DomainError:
            db.session.rollback()
            assert self.case.state == before, "what was refused changed something"
            return False
        return True

    def prove(self, who: str) -> None:
        self.try_(lambda: actions.prove_case(self.case, by=self.by(who)))

    def propose(self, who: str, evidence: str) -> None:
        if self.try_(
            lambda: actions.propose_recovery(self.case, db.session.merge(self.ada), evidence, by=self.by(who))
        ):
            assert who in ("ann", "bob", "cat")
            assert evidence.strip()
            self.proposer = who

    def confirm(self, who: str, evidence: str) -> None:
        if self.try_(lambda: actions.confirm_recovery(self.case, evidence, by=self.by(who))):
            assert who in {"ann", "bob", "cat"} - {self.proposer}
            assert evidence
            self.confirmed_at = clock.now() + self.shift

    @rule(
        what=st.sampled_from(["prove", "propose", "confirm", "ripen", "enter"]),
        who=NAMES,
        words=st.sampled_from(["", "So."]),
    )
    def jump(self, what: str, who: str, words: str) -> None:
        """Any step at any time, by anybody, with or without evidence."""
        {"prove": lambda: self.prove(who), "propose": lambda: self.propose(who, words),
         "confirm": lambda: self.confirm(who, words), "ripen": self.ripen, "enter": self.enter}[what]()  # fmt: skip

    @rule(who=HELPERS, wait=st.sampled_from([1, 6.9, 7.1]))
    def onward(self, who: str, wait: float) -> None:
        """What comes next, by somebody who may or may not do it: so that walks get far, and not only about."""
        state = self.case.state
        if state == "asked":
            self.prove("nobody")
        elif state == "proved":
            self.propose(who, "Spoke to her.")
        elif state == "proposed":
            self.confirm(who, "Knows her voice.")
        elif state == "waiting":
            self.wait(wait)
            self.ripen()
        else:
            self.enter()

    @rule(who=HELPERS)
    def on(self, who: str) -> None:
        """The same, soon."""
        self.onward(who, 1)

    @rule(who=HELPERS)
    def further(self, who: str) -> None:
        """The same, late."""
        self.onward(who, 7.1)

    @rule(what=st.sampled_from(["refuse", "stop", "veto", "sign_in", "lose_the_role"]), who=NAMES)
    def disturb(self, what: str, who: str) -> None:
        """Something that must end it, or that this person may not do."""
        if what in ("veto", "sign_in"):
            getattr(self, what)()
        elif what != "lose_the_role" or who in ("ann", "bob", "cat"):
            getattr(self, what)(who)

    def refuse(self, who: str) -> None:
        if self.try_(lambda: actions.refuse_recovery(self.case, "We are not sure.", by=self.by(who))):
            self.stopped = True

    def stop(self, who: str) -> None:
        if self.try_(lambda: actions.stop_recovery(self.ada_id, by=self.by(who))):
            assert who == "ada"
            self.stopped = True

    def veto(self) -> None:
        if self.case.person_id is None:
            return
        open_ = db.session.query(LoginToken).filter_by(person_id=self.ada_id, purpose="veto", used_at=None).first()
        if open_ is not None and self.try_(lambda: actions.veto_recovery(open_, by=VISITOR)):
            self.stopped = True

    def sign_in(self) -> None:
        running = queries.running_case(self.ada_id) is not None
        if (
            self.try_(lambda: actions.open_session(self.ada_id, Device("b" * 64), through="password", by=VISITOR))
            and running
        ):
            self.stopped = True

    @rule(days=st.sampled_from([0.5, 3, 6.9, 7.1]))
    def wait(self, days: float) -> None:
        self.shift += timedelta(days=days)

    def lose_the_role(self, who: str) -> None:
        self.try_(lambda: end_role(db.session.merge(self.admins[who]), "admin", by=system_viewer()))

    def ripen(self) -> None:
        self.try_(lambda: actions.ripen_recoveries(by=system_viewer()))

    def enter(self) -> None:
        if self.try_(lambda: actions.take_account_back(self.case, Device("c" * 64), by=VISITOR)):
            assert self.confirmed_at is not None
            assert clock.now() + self.shift - self.confirmed_at >= WEEK

    @invariant()
    def nobody_is_in_by_a_shortcut(self) -> None:
        db.session.expire_all()
        case = self.case
        inside = db.session.query(Session).filter_by(person_id=self.ada_id, opened_through="recovery").count()
        holds = db.session.query(EmailAddress).filter_by(person_id=self.ada_id, live_norm=case.norm).count()
        assert (case.state == "done") == bool(inside) == bool(holds)
        if case.state in ("ready", "done"):
            assert not self.stopped
            assert case.proved_at
            assert case.evidence
            assert case.second_evidence
            assert case.proposed_by_id not in (None, case.confirmed_by_id, self.ada_id)
            assert case.confirmed_by_id not in (None, self.ada_id)


def begin_with(make: Make, admins: dict[str, Person]) -> None:
    """Whom the walks are about."""
    for each in admins.values():
        db.session.refresh(each)
    Recovery.make, Recovery.admins = make, admins


def test_no_walk_through_the_machine_finds_a_shortcut(make: Make) -> None:
    """I9, R14, R15: two admins who are not the person, evidence of both, seven days, no veto: or nobody is in."""
    admins = {who: make.member(who.title(), roles=("admin",) * (who != "eve")) for who in ("ann", "bob", "cat", "eve")}
    begin_with(make, admins)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Recovery,
        settings=hypothesis.settings(
            max_examples=50,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=[hypothesis.Phase.generate],
        ),
    )


def test_the_straight_walk_does_lead_in(make: Make) -> None:
    """The same steps in their order do, so the walk above is not refused for some other reason."""
    admins = {who: make.member(who.title(), roles=("admin",)) for who in ("ann", "bob", "cat")} | {"eve": make.member()}
    begin_with(make, admins)
    one: Any = Recovery()
    one.begin()
    one.prove("nobody")
    one.propose("ann", "Spoke to her.")
    one.confirm("bob", "Knows her voice.")
    one.wait(7.1)
    one.ripen()
    one.enter()
    one.nobody_is_in_by_a_shortcut()
    assert one.case.state == "done"
    assert tickets.LIVES["veto"] >= WEEK * 2
