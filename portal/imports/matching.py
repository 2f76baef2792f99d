"""Whose row it is: by id first, then by address and a name that may be the same; by name alone only a question (R17)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal.imports.deriving import differences
from portal.imports.names import may_be_one, same_name
from portal.imports.rows import boxes, folded

if TYPE_CHECKING:
    from portal.imports.book import Book, Known, Pending
    from portal.imports.rows import Fact

MOST_LIKE = 20  # namesakes whom a row is compared with
NO_NAME = "The row has no name and no address that could stand for one."


@dataclass(slots=True)
class Decision:
    """What becomes of a row, whose it is, and why."""

    pending: Pending
    outcome: str
    why: str
    known: Known | None = None


@dataclass(slots=True)
class Decided:
    """What a batch comes to."""

    decisions: list[Decision] = field(default_factory=list)
    joined: list[tuple[Known, Known]] = field(default_factory=list)
    likes: dict[tuple[int, int], str] = field(default_factory=dict)  # pairs of keys that look like one


class Matcher:
    """Decides a batch of rows, one after the other: what one row begins the next may add to."""

    def __init__(self, book: Book) -> None:
        self.book, self.made = book, Decided()

    def decide(self, pending: list[Pending]) -> Decided:
        """Decide all of them."""
        for each in pending:
            self.made.decisions.append(self._decide(each))
        return self.made

    def _decide(self, row: Pending) -> Decision:
        if not folded(row.fact.record.full_name):
            return Decision(row, "refused", " ".join([*row.fact.record.problems, NO_NAME]))
        by_id = self._by_id(row)
        member = next((known for known in by_id if known.claimed), None)
        if member is not None:
            return self._of_member(row, member, linked=True)
        sure, unsure = ([], []) if self.book.at(("row", "", row.digest)) else self._by_address(row, by_id)
        holder = next((known for known in unsure if known.claimed), None)
        if not by_id and not sure and holder is not None:
            return self._of_member(row, holder, linked=False)
        targets = _each_once([*by_id, *sure])
        known = self._one_of(targets) if targets else self.book.begin(row.fact.number)
        return self._add(row, known, [*unsure, *targets])

    def _by_id(self, row: Pending) -> list[Known]:
        places = [place for place in row.places if place[0] in ("external_id", "row")]
        return _each_once([known for place in places for known in self.book.at(place)])

    def _by_address(self, row: Pending, by_id: list[Known]) -> tuple[list[Known], list[Known]]:
        """Who has the address and may have the name; and who only has the address: an account's holder, another name."""
        sure: list[Known] = []
        unsure: list[Known] = []
        for box in row.boxes:
            holders = self.book.at(("address", "", box.norm))
            for known in (each for each in holders if each not in by_id):
                (sure if self._is_sure(row, known, box.norm, len(holders) > 1) else unsure).append(known)
        return _each_once(sure), _each_once([known for known in unsure if known not in sure])

    def _is_sure(self, row: Pending, known: Known, norm: str, shared: bool) -> bool:
        if known.claimed or _other_id(row, known):
            return False
        name, mine = row.fact.record.full_name, row.fact.import_id
        here = [fact.record.full_name for fact in known.facts if fact.import_id == mine and _has(fact, norm)]
        if here or shared:  # two names for one address in one file: a shared mailbox until somebody says otherwise
            return any(same_name(name, other) for other in here or known.names)
        return any(may_be_one(name, other) for other in known.names)

    def _one_of(self, targets: list[Known]) -> Known:
        """The one person whom the row speaks of; records that it ties together become one when nothing speaks against it."""
        first = targets[0]
        tied = [first, *(other for other in targets[1:] if self._may_join(first, other))]
        kept, *gone = sorted(tied, key=lambda known: (known.key < 0, abs(known.key)))
        for other in gone:
            self.book.join(kept, other)
            self.made.joined.append((kept, other))
        return kept

    def _may_join(self, one: Known, other: Known) -> bool:
        if self.book.decided.get(_pair(one, other)) == "different":
            return False
        mine, theirs = one.ids(), other.ids()
        if any(not mine[system] & theirs[system] for system in mine.keys() & theirs.keys()):
            return False
        return any(may_be_one(left, right) for left in one.names for right in other.names)

    def _add(self, row: Pending, known: Known, near: list[Known]) -> Decision:
        is_new, before = not known.facts and known.key < 0, known.derived(self.book.firms)
        self.book.add(known, row)
        changes = [] if is_new else differences(before, known.derived(self.book.firms))
        others = [other for other in near if self.book.find(other.key) is not known]
        alike = self._question(row, known, others) if is_new or changes else []
        problems = list(row.fact.record.problems)
        if is_new:
            words = _looks_like(alike) if alike else NEW if row.boxes or row.fact.record.external_ids else KEYLESS
            return Decision(row, "doubtful" if alike else "new", " ".join([words, *problems]).strip(), known)
        said = f"{'; '.join(changes)}." if changes else "Everything it says is known already."
        return Decision(row, "adds" if changes else "same", " ".join([said[0].upper() + said[1:], *problems]), known)

    def _question(self, row: Pending, known: Known, others: list[Known]) -> list[Known]:
        """Ask about those who share an address but not the name, and about namesakes who were at one employer."""
        found = {id(other): (other, "The same address under another name") for other in others}
        if self.book.imported.has_keys:
            mine = known.employers(self.book.firms)
            for other in self.book.at(("name", "", folded(row.fact.record.full_name)))[:MOST_LIKE]:
                shared = other is not known and mine & other.employers(self.book.firms)
                if shared:
                    found.setdefault(id(other), (other, "The same name, and both were at one employer"))
        return [other for other, why in found.values() if self._like(known, other, why)]

    def _like(self, known: Known, other: Known, why: str) -> bool:
        pair = _pair(known, other)
        if self.book.decided.get(pair) in ("same", "different"):
            return False
        self.made.likes.setdefault(pair, why)
        return True

    def _of_member(self, row: Pending, member: Known, *, linked: bool) -> Decision:
        """Nothing of somebody's account changes on the strength of a row: it proposes (I11)."""
        how = "linked" if linked else "held"
        if f"{how}:{row.digest}" in member.proposed:
            return Decision(row, "same", "This was proposed already.", member)
        member.proposed.add(f"{how}:{row.digest}")
        if linked:
            return Decision(row, "proposal", f"{member.full_name} has an account. {LINKED}", member)
        return Decision(row, "proposal", f"{member.full_name} has an account with this address. {UNLINKED}", member)


NEW = "Nobody here has this address or id."
KEYLESS = "It has no address and no id."
LINKED = "The host’s own dates apply, and they are told; anything else is theirs to confirm."
UNLINKED = "An admin says first whether the row speaks of them."


def _each_once(found: list[Known]) -> list[Known]:
    return list({known.key: known for known in found}.values())


def _pair(one: Known, other: Known) -> tuple[int, int]:
    return min(one.key, other.key), max(one.key, other.key)


def _has(fact: Fact, norm: str) -> bool:
    return any(box.norm == norm for box in boxes(fact.record))


def _other_id(row: Pending, known: Known) -> bool:
    """Whether one system knows the two under different ids."""
    theirs = known.ids()
    return any(system in theirs and value not in theirs[system] for system, value in row.fact.record.external_ids)


def _looks_like(alike: list[Known]) -> str:
    names = ", ".join(sorted({known.names[0] for known in alike if known.names})[:3])
    more = f" and {len(alike) - 3} more" if len(alike) > 3 else ""
    return f"Looks like {names}{more}: kept apart until somebody decides."
