"""What people type into a search box, understood: words, phrases in quotes, and the excerpt that shows the hit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from rapidfuzz import fuzz

from portal.core.scripts import romanised
from portal.core.text import JOINERS, fold, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PIECE = re.compile(r'"([^"]*)"|([^\s"]+)')
QUOTES = str.maketrans("“”„«»＂", '""""""')
LONGEST_QUERY, MOST_TERMS, MOST_TRIGRAMS = 200, 12, 60
SHORTEST_PREFIX = 2
SIGNS = "\u2e80"  # from here on a letter is a word or a syllable: Chinese, Japanese, Korean
TOO_SHORT = "Type at least two letters."
LETTERS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must occur: any of these phrases; the last word of it may be only begun."""

    phrases: tuple[tuple[str, ...], ...]
    begun: bool = False


def says_enough(query: str) -> bool:
    """Whether there is anything to look for; one Latin letter would find half of everything, or nothing."""
    return any(len(word) >= SHORTEST_PREFIX or word >= SIGNS for word in words(query))


def indexed(text: str, *, names: bool = False) -> str:
    """The words of a text for an index; "Jean-Luc" is found as jean, luc and jeanluc, "Анна" as anna too."""
    joined = [word for chunk in text.split() if JOINERS.search(chunk.strip("'\"-")) for word in words(chunk)]
    return " ".join(words(_apart(text)) + joined + _in_latin(text, names=names))


@lru_cache(maxsize=512)
def parse(query: str, also: Callable[[str], Iterable[str]] | None = None) -> tuple[Term, ...]:
    """The terms of a query, all of which must occur; no input is an error.

    `also` tells words that mean the same as one of the query's.
    """
    pieces = list(PIECE.finditer(query[:LONGEST_QUERY].translate(QUOTES)))
    terms = []
    for number, piece in enumerate(pieces):
        quoted, bare = piece.groups()
        phrases = _phrases(quoted if bare is None else bare)
        if also and bare:
            alone = [phrase[0] for phrase in phrases if len(phrase) == 1]
            phrases += tuple((other,) for word in alone for other in also(word))
        if phrases:
            terms.append(Term(phrases, bare is not None and number == len(pieces) - 1 and _long_enough(phrases)))
    return tuple(terms[:MOST_TERMS])


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    readings = (tuple(words(_apart(text))), tuple(words(text)), tuple(_in_latin(text, names=True)))
    return tuple(dict.fromkeys(reading for reading in readings if reading))


def _in_latin(text: str, *, names: bool) -> list[str]:
    """The words in Latin letters, when they are in others; none otherwise."""
    if text.isascii():
        return []
    folded = fold(_apart(text))
    latin = romanised(folded, names=names)
    return words(latin) if latin != folded else []


def _apart(text: str) -> str:
    return JOINERS.sub(" ", text)


def _long_enough(phrases: tuple[tuple[str, ...], ...]) -> bool:
    return all(len(phrase[-1]) >= SHORTEST_PREFIX or phrase[-1] >= SIGNS for phrase in phrases)


def sqlite_query(terms: tuple[Term, ...]) -> str:
    """The terms for FTS5's MATCH; words hold only letters and digits, so the quotes are safe."""
    return " AND ".join(
        "(" + " OR ".join(_quoted(phrase, term.begun) for phrase in term.phrases) + ")" for term in terms
    )


def _quoted(phrase: tuple[str, ...], begun: bool) -> str:
    return f'"{" ".join(phrase)}"' + ("*" if begun else "")


def postgres_query(terms: tuple[Term, ...]) -> str:
    """The terms for PostgreSQL's to_tsquery."""
    return " & ".join("(" + " | ".join(_tsquery(phrase, term.begun) for phrase in term.phrases) + ")" for term in terms)


def _tsquery(phrase: tuple[str, ...], begun: bool) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in phrase) + (":*)" if begun else ")")


def trigrams(query: str) -> str:
    """Any three letters in a row of the query's words, for FTS5's trigram table."""
    padded = [f" {word}" for word in words(query)]
    found = dict.fromkeys(word[start : start + 3] for word in padded for start in range(len(word) - 2))
    return " OR ".join(f'"{three}"' for three in list(found)[:MOST_TRIGRAMS])


def beginnings(query: str) -> str:
    """Any word that begins like one of the query's, for a PostgreSQL without trigrams."""
    return " | ".join(f"'{word[:3]}':*" for word in words(query)[:MOST_TERMS])


def closest(query: str, candidates: Iterable[tuple[int, str]], *, at_least: float = 0.7) -> list[tuple[int, float]]:
    """Candidates (id, text) as (id, likeness from 0 to 1), most alike first, without those that are too different."""
    wanted = words(query)[:MOST_TERMS]
    scored = [(row_id, _likeness(wanted, words(text))) for row_id, text in candidates]
    return sorted((each for each in scored if each[1] >= at_least), key=lambda each: (-each[1], each[0]))


def _likeness(wanted: list[str], found: list[str]) -> float:
    if not wanted or not found:
        return 0.0
    # A long word says more about whom somebody means than a short one.
    weights = [len(word) for word in wanted]
    best = [max(fuzz.ratio(word, other) for other in found) for word in wanted]
    return sum(weight * score for weight, score in zip(weights, best, strict=True)) / sum(weights) / 100


def excerpt(text: str, query: str, length: int = 200) -> Markup:
    """The part of a text around the first hit, with the hits marked."""
    begun = {word for term in parse(query) for phrase in term.phrases for word in phrase}
    hits = [hit for hit in LETTERS.finditer(text) if _is_hit(hit.group(), begun)]
    start = _word_start(text, max(0, hits[0].start() - length // 4)) if hits else 0
    end = min(len(text), start + length)
    shown, position = escape("… " if start else ""), start
    for hit in hits:
        if start <= hit.start() and hit.end() <= end:
            shown += escape(text[position : hit.start()]) + Markup("<mark>{}</mark>").format(hit.group())
            position = hit.end()
    return shown + escape(text[position:end].rstrip()) + (" …" if end < len(text) else "")


def _word_start(text: str, position: int) -> int:
    """The beginning of the next word, so that an excerpt cuts none."""
    gap = text.find(" ", position) if position else -1
    return gap + 1 if 0 <= gap < position + 40 else position


def _is_hit(word: str, begun: set[str]) -> bool:
    return any(piece.startswith(begin) for piece in _pieces(word) for begin in begun)


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> tuple[str, ...]:
    """A word as it is compared; the same words stand in most texts."""
    return tuple(words(word))
