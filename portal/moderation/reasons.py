"""The closed lists: why something may be moderated, and what may be done about it (M3).

Criticism of the company is not on the list, so nothing can be removed for it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that can be broken: its name, and the rule as its author reads it."""

    key: str
    label: str
    rule: str


REASONS = (
    Reason("spam", "Spam or fraud", "No spam, no scams, nothing that pretends to be what it is not."),
    Reason(
        "illegal",
        "Against the law",
        "Nothing that is against the law, such as threats, incitement or somebody else's copyright.",
    ),
    Reason("attack", "Personal attack", "Argue about the matter, never about the person."),
    Reason(
        "harassment",
        "Harassment",
        "Leave people alone who want to be left alone; no stalking, no hounding, no contempt for a group.",
    ),
    Reason(
        "private",
        "Somebody's private information",
        "What you know about a person in private stays private: no addresses, health, pay or quoted messages.",
    ),
    Reason(
        "confidential",
        "Confidential material",
        "Nothing that you or somebody else promised an employer or customer to keep confidential.",
    ),
    Reason("off_topic", "In the wrong place", "Each board has a purpose; keep to the topic."),
    Reason("duplicate", "Said twice", "Say it once, in one place."),
    Reason("advertising", "Advertising", "Offers go to the boards that are meant for them."),
    Reason("other", "Another rule", "The rule is named in the moderator's words."),
)
BY_KEY = {reason.key: reason for reason in REASONS}
KEYS = tuple(BY_KEY)
LABELS = {reason.key: reason.label for reason in REASONS}
AT_ONCE = frozenset({"spam", "illegal"})  # a staff moderator's removal for these does not wait for a second look (M3)

# release: a held post is let through; restore: what reports had hidden is shown again; stand: nothing was wrong.
KEEPING = ("stand", "restore", "release")
AGAINST = ("hide", "warn", "suspend")  # these count against the author until they are reversed
VERBS = (*KEEPING, *AGAINST, "lock", "move")
TOLD = (*AGAINST, "lock", "move")  # the author is told, and can appeal
DONE = {
    "stand": "Left as it is",
    "restore": "Shown again",
    "release": "Let through",
    "hide": "Hidden",
    "lock": "Topic closed",
    "move": "Topic moved",
    "warn": "Warning",
    "suspend": "Account paused",
}
KINDS = {"post": "post", "profile": "profile", "message": "message"}


def label(key: str) -> str:
    """A reason's name."""
    return BY_KEY[key].label if key in BY_KEY else ""


def rule(key: str) -> str:
    """A reason's rule, in a sentence."""
    return BY_KEY[key].rule if key in BY_KEY else ""


def kind_words(kind: str) -> str:
    """What a kind of thing is called."""
    return KINDS.get(kind, kind)
