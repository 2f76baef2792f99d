"""The conversations as they are written down in `content/`: topics with roles instead of names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

CONTENT = Path(__file__).parent / "content"
TURN = re.compile(r"^--- ([A-Z])(?: \+(\d+)([mhd]))?$")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
ROLE = re.compile(r"([A-Z])=(.*?)(?=\s[A-Z]=|$)")


@dataclass(frozen=True, slots=True)
class Turn:
    """A post: who says it, how long after the one before, and what."""

    speaker: str
    after: timedelta
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """A topic."""

    board: str
    title: str
    days_ago: int
    roles: dict[str, str]  # "A" → "employee:former:Field Service", "any", "staff"
    flags: frozenset[str]
    turns: tuple[Turn, ...]

    @property
    def lasts(self) -> timedelta:
        """From the first post to the last."""
        return sum((turn.after for turn in self.turns), timedelta())

    def words_of(self, speaker: str) -> str:
        """All that one speaker says."""
        return "\n\n".join(turn.text for turn in self.turns if turn.speaker == speaker)


def all_scripts() -> list[Script]:
    """Every topic, oldest first."""
    found = [script for path in sorted(CONTENT.glob("*.txt")) for script in read(path)]
    return sorted(found, key=lambda script: (-script.days_ago, script.board, script.title))


def read(path: Path) -> list[Script]:
    """The topics of one board."""
    parts = re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_script(path.stem, part.splitlines()) for part in parts]


def _script(board: str, lines: list[str]) -> Script:
    first = next(number for number, line in enumerate(lines) if TURN.match(line))
    head = dict(line.split(": ", 1) for line in lines[1:first] if line.strip())
    roles = {letter: role.strip() for letter, role in ROLE.findall(head["speakers"])}
    days = int(head["ago"].strip().removesuffix("d"))
    return Script(
        board, lines[0].strip(), days, roles, frozenset(head.get("flags", "").split()), tuple(_turns(lines[first:]))
    )


def _turns(lines: list[str]) -> list[Turn]:
    turns: list[Turn] = []
    body: list[str] = []
    for line in [*lines, "--- Z"]:
        found = TURN.match(line)
        if not found:
            body.append(line)
            continue
        if turns:
            turns[-1] = Turn(turns[-1].speaker, turns[-1].after, "\n".join(body).strip())
        body = []
        after = timedelta(**{UNITS[found[3]]: int(found[2])}) if found[2] else timedelta()
        turns.append(Turn(found[1], after, ""))
    return turns[:-1]
