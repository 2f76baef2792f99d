"""Hellos that wait or were answered, and what members agreed to when they came."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from portal.consents.actions import ensure_legal_texts
from portal.consents.models import ACCEPTED, Consent, LegalText
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.demo.sheets import DATA, lines_of
from portal.demo.stage import Stage, public_id
from portal.messages import actions
from portal.notifications.models import Notification
from portal.people.models import Connection

if TYPE_CHECKING:
    from random import Random

    from portal.messages.models import Hello


def add_agreements(stage: Stage) -> None:
    """The wordings that come with the portal, and everybody's yes to them."""
    ensure_legal_texts(by=system_viewer())
    db.session.execute(update(LegalText).values(published_at=stage.opened_at))
    rows = [
        {"person_id": person.id, "kind": kind, "version": 1, "state": "given", "how": "claim", "at": person.claimed_at}
        for person in stage.people.values()
        if person.claimed_at
        for kind in ACCEPTED
    ]
    db.session.execute(insert(Consent), rows)


def add_hellos(stage: Stage) -> None:
    """Hellos among members, as they said and answered them."""
    rng = stage.dice("hellos")
    for sender, recipient, state, days, words in _lines():
        hello = actions.say_hello(stage.people[recipient], words, by=viewer_of(stage.people[sender].id))
        answerer = viewer_of(stage.people[recipient].id)
        if state == "accepted":
            actions.accept(hello, by=answerer)
        elif state == "declined":
            actions.decline(hello, by=answerer)
        _date_back(stage, hello, int(days), rng)
    db.session.flush()


def pairs() -> set[frozenset[str]]:
    """Who must not be connected beforehand."""
    return {frozenset((sender, recipient)) for sender, recipient, *_ in _lines()}


def _date_back(stage: Stage, hello: Hello, days: int, rng: Random) -> None:
    said = stage.days_ago(days, rng)
    answered = min(said + timedelta(hours=rng.randint(2, 40)), stage.now - timedelta(minutes=20))
    about = (Notification.group_key == f"hello:{hello.public_id}",)
    hello.created_at, hello.public_id = said, public_id(rng)
    key = f"hello:{hello.public_id}"
    db.session.execute(update(Notification).where(*about).values(created_at=said, updated_at=said, group_key=key))
    if hello.answered_at is not None:
        hello.answered_at = answered
        pair = (Connection.low_id == hello.low_id, Connection.high_id == hello.high_id)
        db.session.execute(update(Connection).where(*pair).values(since=answered))
        db.session.execute(update(Notification).where(Notification.group_key == key).values(read_at=answered))


def _lines() -> list[list[str]]:
    rows = [[part.strip() for part in line.split("|", 4)] for line in lines_of(DATA / "hellos.txt")]
    return sorted(rows, key=lambda row: -int(row[3]))  # the oldest gets the lowest key
