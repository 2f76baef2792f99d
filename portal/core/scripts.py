"""Names in other letters as they are written in Latin ones, so that each is found by the other.

Letters by anyascii; what people type is looser than any table, and the search forgives the rest.
"""

from __future__ import annotations

import re
from functools import partial

from anyascii import anyascii

from portal.core.text import UNSPACED, WORD

PAIRS = {"ου": "ou", "αυ": "av", "ευ": "ev", "μπ": "b", "ντ": "nt", "γγ": "ng"}
NEXT_SIGN = re.compile("(?<=[a-z])(?=[A-Z])")  # 王伟 becomes WangWei
SILENT = str.maketrans("", "", "'`")


def romanised(folded: str, *, names: bool = False) -> str:
    """Folded text in Latin letters: "анна каренина" → "anna karenina", and of `names` "김민준" → "gim min jun".

    Elsewhere Chinese and Japanese signs stay: by their sounds, which many share, English words would find them.
    """
    if folded.isascii():
        return folded
    for pair, latin in PAIRS.items():
        folded = folded.replace(pair, latin)
    return WORD.sub(partial(_latin, names=names), folded)


def _latin(word: re.Match[str], *, names: bool) -> str:
    if names:
        return NEXT_SIGN.sub(" ", anyascii(word[0])).translate(SILENT).lower()
    return "".join(each if UNSPACED.match(each) else anyascii(each) for each in word[0]).translate(SILENT).lower()
