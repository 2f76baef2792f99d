"""The twelve boards: who reads them, what they are for, and the house rules of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from portal.demo.sheets import Sheet

Line = tuple[str, str]  # kind and phase of a relation, or "group" and its name
SECTIONS = ("Everyone", "Work", "The craft", "Closed rooms")
ALL: tuple[Line, ...] = (("any", "any"),)


@dataclass(frozen=True, slots=True)
class Room:
    """A board as it is set up."""

    section: str
    name: str
    purpose: str
    lines: tuple[Line, ...] = ALL
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


ROOMS = {
    "welcome": Room(
        "Everyone", "Introductions", "Say who you were and roughly when. A sentence will do, in any language.",
        rules="Nobody's feelings about how they left are up for marking. Answer an introduction with a welcome or with a story.",
    ),
    "where-now": Room(
        "Everyone", "Where are they now", "Looking for somebody, or telling how it went on. Ask people before you pass on their number.",
        rules="Say what a person has said about themselves, and leave the rest to them. Sad news only from somebody close, please.",
        keepers=("Neville Purdue",),
    ),
    "canteen": Room(
        "Everyone", "The canteen", "Small talk: bikes, liquorice, dishwashers, what you can see from your window.",
        rules="Party politics was tried, and it is closed. Everything else is welcome if you would say it across a table.",
        keepers=("Bernadette Kyle",),
    ),
    "memory-lane": Room(
        "Everyone", "Memory lane", "How it was: floods, trade fairs, yellow books, first pay packets. Bring your own version.",
        rules="Stories about people who can't answer any more: tell them as if their family were reading, because they are.",
        keepers=("Clive Mapstone",),
    ),
    "work-leads": Room(
        "Work", "Openings and leads", "Jobs, contracts, half-days and favours, wanted and offered, by people who know what the words mean.",
        rules="- Say what it pays.\n- Say who you are to the job.\n- Recruiters only with a name, a firm and a place that exists.",
        keepers=("Desmond Achebe-Cole",),
    ),
    "careers": Room(
        "Work", "Careers and moving on", "Leaving, coming back, references, notice periods, gaps. Among people who work or worked here.",
        lines=(("employee", "any"),),
        rules="Nobody here is a lawyer for you. What somebody tells about their contract stays on this board.",
        keepers=("Caroline Stapleford",),
    ),
    "craft": Room(
        "The craft", "The craft", "Yards, docks, sensors, code and method: questions with numbers in them.",
        rules="Give the readings, the temperature and what you have tried. It is never the weighbridge, until it is.",
        keepers=("Hilary Vosper",),
    ),
    "product-talk": Room(
        "The craft", "Tally and Lodestar", "How it works, why it doesn't, and what ought to change. Customers and the people who build it.",
        lines=(("customer", "any"), ("employee", "any")),
        rules="Not a helpdesk: if a scale is down at four in the morning, ring the number on your contract.",
        keepers=("Patrick Gillooly",),
    ),
    "partners-table": Room(
        "Closed rooms", "Partners' table", "Installers, integrators and resellers among themselves.",
        lines=(("partner", "any"),),
        rules="No agreements about prices. Everything else about prices is fine.",
        keepers=("Denise Appleyard",),
    ),
    "former-customers": Room(
        "Closed rooms", "Used to be a customer", "For those who bought from us once. Frank, and without the people who sold it.",
        lines=(("customer", "former"),),
        rules="No names of account managers: they mostly only delivered the letter.",
        keepers=("Akosua Frimpong",),
    ),
    "halifax": Room(
        "Closed rooms", "Halifax", "Burnside, Upper Water Street and Moncton. Recipes, babies, boats, and what happened.",
        lines=(("group", "Halifax site"),),
        rules="What's said here stays here. If you're having a bad night, say so. Somebody is up.",
        keepers=("Joan MacIsaac",),
    ),
    "staff-room": Room(
        "Closed rooms", "Staff room", "Current staff, preparing things for the community.",
        lines=(("employee", "current"),),
        rules="Nothing about a single member that you would not say in front of them.",
        keepers=("Ruth Pemberley",),
    ),
}  # fmt: skip
GROUPS = {
    "Halifax site": "Everybody who was at the Halifax site when it closed in spring 2023, and those who left it before.",
    "Bristol 2004 cohort": "Joined in Bristol in the year of Tally.",
    "Bristol graduates 2001": "The nine of the graduate scheme in September 2001.",
    "Rotterdam nights": "The night line at the Waalhaven, then and now.",
    "Women in Field Service": "Ladders, vans, ports: former and current, at the firm and at its partners.",
}
