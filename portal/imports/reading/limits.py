"""How much of a file is looked at, so that no file takes more than its share of memory or time."""

from __future__ import annotations

MEBIBYTE = 2**20

LARGEST_FILE = 200 * MEBIBYTE
MOST_ROWS = 1_000_000
MOST_COLUMNS = 400  # Outlook writes 92, Google up to some 150
LONGEST_LINE = 262_144  # characters of one line of a text file
LONGEST_ROW = 524_288  # characters of one row whose quoted cells go over several lines
LONGEST_CELL = 32_767  # what a cell of a spreadsheet can hold

LARGEST_ARCHIVE = 50 * MEBIBYTE  # an .xlsx as it lies on the disk
LARGEST_UNPACKED = 160 * MEBIBYTE  # all of its parts together
LARGEST_RATIO = 200  # how many times larger than its packed form a part may be
RATIO_COUNTS_FROM = 2 * MEBIBYTE  # small parts may be packed as tightly as they like
LARGEST_SMALL_PART = 8 * MEBIBYTE  # all but sheets and texts: styles, the list of sheets
MOST_SHEETS = 100
MOST_PARTS = 1_000
LARGEST_INDEX = 256 * 1024  # bytes of an archive's table of contents
MOST_CELLS = 2_000_000  # the rectangle that a sheet spans, empty cells included
MOST_SHEET_TEXT = 64 * MEBIBYTE  # characters of all its cells

LARGEST_CARD = 2 * MEBIBYTE  # a vCard without its pictures is some kilobytes
MOST_PROPERTIES = 500

HEAD_ROWS = 40  # where the line of column names is looked for
SAMPLE_ROWS = 2_000  # what is read to propose meanings and the order of dates
PREVIEW_ROWS = 20
SAMPLES = 3  # shown beside a column
SAMPLE_LENGTH = 80
FOOTER_ROWS = 12  # how many lines at the end may be held back to see whether they are a footer
MOST_IN_A_CELL = 50  # addresses, former employers
MOST_PROBLEMS = 20  # told of one row
