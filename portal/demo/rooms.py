"""The twelve boards: who reads them, what they are for, and the house rules of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.demo.sheets import DATA, lines_of

if TYPE_CHECKING:
    from datetime import date

    from portal.demo.sheets import Sheet

Line = tuple[str, str]  # kind and phase of a relation, or "group" and its name
GROUPS = {
    "Halifax site": "Everybody who was at the Halifax site when it closed in spring 2023.",
    "Bristol 2004 cohort": "Joined in Bristol in the year of Tally.",
    "Bristol graduates 2001": "The nine of the graduate scheme in September 2001.",
    "Rotterdam nights": "The night line at the Waalhaven, then and now.",
    "Women in Field Service": "Ladders, vans, ports: former and current, at the firm and at its partners.",
}


@dataclass(slots=True)
class Room:
    """A board as it is set up."""

    section: str
    name: str
    lines: tuple[Line, ...]
    purpose: str = ""
    rules: str = ""
    keepers: tuple[str, ...] = ()

    def is_open_to(self, sheet: Sheet, today: date) -> bool:
        """Whether a person reads it by relation or group."""
        return any(_includes(line, sheet, today) for line in self.lines)

    def audiences(self, groups: dict[str, int]) -> tuple[dict[str, Any], ...]:
        """The audience in the boards' own terms."""
        return tuple(
            {"group_id": groups[phase]} if kind == "group" else {"relation_kind": kind, "phase": phase}
            for kind, phase in self.lines
        )


def _includes(line: Line, sheet: Sheet, today: date) -> bool:
    kind, phase = line
    if kind == "group":
        return phase in sheet.groups
    over = {(stay.kind, stay.end is not None and stay.end.last <= today) for stay in sheet.relations}
    return any(kind in ("any", k) and phase in ("any", "former" if ended else "current") for k, ended in over)


def _read() -> dict[str, Room]:
    rooms: dict[str, Room] = {}
    for line in lines_of(DATA / "boards.txt"):
        key, _, text = line.partition(" ")
        room = list(rooms.values())[-1] if rooms else None
        if key == "b" or room is None:
            slug, section, name, readers = (part.strip() for part in text.split("|"))
            rooms[slug] = Room(section, name, tuple(_line(each) for each in readers.split(";")))
        elif key == "p":
            room.purpose = text
        elif key == "r":
            room.rules = f"{room.rules}\n{text}".strip()
        else:
            room.keepers = tuple(name.strip() for name in text.split(";"))
    return rooms


def _line(text: str) -> Line:
    text = text.strip()
    if text.startswith("group: "):
        return "group", text.removeprefix("group: ")
    kind, phase = text.split()
    return kind, phase


ROOMS = _read()
SECTIONS = tuple(dict.fromkeys(room.section for room in ROOMS.values()))
