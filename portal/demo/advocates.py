"""Advocates in every light, asks in every state, and nominations whose clocks run or ran out."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from portal.advocates.models import Act, Advocate, Flag, Nomination, Pause, RecordView
from portal.advocates.queries import acts
from portal.asks import telling
from portal.asks.models import Ask
from portal.consents.models import Consent
from portal.core import settings, workdays
from portal.core.access import viewer_of
from portal.core.db import db
from portal.demo.sheets import DATA, lines_of
from portal.demo.stage import Stage, public_id

if TYPE_CHECKING:
    from random import Random

    from portal.people.models import Person

DATA_USE = "Your name, firm and address go to the person named above, for this one purpose, and to nobody else."


def add_advocates(stage: Stage) -> None:
    """Everything in `data/advocates.txt`, dated back."""
    rng, by_key = stage.dice("advocates"), {one.key: one for one in acts()}
    for kind, given in _lines():
        if kind == "a":
            _advocate(stage, by_key, rng, *given)
        elif kind == "k":
            _ask(stage, by_key, rng, given)
        elif kind == "n":
            _nomination(stage, rng, given)
        elif kind == "f":
            _flag(stage, rng, *given)
        else:
            _look(stage, rng, *given)
    db.session.flush()


def _advocate(
    stage: Stage, by_key: dict[str, Act], rng: Random, name: str, keys: str, said: str, rest: str, away: str = ""
) -> None:
    person, (answer, days) = stage.people[name], said.split()
    answered = stage.days_ago(int(days), rng)
    since = min(stage.days_ago(rng.randint(150, 500), rng), answered)
    for key in keys.split(", "):
        kind = by_key[key].consent_kind
        db.session.add(Consent(person_id=person.id, kind=kind, version=1, how="settings", at=since))
    db.session.add(Advocate(person_id=person.id, since=since, rest_days=int(rest), answer=answer, answered_at=answered))
    if away:
        first, last = (stage.now.date() + timedelta(days=int(day)) for day in away.split())
        db.session.add(
            Pause(public_id=public_id(rng), person_id=person.id, starts_on=first, ends_on=last, created_at=since)
        )
    db.session.flush()


def _ask(stage: Stage, by_key: dict[str, Act], rng: Random, given: list[str]) -> None:
    names = ("person", "act", "asker", "days", "state", "firm", "deal", "what", "outcome", "note", "feedback", "thanks")
    line = dict(zip_longest(names, given, fillvalue=""))
    act, asker, (state, _, because) = by_key[line["act"]], stage.people[line["asker"]], line["state"].partition(" ")
    asked = stage.days_ago(float(line["days"]), rng) if float(line["days"]) >= 1 else stage.now - timedelta(hours=7)
    needed = asked.date() + timedelta(days=24)
    row = Ask(
        public_id=public_id(rng), person=stage.people[line["person"]], act=act, is_call=act.is_call, asked_by_id=asker.id,
        asked_at=asked, outside=state == "outside", what=line["what"], deal=line["deal"], firm=line["firm"],
        data_use="" if state == "outside" else DATA_USE, by_date=needed, outcome=line["outcome"],
        answer_by=workdays.add_workdays(asked, settings.get("ask_answer_days")), outcome_note=line["note"],
        asker_feedback=line["feedback"], thanks=line["thanks"], stopped_because=because,
    )  # fmt: skip
    _bring_to_state(stage, row, "done" if state == "outside" else state, asked)
    db.session.add(row)
    db.session.flush()
    if state == "waiting":
        telling.tell_advocate(row, f"{asker.full_name} asks you for a favour: {act.name.lower()}", viewer_of(asker.id))


def _bring_to_state(stage: Stage, row: Ask, state: str, asked: datetime) -> None:
    row.state = state
    if state in ("accepted", "declined", "done"):
        row.answered_at = min(asked + timedelta(hours=20), stage.now)
    if state in ("declined", "stopped"):
        row.ended_at = min(asked + timedelta(hours=21), stage.now)
    if row.thanks:
        day = datetime.combine(row.by_date + timedelta(days=1), time(10), tzinfo=UTC)
        row.thanked_at = row.ended_at = min(day, stage.now - timedelta(hours=1))


def _nomination(stage: Stage, rng: Random, given: list[str]) -> None:
    name, firm, address, nominator, days, state, why, *rest = given
    at, note = stage.days_ago(int(days), rng), rest[0] if rest else ""
    person: Person | None = stage.people.get(name)
    later = min(at + timedelta(days=1, hours=3), stage.now)
    reached: dict[str, Any] = {}
    if state in ("contacted", "invited", "closed"):
        reached = {"contacted_at": later, "contacted_by_id": stage.by_sign_in("ines").id}
        reached |= {"closed_because": note, "ended_at": later} if state == "closed" else {"contact_note": note}
    if state == "invited":
        reached["invited_at"] = later
    db.session.add(Nomination(
        public_id=public_id(rng), person=person, contact_name="" if person else name, contact_firm=firm,
        contact_address=address, nominated_by_id=stage.people[nominator].id, owner_id=stage.by_sign_in("ines").id, why=why,
        state=state, created_at=at, due_at=workdays.add_workdays(at, settings.get("nomination_contact_days")),
        alarm_at=workdays.add_workdays(at, settings.get("nomination_alarm_days")), **reached,
    ))  # fmt: skip


def _flag(stage: Stage, rng: Random, name: str, raised_by: str, days: str, reason: str) -> None:
    db.session.add(Flag(
        public_id=public_id(rng), person_id=stage.people[name].id, raised_by_id=stage.people[raised_by].id,
        owner_id=stage.by_sign_in("ines").id, reason=reason, raised_at=stage.days_ago(int(days), rng),
    ))  # fmt: skip


def _look(stage: Stage, rng: Random, name: str, who: str, days: str, reason: str) -> None:
    db.session.add(RecordView(
        person_id=stage.people[name].id, viewer_id=stage.people[who].id, at=stage.days_ago(int(days), rng), reason=reason,
    ))  # fmt: skip


def _lines() -> list[tuple[str, list[str]]]:
    return [(line[0], [part.strip() for part in line[1:].split("|")]) for line in lines_of(DATA / "advocates.txt")]
