"""How long an import of many rows takes, and how much memory: a generated file, planned, applied, taken back."""

from __future__ import annotations

import csv
import random
import resource
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.prove import ground

COLUMNS = ("Employee ID", "First name", "Last name", "Email", "Phone", "Company", "Job title", "City", "Start date",
           "End date")  # fmt: skip
SYLLABLES = ["ka", "lo", "mi", "ren", "tas", "vel", "dor", "nis", "ban", "que", "sha", "pol", "er", "win", "hal", "jun"]


def generate(path: Path, rows: int, seed: int = 7) -> None:
    """A file of made-up people: one in twenty a second time, one in ten with two addresses."""
    chance = random.Random(seed)  # noqa: S311 - made-up people
    firms = [f"{_word(chance, 2)} {chance.choice(('Works', 'Group', 'Systems', 'Partners'))} {n}" for n in range(800)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer, number = csv.writer(file), 0
        writer.writerow(COLUMNS)
        while number < rows:
            number += 1
            first, last = _word(chance, 2), _word(chance, 3)
            person = f"{first}.{last}.{number}".lower()
            mail = f"{person}@example.org" + (f"; {person}@example.net" if number % 10 == 0 else "")
            start = chance.randint(1995, 2018)
            line = [number, first, last, mail, f"+44 20 {number:07}", chance.choice(firms), "Engineer", _word(chance, 2),
                    f"{start}-03-01", f"{start + 4}-06-30" if chance.random() < 0.6 else ""]  # fmt: skip
            writer.writerow(line)
            if number % 20 == 0 and number < rows:
                number += 1
                writer.writerow([line[0], first, last, f"{person}@example.com", *line[4:]])


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(syllables)).capitalize()


def main() -> None:
    """`python -m benchmarks.prove.speed [ROWS] [SERVER]`."""
    rows, server = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2] if len(sys.argv) > 2 else ""
    with ground.house(server, "Kestrel & Lowe"), TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        generate(path, rows)
        print(f"{rows:,} rows, {path.stat().st_size / 1e6:.1f} MB, {'PostgreSQL' if server else 'SQLite'}")
        clock = time.perf_counter()
        imported = ground.plan(path, as_of=date(2026, 1, 31))
        clock = _lap("dry run", clock)
        planned = ground.outcomes(imported)
        ground.apply(imported)
        clock = _lap("apply", clock)
        print(f"report as planned: {ground.outcomes(imported) == planned}; {ground.people():,} people")
        ground.undo(imported)
        _lap("undo", clock)
        print(f"{ground.people():,} people left")


def _lap(what: str, since: float) -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime
    print(f"{what}: {time.perf_counter() - since:.1f} s ({spent:.1f} s of CPU so far), peak {used.ru_maxrss / 1024:.0f} MB so far",
          flush=True)  # fmt: skip
    return time.perf_counter()


if __name__ == "__main__":
    main()
