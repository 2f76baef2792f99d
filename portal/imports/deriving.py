"""What an unclaimed record says, derived from all the rows that speak of it: the order of the files does not matter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal.core.partial_dates import PartialDate
from portal.imports.records import Stint
from portal.imports.rows import boxes, folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.accounts.mailboxes import Mailbox
    from portal.imports.firms import Firm, Firms
    from portal.imports.rows import Fact

Key = int | str


@dataclass(frozen=True, slots=True)
class Entry:
    """One stretch of a career; `relation` is its kind when it is a bond with the host."""

    firm: Firm
    start: PartialDate | None = None
    end: PartialDate | None = None
    title: str = ""
    department: str = ""
    site: str = ""
    relation: str = ""

    @property
    def when(self) -> str:
        """For people: "since 2014", "until 30 June 2014"."""
        start, end = self.start and self.start.label, self.end and self.end.label
        if start and end:
            return f"{start} – {end}"
        return f"since {start}" if start else f"until {end}" if end else ""


@dataclass(slots=True)
class Derived:
    """The record as it should read."""

    name: str = ""
    call_name: str = ""
    addresses: dict[str, Mailbox] = field(default_factory=dict)
    bounced: set[str] = field(default_factory=set)
    entries: tuple[Entry, ...] = ()
    ids: frozenset[tuple[str, str]] = frozenset()
    others: frozenset[str] = frozenset()  # telephone numbers, links, places


@dataclass(frozen=True, slots=True)
class Claim:
    """One row's word on one employer."""

    seen: str
    row_id: int
    firm: Firm
    stint: Stint
    relation: str
    is_hosts: bool  # the host's own record of its own people

    @property
    def is_current(self) -> bool:
        """Whether the row says that the person is there."""
        return self.stint.end is None and not self.stint.is_over


def derive(facts: Sequence[Fact], firms: Firms) -> Derived:
    """The record that these rows make together."""
    made = Derived()
    if facts:
        best = max(facts, key=_name_rank)
        made.name, made.call_name = best.record.full_name, best.record.call_name
    for fact in sorted(facts, key=lambda each: (each.import_id, each.number)):
        for box in boxes(fact.record):
            made.addresses.setdefault(box.norm, box)
            if fact.record.bounced:
                made.bounced.add(box.norm)
    made.ids = frozenset(pair for fact in facts for pair in fact.record.external_ids)
    said = [(*fact.record.phones, *fact.record.links, fact.record.place) for fact in facts]
    made.others = frozenset(value for each in said for value in each if value)
    made.entries = career([claim for fact in facts for claim in claims_of(fact, firms)])
    return made


def _name_rank(fact: Fact) -> tuple[bool, bool, str, int, int, str, str]:
    """The latest name in full; of one day's the longer one; one made of an address only when there is no other."""
    name = fact.record.full_name
    made_up = name in {text.partition("@")[0] for text in fact.record.addresses}
    short = len(name.partition(" ")[0].strip(".")) < 2
    return (not made_up, not short, fact.seen, len(name.split()), len(name), name, fact.record.call_name)


def claims_of(fact: Fact, firms: Firms) -> list[Claim]:
    """What a row says of employers; a list of the host's own people says at least that they are its own."""
    kind = fact.record.relation or fact.kind
    stints = fact.record.stints or ((Stint(),) if kind == "employee" else ())
    found = []
    for stint in stints:
        firm = firms.find(stint.organisation)
        own = firm.is_host and (kind == "employee" or not stint.organisation)
        outside = kind in ("customer", "partner") and not firm.is_host and firm.key != ""
        relation = "employee" if own else kind if outside else ""
        found.append(Claim(fact.seen, fact.row_id, firm, stint, relation, own))
    return found


def career(claims: list[Claim]) -> tuple[Entry, ...]:
    """The stretches that the claims make together; who is elsewhere by a later word has left."""
    groups: dict[Key, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.firm.key].append(claim)
    found = []
    for key, group in groups.items():
        if key == "":  # working for nobody: it ends what was before, and is no employer
            continue
        own = [claim for claim in group if claim.is_hosts]
        elsewhere = [] if own else sorted(
            claim.seen for claim in claims if claim.is_current and claim.firm.key != key and not claim.is_hosts
        )  # fmt: skip
        found += [_entry(part, elsewhere) for part in _stretches(own or group)]
    return tuple(sorted(found, key=lambda each: (str(each.firm.key), each.start.text if each.start else "")))


def _stretches(group: list[Claim]) -> list[list[Claim]]:
    """Who came twice has two beginnings; what names none belongs to the last that began before its end."""
    starts = sorted({claim.stint.start.text for claim in group if claim.stint.start})
    if len(starts) < 2:
        return [group]
    parts: dict[str, list[Claim]] = {start: [] for start in starts}
    for claim in group:
        begun, end = claim.stint.start, claim.stint.end
        before = [start for start in starts if end is None or start <= end.text] or starts[:1]
        parts[begun.text if begun else before[-1]].append(claim)
    return list(parts.values())


def _entry(part: list[Claim], elsewhere: list[str]) -> Entry:
    ordered = sorted(part, key=lambda each: (each.seen, each.stint.title, each.stint.department, each.stint.site))
    start = next((claim.stint.start for claim in part if claim.stint.start), None)
    explicit, end = _end(ordered, elsewhere)
    if start and end and end.last < start.first:
        start, end = (None, end) if explicit else (start, None)
    words = {
        name: next((value for claim in reversed(ordered) if (value := getattr(claim.stint, name))), "")
        for name in ("title", "department", "site")
    }
    relation = next((claim.relation for claim in reversed(ordered) if claim.relation), "")
    return Entry(part[0].firm, start, end, relation=relation, **words)


def _end(ordered: list[Claim], elsewhere: list[str]) -> tuple[bool, PartialDate | None]:
    """When it ended: as a row says; else by the first day on which a row knows that it is over, or knows another."""
    current = [claim for claim in ordered if claim.is_current]
    last = current[-1].seen if current else ""
    rows = {claim.row_id for claim in current if claim.seen == last}
    ended = [
        claim for claim in ordered
        if claim.stint.end and (claim.seen > last or (claim.seen == last and claim.row_id not in rows))
    ]  # fmt: skip
    if ended:
        return True, max(ended, key=lambda each: (each.seen, each.stint.end.text if each.stint.end else "")).stint.end
    over = [claim.seen for claim in ordered if claim.stint.is_over and claim.seen > last]
    days = over[:1] + [day for day in elsewhere if day > last and last][:1]
    return False, PartialDate(min(days)) if days else None


def differences(before: Derived, after: Derived) -> list[str]:
    """What a row added, in words."""
    said = [f"new address {box.address}" for norm, box in after.addresses.items() if norm not in before.addresses]
    if before.name and before.name != after.name:
        said.append(f"is called {after.name} now")
    said += [f"known as {system} {value}" for system, value in sorted(after.ids - before.ids)]
    old = {(entry.firm.key, entry.start): entry for entry in before.entries}
    for entry in after.entries:
        was = old.get((entry.firm.key, entry.start))
        if was != entry:
            said.append(_changed(was, entry))
    if after.others - before.others:
        said.append("more ways to reach them")
    return said


def _changed(was: Entry | None, entry: Entry) -> str:
    when = f" {entry.when}" if entry.when else ""
    if was is None:
        return f"at {entry.firm.name}{when}"
    if was.end != entry.end:
        return f"left {entry.firm.name}, {entry.when}" if entry.end else f"at {entry.firm.name} again"
    return f"more about the time at {entry.firm.name}"


def is_no_firm(name: str) -> bool:
    """Whether a name of an employer says that there is none."""
    return name.startswith("*") or folded(name) in NO_FIRM


NO_FIRM = frozenset({"independent", "self employed", "selfemployed", "freelance", "freelancer", "none", "na", "n/a",
                     "unemployed", "retired", "individual"})  # fmt: skip
