"""How a file becomes records: what it is, how it is to be read, and its rows one by one.

`inspect` looks at a file and proposes; a person may choose otherwise; `read` streams the records under those choices.
A file that can't be read at all is a `BadFile` with one sentence; a row that can't is a sentence in its record.
"""

from portal.imports.reading.encodings import ENCODINGS
from portal.imports.reading.looking import inspect
from portal.imports.reading.meanings import MEANINGS
from portal.imports.reading.source import DATE_ORDERS, DELIMITERS, FORMATS, BadFile, Choices, Column, Source
from portal.imports.reading.streaming import read

__all__ = [
    "DATE_ORDERS",
    "DELIMITERS",
    "ENCODINGS",
    "FORMATS",
    "MEANINGS",
    "BadFile",
    "Choices",
    "Column",
    "Source",
    "inspect",
    "read",
]
