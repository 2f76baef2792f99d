"""Saying hello, answering, and not wanting to meet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal.core import audit, clock, settings
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid, TooMany
from portal.core.policy import require
from portal.messages import policies, queries
from portal.messages.models import ACCEPTED, DECLINED, LONGEST, SHORTEST, WITHDRAWN, Hello
from portal.notifications.actions import notify, read_about
from portal.people import actions as people
from portal.people.policies import can_block

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.people.models import Person

HELLOS = "/hellos"
NEW_FOR = timedelta(days=3)


def say_hello(person: Person, body: str, *, by: Viewer) -> Hello:
    """Let a person know of one's wish to be in touch; they see the words, and no address is shown to anybody (P2)."""
    require(policies.can_say_hello(by, person.id), policies.calm(by) or "You can't say hello now.")
    if not SHORTEST <= len(body) <= LONGEST:
        raise Invalid(f"Write between {SHORTEST} and {LONGEST:,} characters.", "body")
    if person.remembered_at is not None:
        raise Invalid(f"{person.call_name} has died, and this page is kept in their memory.", "body")
    _check_pair(person, by)
    _check_day(by)
    hello = _add(person, body, by)
    notify(
        person.id,
        "hello",
        title=f"{by.name} says hello",
        url=HELLOS,
        actor_id=by.person_id,
        group_key=_key(hello),
        by=by,
    )
    return hello


def accept(hello: Hello, *, by: Viewer) -> None:
    """Yes: the two are connected, and see of each other what connections see."""
    require(policies.can_answer(by, hello), "This hello was answered already.")
    _answer(hello, ACCEPTED, by)
    people.connect(hello.sender, by=by)
    title, url = f"{by.name} accepted your hello", f"/people/{by.public_id}"
    notify(hello.sender_id, "hello_accepted", title=title, url=url, actor_id=by.person_id, group_key=_key(hello), by=by)


def decline(hello: Hello, *, by: Viewer) -> None:
    """Not now: nobody is told more than that, and nobody is told at once."""
    require(policies.can_answer(by, hello), "This hello was answered already.")
    _answer(hello, DECLINED, by)


def withdraw(hello: Hello, *, by: Viewer) -> None:
    """Take a hello back that waits."""
    require(policies.can_withdraw(by, hello), "This hello was answered already.")
    hello.state, hello.answered_at = WITHDRAWN, clock.now()


def block(person: Person, *, by: Viewer) -> None:
    """Not meet a person any more: what waits between the two is taken back, a connection ends."""
    require(can_block(by, person.id), "You can't block yourself.")
    for hello in queries.open_hellos_between(by, person.id):
        hello.state, hello.answered_at = WITHDRAWN, clock.now()
    people.block(person, by=by)


def set_hidden(hello: Hello, hidden: bool, *, by: Viewer) -> None:
    """Take the words of a reported hello out, or put them back."""
    require(policies.can_take_out(by), "Only a moderator can do this.")
    hello.is_hidden = hidden
    audit.record("hide hello" if hidden else "show hello", hello, by=by, about=hello.sender_id)


def _add(person: Person, body: str, by: Viewer) -> Hello:
    me = by.person_id or 0
    low, high = sorted((me, person.id))
    try:
        with db.session.begin_nested():
            return add(Hello(sender_id=me, recipient_id=person.id, low_id=low, high_id=high, body=body))
    except IntegrityError:
        raise Conflict("A hello between the two of you is waiting already.") from None


def _check_pair(person: Person, by: Viewer) -> None:
    if queries.is_connected(by, person.id):
        raise Conflict(f"You and {person.call_name} are connected already.")
    if queries.open_between(by, person.id) is not None:
        raise Conflict("A hello between the two of you is waiting already.")
    declined = queries.declined_at(by, person.id)
    again = declined and declined + timedelta(days=settings.get("hello_rest_days"))
    if again and again > clock.now():
        raise Conflict(f"{person.call_name} can't answer now. You can say hello again after {again:%d %B %Y}.")


def _check_day(by: Viewer) -> None:
    is_new = by.joined_at is None or clock.now() - by.joined_at < NEW_FOR
    most = settings.get("hellos_per_day_new" if is_new else "hellos_per_day")
    if queries.said_today(by) >= most:
        raise TooMany(f"You have said hello to {most} people today. Go on tomorrow.", 3600)


def _answer(hello: Hello, state: str, by: Viewer) -> None:
    hello.state, hello.answered_at = state, clock.now()
    read_about(_key(hello), by=by)


def _key(hello: Hello) -> str:
    return f"hello:{hello.public_id}"
