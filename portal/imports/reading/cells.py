"""What one cell may hold: text, several addresses, former employers, a yes or no."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from portal.accounts import mailboxes
from portal.core.partial_dates import PartialDate
from portal.core.text import seen
from portal.imports.reading.dates import read_date
from portal.imports.reading.limits import LONGEST_CELL, MOST_IN_A_CELL
from portal.imports.records import Stint

NOTHING = {"-", "–", "—", "n/a", "na", "#n/a", "null", "none", "nil", "(null)", "nan", "?", "unknown", "(blank)", "."}
NO_FIRM = {"independent", "*independent", "self-employed", "self employed", "freelance", "freelancer", "unemployed",
           "retired", "student", "unaffiliated", "*none", "various", "selbstständig"}  # fmt: skip
NO = {"", "0", "false", "no", "n", "nein", "non", "subscribed", "active", "off"}
OVER = re.compile(r"terminat|former|left|leaver|retire|resign|ended|ex-|alumn|separated|ausgeschieden", re.I)
RELATIONS = {
    "employee": "employee employees staff worker alumni alumnus alumna colleague mitarbeiter ex-employee",
    "customer": "customer customers client clients buyer kunde kunden ex-customer",
    "partner": "partner partners supplier vendor reseller distributor lieferant ex-partner",
}
RELATION_WORDS = {word: kind for kind, words in RELATIONS.items() for word in words.split()}
LITERAL = re.compile(r'="([^"]*)"')  # how some programs keep the zeros of 00123
ERROR = re.compile(r"#(REF|N/A|NAME|VALUE|DIV/0|NUM|NULL|SPILL|CALC)[!?]?")
SEVERAL = re.compile(r":::|[;|\n]")
BETWEEN_ADDRESSES = re.compile(r"(?::::|[;,|\s])+")
IN_BRACKETS = re.compile(r"<([^<>]*)>")
LONGEST_FIRM, LONGEST_FORMER = 160, 300  # the name of an organisation; with its dates
LOCAL = re.compile(r"[A-Za-z0-9!#$%&*+/=?^_`{|}~'-]+(?:\.[A-Za-z0-9!#$%&*+/=?^_`{|}~'-]+)*")
UNTIL = re.compile(r"(?P<firm>.+?),?\s+\(?(?:until|till|to|bis|ended|left)\s+(?P<end>[^()]+?)\)?", re.I)
SPAN = re.compile(
    r"(?P<firm>.+?),?\s+[(\[](?P<start>[^()–-]*(?:-\d\d?){0,2}?)\s*(?:–|-| to )\s*(?P<end>[^()–]*)[)\]]", re.I
)
LINK = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#]\S*)?", re.I)

UNREADABLE = "Some letters of this row can't be read in the chosen encoding; they show as �."
FORMULA = "A formula stands where text should be, so it was left out."
SHOWS_ERROR = "A cell shows the error {}, so it was left out."
CUT = f"A cell is longer than {LONGEST_CELL:,} characters, so it was left out."
NO_ADDRESS = "“{}” is no email address, so it was left out."
TOO_MANY = f"A cell holds more than {MOST_IN_A_CELL} values; the others were left out."


def clean(text: str, problems: list[str]) -> str:
    """The text of a cell without what nobody sees; nothing where a formula, an error or a placeholder stands."""
    if not (text.isascii() and text.isprintable()):
        text = _seen(text, problems)
    text = text.strip()
    if len(text) > LONGEST_CELL:
        problems.append(CUT)
        return ""
    if text[:1] in ("=", "#"):
        text = _without_formula(text, problems)
    return "" if len(text) < 10 and text.casefold() in NOTHING else text


def _seen(text: str, problems: list[str]) -> str:
    if "\ufffd" in text:
        problems.append(UNREADABLE)
    return seen(unicodedata.normalize("NFC", text[: LONGEST_CELL + 1]))


def _without_formula(text: str, problems: list[str]) -> str:
    if literal := LITERAL.fullmatch(text):
        return literal[1].strip()
    if text[0] == "=":
        problems.append(FORMULA)
        return ""
    if ERROR.fullmatch(text):
        problems.append(SHOWS_ERROR.format(text))
        return ""
    return text


def several(text: str, problems: list[str]) -> list[str]:
    """The values of a cell that holds several, as "a; b" or "a ::: b"."""
    found = [part for part in map(str.strip, SEVERAL.split(text)) if part]
    if len(found) > MOST_IN_A_CELL:
        problems.append(TOO_MANY)
    return found[:MOST_IN_A_CELL]


def addresses_in(text: str, problems: list[str]) -> list[str]:
    """The addresses of a cell as they are written; what is none becomes a problem."""
    if is_address(text):
        return [text]
    found = []
    for part in several(text, problems):
        bracketed = [inner.strip() for inner in IN_BRACKETS.findall(part)]
        for word in bracketed[:MOST_IN_A_CELL] or _words(part):
            plain = word.strip("'\"").removeprefix("mailto:")
            if is_address(plain):
                found.append(plain)
            else:
                problems.append(NO_ADDRESS.format(word[:60]))
    return found


def _words(part: str) -> list[str]:
    return [word for word in BETWEEN_ADDRESSES.split(part, maxsplit=MOST_IN_A_CELL) if word]


def is_address(text: str) -> bool:
    """The same answer as `mailboxes.parse`, in a hundredth of the time for all ordinary ones."""
    local, at, domain = text.rpartition("@")
    if at and len(local) <= 64 and len(text) <= 200 and text.isascii() and LOCAL.fullmatch(local):
        return _is_domain(domain.lower())
    return _parses(text)


@lru_cache(maxsize=8192)
def _is_domain(domain: str) -> bool:
    return _parses(f"a@{domain}")


def _parses(text: str) -> bool:
    if "@" not in text or len(text) > mailboxes.LONGEST or text != text.strip():
        return False
    try:
        mailboxes.parse(text)
    except ValueError:
        return False
    return True


def former_stints(text: str, order: str, problems: list[str]) -> list[Stint]:
    """ "NEC until 2014-06-30; HP (2014–2015)": who each former employer was, and until when."""
    return [
        stint for part in several(text, problems) if is_firm((stint := _former(part, order, problems)).organisation)
    ]


def _former(part: str, order: str, problems: list[str]) -> Stint:
    found = SPAN.fullmatch(part) or UNTIL.fullmatch(part) if len(part) <= LONGEST_FORMER else None
    if not found:
        return Stint(organisation=part[:LONGEST_FIRM], is_over=True)
    start = found.groupdict().get("start") or ""
    begun, wrong_start = read_date(start.strip(), order) if start.strip() else (None, "")
    ended, wrong_end = read_date(found["end"].strip(), order) if found["end"].strip() else (None, "")
    if wrong_start or wrong_end:  # the brackets or the word belong to the name of the firm
        if any(char.isdigit() for char in found["end"]):
            problems.append(wrong_end or wrong_start)
            return Stint(organisation=found["firm"].strip()[:LONGEST_FIRM], is_over=True)
        return Stint(organisation=part[:LONGEST_FIRM], is_over=True)
    begun, ended = in_order(begun, ended, problems)
    return Stint(organisation=found["firm"].strip()[:LONGEST_FIRM], start=begun, end=ended, is_over=ended is None)


def in_order(
    start: PartialDate | None, end: PartialDate | None, problems: list[str]
) -> tuple[PartialDate | None, PartialDate | None]:
    """Both dates, or none of them when the end comes before the start."""
    if start and end and end.text < start.text and end.last < start.first:
        problems.append(f"The end ({end.label}) comes before the start ({start.label}), so both were left out.")
        return None, None
    return start, end


def is_firm(text: str) -> bool:
    """Whether a cell names an organisation, and not that there is none."""
    return bool(text) and text.casefold() not in NO_FIRM


def is_yes(text: str) -> bool:
    """Whether a cell says yes; the moment when it happened does."""
    return text.casefold() not in NO


def says_over(status: str) -> bool:
    """Whether an employment status means that it has ended."""
    return bool(OVER.search(status))


def relation_of(text: str) -> str:
    """The kind of relation that a cell names, or ""."""
    return RELATION_WORDS.get(text.casefold().strip().removeprefix("former ").removeprefix("current "), "")


def link_of(text: str) -> str:
    """The web address that a cell holds, or ""."""
    if not LINK.fullmatch(text) or len(text) > 500:
        return ""
    return text if "://" in text else f"https://{text}"
