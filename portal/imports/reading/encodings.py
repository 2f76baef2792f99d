"""In which encoding a text file is written: a byte order mark or strict UTF-8 is certain, all else is a proposal."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.imports.reading.limits import LARGEST_FILE, MEBIBYTE
from portal.imports.reading.source import BadFile

if TYPE_CHECKING:
    from pathlib import Path

# Python's name of each encoding that may be chosen, and what people call it.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "utf-16": "UTF-16 with a mark",
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
    "cp1252": "Windows-1252 (Western Europe)",
    "iso8859-1": "ISO-8859-1 (Western Europe)",
    "iso8859-15": "ISO-8859-15 (Western Europe, with €)",
    "cp1250": "Windows-1250 (Central Europe)",
    "iso8859-2": "ISO-8859-2 (Central Europe)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp850": "DOS 850 (Western Europe)",
    "mac_roman": "Mac Roman",
    "cp932": "Shift-JIS (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "cp949": "Korean (Windows-949)",
}
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BEGINNING = 65_536
NO_SIGNS = dict.fromkeys([*range(9), *range(14, 26), *range(28, 32)])  # what no text has, but for a slip
FEW_SIGNS = 4
HINT_BYTES = 16 * 1024
EMPTY = "The file is empty."
TOO_LARGE = f"The file is larger than {LARGEST_FILE // MEBIBYTE} MB. Split it into smaller ones."
BINARY = "The file is not text, nor an Excel or vCard file. Export it once more as CSV, XLSX or vCard."


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the bytes tell."""

    encoding: str
    sure: bool
    lines: int
    others: tuple[str, ...] = ()
    note: str = ""


@dataclass(slots=True)
class _Seen:
    lines: int = 0
    is_utf8: bool = True
    foreign: bytes = b""  # a sample of the lines that are not ASCII


def label_of(encoding: str) -> str:
    """What people call it."""
    return ENCODINGS.get(encoding, encoding)


def propose_encoding(path: Path) -> Encoded:
    """Look through the whole file once, piece by piece, and say in which encoding it is written."""
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    mark = next((name for mark, name in MARKS if beginning.startswith(mark)), "")
    wide = "" if mark else _wide_without_mark(beginning)
    if not mark.startswith("utf-16"):
        _refuse_signs_of_no_text(beginning.decode(wide or "latin-1", "replace"))
    seen = _look_through(path)
    if mark:
        return Encoded(mark, True, seen.lines, note=f"The file says itself that it is {label_of(mark)}.")
    if wide:
        note = f"The file looks like {label_of(wide)}, but does not say so. Check the names below."
        return Encoded(wide, False, seen.lines, ("utf-16-le", "utf-16-be"), note)
    if seen.is_utf8:
        return Encoded("utf-8", True, seen.lines, note="The file is valid UTF-8." if seen.foreign else "")
    return _one_byte(seen)


def _wide_without_mark(beginning: bytes) -> str:
    """Zeros in every second byte are UTF-16."""
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    if max(even, odd) * 5 < len(beginning):
        return ""
    return "utf-16-le" if odd > 10 * even else "utf-16-be" if even > 10 * odd else ""


def _refuse_signs_of_no_text(text: str) -> None:
    if len(text) - len(text.translate(NO_SIGNS)) > FEW_SIGNS + len(text) // 200:
        raise BadFile(BINARY)


def _look_through(path: Path) -> _Seen:
    seen, decoder = _Seen(), codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while piece := file.read(MEBIBYTE):
            seen.lines += piece.count(b"\n") or piece.count(b"\r")
            seen.is_utf8 = seen.is_utf8 and _decodes(decoder, piece)
            if not piece.isascii() and len(seen.foreign) < HINT_BYTES:
                seen.foreign += b"\n".join(line[:400] for line in piece.split(b"\n") if not line.isascii())[:HINT_BYTES]
    seen.is_utf8 = seen.is_utf8 and _decodes(decoder, b"", final=True)
    return seen


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _one_byte(seen: _Seen) -> Encoded:
    hint = _hint(seen.foreign)
    others = tuple(dict.fromkeys([*hint, *(name for name in ENCODINGS if not name.startswith("utf"))]))
    note = f"The file is not UTF-8. {label_of('cp1252')} is what most programs write then; check the names below."
    if hint and hint[0] not in ("cp1252", "iso8859-1"):
        note += f" It may also be {label_of(hint[0])}."
    return Encoded("cp1252", False, seen.lines, others, note)


def _hint(sample: bytes) -> list[str]:
    """What charset-normalizer thinks, as no more than a hint: it is often wrong about one-byte encodings."""
    from charset_normalizer import from_bytes

    known = {codecs.lookup(name).name: name for name in ENCODINGS if not name.startswith("utf")}
    try:
        matches = from_bytes(sample, cp_isolation=list(ENCODINGS))
        found = [codecs.lookup(match.encoding).name for match in matches]
    except (LookupError, ValueError, UnicodeError):
        return []
    return [known[name] for name in found if name in known][:3]
