"""Where people were before and after: careers beside what their sheets tell, in firms of their region."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from portal.core.partial_dates import PartialDate
from portal.demo.sheets import DATA, HOST, Sheet, Stay, firms

if TYPE_CHECKING:
    from datetime import date
    from random import Random

TITLES = {
    "Engineering": (
        "Software engineer",
        "Test engineer",
        "Design engineer",
        "Systems engineer",
        "Electronics engineer",
    ),
    "Firmware": ("Embedded engineer", "Firmware engineer", "Electronics technician"),
    "Product": ("Product manager", "Business analyst", "Designer", "Project manager"),
    "Support": ("Service desk analyst", "Application support", "Customer service", "Dispatcher"),
    "Field Service": ("Maintenance fitter", "Service engineer", "Electrician", "Instrument technician"),
    "Sales": ("Sales engineer", "Account manager", "Inside sales", "Commercial manager"),
    "Partnerships": ("Channel manager", "Account manager"),
    "Finance": ("Accounts assistant", "Financial accountant", "Credit controller", "Auditor"),
    "People": ("HR adviser", "Recruiter", "Training coordinator"),
    "Operations": ("Production planner", "Stores supervisor", "Logistics coordinator", "Buyer"),
    "Marketing": ("Copywriter", "Marketing executive", "Event manager"),
    "": (
        "Yard clerk",
        "Shift planner",
        "Logistics coordinator",
        "Dispatcher",
        "Maintenance engineer",
        "Project engineer",
    ),
}
OFFICES = frozenset({"Services", "Public sector", "Health", "Education", "Museums", "Finance", "Charities", "Leisure"})
OFFICE_TITLES = ("Systems officer", "Coordinator", "Planner", "Administrator", "Project officer", "Buyer")
OLDEST = 1978


def add_stations(sheets: list[Sheet], rng: Random, today: date) -> None:
    """Lengthen short careers at both ends."""
    regions = _regions()
    for sheet in sheets:
        firms = [
            firm
            for words, names in regions
            if words & set(sheet.place.replace(",", " ").replace("-", " ").split())
            for firm in names
        ]
        if not firms or not sheet.is_claimed or len(sheet.stays) > 2 or not all(stay.start for stay in sheet.stays):
            continue
        used = {stay.firm for stay in sheet.stays}
        free = [firm for firm in firms if firm not in used]
        rng.shuffle(free)
        _before(sheet, free, rng)
        if not sheet.about and sheet.stays[0].start.first.year >= 1998:  # type: ignore[union-attr]
            _after(sheet, free, rng, today)  # the others tell what they do now, or have retired


def _before(sheet: Sheet, free: list[str], rng: Random) -> None:
    for chance in (0.75, 0.35):
        first = min(stay.start.first for stay in sheet.stays if stay.start)
        if not free or rng.random() > chance or first.year - OLDEST < 8:
            return
        end = first - timedelta(days=rng.choice((3, 20, 45, 200)))
        start = end - timedelta(days=rng.randint(500, 2400))
        sheet.stays.append(_stay(sheet, free.pop(), start, end, rng))


def _after(sheet: Sheet, free: list[str], rng: Random, today: date) -> None:
    for chance in (0.62, 0.4):
        ends = [stay.end.last if stay.end else today for stay in sheet.stays]
        start = max(ends) + timedelta(days=rng.choice((1, 30, 75, 240)))
        if not free or start > today - timedelta(days=120) or rng.random() > chance:
            return
        end = start + timedelta(days=rng.randint(600, 2600))
        sheet.stays.append(_stay(sheet, free.pop(), start, end if end < today else None, rng))


def _stay(sheet: Sheet, firm: str, start: date, end: date | None, rng: Random) -> Stay:
    department = next((stay.department for stay in sheet.stays if stay.firm == HOST), "")
    fitting = OFFICE_TITLES if _industries()[firm] in OFFICES else TITLES.get(department, TITLES[""])
    title = rng.choice(fitting)
    return Stay("", firm, title, _partial(start, rng, up=True), _partial(end, rng, up=False) if end else None)


def _partial(day: date, rng: Random, *, up: bool) -> PartialDate:
    """As people write it: mostly a month, often a year, now and then a day. A year never reaches into the next job."""
    kind = rng.choices(("month", "year", "day"), (5, 3, 1))[0]
    if kind == "year":
        near = day.year + 1 if up and day.month > 6 else day.year - 1 if not up and day.month < 7 else day.year
        return PartialDate(f"{near:04}")
    return PartialDate(day.isoformat() if kind == "day" else f"{day.year:04}-{day.month:02}")


@cache
def _industries() -> dict[str, str]:
    return {firm.name: firm.industry for firm in firms()}


def _regions() -> list[tuple[set[str], list[str]]]:
    lines = (DATA / "stations.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("|") for line in lines if line and not line.startswith("#"))
    return [(set(places.split()), [firm.strip() for firm in firms.split(";")]) for places, firms in pairs]
