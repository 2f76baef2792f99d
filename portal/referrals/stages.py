"""The stages of each kind of referral: a table in the code, because what the referrer is told hangs on them."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("lead", "candidate", "partner")
KIND_WORDS = {"lead": "Lead", "candidate": "Candidate", "partner": "Partner"}
OPEN, WON, LOST = "", "won", "lost"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what staff call it, what the referrer is told, and whether the host writes to the person in it."""

    key: str
    label: str
    told: str
    ending: str = OPEN
    writes: bool = False  # the host is in touch with the referred person: their yes comes first (A8)


NEW = Stage("new", "New", "It has arrived. Somebody looks at it within two working days.")
STAGES: dict[str, tuple[Stage, ...]] = {
    "lead": (
        NEW,
        Stage("accepted", "Accepted", "Somebody has taken it up and prepares the first contact."),
        Stage("contacted", "Contacted", "We have written to them.", writes=True),
        Stage("meeting", "Meeting", "We have met, or a day is set.", writes=True),
        Stage("proposal", "Proposal", "They have a proposal from us.", writes=True),
        Stage("won", "Won", "They have become a customer. Thank you: this began with you.", WON, writes=True),
        Stage("lost", "Not this time", "It has come to nothing this time. Thank you all the same.", LOST),
    ),
    "candidate": (
        NEW,
        Stage("screened", "Screened", "The hiring team has looked at it and wants to know more."),
        Stage("interview", "Interview", "They are talking to each other.", writes=True),
        Stage("offer", "Offer", "They have an offer from us.", writes=True),
        Stage("hired", "Hired", "They have signed. Thank you: this began with you.", WON, writes=True),
        Stage("lost", "Not this time", "It has come to nothing this time. Thank you all the same.", LOST),
    ),
    "partner": (
        NEW,
        Stage("accepted", "Accepted", "Somebody has taken it up and prepares the first contact."),
        Stage("talking", "Talking", "We are in touch with them.", writes=True),
        Stage("terms", "Terms", "We are agreeing on terms.", writes=True),
        Stage("signed", "Signed", "They have become a partner. Thank you: this began with you.", WON, writes=True),
        Stage("lost", "Not this time", "It has come to nothing this time. Thank you all the same.", LOST),
    ),
}  # fmt: skip
KEYS = tuple(sorted({stage.key for stages in STAGES.values() for stage in stages}))
_by_key = {(kind, stage.key): stage for kind, stages in STAGES.items() for stage in stages}


def stage_of(kind: str, key: str) -> Stage:
    """A kind's stage by its key."""
    return _by_key[kind, key]


def place_of(kind: str, key: str) -> int:
    """Where a stage stands in its kind's order."""
    return STAGES[kind].index(_by_key[kind, key])


def has_stage(kind: str, key: str) -> bool:
    """Whether the kind has such a stage."""
    return (kind, key) in _by_key
