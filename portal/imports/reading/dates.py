"""Dates as files write them: a year, a month or a day (T4); what can be read in two ways is asked, not guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from portal.core import clock
from portal.core.partial_dates import PartialDate
from portal.core.text import plain

YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ]\d.*)?")
TOGETHER = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:,? \d.*)?")
MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
DAY_OF_MONTH = re.compile(
    r"(?:\w{2,9},? )?(\d{1,2})(?:\.|st|nd|rd|th)?[ -]*([a-z]{3,10})\.?,?[ -]*(\d{4}|\d{2})(?:,? \d.*)?"
)
MONTH_FIRST = re.compile(r"([a-z]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:,? \d.*)?")
MONTH_NAMED = re.compile(r"([a-z]{3,10})\.?,?[ -/](\d{4}|\d{2})")
SERIAL = re.compile(r"[2-6]\d{4}")  # days since 1900, as spreadsheets count
NOT_SET = re.compile(r"[0\W]+(T[0:.]+Z?)?|31\W12\W9999|12\W31\W9999|9999\W12\W31.*")
STILL = {"present", "current", "currently", "today", "now", "ongoing", "heute", "aktuell", "open", "until today"}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar janner janvier enero jan ene",
            "february februar fevrier febrero feb fev",
            "march marz mars marzo mar mrz",
            "april avril abril apr avr abr",
            "may mai mayo",
            "june juni juin junio jun",
            "july juli juillet julio jul juil",
            "august aout agosto aug ago",
            "september septembre septiembre sep sept",
            "october oktober octobre octubre oct okt",
            "november novembre noviembre nov",
            "december dezember decembre diciembre dec dez dic",
        ),
        start=1,
    )
    for name in names.split()
}
LONGEST_DATE = 40
EITHER = "“{}” can be read in two ways. Choose whether days or months come first; until then it is left out."
NO_DATE = "“{}” is no date, so it was left out."


def read_date(text: str, order: str) -> tuple[PartialDate | None, str]:
    """The date that a cell holds, and a sentence when it holds something else."""
    return _read(text, order) if len(text) <= LONGEST_DATE else (None, NO_DATE.format(f"{text[:LONGEST_DATE]}…"))


@lru_cache(maxsize=8192)
def _read(text: str, order: str) -> tuple[PartialDate | None, str]:
    if NOT_SET.fullmatch(text) or text.casefold() in STILL:
        return None, ""
    if way_of(text) == "either" and order not in ("dmy", "mdy"):
        return None, EITHER.format(text)
    for written in _written(text, order):
        try:
            return PartialDate.parse(written), ""
        except ValueError:
            break
    return None, NO_DATE.format(text)


def way_of(text: str) -> str:
    """What a date tells about its own order: "dmy", "mdy", "either", or "" when it needs no order."""
    found = YEAR_LAST.fullmatch(text)
    if not found:
        return ""
    first, mark, second = int(found[1]), found[2], int(found[3])
    if first == second and first <= 12:
        return ""
    if first > 12 or second > 12:
        return "mdy" if second > 12 >= first else "dmy"
    return "dmy" if mark == "." else "either"


def _written(text: str, order: str) -> list[str]:
    """The date as the portal writes it, if there is any way to read it."""
    if found := YEAR_FIRST.fullmatch(text) or TOGETHER.fullmatch(text):
        return ["-".join(part for part in found.groups() if part)]
    if found := YEAR_LAST.fullmatch(text):
        first, _mark, second, year = found.groups()
        way = way_of(text)
        day, month = (second, first) if (order if way == "either" else way) == "mdy" else (first, second)
        return [f"{_year(year)}-{month}-{day}"]
    if found := MONTH_YEAR.fullmatch(text):
        return [f"{found[2]}-{found[1]}"]
    if SERIAL.fullmatch(text):
        return [(date(1899, 12, 30) + timedelta(days=int(text))).isoformat()]
    return _with_a_name(plain(text))


def _with_a_name(text: str) -> list[str]:
    """ "30 Jun 2014", "June 30, 2014", "June 2014"."""
    if found := DAY_OF_MONTH.fullmatch(text):
        day, month, year = found.groups()
    elif found := MONTH_FIRST.fullmatch(text):
        month, day, year = found.groups()
    elif found := MONTH_NAMED.fullmatch(text):
        month, day, year = found[1], "", found[2]
    else:
        return []
    number = MONTHS.get(month)
    return [f"{_year(year)}-{number}" + (f"-{day}" if day else "")] if number else []


def _year(text: str) -> int:
    """Two digits mean the last hundred years, next year included."""
    year = int(text)
    if len(text) == 4:
        return year
    this = clock.today().year
    year += this - this % 100
    return year if year <= this + 1 else year - 100
