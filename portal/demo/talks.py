"""Boards, and the conversations on them: written by people who may read them, at hours when people are awake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from portal.boards.actions import setup
from portal.boards.cooking import plain
from portal.boards.index import POSTS
from portal.boards.models import Board, Post, PostMention, PostRevision, Topic
from portal.boards.slugs import slug_of
from portal.core import markdown
from portal.core.access import system_viewer
from portal.core.db import db
from portal.demo import scripts
from portal.demo.casting import Casting
from portal.demo.rooms import ROOMS, SECTIONS
from portal.demo.sheets import DATA, lines_of
from portal.demo.stage import GRACE, Stage, public_id

if TYPE_CHECKING:
    from random import Random

    from portal.demo.scripts import Script
    from portal.demo.sheets import Sheet

YOUNG = 75  # days
NAMED = re.compile(r"\{([A-Z])\}")


@dataclass(slots=True)
class Line:
    """A post before it is a row."""

    topic: Topic
    number: int
    at: datetime
    speaker: Sheet
    text: str
    is_official: bool
    parts: dict[str, Sheet]


@dataclass(frozen=True, slots=True)
class Extra:
    """A post beside the conversations: hours after the last one or, when it is held, hours ago."""

    topic: str
    name: str
    is_held: bool
    hours: int
    text: str


def add_boards(stage: Stage) -> None:
    """The twelve boards in four sections, each with its audience, rules and keepers."""
    system, rng = system_viewer(), stage.dice("boards")
    sections = {name: setup.create_section(name, at, by=system) for at, name in enumerate(SECTIONS)}
    groups = {name: group.id for name, group in stage.groups.items()}
    for at, (slug, room) in enumerate(ROOMS.items()):
        board = setup.create_board(
            sections[room.section],
            room.name,
            room.purpose,
            rules=room.rules,
            position=at,
            audiences=room.audiences(groups),
            by=system,
        )
        board.public_id, board.created_at = public_id(rng), stage.opened_at
        for name in room.keepers:
            setup.appoint(board, stage.people[name], by=system)
        stage.boards[slug] = board
    db.session.flush()


def add_talks(stage: Stage) -> None:
    """All topics and posts, oldest first, with their counters and the words that search finds."""
    rng = stage.dice("talks")
    casting = Casting(stage.sheets, stage.dice("casting"), stage.now.date())
    lines: list[Line] = []
    for script in scripts.all_scripts():
        lines += _topic(stage, script, casting, rng)
    db.session.flush()
    lines.sort(key=lambda line: (line.at, line.topic.id, line.number))
    names = {person.public_id: person.full_name for person in stage.people.values() if person.listed}
    for line in lines:
        stage.posts.append(_post(stage, line, names, rng))
    db.session.flush()
    _mentions(stage)
    _edits(stage, rng)
    _take_back(stage)
    _count(stage)
    _index(stage)


def _topic(stage: Stage, script: Script, casting: Casting, rng: Random) -> list[Line]:
    times = _times(stage, script, rng)
    parts = casting.cast(script, times[0].date())
    topic = _opened(stage, script, parts[script.turns[0].speaker], times[0], rng)
    lines = [
        Line(topic, number, at, parts[turn.speaker], turn.text, _is_official(script, number), parts)
        for number, (turn, at) in enumerate(zip(script.turns, times, strict=True), 1)
    ]
    more = [extra for extra in extras() if extra.topic == script.title and not extra.is_held]
    lines += [_more(stage, extra, lines[-1]) for extra in more]
    for line in lines:
        _joined_before(stage, line.speaker, line.at, rng)
    return lines


def _opened(stage: Stage, script: Script, starter: Sheet, began: datetime, rng: Random) -> Topic:
    author = stage.people[starter.name]
    topic = Topic(
        public_id=public_id(rng),
        board_id=stage.boards[script.board].id,
        author_id=author.id,
        last_author_id=author.id,
        title=script.title,
        slug=slug_of(script.title),
        is_pinned="pinned" in script.flags,
        is_locked="locked" in script.flags,
        created_at=began,
        last_posted_at=began,
    )
    db.session.add(topic)
    stage.topics.append((script, topic))
    return topic


def _is_official(script: Script, number: int) -> bool:
    """A staff poster's answer that says something, but on the staff's own board."""
    turn = script.turns[number - 1]
    by_staff = script.roles[turn.speaker] == "staff" and script.board != "staff-room"
    return by_staff and number > 1 and len(turn.text) > 90


def _more(stage: Stage, extra: Extra, last: Line) -> Line:
    at = min(last.at + timedelta(hours=extra.hours), stage.now - GRACE)
    speaker = next(sheet for sheet in stage.sheets if sheet.name == extra.name)
    return Line(last.topic, last.number + 1, at, speaker, extra.text, False, {})


@cache
def extras() -> tuple[Extra, ...]:
    """The posts beside the conversations."""
    rows = ([part.strip() for part in line.split("|", 3)] for line in lines_of(DATA / "extra.txt"))
    return tuple(
        Extra(title, name, when.startswith("held"), int(when.split()[-1]), text) for title, name, when, text in rows
    )


def _times(stage: Stage, script: Script, rng: Random) -> list[datetime]:
    """When each post was written: at waking hours, and the young topics end in these days."""
    days = float(script.days_ago)
    if days <= YOUNG:
        lasts = script.lasts / timedelta(days=1)
        days = lasts + (days - lasts) * rng.uniform(0.05, 0.7)
    times = [stage.days_ago(days, rng)]
    for turn in script.turns[1:]:
        at = times[-1] + turn.after
        if turn.after > timedelta(hours=3) and (at.hour < 6 or at.hour > 21):
            at += timedelta(hours=(30 - at.hour) % 24, minutes=rng.randint(0, 170))
        times.append(at)
    late = times[-1] - (stage.now - GRACE)
    return [at - timedelta(days=-(-late // timedelta(days=1))) for at in times] if late > timedelta() else times


def _joined_before(stage: Stage, sheet: Sheet, at: datetime, rng: Random) -> None:
    person = stage.people[sheet.name]
    if person.claimed_at is None or person.claimed_at > at:
        person.claimed_at = max(at - timedelta(hours=rng.randint(2, 700)), stage.opened_at)


def _post(stage: Stage, line: Line, names: dict[str, str], rng: Random) -> Post:
    body = NAMED.sub(lambda found: _name(stage, line.parts[found[1]], rng), line.text)
    html = markdown.render(body, names)
    post = Post(
        public_id=public_id(rng),
        topic_id=line.topic.id,
        board_id=line.topic.board_id,
        number=line.number,
        body=body,
        html=html,
        author_id=stage.people[line.speaker.name].id,
        cook_version=markdown.COOK_VERSION,
        created_at=line.at,
        is_official=line.is_official,
    )
    db.session.add(post)
    return post


def _name(stage: Stage, sheet: Sheet, rng: Random) -> str:
    """Now and then a real mention, else the call name."""
    person = stage.people[sheet.name]
    return f"@[{person.call_name}]({person.public_id})" if rng.random() < 0.4 else person.call_name


def _mentions(stage: Stage) -> None:
    ids = {person.public_id: person.id for person in stage.people.values()}
    for post in stage.posts:
        for named in markdown.mentioned(post.body) if "@[" in post.body else ():
            db.session.add(PostMention(post_id=post.id, person_id=ids[named]))


def _edits(stage: Stage, rng: Random) -> None:
    """Some people come back to correct a word; what it said before is kept."""
    for post in rng.sample([post for post in stage.posts if len(post.body) > 200], 14):
        first, dot, rest = post.body.partition(". ")
        before = f"{first} {dot}{rest}".replace("the ", "teh ", 1)
        html, at = markdown.render(before), post.created_at
        db.session.add(PostRevision(post_id=post.id, version=1, body=before, html=html, written_at=at))
        post.version, post.edited_at = 2, min(at + timedelta(minutes=rng.randint(6, 200)), stage.now - GRACE)


TAKEN_BACK = (("Do I count? Six weeks as a contractor in 2009", "D", 0),)


def _take_back(stage: Stage) -> None:
    """Posts that their authors withdrew later."""
    for title, speaker, nth in TAKEN_BACK:
        script, topic = next(pair for pair in stage.topics if pair[0].title == title)
        numbers = [number for number, turn in enumerate(script.turns, 1) if turn.speaker == speaker]
        post = next(post for post in stage.posts if post.topic_id == topic.id and post.number == numbers[nth])
        post.state = "withdrawn"


def _count(stage: Stage) -> None:
    """Each topic's and board's counters, as the actions would have left them."""
    topics = {topic.id: topic for _, topic in stage.topics}
    boards: dict[int, Board] = {board.id: board for board in stage.boards.values()}
    for topic in topics.values():
        boards[topic.board_id].topic_count += 1
    for post in stage.posts:
        topic, board = topics[post.topic_id], boards[post.board_id]
        topic.last_number = post.number
        topic.last_posted_at, topic.last_author_id = post.created_at, post.author_id
        board.last_topic_id, board.last_posted_at = topic.id, post.created_at
        if post.state == "visible":
            topic.post_count += 1
            board.post_count += 1
    db.session.flush()


def _index(stage: Stage) -> None:
    titles = {topic.id: topic.title for _, topic in stage.topics}
    POSTS.put_many(
        (post.id, f"{titles[post.topic_id] if post.number == 1 else ''} {plain(post.html)}")
        for post in stage.posts
        if post.state == "visible"
    )
