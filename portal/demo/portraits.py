"""What people of the made-up community tell of themselves, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.db import db
from portal.core.markdown import render
from portal.core.text import fold
from portal.demo.stage import Stage
from portal.profiles.models import ProfileEntry
from portal.profiles.terms import refresh_terms

if TYPE_CHECKING:
    from random import Random

    from portal.demo.sheets import Sheet
    from portal.people.models import Person

# Numbers that are kept free for stories, so that nobody's telephone rings.
PHONES = {"Europe/London": "+44 117 496 0{0:03}", "America/Halifax": "+1 902 555 01{1:02}"}
WIDER = ("members",) * 14 + ("public",) * 3  # how widely people show the harmless fields
NARROWER = ("connections", "connections", "same_kind", "staff", "only_me")


def add_profiles(stage: Stage) -> None:
    """What people tell of themselves, and to whom; then what search finds them by."""
    rng = stage.dice("profiles")
    for sheet in stage.sheets:
        if sheet.is_claimed:
            _profile(stage, sheet, rng)
    db.session.flush()
    for person in stage.people.values():
        refresh_terms(person.id)


def _profile(stage: Stage, sheet: Sheet, rng: Random) -> None:
    def say(field: str, values: tuple[str, ...], audience: str, labels: tuple[str, ...] = ()) -> None:
        for at, value in enumerate(values):
            label = labels[at] if labels else ""
            db.session.add(_entry(stage.people[sheet.name], field, value, label, audience, at + 1))

    wide = rng.choice(WIDER)
    if sheet.headline:
        say("headline", (sheet.headline,), wide)
    if sheet.about:
        say("about", (sheet.about,), rng.choice(("members", wide)))
    say("place", (sheet.place,), "members" if rng.random() < 0.85 else rng.choice(NARROWER))
    say("language", sheet.languages, "members")
    say("skill", sheet.skills, "members")
    say("link", tuple(address for address, _ in sheet.links), wide, tuple(label for _, label in sheet.links))
    zone, dialled = stage.people[sheet.name].timezone, rng.randint(0, 999)
    if rng.random() < 0.4 and zone in PHONES:
        say("phone", (PHONES[zone].format(dialled, dialled % 100),), rng.choice(NARROWER))
    if rng.random() < 0.15:
        say("contact_note", (rng.choice(NOTES),), "members")


NOTES = (
    "Say hello here first, I read this more often than my mail.",
    "Evenings, never Mondays.",
    "Ring if it is weighing, write if it is anything else.",
    "I answer slowly but I do answer.",
    "Happy to take a call about life after Kestrel.",
)


def _entry(person: Person, field: str, value: str, label: str, audience: str, position: int) -> ProfileEntry:
    html = render(value) if field == "about" else ""
    folded = "" if field == "about" else value if field == "link" else fold(value)[:200]
    return ProfileEntry(
        person_id=person.id,
        field=field,
        value=value,
        label=label,
        html=html,
        folded=folded,
        audience=audience,
        position=position,
        changed_at=person.claimed_at,
    )
