"""Fifty members who change employers, and three directories brought in over them: what is theirs stays theirs."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from benchmarks.prove import ground, members
from portal.accounts.models import EmailAddress
from portal.careers.models import Position, Relation
from portal.core.access import system_viewer
from portal.core.db import db, unit_of_work
from portal.core.mail_domains import is_provider
from portal.core.outbox import SENT, OutboxMail
from portal.organisations import actions as organisations
from portal.organisations.models import Organisation
from portal.organisations.queries import by_name
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.prove.members import Line, Member
    from benchmarks.prove.truth import Truth
    from portal.core.application import Portal
    from portal.imports.models import Import

HOW_MANY = 50


def story(app: Portal, files: list[tuple[Path, list[str], dict[str, Line]]], truth: Truth) -> Iterator[str]:
    """What happens, file by file; after the first one, fifty take their accounts."""
    chosen, admin_id = movers([rows for _, _, rows in files]), members.make_admin()
    mine: list[Member] = []
    placed: dict[str, set[int]] = {}
    for path, humans, rows in files:
        before = {each.row_id: members.addresses(each) for each in mine}
        imported = ground.bring(path, source="Directory")
        grown = sum(members.addresses(each) != before[each.row_id] for each in mine)
        links, said = members.answer(mine, admin_id)
        _place(placed, imported, humans)
        if not mine:
            domains = _know_domains(truth, chosen)
            mine = _taken(app, chosen, placed, rows)
            yield f"{len(mine)} accounts taken, {domains} mail domains of firms known"
        refused = sum(members.prove(each, rows[each.row_id]) for each in mine)
        yield (f"{path.name}: {imported.rows} rows; accounts whose addresses the file changed: {grown}; whose row it is, asked of "
               f"an admin {links} times; confirmed by the members {said}; addresses of former employers not proved any more {refused}")  # fmt: skip
    yield from _report(mine, files[-1][2], placed)


def lines(path: Path) -> dict[str, Line]:
    """A directory by its ids."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["External ID"]: row for row in csv.DictReader(file)}


def movers(lists: list[dict[str, Line]]) -> list[str]:
    """Those whom all the directories list, with one employer in the first and another in the last."""
    first, last, now = lists[0], lists[-1], "Current employer"
    moved = [
        known for known in first if all(known in each for each in lists)
        and first[known][now] and last[known][now] and first[known][now] != last[known][now]
    ]  # fmt: skip
    return sorted(moved)


def _taken(app: Portal, chosen: list[str], placed: dict[str, set[int]], rows: dict[str, Line]) -> list[Member]:
    """The first fifty whom a letter reaches take their accounts."""
    reached = [(each, next(iter(placed[each]))) for each in chosen]
    ways = [(each, person_id, members.way_in(person_id, rows[each])) for each, person_id in reached]
    able = [(each, person_id, way) for each, person_id, way in ways if way][:HOW_MANY]
    return [members.claim(app, person_id, rows[each], way) for each, person_id, way in able]


def _know_domains(truth: Truth, chosen: list[str]) -> int:
    """Give the firms that are known the mail domains they have, so that leaving one retires addresses."""
    known: set[str] = set()
    with unit_of_work():
        for email in (each for row_id in chosen for each in truth.people[truth.by_id[row_id]]["emails"]):
            firm, domain = by_name(email["company_of_domain"] or ""), email["email"].rpartition("@")[2]
            # A provider's own staff write from subdomains of it, which are no firm's alone (I4).
            if firm is not None and not is_provider(domain) and domain not in known:
                organisations.add_domain(firm, domain, by=system_viewer())
                known.add(domain)
    return len(known)


def _place(placed: dict[str, set[int]], imported: Import, humans: list[str]) -> None:
    for number, person_id in ground.owners(imported).items():
        placed.setdefault(humans[number - 1], set()).add(person_id)


def _report(mine: list[Member], last: dict[str, Line], placed: dict[str, set[int]]) -> Iterator[str]:
    """What became of each account, counted."""
    careers = [_career(each) for each in mine]
    said = [_employers(last[each.row_id]) for each in mine]
    pairs = list(zip(careers, said, strict=True))
    alone = sum(placed[each.row_id] == {each.person_id} for each in mine)
    yield f"{len(mine)} accounts; still the same person and page: {sum(map(_is_same, mine))}; with all rows in one record: {alone}"
    asked = ground.questions()
    for each in mine:
        others = placed[each.row_id] - {each.person_id}
        pairs_of = [(min(other, each.person_id), max(other, each.person_id)) for other in others]
        if others:
            yield f"  {each.row_id} stands in {len(others)} more; an admin is asked about {len(asked & set(pairs_of))} of them"
    both = sum(current | former <= set(career) for career, (current, former) in pairs)
    ended = sum(all(any(career.get(name, ())) for name in former) for career, (_, former) in pairs)
    yield f"with every employer of the last directory in the career: {both}; with an end to all the former ones: {ended}"
    kept = sum(each.history <= members.addresses(each) for each in mine)
    yield f"with every address it ever had: {kept} ({_states(mine)})"
    yield f"signed in with the made-up password: {sum(map(members.signs_in, mine))}"
    sent = db.session.execute(select(func.count()).where(OutboxMail.state == SENT)).scalar_one()
    yield f"mails that left: {sent}"


def _is_same(member: Member) -> bool:
    now = person_by_id(member.person_id)
    return now.public_id == member.public_id and now.claimed_at is not None and now.merged_into_id is None


def _career(member: Member) -> dict[str, list[str]]:
    """Employers, with the ends of each time there."""
    found: dict[str, list[str]] = {}
    for table in (Position, Relation):
        rows = select(Organisation.name, table.end).join(Organisation).where(table.person_id == member.person_id)
        for name, end in db.session.execute(rows):
            found.setdefault(name, []).append(end.text if end else "")
    return found


def _employers(row: Line) -> tuple[set[str], set[str]]:
    """Current and former ones, as the directory names them; independent is no employer."""
    former = {each.rpartition(" until ")[0] or each for each in row["Former employers"].split("; ") if each}
    return {row["Current employer"]} - {"", "Independent"}, former - {"Independent"}


def _states(mine: list[Member]) -> str:
    counted = select(EmailAddress.state, func.count()).where(
        EmailAddress.person_id.in_([each.person_id for each in mine])
    )
    return ", ".join(
        f"{n} {state}" for state, n in sorted(map(tuple, db.session.execute(counted.group_by(EmailAddress.state))))
    )
