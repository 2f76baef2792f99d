"""A large community in bulk: 10,000 people, 20 boards, 20,000 topics, 200,000 posts, one topic of 5,000."""

from __future__ import annotations

import random
import secrets
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

from benchmarks.words import FIRST, LAST, NOUNS, PLACES, SKILLS, TITLES, VERBS
from portal.accounts.models import EmailAddress, Session
from portal.boards.actions import setup as boards
from portal.boards.index import POSTS
from portal.boards.models import Board, Post, Topic
from portal.boards.slugs import slug_of
from portal.careers.models import Position, Relation
from portal.core import clock, settings, tokens
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.housekeeping import count_rows
from portal.core.partial_dates import PartialDate
from portal.core.text import fold
from portal.organisations.actions import create_host
from portal.organisations.models import Organisation
from portal.people.actions import ensure_system
from portal.people.models import Person
from portal.profiles.models import NAMES, WORDS, PersonTerm, ProfileEntry
from portal.profiles.terms import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PEOPLE, BOARDS, TOPICS, POSTS_IN_ALL, LONG_TOPIC, FIRMS = 10_000, 20, 20_000, 200_000, 5_000, 400
BATCH = 5_000
RARE = "xanthophyll"  # in three posts


def fill(scale: float = 1.0) -> str:
    """Fill an empty database and sign one member in; the token of their session."""
    dice = random.Random(20261122)  # noqa: S311 - the same community every time
    ensure_system()
    host = create_host("Kestrel & Lowe", by=system_viewer())
    settings.set_value("reply_gap_seconds", 0, by=system_viewer())
    db.session.commit()
    firms = _firms(dice)
    count = int(PEOPLE * scale)
    first = _people(dice, count, host.id, firms)
    _boards()
    _topics(dice, int(TOPICS * scale), int(POSTS_IN_ALL * scale), first, count)
    token = session(first)
    db.session.commit()
    analyze()
    return token


def analyze() -> None:
    """Let the database know how much there is of everything."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    else:
        count_rows()
        db.session.commit()


def bulk(table: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Add rows, some thousands at a time."""
    turn = iter(rows)
    while batch := list(islice(turn, BATCH)):
        db.session.execute(insert(table), batch)
    db.session.commit()


def _firms(dice: random.Random) -> list[int]:
    names = list(
        dict.fromkeys(
            f"{dice.choice(LAST)} {dice.choice(('Terminals', 'Logistics', 'Mills', 'Breweries', 'Ports'))} {n}"
            for n in range(FIRMS)
        )
    )
    bulk(
        Organisation, ({"name": name, "folded_name": fold(name), "public_id": tokens.new_public_id()} for name in names)
    )
    return list(range(2, len(names) + 2))


def _people(dice: random.Random, count: int, host_id: int, firms: list[int]) -> int:
    now = clock.now()
    names = [f"{dice.choice(FIRST)} {dice.choice(LAST)}" for _ in range(count)]
    first = 2
    bulk(Person, (
        {"id": first + n, "public_id": tokens.new_public_id(), "full_name": name, "call_name": name.split()[0], "sort_name": fold(name), "listed": True,
         "claimed_at": now - timedelta(days=400), "timezone": "UTC", "theme": "auto"}
        for n, name in enumerate(names)
    ))  # fmt: skip
    reset_sequence("person")
    bulk(EmailAddress, (
        {"person_id": first + n, "public_id": tokens.new_public_id(), "address": f"p{n}@example.org", "norm": f"p{n}@example.org",
         "live_norm": f"p{n}@example.org",
         "domain": "example.org", "state": "live", "is_primary": True, "verified_at": now, "proved_at": now}
        for n in range(count)
    ))  # fmt: skip
    _careers(dice, first, count, host_id, firms)
    _profiles(dice, first, names)
    return first


def _careers(dice: random.Random, first: int, count: int, host_id: int, firms: list[int]) -> None:
    relations, positions = [], []
    for n in range(count):
        kind = dice.choices(("employee", "customer", "partner"), (6, 3, 1))[0]
        start = dice.randint(1995, 2020)
        end = None if dice.random() < 0.3 else start + dice.randint(1, 8)
        firm = host_id if kind == "employee" else dice.choice(firms)
        dates = _dates(start, end)
        shared = {"person_id": first + n, "department": dice.choice(("Engineering", "Sales", "Support", "Finance")), "site": dice.choice(PLACES),
                  "title": dice.choice(TITLES), **dates}  # fmt: skip
        relations.append(
            {"id": n + 1, "public_id": tokens.new_public_id(), "kind": kind, "organisation_id": firm, **shared}
        )
        positions.append({"public_id": tokens.new_public_id(), "organisation_id": firm, "relation_id": n + 1, **shared})
        later = (end or 2021) + dice.randint(0, 2)
        positions.append(
            {
                "public_id": tokens.new_public_id(),
                "organisation_id": dice.choice(firms),
                "relation_id": None,
                **shared,
                **_dates(later, None),
            }
        )
    bulk(Relation, relations)
    reset_sequence("relation")
    bulk(Position, positions)


def _dates(start: int, end: int | None) -> dict[str, Any]:
    return {
        "start": PartialDate(str(start)), "starts_on": date(start, 1, 1),
        "end": PartialDate(str(end)) if end else None, "ends_on": date(end, 12, 31) if end else None,
    }  # fmt: skip


def _profiles(dice: random.Random, first: int, names: list[str]) -> None:
    entries, terms = [], []
    for n, name in enumerate(names):
        headline = f"{dice.choice(TITLES)} in {dice.choice(PLACES)}"
        values = [
            ("headline", headline),
            ("place", dice.choice(PLACES)),
            *(("skill", skill) for skill in dice.sample(SKILLS, 3)),
        ]
        entries += [
            {"person_id": first + n, "field": field, "value": value, "folded": fold(value)} for field, value in values
        ]
        terms += [(first + n, "name", name), *((first + n, field, value) for field, value in values)]
    bulk(ProfileEntry, entries)
    bulk(PersonTerm, (
        {"id": n + 1, "person_id": person, "source": source, "text": value, "folded": fold(value), "audience": "members",
         "weight": WEIGHTS[source]}
        for n, (person, source, value) in enumerate(terms)
    ))  # fmt: skip
    reset_sequence("person_term")
    WORDS.put_many((n + 1, value) for n, (_, _, value) in enumerate(terms))
    NAMES.put_many((n + 1, value) for n, (_, source, value) in enumerate(terms) if source == "name")
    db.session.commit()


def _boards() -> None:
    by = system_viewer()
    section = boards.create_section("Everyone", by=by)
    for n in range(BOARDS):
        audience = ({"relation_kind": "any"},) if n < 16 else ({"relation_kind": "customer", "phase": "former"},)
        boards.create_board(
            section,
            f"Board {n + 1}",
            "A place to talk about the work and what came after.",
            position=n,
            audiences=audience,
            by=by,
        )
    db.session.commit()


def sentence(dice: random.Random) -> str:
    """A made-up sentence."""
    one, two, three = dice.choices(NOUNS, k=3)
    return f"The {one} {dice.choice(VERBS)} the {two} near {dice.choice(PLACES)} while a {three} {dice.choice(VERBS)}."


def _topics(dice: random.Random, topics: int, posts: int, first: int, people: int) -> None:
    now = clock.now()
    lengths = [LONG_TOPIC if topics > 2_000 else topics // 4] + [0] * (topics - 1)
    rest = posts - lengths[0]
    for n in range(1, topics):
        lengths[n] = max(1, rest // (topics - 1) + (1 if n <= rest % (topics - 1) else 0))
    rows = list(_topic_rows(dice, lengths, first, people, now))
    bulk(Topic, rows)
    reset_sequence("topic")
    bulk(Post, _post_rows(dice, rows, first, people))
    reset_sequence("post")
    db.session.execute(text(
        "UPDATE board SET topic_count = (SELECT count(*) FROM topic WHERE board_id = board.id),"
        " post_count = (SELECT count(*) FROM post WHERE board_id = board.id),"
        " last_topic_id = (SELECT id FROM topic WHERE board_id = board.id ORDER BY last_posted_at DESC LIMIT 1),"
        " last_posted_at = (SELECT max(last_posted_at) FROM topic WHERE board_id = board.id)"
    ))  # fmt: skip
    db.session.commit()


def _topic_rows(dice: random.Random, lengths: list[int], first: int, people: int, now: Any) -> Iterator[dict[str, Any]]:
    for n, length in enumerate(lengths):
        title = f"{dice.choice(NOUNS).capitalize()} and {dice.choice(NOUNS)} in {dice.choice(PLACES)} {n}"
        at = now - timedelta(minutes=len(lengths) - n) * 20 if n else now
        author = first + dice.randrange(people)
        yield {
            "id": n + 1, "public_id": tokens.new_public_id(), "board_id": 1 if n % 2 == 0 else n % BOARDS + 1, "author_id": author, "title": title,
            "slug": slug_of(title), "last_number": length, "post_count": length, "last_posted_at": at, "last_author_id": author, "created_at": at,
        }  # fmt: skip


def _post_rows(dice: random.Random, topics: list[dict[str, Any]], first: int, people: int) -> Iterator[dict[str, Any]]:
    key, index = 0, []
    for topic in topics:
        for number in range(1, topic["last_number"] + 1):
            key += 1
            words = " ".join(sentence(dice) for _ in range(dice.randint(2, 6))) + (
                f" {RARE}" if key in (777, 77_777, 177_777) else ""
            )
            index.append((key, words))
            yield {
                "id": key, "public_id": tokens.new_public_id(), "topic_id": topic["id"], "board_id": topic["board_id"], "number": number,
                "author_id": first + dice.randrange(people), "body": words, "html": f"<p>{words}</p>\n", "cook_version": 1,
                "created_at": topic["created_at"],
            }  # fmt: skip
    POSTS.put_many(index)


def session(person_id: int) -> str:
    """Sign somebody in; the token."""
    token, now = secrets.token_urlsafe(32), clock.now()
    db.session.add(
        Session(
            person_id=person_id,
            token_hash=tokens.digest(token),
            opened_through="password",
            factors=2,
            expires_at=now + timedelta(days=30),
        )
    )
    return token


def reset_sequence(table: str) -> None:
    """Count on after the ids that were given by hand."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 - our own names
        )
        db.session.commit()


__all__ = ["Board", "analyze", "bulk", "fill", "reset_sequence", "session"]
