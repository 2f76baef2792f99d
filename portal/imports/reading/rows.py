"""One row under a mapping becomes one record; what can't be understood becomes a sentence in it, never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.imports.reading import cells
from portal.imports.reading.dates import read_date
from portal.imports.reading.limits import MOST_PROBLEMS
from portal.imports.reading.meanings import MEANINGS
from portal.imports.reading.names import readable
from portal.imports.records import Record, Stint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.core.partial_dates import PartialDate
    from portal.imports.reading.delimited import Row
    from portal.imports.reading.source import Choices

Values = dict[str, list[str]]

OWN_LIST = "Own list"  # whose ids they are when nothing else is said
JOB = {"title", "department", "site", "start", "end", "status"}
LONGEST = {"full_name": 120, "preferred_name": 60, "organisation": 160, "title": 120, "department": 80, "site": 80,
           "place": 80, "external_id": 120}  # fmt: skip
ADDRESSES = ("address", "personal_address", "work_address")  # in this order: the first one is the main one
SHIFTED = "This row has {} cells where there are {} columns, so its values may be shifted and it was left out."
NOT_A_ROW = "This row has one cell where there are {} columns, so it was left out."
DELETED = "This row is marked as deleted in the system it comes from, so it was left out."
TOO_LONG = "{} is longer than {} characters and was cut."
NO_PHONE = "“{}” is no phone number, so it was left out."
NO_LINK = "“{}” is no web address, so it was left out."
NO_RELATION = "“{}” is not a relation: employee, customer or partner."
LOST = "The name holds a question mark: the program that wrote the file could not write one of its letters."
NOBODY = "This row has neither a name nor an address nor an id."


class RecordMaker:
    """Makes records of rows; `relation` is what the whole file says."""

    def __init__(self, choices: Choices, relation: str = "") -> None:
        self._columns = [(at, meaning) for at, meaning in enumerate(choices.mapping) if meaning in MEANINGS]
        self._columns = [(at, meaning) for at, meaning in self._columns if meaning != "ignore"]
        self._width = len(choices.mapping)
        self._order = choices.date_order
        self._system = choices.system or OWN_LIST
        self._relation = relation
        meanings = {meaning for _at, meaning in self._columns}
        self._names_firm = "organisation" in meanings
        self._names_job = bool(meanings & JOB)

    def __call__(self, number: int, row: Row) -> Record:
        """The record of a row that is not blank."""
        if problem := row.problem or self._misshapen(row.cells):
            return Record(row=number, problems=(problem,))
        problems: list[str] = []
        values = self._values(row.cells, problems)
        if any(cells.is_yes(text) for text in values.get("deleted", ())):
            return Record(row=number, problems=(DELETED,))
        return self.record(number, values, problems)

    def _misshapen(self, found: list[str]) -> str:
        if len(found) > self._width and any(text.strip() for text in found[self._width :]):
            return SHIFTED.format(len(found), self._width)
        return NOT_A_ROW.format(self._width) if len(found) == 1 and self._width > 2 else ""

    def _values(self, found: list[str], problems: list[str]) -> Values:
        values: Values = {}
        for at, meaning in self._columns:
            if at < len(found) and (text := found[at]) and (text := cells.clean(text, problems)):
                values.setdefault(meaning, []).append(text)
        return values

    def record(self, number: int, values: Values, problems: list[str]) -> Record:
        """The record of cleaned values by their meaning."""
        record = Record(
            row=number,
            full_name=_short("full_name", full_name(values), problems),
            call_name=_one("preferred_name", values, problems),
            addresses=_addresses(values, problems),
            phones=_phones(values.get("phone", ()), problems),
            links=_links(values.get("link", ()), problems),
            place=_one("place", values, problems),
            external_ids=tuple((self._system, _short("external_id", text, problems)) for text in values.get("external_id", ())),
            stints=self._stints(values, problems),
            relation=_relation(values.get("relation", ()), problems) or self._relation,
            seen_on=self._seen_on(values, problems),
            unsubscribed=any(map(cells.is_yes, values.get("unsubscribed", ()))),
            bounced=any(map(cells.is_yes, values.get("bounced", ()))),
        )  # fmt: skip
        if "?" in record.full_name:
            problems.append(LOST)
        if not (record.full_name or record.addresses or record.external_ids):
            problems.append(NOBODY)
        object.__setattr__(record, "problems", tuple(dict.fromkeys(problems))[:MOST_PROBLEMS])
        return record

    def _stints(self, values: Values, problems: list[str]) -> tuple[Stint, ...]:
        formers = [
            stint
            for text in values.get("former_organisations", ())
            for stint in cells.former_stints(text, self._order, problems)
        ]
        firm = _one("organisation", values, problems)
        if self._names_firm and not cells.is_firm(firm):
            return tuple(formers)
        if not (self._names_firm or self._names_job):
            return tuple(formers)
        return (self._stint(firm, values, problems), *formers)

    def _stint(self, firm: str, values: Values, problems: list[str]) -> Stint:
        start, end = self._date("start", values, problems), self._date("end", values, problems)
        start, end = cells.in_order(start, end, problems)
        return Stint(
            organisation=firm,
            title=_one("title", values, problems),
            department=_one("department", values, problems),
            site=_one("site", values, problems),
            start=start,
            end=end,
            is_over=end is None and any(map(cells.says_over, values.get("status", ()))),
        )

    def _date(self, meaning: str, values: Values, problems: list[str]) -> PartialDate | None:
        for text in values.get(meaning, ()):
            day, problem = read_date(text, self._order)
            if problem:
                problems.append(f"{MEANINGS[meaning]}: {problem}")
            if day:
                return day
        return None

    def _seen_on(self, values: Values, problems: list[str]) -> str:
        day = self._date("seen_on", values, problems)
        return day.first.isoformat() if day else ""


def full_name(values: Values) -> str:
    """One name: as it is given whole, or put together of its parts (T5)."""
    if whole := values.get("full_name"):
        name = readable(" ".join(whole[0].split()))
        if not cells.is_address(name):  # what some programs show when they know no name
            return name
    parts = [values[part][0] for part in ("given_name", "middle_name", "family_name", "name_suffix") if part in values]
    return readable(" ".join(" ".join(parts).split()))


def _one(meaning: str, values: Values, problems: list[str]) -> str:
    found = values.get(meaning)
    return _short(meaning, " ".join(found[0].split()), problems) if found else ""


def _short(meaning: str, text: str, problems: list[str]) -> str:
    longest = LONGEST[meaning]
    if len(text) <= longest:
        return text
    problems.append(TOO_LONG.format(MEANINGS[meaning], longest))
    return text[:longest].rstrip()


def _addresses(values: Values, problems: list[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for meaning in ADDRESSES:
        for text in values.get(meaning, ()):
            for address in cells.addresses_in(text, problems):
                found.setdefault(address.casefold(), address)
    return tuple(found.values())


def _phones(texts: Sequence[str], problems: list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for phone in (phone for text in texts for phone in cells.several(text, problems)):
        if 3 <= sum(char.isdigit() for char in phone) <= 20 and len(phone) <= 40:
            found[phone] = None
        else:
            problems.append(NO_PHONE.format(phone[:40]))
    return tuple(found)


def _links(texts: Sequence[str], problems: list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in (text for cell in texts for text in cells.several(cell, problems)):
        if link := cells.link_of(text):
            found[link] = None
        else:
            problems.append(NO_LINK.format(text[:60]))
    return tuple(found)


def _relation(texts: Sequence[str], problems: list[str]) -> str:
    for text in texts:
        if kind := cells.relation_of(text):
            return kind
        problems.append(NO_RELATION.format(text[:40]))
    return ""
