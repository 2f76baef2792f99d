"""Who says what: roles of the conversations given to people whose story fits, the same for the same seed."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from portal.demo.rooms import ROOMS
from portal.demo.sheets import DATA, HOST, Sheet, Stay, firms

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from portal.demo.scripts import Script

# A few frequent words tell which language a post is in.
TELLTALES = {
    "Polish": "nie się jest że czy dla ale jak tak mnie było przez już żeby mam jeszcze",
    "Portuguese": "não que para uma com por está mas foi você isso era também nós aqui são",
    "German": "ich nicht und der das ist wir auf mit ein eine bitte habe auch noch bei zu",
    "Dutch": "ik niet het een van jullie dat voor maar nog zijn wij weer heeft naar bij",
    "French": "je est les des pas nous vous une dans pour avec était on qui au sont",
}
KNOWN = {language: frozenset(words.split()) for language, words in TELLTALES.items()}
PLACES = frozenset(
    {"Bristol", "Halifax", "Rotterdam", "Kraków", "Singapore", "Curitiba"}
    | {"Dartmouth", "Moncton", "Lunenburg", "Avonmouth", "Felixstowe", "Hull", "Taunton", "Inverness", "Cork"}
    | {"Gdynia", "Wrocław", "Hamburg", "Bamberg", "Antwerp", "Zeeland", "Valencia", "Lagos", "Piraeus", "Paranaguá"}
)
# What else tells where somebody is, or what they work with.
SIGNS = {
    "Bristol": (
        "Temple Meads",
        "Feeder",
        "Llandoger",
        "St Philip",
        "third floor",
        "third-floor",
        "test hall",
        "Bedminster",
        "Knowle",
    ),
    "Rotterdam": ("Waalhaven", "Moerdijk", "Maasvlakte"),
    "Kraków": ("Zabłocie", "Cracow", "Podgórze"),
    "Halifax": ("Burnside", "Water Street", "Nova Scotia", "Alderney"),
    "Singapore": ("Pasir Panjang", "Clementi", "Jurong"),
    "Curitiba": ("Água Verde", "padaria", "Joinville"),
}
TRADES = {
    "Mills": ("mill", "flour", "feed", "silo", "paper"),
    "Breweries": ("brew", "beer", "malt", "shunter"),
    "Ports": ("crane", "berth", "quay", "ship", "harbour", "gravel", "belt", "reefer", "weighbridge", "tug"),
    "Warehouses": ("dock", "warehouse", "cold store", "pallet", "trailer", "slot"),
}
YEAR = re.compile(r"\b(19[89]\d|20[0-2]\d)\b")
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
        said = script.words_of(letter)
        return max(able, key=lambda sheet: self._fit(sheet, script, said, whole))

    def _fit(self, sheet: Sheet, script: Script, said: str, whole: str) -> float:
        points = self.rng.random() * 4 - 0.35 * self.spoken[sheet.name]
        points += _speaks(sheet, said) + _was_there(sheet, said + script.title) + _remembers(sheet, said)
        points += self._knows_the_trade(sheet, said)
        if re.search(rf"\b{re.escape(sheet.called)}\b", whole):
            points -= 12  # a person of this name is talked about
        return points + (1.5 if "photo" in sheet.marks else 0)

    def _knows_the_trade(self, sheet: Sheet, said: str) -> float:
        words = said.casefold()
        told = {trade for trade, signs in TRADES.items() if any(sign in words for sign in signs)}
        own = {self.trades.get(stay.firm, "") for stay in sheet.relations if stay.kind == "customer"}
        return 0 if not told or not own else 2 if own & told else -3


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


def languages_of(text: str) -> set[str]:
    """The languages beside English that a text's posts are in."""
    found = set()
    for paragraph in re.split(r"\n\s*\n", text):
        words = re.findall(r"[^\W\d_]+", paragraph.casefold())
        for language, telltales in KNOWN.items():
            hits = sum(word in telltales for word in words)
            if hits >= 2 and hits / max(1, len(words)) > 0.14:
                found.add(language)
    return found


def _speaks(sheet: Sheet, said: str) -> float:
    foreign = languages_of(said)
    if foreign:
        return 15 if foreign <= set(sheet.languages) else -40
    return 0 if "English" in sheet.languages else -40


def _was_there(sheet: Sheet, said: str) -> float:
    own = " ".join([sheet.place, *(f"{stay.site} {stay.firm}" for stay in sheet.stays)])
    told = {place for place in PLACES if place in said}
    told |= {place for place, signs in SIGNS.items() if any(sign in said for sign in signs)}
    if not told:
        return 1.5 if any(stay.firm == HOST and stay.site == "Bristol" for stay in sheet.stays) else 0
    sites = told & SIGNS.keys()
    elsewhere = sites and not any(site in own for site in sites) and any(stay.firm == HOST for stay in sheet.stays)
    return 3 * sum(place in own for place in told) - (3 if elsewhere else 0)


def _remembers(sheet: Sheet, said: str) -> float:
    points = 0.0
    for year in {int(found) for found in YEAR.findall(said)}:
        there = any(_covers(stay, year) for stay in sheet.relations)
        points += 2 if there else -2
    return max(-6.0, min(6.0, points))


def _covers(stay: Stay, year: int) -> bool:
    return (stay.start is None or stay.start.first.year <= year) and (stay.end is None or stay.end.last.year >= year)
