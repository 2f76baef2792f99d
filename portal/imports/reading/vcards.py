"""vCards 2.1, 3.0 and 4.0 as clients really write them: cards, their properties, and the text of each value.

Not by a library: the one that there is dies on a card with a PROFILE or a cut picture, ends values at a comma that was
not escaped, and takes nine times as long.
"""

from __future__ import annotations

import codecs
import quopri
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from portal.imports.reading.encodings import ENCODINGS
from portal.imports.reading.limits import LARGEST_CARD, LONGEST_LINE, MOST_PROPERTIES
from portal.imports.reading.lines import lines_of, open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WANTED = {"FN", "N", "NICKNAME", "EMAIL", "TEL", "ORG", "TITLE", "URL", "ADR", "UID", "REV", "KIND"}
BEGIN, END = re.compile(rb"begin\s*:\s*vcard\s*$", re.I), re.compile(rb"end\s*:\s*vcard\s*$", re.I)
LINE = re.compile(rb'([^:"]*(?:"[^"]*"[^:"]*)*):(.*)', re.S)
PARAMETERS = re.compile(r';((?:[^;"]|"[^"]*")*)')
ESCAPED = re.compile(r"\\(.)", re.S)
SEPARATOR = re.compile(r"(?<!\\)((?:\\\\)*);")
NO_END = "This card is not closed; what stands in it was read."
TOO_LARGE = f"This card is larger than {LARGEST_CARD // 2**20} MB; what stands at its beginning was read."


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a card: `types` are its marks in lower case, like "home" or "pref"."""

    name: str
    types: frozenset[str]
    value: str

    @property
    def text(self) -> str:
        """The value as people read it."""
        return _plain(self.value)

    @property
    def parts(self) -> list[str]:
        """The components of a value that has several, like a name or an organisation."""
        if "\\" not in self.value:
            return [part.strip() for part in self.value.split(";")]
        return [_plain(part) for part in SEPARATOR.sub("\\1\0", self.value).split("\0")]


@dataclass(slots=True)
class Card:
    """The wanted properties of one card."""

    properties: list[Property] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    size: int = 0

    def all(self, name: str) -> list[Property]:
        """The properties of a name in order, the preferred ones first."""
        found = [prop for prop in self.properties if prop.name == name and prop.value.strip()]
        return sorted(found, key=lambda prop: "pref" not in prop.types) if len(found) > 1 else found

    def first(self, name: str) -> Property | None:
        """The first one that says something."""
        return next(iter(self.all(name)), None)


def count_cards(path: Path, encoding: str) -> int:
    """How many cards begin in a file."""
    return sum(1 for line in _byte_lines(path, encoding) if BEGIN.match(line))


def cards_of(path: Path, encoding: str) -> Iterator[Card]:
    """Each card of a file; one at a time is held, without its pictures."""
    card: Card | None = None
    inner = 0  # cards inside the card: an assistant's, an agent's
    expects_agent = False
    for line in _unfolded(_byte_lines(path, encoding)):
        if BEGIN.match(line):
            if card is not None and expects_agent:
                inner += 1
            else:
                yield from _closed(card)
                card, inner = Card(), 0
        elif card is not None and END.match(line):
            inner -= 1
            if inner < 0:
                yield card
                card, inner = None, 0
        elif card is not None and not inner:
            _add(card, line, encoding)
        expects_agent = line[:6].upper().startswith(b"AGENT") or (expects_agent and not line.strip())
    yield from _closed(card)


def _closed(card: Card | None) -> Iterator[Card]:
    if card is not None:
        card.problems.append(NO_END)
        yield card


def _add(card: Card, line: bytes, encoding: str) -> None:
    """Keep the property if it is wanted."""
    found = LINE.match(line)
    if not found or len(card.properties) >= MOST_PROPERTIES:
        return
    head = found[1].decode("ascii", "replace")
    name = head.partition(";")[0].rpartition(".")[2].strip().upper()
    if name not in WANTED:
        return
    card.size += len(line)
    if card.size > LARGEST_CARD:
        card.problems.append(TOO_LARGE)
        return
    parameters = [_parameter(text) for text in PARAMETERS.findall(head)]
    types = {kind for key, text in parameters if key in ("", "type") for kind in text.split(",")}
    if any(key == "pref" for key, _text in parameters):
        types.add("pref")
    card.properties.append(Property(name, frozenset(types), _decoded(found[2], dict(parameters), types, encoding)))


def _parameter(text: str) -> tuple[str, str]:
    """ "TYPE=home" → ("type", "home"); the bare "HOME" of version 2.1 → ("", "home")."""
    key, equals, value = text.partition("=")
    return (key.strip().lower(), value.strip().strip('"').lower()) if equals else ("", key.strip().lower())


def _decoded(value: bytes, parameters: dict[str, str], types: set[str], encoding: str) -> str:
    if parameters.get("encoding") == "quoted-printable" or "quoted-printable" in types:
        value = quopri.decodestring(value.replace(b"=\r\n", b"").replace(b"=\n", b""))
    value = value.strip(b"\r\n")
    if charset := _charset(parameters.get("charset", "")):
        return value.decode(charset, "replace")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode(encoding if encoding in ENCODINGS else "cp1252", "replace")


@lru_cache(maxsize=64)
def _charset(name: str) -> str:
    """One of the encodings that may be chosen, or ""; a card can't call for any other codec."""
    if not name or len(name) > 40:
        return ""
    try:
        wanted = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return next((known for known in (*ENCODINGS, "ascii") if codecs.lookup(known).name == wanted), "")


def _plain(text: str) -> str:
    if "\\" not in text:
        return text.strip()
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text).strip()


def _byte_lines(path: Path, encoding: str) -> Iterator[bytes]:
    """The lines of a file; of one that is too long (a picture), only its beginning."""
    if encoding.startswith("utf-16"):
        with open_text(path, encoding) as text:
            yield from (line.encode() for line in lines_of(text))
        return
    with path.open("rb") as file:
        is_first = True
        while line := file.readline(LONGEST_LINE):
            yield line.removeprefix(codecs.BOM_UTF8) if is_first else line
            is_first = False
            while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)


def _unfolded(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Lines that were folded put together again: those that go on with a space, and those broken by a "=" at the end."""
    pieces: list[bytes] = []
    size = 0
    for line in lines:
        is_folded = line[:1] in (b" ", b"\t") and bool(pieces)
        if is_folded or _goes_on(pieces):
            if is_folded:
                pieces[-1] = pieces[-1].rstrip(b"\r\n")
            size += len(line)
            if size <= LONGEST_LINE:  # what goes beyond is a picture
                pieces.append(line[1:] if is_folded else line)
            continue
        yield b"".join(pieces)
        pieces, size = [line], len(line)
    yield b"".join(pieces)


def _goes_on(pieces: list[bytes]) -> bool:
    return bool(pieces) and pieces[-1].rstrip(b"\r\n").endswith(b"=") and b"QUOTED-PRINTABLE" in pieces[0][:200].upper()
