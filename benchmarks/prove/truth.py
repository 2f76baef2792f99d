"""Who the rows really are: read here alone, never by the code under test."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Pair = tuple[str, str]


class Truth:
    """The people behind the directory and the exports."""

    def __init__(self, data: Path) -> None:
        folder = data / "openstack-affiliations"
        known = json.loads((folder / "people.json").read_text(encoding="utf-8"))
        self.people = {person["person_id"]: person for person in known}
        self.by_id = {each: person["person_id"] for person in known for each in person["external_ids"]}
        with (folder / "uncertain_pairs.csv").open(encoding="utf-8") as file:
            self.uncertain = {pair(row["person_id_a"], row["person_id_b"]) for row in csv.DictReader(file)}
        with (data / "exports" / "truth.csv").open(encoding="utf-8") as file:
            self.rows = {(row["file"], int(row["data_row"])): row["person_id"] for row in csv.DictReader(file)}


def pair(one: str, other: str) -> Pair:
    """Two, in one order."""
    return (one, other) if one < other else (other, one)


class Score:
    """Pairs of rows that were put together, against pairs that belong together; uncertain ones count neither way."""

    def __init__(self, placed: Iterable[tuple[str, int]], truth: Truth, asked: set[tuple[int, int]]) -> None:
        by_record: dict[int, list[str]] = defaultdict(list)
        by_human: dict[str, list[int]] = defaultdict(list)
        for human, record in placed:
            by_record[record].append(human)
            by_human[human].append(record)
        self.records, self.humans = len(by_record), len(by_human)
        self.wrong = sorted({
            pair(*both) for humans in by_record.values() for both in combinations(sorted(set(humans)), 2)
        } - truth.uncertain)  # fmt: skip
        self.right_pairs = sum(_same(records) for records in by_human.values())
        self.all_pairs = sum(len(records) * (len(records) - 1) // 2 for records in by_human.values())
        self.wrong_pairs = sum(
            1 for humans in by_record.values() for one, other in combinations(humans, 2)
            if one != other and pair(one, other) not in truth.uncertain
        )  # fmt: skip
        split = {human: sorted(set(records)) for human, records in by_human.items() if len(set(records)) > 1}
        self.missed = split
        self.missed_asked = sum(
            any(tuple(sorted(both)) in asked for both in combinations(records, 2)) for records in split.values()
        )

    @property
    def precision(self) -> float:
        """Of the pairs put together, how many belong together."""
        made = self.right_pairs + self.wrong_pairs
        return self.right_pairs / made if made else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that belong together, how many were put together."""
        return self.right_pairs / self.all_pairs if self.all_pairs else 1.0

    def lines(self) -> list[str]:
        """The figures."""
        return [
            f"{self.records} records of {self.humans} people; precision {self.precision:.4f}, recall {self.recall:.4f}",
            f"wrong merges: {len(self.wrong)}" + (f" – {self.wrong}" if self.wrong else ""),
            f"people in more than one record: {len(self.missed)}, of them suggested to a person: {self.missed_asked}",
        ]


def _same(records: list[int]) -> int:
    counted: dict[int, int] = defaultdict(int)
    for record in records:
        counted[record] += 1
    return sum(n * (n - 1) // 2 for n in counted.values())
