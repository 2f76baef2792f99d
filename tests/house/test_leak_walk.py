"""The leak walk: every route, list, count and search, as each segment, with every id of what it may not see (M1, I11, P1).

What is secret carries the word QUILLON in its name, title or text; no answer may hold it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import pytest

from portal.core.access import viewer_of
from portal.core.db import db
from portal.people import actions as people
from tests.browse import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.application import Portal
    from portal.people.models import Person
    from tests.factories import Make

SECRET = "Quillon"
FINDABLE = "Zyxword"  # stands beside the secret word, so that a search for it would find it
SEGMENTS = (
    "visitor",
    "ex-employee",
    "employee",
    "current customer",
    "ex-partner",
    "admin",
    "seller",
    "suspended",
    "group outsider",
)
BACK_OFFICE = re.compile(r"^/admin|^/dev|^/assets")
SAFE_ARGS = {
    "slug": ("x",),
    "kind": ("post", "profile", "person"),
    "token": ("x",),
    "key": ("x",),
    "who": ("member", "visitor", "staff"),
    "place": ("x",),
}


@dataclass(frozen=True)
class Secrets:
    """The public ids of what nobody here may see."""

    ids: tuple[str, ...]


def hide_things(make: Make) -> Secrets:
    """A board for former customers alone, a group's board, an unclaimed person and one who stepped back."""
    writer = make.member(f"Wanda {SECRET}board", relation="customer:former")
    people.step_back(writer, by=viewer_of(writer.id))
    insider = make.member("Ines Insider", relation="customer:former")
    only_former = ({"relation_kind": "customer", "phase": "former"},)
    board = make.board(f"{FINDABLE} {SECRET} room", audiences=only_former)
    topic = make.topic(
        board, author=insider, title=f"{FINDABLE} {SECRET} matters", body=f"{FINDABLE} {SECRET} is what we say here."
    )
    post = make.reply(topic, insider, f"{FINDABLE} {SECRET}, again.")
    group = make.group("Halifax")
    room = make.board(f"{FINDABLE} {SECRET} site", audiences=({"group_id": group.id},))
    unclaimed = make.person(f"{FINDABLE} {SECRET}son")
    stepped = make.member(f"{FINDABLE} {SECRET}ova")
    shown = make.topic(
        make.board("Open board"), author=stepped, body=f"Posted before stepping back by @[me]({stepped.public_id})."
    )
    people.step_back(stepped, by=viewer_of(stepped.id))
    db.session.commit()
    return Secrets(
        (
            board.public_id,
            room.public_id,
            topic.public_id,
            post.public_id,
            unclaimed.public_id,
            stepped.public_id,
            shown.public_id,
        )
    )


def hide_imports(make: Make) -> tuple[str, ...]:
    """A file of people, a row of it, and what it proposes to one member alone (I11)."""
    from portal.core import clock
    from portal.core.db import add
    from portal.imports.models import Import, ImportProposal, ImportRow

    told = make.member("Toni Told")
    imported = add(Import(name=f"{SECRET}.csv", as_of=clock.today(), digest="", choices={}))
    record = {"full_name": f"{FINDABLE} {SECRET}er"}
    row = add(ImportRow(import_id=imported.id, number=1, seen_on="2020-01-31", digest="", record=record))
    data = dict.fromkeys(("title", "department", "site", "start", "end"), "") | {"organisation": f"{SECRET} Works"}
    proposal = add(ImportProposal(
        person_id=told.id, import_id=imported.id, row_id=row.id, kind="position", digest="x", title=f"{SECRET} Works", data=data
    ))  # fmt: skip
    db.session.commit()
    return imported.public_id, proposal.public_id


def person_of(segment: str, make: Make) -> Person | None:
    """Somebody of a segment."""
    if segment == "visitor":
        return None
    if segment in ("admin", "seller"):
        return make.member(roles=(segment,))
    relation = {
        "employee": "employee:current", "current customer": "customer:current", "ex-partner": "partner:former",
    }.get(segment, "employee:former")  # fmt: skip
    person = make.member(relation=relation)
    if segment == "suspended":
        from datetime import timedelta

        from portal.core import clock

        person.suspended_until = clock.now() + timedelta(days=5)
        db.session.commit()
    return person


def addresses(app: Portal, ids: tuple[str, ...], people_ids: tuple[str, ...]) -> list[str]:
    """Every page with every id in its place, and every list with the words that would find what is secret."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or BACK_OFFICE.match(str(rule)):
            continue
        names = sorted(rule.arguments)
        choices = [
            SAFE_ARGS.get(
                name, ("1",) if "int" in type(rule._converters.get(name)).__name__.lower() else ids + people_ids
            )
            for name in names
        ]  # noqa: SLF001
        for values in product(*choices):
            built = rule.build(dict(zip(names, values, strict=True)))
            if built is not None:
                found.append(built[1])
        if not names:
            found += [
                f"{rule}?q={FINDABLE}",
                f"{rule}?q={FINDABLE}&tab=posts",
                f"{rule}?q={FINDABLE}&tab=people",
                f"{rule}?name={FINDABLE}",
            ]
    return found


@pytest.mark.parametrize("segment", SEGMENTS)
def test_no_trace_of_what_is_not_yours(
    segment: str, app: Portal, make: Make, work: Callable[[], int], unlimited: None
) -> None:
    ids = hide_things(make).ids + hide_imports(make)
    visible = make.member("Vera Visible")
    person = person_of(segment, make)
    work()
    client = Browser(app).as_(person).client
    leaks = []
    for address in addresses(app, ids, (visible.public_id,)):
        if segment == "admin" and address.startswith("/moderation/profile/"):
            continue  # an admin finds every person in the back office, and may decide about each profile
        response = client.get(address)
        assert response.status_code not in (429, 500, 503), f"{segment}: {address} answers {response.status_code}"
        if SECRET.lower() in response.get_data(as_text=True).lower():
            leaks.append(address)
    assert not leaks, f"{segment} finds a trace at {leaks}"


def test_the_walk_would_find_a_leak(app: Portal, make: Make, unlimited: None) -> None:
    """The walk itself works: a former customer does see the board and its posts."""
    secrets = hide_things(make)
    client = Browser(app).as_(make.member(relation="customer:former")).client
    seen = [
        address
        for address in addresses(app, secrets.ids, ())
        if SECRET.lower() in client.get(address).get_data(as_text=True).lower()
    ]
    assert len(seen) > 4, seen
    assert any(address.startswith("/search") for address in seen)
