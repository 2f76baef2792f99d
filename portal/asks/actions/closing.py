"""Outcome, feedback from both sides, thanks: every ask ends so (A7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.asks import policies, telling
from portal.asks.models import OUTCOMES
from portal.core import audit, clock
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.asks.models import Ask
    from portal.core.access import Viewer

NOT_YOURS = "Only who asked, and who looks after advocates, bring an ask to its end."
LONGEST = 2000


def give_outcome(ask: Ask, outcome: str, note: str, feedback: str, *, by: Viewer) -> None:
    """What came of it, which the advocate reads, and how it was with them, which they don't."""
    require(policies.runs_ask(by, ask), NOT_YOURS)
    if outcome not in OUTCOMES:
        raise Invalid("Choose what came of it.", "outcome")
    _check(note, "note")
    _check(feedback, "feedback")
    if ask.state not in ("accepted", "done"):
        raise Conflict("Only an ask that was accepted has an outcome.")
    if ask.state == "done" and ask.outcome != "open":
        raise Conflict("The outcome is written down already.")
    ask.state, ask.outcome, ask.outcome_note = "done", outcome, note
    ask.asker_feedback = feedback or ask.asker_feedback
    audit.record("give outcome", ask, by=by, about=ask.person_id, note=outcome)
    telling.tell_advocate(ask, f"What came of it: {OUTCOMES[outcome].lower()}", by)


def give_feedback(ask: Ask, words: str, *, by: Viewer) -> None:
    """How it was, from the advocate's side; who asked is told."""
    require(by.is_person(ask.person_id), "Only the advocate says how it was for them.")
    if ask.state not in ("accepted", "done"):
        raise Conflict("There is nothing to say about it yet.")
    if not 1 < len(words) <= LONGEST:
        raise Invalid("Write between 2 and 2,000 characters.", "feedback")
    ask.advocate_feedback = words
    telling.tell_asker(ask, f"{ask.person.full_name} says how it was", by)


def thank(ask: Ask, words: str, *, by: Viewer) -> None:
    """The end of every ask that was done."""
    require(policies.runs_ask(by, ask), NOT_YOURS)
    if ask.state != "done":
        raise Conflict("Write down first what came of it.")
    if not 2 < len(words) <= LONGEST:
        raise Invalid("Thank them in a sentence of your own.", "thanks")
    ask.thanks, ask.thanked_at = words, clock.now()
    ask.ended_at = ask.ended_at or ask.thanked_at
    audit.record("thank", ask, by=by, about=ask.person_id)
    telling.tell_advocate(ask, f"{by.name} thanks you: {ask.act.name.lower()}", by)


def let_go(ask: Ask, *, by: Viewer) -> None:
    """Nobody answered, and who asked has seen it."""
    require(policies.runs_ask(by, ask), NOT_YOURS)
    if ask.state != "unanswered":
        raise Conflict("This ask is not one without an answer.")
    ask.ended_at = ask.ended_at or clock.now()


def _check(words: str, field: str) -> None:
    if len(words) > LONGEST:
        raise Invalid("Keep it under 2,000 characters.", field)
