"""Who says what: roles of the conversations given to people whose story fits, the same for the same seed."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from portal.demo.hints import Hints, hints_in
from portal.demo.rooms import ROOMS
from portal.demo.sheets import DATA, Sheet, Stay, firms

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from portal.demo.scripts import Script

EXACT = re.compile(r"([A-Z]): ([^;]+)")


class Casting:
    """One run through all conversations; remembers who has spoken how much."""

    def __init__(self, sheets: list[Sheet], rng: Random, today: date) -> None:
        self.sheets = [
            sheet for sheet in sheets if sheet.is_claimed and not {"stepped-back", "quiet"} & set(sheet.marks)
        ]
        self.by_name = {sheet.name: sheet for sheet in sheets}
        self.rng, self.today = rng, today
        self.spoken: Counter[str] = Counter()
        self.fixed = fixed_parts()
        self.trades = {firm.name: firm.industry for firm in firms()}

    def cast(self, script: Script, began: date) -> dict[str, Sheet]:
        """A person for each letter of a conversation that began on this day."""
        chosen = {letter: self.by_name[name] for letter, name in self.fixed.get(script.title, {}).items()}
        whole = script.title + " " + " ".join(turn.text for turn in script.turns)
        for letter in script.roles:
            if letter not in chosen:
                chosen[letter] = self._choose(script, letter, began, chosen, whole)
        for turn in script.turns:
            self.spoken[chosen[turn.speaker].name] += 1
        return chosen

    def _choose(self, script: Script, letter: str, began: date, chosen: dict[str, Sheet], whole: str) -> Sheet:
        taken = {sheet.name for sheet in chosen.values()}
        able = [
            sheet
            for sheet in self.sheets
            if sheet.name not in taken and may_say(sheet, script, letter, began, self.today)
        ]
        hints = hints_in(script.words_of(letter), script.title, whole)
        return max(able, key=lambda sheet: self._fit(sheet, hints))

    def _fit(self, sheet: Sheet, hints: Hints) -> float:
        dice = self.rng.random() * 4 - 0.35 * self.spoken[sheet.name]
        return dice + hints.fit(sheet, self.trades) + (1.5 if "photo" in sheet.marks else 0)


def fixed_parts() -> dict[str, dict[str, str]]:
    """The parts that are given by name: topic → letter → full name."""
    lines = (DATA / "casting.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" | ", 1) for line in lines if line and not line.startswith("#"))
    return {title.strip(): {letter: name.strip() for letter, name in EXACT.findall(parts)} for title, parts in pairs}


def may_say(sheet: Sheet, script: Script, letter: str, began: date, today: date) -> bool:
    """Whether a person has the role that the script asks for, on that day, and reads the board today."""
    if "new" in sheet.marks or not ROOMS[script.board].is_open_to(sheet, today):
        return False
    role = script.roles[letter]
    if role == "any":
        return any(_began(stay, began) for stay in sheet.relations)
    if role == "staff":
        return "staff" in sheet.marks and _had(sheet, "employee", "current", "", began)
    kind, phase, department = (role.split(":") + ["", ""])[:3]
    return _had(sheet, kind, phase, department, began) and (phase == "any" or _has_today(sheet, kind, phase, today))


def phase_on(stay: Stay, day: date) -> str:
    """`former` or `current` on a day."""
    return "former" if stay.end is not None and stay.end.last <= day else "current"


def _began(stay: Stay, day: date) -> bool:
    return stay.start is None or stay.start.first <= day


def _had(sheet: Sheet, kind: str, phase: str, department: str, day: date) -> bool:
    return any(
        stay.kind == kind
        and _began(stay, day)
        and phase in ("any", phase_on(stay, day))
        and department in ("", stay.department)
        for stay in sheet.relations
    )


def _has_today(sheet: Sheet, kind: str, phase: str, today: date) -> bool:
    return any(stay.kind == kind and phase == phase_on(stay, today) for stay in sheet.relations)
