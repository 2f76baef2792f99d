"""What a speaker's words tell about who could have said them: language, places, years, trade."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.demo.sheets import HOST

if TYPE_CHECKING:
    from portal.demo.sheets import Sheet, Stay

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
BRITISH = ("English", "Welsh", "Irish", "Scots Gaelic")  # who reckons in pounds
YEAR = re.compile(r"\b(19[89]\d|20[0-2]\d)\b")
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Hints:
    """All that one speaker gives away in a conversation."""

    foreign: frozenset[str]
    places: frozenset[str]
    years: frozenset[int]
    trades: frozenset[str]
    pounds: bool
    named: frozenset[str]  # every word of the conversation: who is talked about doesn't talk

    def fit(self, sheet: Sheet, trades: dict[str, str]) -> float:
        """How well a person's story goes with it; `trades` are the firms' industries."""
        points = self._speaks(sheet) + self._was_there(sheet) + self._remembers(sheet) + self._knows(sheet, trades)
        if self.pounds and sheet.languages[0] not in BRITISH:
            points -= 3
        return points - (12 if sheet.called in self.named else 0)

    def _speaks(self, sheet: Sheet) -> float:
        if self.foreign:
            return 15 if self.foreign <= set(sheet.languages) else -40
        return 0 if "English" in sheet.languages else -40

    def _was_there(self, sheet: Sheet) -> float:
        own = " ".join([sheet.place, *(f"{stay.site} {stay.firm}" for stay in sheet.stays)])
        at_host = {stay.site for stay in sheet.stays if stay.firm == HOST}
        if not self.places:
            return 1.5 if "Bristol" in at_host else 0
        sites = self.places & SIGNS.keys()
        elsewhere = sites and at_host and not any(site in own for site in sites)
        return 3 * sum(place in own for place in self.places) - (3 if elsewhere else 0)

    def _remembers(self, sheet: Sheet) -> float:
        points = sum(2 if any(_covers(stay, year) for stay in sheet.relations) else -2 for year in self.years)
        return max(-6.0, min(6.0, points))

    def _knows(self, sheet: Sheet, trades: dict[str, str]) -> float:
        own = {trades.get(stay.firm, "") for stay in sheet.relations if stay.kind == "customer"}
        return 0 if not self.trades or not own else 2 if own & self.trades else -3


def hints_in(said: str, title: str, whole: str) -> Hints:
    """What the words of one speaker give away, in a conversation of this title."""
    told = {place for place in PLACES if place in said or place in title}
    told |= {place for place, signs in SIGNS.items() if any(sign in said or sign in title for sign in signs)}
    folded = said.casefold()
    return Hints(
        foreign=frozenset(languages_of(said)),
        places=frozenset(told),
        years=frozenset(int(found) for found in YEAR.findall(said)),
        trades=frozenset(trade for trade, signs in TRADES.items() if any(sign in folded for sign in signs)),
        pounds="£" in said,
        named=frozenset(WORD.findall(whole)),
    )


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


def _covers(stay: Stay, year: int) -> bool:
    return (stay.start is None or stay.start.first.year <= year) and (stay.end is None or stay.end.last.year >= year)
