"""How members hear of things: what they chose to get by mail, who paused it, when they were here last, and some letters."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from portal.accounts.models import Session
from portal.core.access import system_viewer
from portal.core.db import db
from portal.demo.stage import Stage, public_id
from portal.digests.actions import write_letter
from portal.digests.calendar import week_of
from portal.notifications.kinds import NOW, OFF, WEEKLY, every_type
from portal.notifications.models import MailPause, NotificationPreference

if TYPE_CHECKING:
    from random import Random

    from portal.people.models import Person

CHOICES = (NOW, WEEKLY, WEEKLY, OFF)
DEVICES = ("Firefox on Windows", "Chrome on Android", "Safari on iPhone", "Edge on Windows", "Firefox on Linux")
READERS = ("maggie", "eamon", "piotr", "anthea")  # whose letters lie in the mail folder of a fresh demo
SESSION_DAYS = 30


def add_choices(stage: Stage) -> None:
    """A third of the members chose something; a few are away and want no mail."""
    rng, rows = stage.dice("mail choices"), []
    for _, person in stage.members():
        if rng.random() < 0.33:
            rows.append(_choice(person, rng, stage))
        if rng.random() < 0.02:
            until = stage.now + timedelta(days=rng.randint(3, 40))
            db.session.add(MailPause(person_id=person.id, until=until, since=stage.days_ago(2, rng)))
    maggie = stage.by_sign_in("maggie")
    rows = [row for row in rows if row["person_id"] != maggie.id]
    rows.append({"person_id": maggie.id, "kind": "reply", "choice": WEEKLY, "changed_at": stage.days_ago(30, rng)})
    db.session.execute(insert(NotificationPreference), rows)
    db.session.flush()


def _choice(person: Person, rng: Random, stage: Stage) -> dict[str, Any]:
    kind = rng.choice(every_type())
    choice = rng.choice([each for each in CHOICES if each in kind.choices])
    changed = max(stage.days_ago(rng.uniform(5, 300), rng), person.claimed_at or stage.now)
    return {"person_id": person.id, "kind": kind.kind, "choice": choice, "changed_at": changed}


def add_visits(stage: Stage) -> None:
    """The device each member used last: most of them lately, some not for a long time."""
    rng, rows = stage.dice("visits"), []
    for sheet, person in stage.members():
        claimed = person.claimed_at or stage.now
        last = max(stage.days_ago(1 if sheet.sign_in else rng.expovariate(1 / 25), rng), claimed)
        rows.append(
            {
                "public_id": public_id(rng), "person_id": person.id, "opened_through": "link", "factors": 1,
                "token_hash": sha256(f"{stage.seed} {person.id}".encode()).hexdigest(), "device": rng.choice(DEVICES),
                "created_at": claimed, "last_used_at": last, "authenticated_at": last,
                "expires_at": last + timedelta(days=SESSION_DAYS),
            }
        )  # fmt: skip
    db.session.execute(insert(Session), rows)


def post_letters(stage: Stage) -> None:
    """This week's letter of some fixed sign-ins: the worker lays them into the mail folder."""
    for name in READERS:
        person = stage.by_sign_in(name)
        write_letter(person.id, week_of(stage.now, person.timezone), by=system_viewer())
