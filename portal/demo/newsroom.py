"""News in every state: told, answered, commented, corrected, taken back, waiting for its day, held back, half written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from portal.boards.actions import post_reply
from portal.boards.actions.keeping import recount_board
from portal.boards.models import Board, Topic, TopicReader
from portal.careers.audiences import audience_of
from portal.core.access import system_viewer, viewer_of
from portal.core.audit import AuditRow
from portal.core.db import db
from portal.demo.sheets import DATA, lines_of
from portal.demo.stage import GRACE, Stage, public_id
from portal.news import actions, recipients
from portal.news.models import NewsAnswer, NewsItem, NewsPlace, NewsReader, NewsRevision

if TYPE_CHECKING:
    from random import Random

    from portal.core.access import Viewer
    from portal.people.models import Person


@dataclass(slots=True)
class Told:
    """An item as it is written down."""

    title: str
    state: str
    days: float
    readers: str
    mail: bool
    by: str
    lead: str = ""
    body: list[str] = field(default_factory=list)
    ask: tuple[str, str] = ("", "")
    choices: list[tuple[str, int]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    link: tuple[str, str] = ("", "")
    comments: list[tuple[float, str, str]] = field(default_factory=list)
    corrected: tuple[float, str, str] | None = None
    withdrawn: tuple[float, str] | None = None
    held: str = ""


@dataclass(slots=True)
class Readers:
    """Everybody who can be told something, each as a viewer: made once, asked for each item."""

    stage: Stage
    everybody: list[tuple[Person, Viewer]] = field(default_factory=list)

    def of(self, item: NewsItem, at: datetime) -> list[tuple[Person, Viewer]]:
        """Those whom an item was for, and who were here by then."""
        lines = [audience_of(line) for line in item.audience]
        here = [pair for pair in self.everybody if pair[0].claimed_at is not None and pair[0].claimed_at < at]
        return [pair for pair in here if any(line.includes(pair[1]) for line in lines)]


def add_news(stage: Stage) -> None:
    """The oldest first, as it was told."""
    rng = stage.dice("news")
    readers = Readers(stage, [(person, viewer_of(person.id)) for _, person in stage.members()])
    for told in sorted(_read(), key=lambda each: -each.days if each.state != "scheduled" else each.days):
        _tell(readers, told, rng)
    seen = [
        {"person_id": person.id, "seen_until": stage.now - timedelta(days=rng.randint(3, 40))}
        for _, person in stage.members()
    ]
    db.session.execute(insert(NewsPlace), seen)


def _tell(readers: Readers, told: Told, rng: Random) -> None:
    stage = readers.stage
    by, item = _writer(stage, told.by), NewsItem(public_id=public_id(rng), author_id=0, audience=[])
    item.author_id = by.person_id or 0
    db.session.add(item)
    db.session.flush()
    actions.save_draft(item, _words(told), _audience(stage, told.readers), 1, by=by)
    at = stage.days_ago(told.days, rng)
    item.created_at = item.updated_at = at - timedelta(hours=20)
    if told.state == "scheduled":
        _schedule(stage, item, told, by)
    elif told.state != "draft":
        _publish(readers, item, told, at, rng, by)
    item.held_because = told.held


def _schedule(stage: Stage, item: NewsItem, told: Told, by: Viewer) -> None:
    at = (stage.now + timedelta(days=told.days)).replace(hour=9, minute=0, second=0, microsecond=0)
    actions.schedule(item, at, by_mail=told.mail, by=by)
    item.created_at = item.updated_at = stage.now - timedelta(days=1)


def _publish(everybody: Readers, item: NewsItem, told: Told, at: datetime, rng: Random, by: Viewer) -> None:
    audited = db.session.scalar(select(AuditRow.id).order_by(AuditRow.id.desc()).limit(1)) or 0
    actions.publish(item, by_mail=False, by=by)
    item.published_at, item.by_mail = at, told.mail
    if told.mail:
        _mail(item, rng)
    readers, now = everybody.of(item, at), everybody.stage.now
    people = [person for person, _ in readers]
    known = {everybody.stage.people[sheet.name].id for sheet in everybody.stage.sheets if sheet.sign_in}
    others = [one for one in people if one.id not in known]
    # Those whom one signs in as have the newest still before them.
    _open(item, others if told.days < 5 else people, at, now, rng)
    _comment(item, told, readers, at, now, rng)
    _answer(item, told, others, at, now, rng)
    if told.corrected:
        _correct(item, *told.corrected, at)
    if told.withdrawn:
        actions.withdraw(item, told.withdrawn[1], by=by)
        item.withdrawn_at = at + timedelta(days=told.withdrawn[0])
    recount_board(item.board_id or 0, by=system_viewer())
    db.session.execute(update(AuditRow).where(AuditRow.id > audited).values(at=at))
    db.session.execute(update(Board).where(Board.id == item.board_id, Board.created_at > at).values(created_at=at))


def _correct(item: NewsItem, days: float, correction: str, lead: str, at: datetime) -> None:
    before = item.html.replace(", four months late", "")
    db.session.add(
        NewsRevision(news_id=item.id, version=2, title=item.title, lead=lead, html=before, written_at=at)
    )  # fmt: skip
    item.correction, item.version, item.corrected_at = correction, 3, at + timedelta(days=days)


def _mail(item: NewsItem, rng: Random) -> None:
    """As the worker would have left it: a few servers said no."""
    tally = recipients.tally([audience_of(line) for line in item.audience])
    failed = min(tally.mails // 30, rng.randint(0, 3))
    item.mailing, item.mail_count = "sent", tally.mails
    item.mail_figures = {"sent": tally.mails - failed, "failed": failed, "waiting": 0}
    item.counted_at = (item.published_at or item.created_at) + timedelta(hours=3)


def _open(item: NewsItem, readers: list[Person], at: datetime, now: datetime, rng: Random) -> None:
    rows = [
        {
            "news_id": item.id,
            "person_id": person.id,
            "opened_at": min(at + timedelta(hours=rng.expovariate(1 / 30)), now - GRACE),
        }
        for person in readers
        if rng.random() < 0.55
    ]
    if rows:
        db.session.execute(insert(NewsReader), rows)
    item.reader_count = len(rows)


def _answer(item: NewsItem, told: Told, readers: list[Person], at: datetime, now: datetime, rng: Random) -> None:
    given: list[tuple[int | None, str]] = [(None, words) for words in told.said]
    given += [(number, "") for number, (_, many) in enumerate(told.choices) for _ in range(many)]
    rng.shuffle(given)
    some = rng.sample(readers, min(len(given), len(readers)))
    rows = [
        {"news_id": item.id, "person_id": person.id, "choice": choice, "words": words,
         "answered_at": min(at + timedelta(hours=rng.expovariate(1 / 20)), now - GRACE)}
        for person, (choice, words) in zip(some, given, strict=False)
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(NewsAnswer), rows)
    item.answer_count = len(rows)


def _comment(
    item: NewsItem, told: Told, readers: list[tuple[Person, Viewer]], at: datetime, now: datetime, rng: Random
) -> None:
    topic = db.session.get(Topic, item.topic_id) if item.topic_id else None
    if topic is None:
        return
    topic.public_id, topic.created_at, topic.last_posted_at = public_id(rng), at, at
    spoke: set[int] = set()
    for hours, relation, text in told.comments:
        kind, _, phase = relation.partition(":")
        able = [pair for pair in readers if (kind, phase) in pair[1].relations and pair[0].id not in spoke]
        person, by = rng.choice(able)
        spoke.add(person.id)
        post = post_reply(topic, text, by=by)
        post.public_id = public_id(rng)
        post.created_at = min(at + timedelta(hours=hours, minutes=rng.randint(0, 50)), now - GRACE)
        db.session.execute(update(TopicReader).where(TopicReader.topic_id == topic.id, TopicReader.person_id == person.id)
                           .values(read_at=post.created_at))  # fmt: skip
        db.session.refresh(topic, ["last_number", "post_count"])
        topic.last_posted_at, topic.last_author_id = post.created_at, person.id
    db.session.flush()


def _writer(stage: Stage, name: str) -> Viewer:
    """By sign-in, or by call name."""
    found = next(sheet.name for sheet in stage.sheets if name in (sheet.sign_in, sheet.name.split()[0].lower()))
    return viewer_of(stage.people[found].id)


def _words(told: Told) -> dict[str, Any]:
    kind, question = told.ask
    return {
        "title": told.title, "lead": told.lead, "body": "\n\n".join(told.body), "has_comments": True,
        "ask": kind or ("link" if told.link[0] else ""), "question": question, "choices": [words for words, _ in told.choices],
        "link_label": told.link[0], "link_url": told.link[1],
    }  # fmt: skip


def _audience(stage: Stage, text: str) -> tuple[dict[str, Any], ...]:
    lines: list[dict[str, Any]] = []
    for each in (part.strip() for part in text.split(";")):
        if each.startswith("group: "):
            lines.append({"group_id": stage.groups[each.removeprefix("group: ")].id})
        elif each.startswith("role "):
            lines.append({"role": each.removeprefix("role ")})
        else:
            kind, phase = each.split()
            lines.append({"relation_kind": kind, "phase": phase})
    return tuple(lines)


def _read() -> list[Told]:
    found: list[Told] = []
    for line in lines_of(DATA / "news.txt"):
        key, _, text = line.partition(" ")
        if key == "n":
            title, state, days, readers, mail, by = (part.strip() for part in text.split("|"))
            found.append(Told(title, state, float(days), readers, mail == "mail", by))
        elif key in READ:
            READ[key](found[-1], text)
        else:
            found[-1].body[-1] += f"\n{line}"
    return found


def _choices(told: Told, text: str) -> None:
    for each in text.split(";"):
        words, _, number = each.rpartition(":")
        told.choices.append((words.strip(), int(number)))


def _comment_line(told: Told, text: str) -> None:
    hours, relation, words = (part.strip() for part in text.split("|", 2))
    told.comments.append((float(hours), relation, words))


def _pair(text: str) -> tuple[str, str]:
    one, _, two = text.partition("|")
    return one.strip(), two.strip()


def _corrected(told: Told, text: str) -> None:
    days, note, lead = (part.strip() for part in text.split("|"))
    told.corrected = (float(days), note, lead)


def _withdrawn(told: Told, text: str) -> None:
    days, because = _pair(text)
    told.withdrawn = (float(days), because)


READ: dict[str, Any] = {
    "l": lambda told, text: setattr(told, "lead", text),
    "b": lambda told, text: told.body.append(text),
    "q": lambda told, text: setattr(told, "ask", _pair(text)),
    "o": _choices,
    "w": lambda told, text: told.said.append(text),
    "u": lambda told, text: setattr(told, "link", _pair(text)),
    "c": _comment_line,
    "x": _corrected,
    "y": _withdrawn,
    "h": lambda told, text: setattr(told, "held", text),
}
