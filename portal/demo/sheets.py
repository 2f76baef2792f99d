"""The made-up people and firms as they are written down in `data/`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from portal.core.partial_dates import PartialDate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

DATA = Path(__file__).parent / "data"
HOST = "Kestrel & Lowe"
RELATIVE = re.compile(r"-(\d+)d(?=\.\.| \|)")


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation."""

    name: str
    industry: str
    is_account: bool
    domain: str
    parent: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch at a firm; with a kind it is also a relation with the host."""

    kind: str  # employee | customer | partner | "" (elsewhere)
    firm: str
    title: str
    start: PartialDate | None
    end: PartialDate | None
    department: str = ""
    site: str = ""


@dataclass(slots=True)
class Sheet:
    """A person as written down."""

    name: str
    called: str
    place: str
    languages: tuple[str, ...]
    stays: list[Stay] = field(default_factory=list)
    headline: str = ""
    about: str = ""
    skills: tuple[str, ...] = ()
    links: list[tuple[str, str]] = field(default_factory=list)
    groups: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    sign_in: str = ""

    @property
    def relations(self) -> list[Stay]:
        """The stays that are bonds with the host."""
        return [stay for stay in self.stays if stay.kind]

    @property
    def is_claimed(self) -> bool:
        """Whether the person took the account."""
        return "unclaimed" not in self.marks


def firms() -> list[Firm]:
    """All organisations beside the host, parents first."""
    return [_firm([part.strip() for part in line.split("|")]) for line in lines_of(DATA / "organisations.txt")]


def _firm(parts: list[str]) -> Firm:
    name, industry, what, domain, parent, *aliases = parts
    names = tuple(alias.strip() for alias in ";".join(aliases).split(";") if alias.strip())
    return Firm(name, industry, what == "c", domain, parent, names)


def people(today: date) -> list[Sheet]:
    """Everybody, in the order of the files; a date like -9d is that many days before today."""
    sheets: list[Sheet] = []
    for path in sorted((DATA / "people").glob("*.txt")):
        for line in lines_of(path):
            line = RELATIVE.sub(lambda found: (today - timedelta(days=int(found[1]))).isoformat(), line)
            key, _, text = line.partition(" ")
            if key == "p":
                sheets.append(_person(text))
            else:
                READERS[key](sheets[-1], text.strip())
    for name, about in _abouts().items():
        next(sheet for sheet in sheets if sheet.name == name).about = about
    return sheets


def _person(text: str) -> Sheet:
    name, called, place, languages = (part.strip() for part in text.split("|"))
    return Sheet(name, called or name.split()[0], place, tuple(word.strip() for word in languages.split(",")))


def _stay(kind: str) -> Callable[[Sheet, str], None]:
    def read(sheet: Sheet, text: str) -> None:
        firm, dates, title = (part.strip() for part in text.split("|"))
        department = site = ""
        if kind == "employee":
            department, _, site = (part.strip() for part in firm.partition(","))
            firm = HOST
        start, _, end = dates.partition("..")
        sheet.stays.append(Stay(kind, firm, title, _date(start), _date(end), department, site))

    return read


def _date(text: str) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def _link(sheet: Sheet, text: str) -> None:
    address, _, label = text.partition(" ")
    sheet.links.append((address, label))


def _marks(sheet: Sheet, text: str) -> None:
    words = text.split()
    sheet.sign_in = next((word.partition(":")[2] for word in words if word.startswith("sign-in:")), "")
    sheet.marks = tuple(word for word in words if ":" not in word)


def _words(name: str, separator: str) -> Callable[[Sheet, str], None]:
    def read(sheet: Sheet, text: str) -> None:
        setattr(sheet, name, tuple(word.strip() for word in text.split(separator)))

    return read


def _text(name: str) -> Callable[[Sheet, str], None]:
    return lambda sheet, text: setattr(sheet, name, text)


def _abouts() -> dict[str, str]:
    pairs = (line.partition(":") for line in lines_of(DATA / "abouts.txt"))
    return {name: about.strip() for name, _, about in pairs}


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a data file that say something."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


READERS: dict[str, Callable[[Sheet, str], None]] = {
    "k": _stay("employee"),
    "c": _stay("customer"),
    "r": _stay("partner"),
    "o": _stay(""),
    "h": _text("headline"),
    "a": _text("about"),
    "l": _link,
    "x": _marks,
    "s": _words("skills", ","),
    "g": _words("groups", ";"),
}
