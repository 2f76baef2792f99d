"""Makes what a story needs, through the product's own actions, and commits it."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from portal.accounts.models import EmailAddress, Session
from portal.boards.actions import follow, post_reply, start_topic
from portal.boards.actions import setup as boards
from portal.careers.actions import record_relation
from portal.core import clock, tokens
from portal.core.access import Viewer, system_viewer, viewer_of
from portal.core.db import add, db
from portal.core.partial_dates import PartialDate
from portal.organisations import actions as organisations
from portal.organisations.queries import host
from portal.people import actions as people

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from portal.boards.models import Board, Post, Topic
    from portal.organisations.models import Organisation
    from portal.people.models import Group, Person

_n = count(1)
NAMES = (
    "Ada Lovelace",
    "Ben Okafor",
    "Chiara Neri",
    "Dorota Wiśniewska",
    "Emre Yılmaz",
    "Fatima Haddad",
    "Gábor Kiss",
    "Hana Sato",
)


class Make:
    """One story's factory; `by` the system unless said otherwise."""

    def __init__(self) -> None:
        self.system = system_viewer()

    def person(self, name: str = "") -> Person:
        """A person nobody has claimed."""
        person = people.create_person(name or f"{NAMES[next(_n) % len(NAMES)]} {next(_n)}", by=self.system)
        db.session.commit()
        return person

    def member(self, name: str = "", *, relation: str = "employee:former", roles: tuple[str, ...] = (), groups: tuple[Group, ...] = (),
               organisation: Organisation | None = None, department: str = "", start: str = "2015", end: str = "2020-06-30",
               address: str = "", days_ago: int = 100) -> Person:  # fmt: skip
        """A member with one relation ("kind:phase"), a live personal address, roles and groups."""
        person = people.create_person(name or f"{NAMES[next(_n) % len(NAMES)]} {next(_n)}", by=self.system)
        kind, _, phase = ("employee:current" if set(roles) - {"moderator"} else relation).partition(":")
        if kind:
            firm = organisation or (
                host() if kind == "employee" else organisations.find_or_create(f"Firm {next(_n)}", by=self.system)
            )
            record_relation(person, kind, firm, start=PartialDate.parse(start), end=PartialDate.parse(end) if phase == "former" else None,
                            department=department, verified_by="admin", by=self.system)  # fmt: skip
        people.claim_person(person, by=self.system)
        person.claimed_at = clock.now() - timedelta(days=days_ago)
        self.address(person, address or f"person{person.id}@example.org")
        for role in roles:
            people.grant_role(person, role, by=self.system)
        for group in groups:
            people.join_group(group, person, by=self.system)
        db.session.commit()
        return person

    def address(
        self, person: Person, address: str, *, state: str = "live", kind: str = "personal", primary: bool = True
    ) -> EmailAddress:
        """An address of a person."""
        norm = address.lower()
        live = norm if state in ("live", "stale", "suspended") else None
        row = add(EmailAddress(person_id=person.id, address=address, norm=norm, live_norm=live, domain=norm.rpartition("@")[2], kind=kind,
                               state=state, is_primary=primary,
                               verified_at=clock.now() if live else None, proved_at=clock.now() if live else None))  # fmt: skip
        db.session.commit()
        return row

    def group(self, name: str = "") -> Group:
        """A group."""
        group = people.create_group(name or f"Circle {next(_n)}", "", by=self.system)
        db.session.commit()
        return group

    def organisation(self, name: str = "", domain: str = "") -> Organisation:
        """An organisation, with a mail domain if one is given."""
        firm = organisations.find_or_create(name or f"Firm {next(_n)}", by=self.system)
        if domain:
            organisations.add_domain(firm, domain, by=self.system)
        db.session.commit()
        return firm

    def board(
        self,
        name: str = "",
        *,
        audiences: tuple[dict[str, Any], ...] = boards.EVERYBODY,
        starters: str = "readers",
        moderators: tuple[Person, ...] = (),
    ) -> Board:
        """A board, by default for all members."""
        section = boards.create_section("Everyone", by=self.system)
        board = boards.create_board(
            section,
            name or f"Board {next(_n)}",
            "A place to talk",
            starters=starters,
            audiences=audiences,
            by=self.system,
        )
        for person in moderators:
            boards.appoint(board, person, by=self.system)
        db.session.commit()
        return board

    def topic(self, board: Board | None = None, *, author: Person | None = None, title: str = "", body: str = "Where it began.",
              replies: int = 0, followed_by: tuple[Person, ...] = ()) -> Topic:  # fmt: skip
        """A topic with its first post, replies by the same author, and followers."""
        writer = viewer_of((author or self.member()).id)
        board = board or self.board()
        topic = start_topic(board, title or f"Topic number {next(_n)}", body, by=writer)
        for number in range(replies):
            post_reply(topic, f"Reply number {number + 1}", by=writer)
        for person in followed_by:
            follow(topic, "follow", by=viewer_of(person.id))
        db.session.commit()
        return topic

    def reply(self, topic: Topic, author: Person, body: str = "A reply.") -> Post:
        """A reply to a topic."""
        post = post_reply(topic, body, by=viewer_of(author.id))
        db.session.commit()
        return post

    def viewer(self, person: Person) -> Viewer:
        """Who the person is to a policy."""
        return viewer_of(person.id)


def open_session(person: Person, *, factors: int = 2, minutes_ago: int = 0, **extra: Any) -> str:
    """Sign a person in on a new device; the cookie's token."""
    token = tokens.new_secret()
    now = clock.now()
    add(Session(person_id=person.id, token_hash=tokens.digest(token), opened_through="password", factors=factors, device="Test browser",
                authenticated_at=now - timedelta(minutes=minutes_ago), expires_at=now + timedelta(days=30), **extra))  # fmt: skip
    db.session.commit()
    return token


def signed_in_cookie(client: FlaskClient, person: Person, **kwargs: Any) -> None:
    """Put a signed-in session into a test browser."""
    token = open_session(person, **kwargs)
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
