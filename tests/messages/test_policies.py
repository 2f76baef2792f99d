"""Who may do what with a hello: the truth table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.access import VISITOR, Viewer
from portal.messages import policies
from portal.messages.models import STATES, Hello

HELLO = {"sender_id": 1, "recipient_id": 2}
SENDER, RECIPIENT, OUTSIDER = Viewer(person_id=1), Viewer(person_id=2), Viewer(person_id=3)
SUSPENDED = Viewer(person_id=3, suspended_until=clock.now() + timedelta(days=1))
STAFF = Viewer(person_id=4, roles=frozenset({"staff", "seller", "manager", "executive"}))
MODERATOR, ADMIN = Viewer(person_id=5, roles=frozenset({"moderator"})), Viewer(person_id=6, roles=frozenset({"admin"}))
EVERYBODY = (SENDER, RECIPIENT, OUTSIDER, SUSPENDED, STAFF, MODERATOR, ADMIN, VISITOR)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_recipient_answers_and_only_the_sender_takes_back(who: Viewer, state: str) -> None:
    hello = Hello(**HELLO, state=state)
    assert policies.can_answer(who, hello) == (who is RECIPIENT and state == "open")
    assert policies.can_withdraw(who, hello) == (who is SENDER and state == "open")


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (SENDER, True),
        (RECIPIENT, False),
        (OUTSIDER, True),
        (SUSPENDED, False),
        (STAFF, True),
        (MODERATOR, True),
        (VISITOR, False),
    ],
)
def test_members_say_hello_to_others(who: Viewer, may: bool) -> None:
    assert policies.can_say_hello(who, 2) == may


@pytest.mark.parametrize("who", EVERYBODY)
def test_moderators_take_words_out(who: Viewer) -> None:
    assert policies.can_take_out(who) == (who in (MODERATOR, ADMIN))
