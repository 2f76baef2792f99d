"""What the person concerned is told: reason, rule, the moderator's words, what it means and what can be done (M3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from portal.core import settings
from portal.moderation import reasons
from portal.moderation.policies import SECOND_HOURS, appeal_until

if TYPE_CHECKING:
    from datetime import datetime

    from portal.moderation.models import Appeal, Decision

MEANS = {
    "hide": "Nobody but you and the moderators can read it now.",
    "warn": "A warning takes nothing away from you. If it happens again, your account may be paused.",
    "lock": "Nobody can reply to the topic now. What was written stays.",
    "move": "It kept its address; the people who can read it are those of the new board.",
    "suspend": "Until then you can read everything, but not write. Nothing of yours is deleted.",
}


class About(Protocol):
    """What a notice says of the thing: its kind, and its title when the reader may know it."""

    @property
    def kind(self) -> str: ...

    @property
    def title(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A subject, a headline and paragraphs, the same on the page and in the mail."""

    subject: str
    headline: str
    paragraphs: tuple[str, ...]


def of_decision(decision: Decision, case: About) -> Notice:
    """What the author is told of a decision."""
    return Notice(
        "A moderator's decision about what you wrote", _headline(decision, case), tuple(_paragraphs(decision))
    )


def of_automatic_hiding(case: About) -> Notice:
    """What the author is told when three members' reports hide something (M4)."""
    return Notice(
        "Something you wrote is hidden until a moderator looks",
        f"Your {_thing(case)} is hidden until a moderator has looked at it.",
        (
            "Three members reported it. That is not a judgement: a moderator will now read it, "
            "and either show it again or tell you why not.",
        ),
    )


def of_reversal(decision: Decision, case: About) -> Notice:
    """What the author is told when a decision is taken back."""
    because = (decision.reversed_because,) if decision.reversed_because else ()
    undone = {
        "suspend": "Your account is no longer paused by it.",
        "lock": "The topic is open again.",
        "move": "The topic is back where it was.",
        "warn": "It no longer counts.",
        "hide": "Everybody who could read it before can read it again.",
    }[decision.verb]
    headline = f"A decision about your {_thing(case)} has been taken back."
    return Notice("A moderator's decision has been taken back", headline, (*because, undone))


def of_refused_appeal(appeal: Appeal, case: About) -> Notice:
    """What the author is told when an appeal is turned down."""
    headline = f"The decision about your {_thing(case)} stands."
    somebody = (
        "Another moderator, who had no part in the decision, has read your appeal and left the decision as it is."
    )
    return Notice("An answer to your appeal", headline, (somebody, *((appeal.answer,) if appeal.answer else ())))


def for_reporter(case: About, *, acted: bool) -> str:
    """What a reporter is told, in one line: that something was done or not, never to whom."""
    if acted:
        return f"What you reported in “{case.title}” was acted on. Thank you."
    return f"What you reported in “{case.title}” was left standing: a moderator found that it keeps to the rules."


def _headline(decision: Decision, case: About) -> str:
    thing = _thing(case)
    if decision.is_pending:
        return f"Your {thing} is hidden until a second moderator has looked at it."
    hidden = f" Your {thing} was hidden." if decision.hides and decision.verb != "hide" else ""
    return {
        "hide": f"Your {thing} was hidden.",
        "warn": f"You have a warning about your {thing}.{hidden}",
        "lock": f"The topic of your {thing} was closed.",
        "move": f"The topic of your {thing} was moved to another board.",
        "suspend": f"Your account is paused until {day(decision.suspended_until)}.{hidden}",
    }.get(decision.verb, f"A moderator looked at your {thing}.")


def _paragraphs(decision: Decision) -> list[str]:
    said = (
        [f"Reason: {reasons.label(decision.reason)}. The rule: {reasons.rule(decision.reason)}"]
        if decision.reason
        else []
    )
    if decision.words:
        said.append(f"The moderator says: {decision.words}")
    if decision.is_pending:
        return [
            *said,
            _why_second(decision),
            _until_when(),
        ]
    return [*said, MEANS.get(decision.verb, ""), how_to_appeal(decision)]


def _until_when() -> str:
    return f"If nobody has looked within {SECOND_HOURS} hours, it is shown again. You will be told either way."


def _why_second(decision: Decision) -> str:
    if decision.second == "not_staff":
        host = settings.get("host_name")
        return f"The moderator works for {host}, so a moderator who doesn't has to agree before this holds."
    return "This needs two people, so a second one has to agree before it holds."


def how_to_appeal(decision: Decision) -> str:
    """What can be done, and until when."""
    until = day(appeal_until(decision))
    return (
        f"If you think this is wrong you can appeal until {until}. "
        "Somebody else will answer, not the moderator who decided this."
    )


def _thing(case: About) -> str:
    if case.kind == "post" and case.title:
        return f"post in “{case.title}”"
    return reasons.kind_words(case.kind)


def day(at: datetime | None) -> str:
    """A day as people write it."""
    return f"{at.day} {at:%B %Y}" if at else "further notice"
