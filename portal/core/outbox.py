"""Mail waits in rows written with what caused it: nothing is sent for what was rolled back (T2).

Security mail is sent at least once, a repeat with the same Message-ID. Other mail is sent at most once: it is marked
before it goes out, and what became of it in a crash is `unknown` and listed, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Index, String, Text, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, delivery_reports, jobs, mail, return_path, suppression
from portal.core.db import Model, add, db, scalars
from portal.core.errors import Missing

if TYPE_CHECKING:
    from portal.core.smtp import Outcome

QUEUED, SENDING, SENT = "queued", "sending", "sent"
FAILED, UNKNOWN, CANCELLED = "failed", "unknown", "cancelled"
GIVE_UP_AFTER = timedelta(days=3)
TEXT_KEPT, ROW_KEPT = timedelta(days=7), timedelta(days=90)
LATE, VERY_LATE = timedelta(minutes=15), timedelta(hours=2)
HARD, SOFT = "hard", "soft"
EVERY_KIND = "*"
ASKED_NOT_TO = "Whoever reads this address asked us not to write to it."


class OutboxMail(Model):
    """One mail to one address, and what became of it."""

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_state_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    purpose: Mapped[str] = mapped_column(String(60), default="")
    person_id: Mapped[int | None] = mapped_column(index=True)
    to_address: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    security: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    bounce: Mapped[str] = mapped_column(String(4), default="")  # it came back: for good (hard), or for now (soft)
    bounced_at: Mapped[datetime | None]


Wanted = Callable[[OutboxMail], bool]
Heard = Callable[[OutboxMail], None]
Headers = Callable[[OutboxMail], dict[str, str]]
_wanted: dict[str, list[Wanted]] = {}
_when_bounced: list[Heard] = []
_when_sent: dict[str, list[Heard]] = {}
_headers: list[Headers] = []


def still_wanted(kind: str = EVERY_KIND) -> Callable[[Wanted], Wanted]:
    """Register a question asked again just before a mail of this kind (or any mail) goes out; False cancels it."""

    def register(question: Wanted) -> Wanted:
        _wanted.setdefault(kind, []).append(question)
        return question

    return register


def when_sent(kind: str) -> Callable[[Heard], Heard]:
    """Register who hears that a mail of this kind left: the mail server has it."""

    def register(listener: Heard) -> Heard:
        _when_sent.setdefault(kind, []).append(listener)
        return listener

    return register


def when_bounced(listener: Heard) -> Heard:
    """Register who hears that a mail came back, refused at once or reported later; the mail says how."""
    _when_bounced.append(listener)
    return listener


def with_headers(headers: Headers) -> Headers:
    """Register who adds headers to a mail at the moment it goes out."""
    _headers.append(headers)
    return headers


def post_mail(
    kind: str, to_address: str, subject: str, text: str, html: str | None = None, *, person_id: int | None = None,
    purpose: str = "", security: bool = False, headers: Mapping[str, str] | None = None, not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> OutboxMail:  # fmt: skip
    """Put a mail into the outbox in the caller's transaction; a mail with a token names when that expires.

    Mail to a suppressed address is cancelled here and now, unless it is about security (R26); the row says why.
    """
    mail.check_lines(to_address, subject, headers or {})
    row = add(OutboxMail(
        kind=kind, purpose=purpose, person_id=person_id, to_address=to_address, subject=subject, text=text, html=html,
        headers=dict(headers or {}), message_id=mail.new_message_id(), security=security, not_before=not_before,
        expires_at=expires_at,
    ))  # fmt: skip
    if not security and suppression.is_suppressed(to_address):
        row.state, row.error, row.text, row.html = CANCELLED, ASKED_NOT_TO, "", None
    else:
        _enqueue(row, not_before)
    return row


def _enqueue(row: OutboxMail, at: datetime | None) -> None:
    jobs.enqueue(deliver, row.id, run_at=at, priority=jobs.SOON if row.security else jobs.NORMAL)


@jobs.job("core.deliver_mail", attempts=2000)
def deliver(mail_id: int) -> Iterator[None]:
    """Send one mail; while the server is away it waits without being touched, so the oldest goes first afterwards."""
    away_until = mail.transport().away_until()
    if away_until is not None:
        raise jobs.Postpone(away_until)
    row = take(mail_id)
    if row is None:
        return
    more = {name: value for add_to in _headers for name, value in add_to(row).items()}
    letter = mail.Letter(
        row.to_address, row.subject, row.text, row.html, row.message_id, more | row.headers, return_path.write(row.id)
    )
    yield  # kept: from here on it counts as sent unless we know better; and no transaction is open while it is sent
    outcome = mail.send(letter)
    settle(row, outcome)
    if row.state != QUEUED:
        return  # what became of it and that the job is done are kept together
    yield
    if outcome.state == "away":
        raise jobs.Postpone(mail.transport().away_until() or clock.now())
    raise TryAgain(outcome.said)


class TryAgain(Exception):
    """The mail server asked to come back later with this mail."""


def take(mail_id: int) -> OutboxMail | None:
    """Mark a mail as being sent, or settle why it isn't; None when there is nothing to send."""
    row = db.session.get(OutboxMail, mail_id, with_for_update=True)
    if row is None or row.state not in (QUEUED, SENDING):
        return None
    verdict = _not_now(row)
    if verdict is not None:
        row.state, row.error = verdict
        if row.state == FAILED and row.attempts:
            note_bounce(row, hard=False, said=row.error)  # the server said "later" for three days
        _forget_secrets(row)
        return None
    row.state = SENDING
    row.attempts += 1
    return row


def _not_now(row: OutboxMail) -> tuple[str, str] | None:
    """Why a mail must not be sent: what it becomes, and the reason."""
    now = clock.now()
    if row.state == SENDING and not row.security:
        return UNKNOWN, "The worker stopped while sending; nobody knows whether it arrived."
    if row.expires_at is not None and row.expires_at <= now:
        return CANCELLED, "Its link expired before it could be sent."
    if now - (row.not_before or row.created_at) > GIVE_UP_AFTER:
        return FAILED, f"Given up after {GIVE_UP_AFTER.days} days. {row.error}".strip()
    if not row.security and suppression.is_suppressed(row.to_address):
        return CANCELLED, ASKED_NOT_TO
    questions = [*_wanted.get(EVERY_KIND, ()), *_wanted.get(row.kind, ())]
    return None if all(question(row) for question in questions) else (CANCELLED, "It was not wanted any more.")


def settle(row: OutboxMail, outcome: Outcome) -> None:
    """Note what became of a mail that was handed to the mail server."""
    row.error = "" if outcome.state == "sent" else outcome.said
    if outcome.state == "sent":
        row.state, row.sent_at = SENT, clock.now()
        for listener in _when_sent.get(row.kind, ()):
            listener(row)
    elif outcome.state in ("again", "away") or (outcome.state == "unknown" and row.security):
        row.state = QUEUED
        row.attempts -= outcome.state == "away"  # that the server is away is no try
    else:
        row.state = UNKNOWN if outcome.state == "unknown" else FAILED
    _forget_secrets(row)
    if outcome.state == "refused":
        note_bounce(row, hard=delivery_reports.is_hard(f"{outcome.said} {outcome.code}"), said=outcome.said)


def note_bounce(row: OutboxMail, *, hard: bool, said: str) -> bool:
    """A mail came back; each counts once, and once more when what seemed to pass turns out to be for good."""
    if row.bounce == HARD or (row.bounce == SOFT and not hard):
        return False
    row.bounce, row.bounced_at, row.error = (HARD if hard else SOFT), clock.now(), said
    for listener in _when_bounced:
        listener(row)
    return True


def _forget_secrets(row: OutboxMail) -> None:
    """The links that expire are stored nowhere else in the clear; once such a mail is over, not here either."""
    if (row.security or row.expires_at) and row.state in (SENT, FAILED, CANCELLED):
        row.text, row.html = "", None


def listed(*states: str, limit: int = 100) -> list[OutboxMail]:
    """The mails in these states, newest first: what failed, what is unknown, what waits."""
    return scalars(
        select(OutboxMail).where(OutboxMail.state.in_(states)).order_by(OutboxMail.id.desc()).limit(limit)
    )  # fmt: skip


def counted(*states: str) -> int:
    """How many mails are in these states."""
    return db.session.execute(select(func.count()).where(OutboxMail.state.in_(states))).scalar_one()


def oldest_wait() -> timedelta:
    """How long the mail has waited that waits longest: untouched, or told "later" by the server again and again."""
    now = clock.now()
    due = or_(OutboxMail.not_before.is_(None), OutboxMail.not_before <= now)
    waits = select(func.min(func.coalesce(OutboxMail.not_before, OutboxMail.created_at)))
    waits = waits.where(OutboxMail.state == QUEUED, due)
    found = [db.session.execute(waits.where(OutboxMail.attempts == 0)).scalar()]
    found.append(db.session.execute(waits.where(OutboxMail.created_at < now - VERY_LATE)).scalar())
    return max((now - since for since in map(_moment, found) if since is not None), default=timedelta(0))


def _moment(value: datetime | None) -> datetime | None:
    """SQLite gives back what it computed without its zone."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def send_again(mail_id: int) -> None:
    """Send a failed or unknown mail once more, because a person decided so."""
    row = db.session.get(OutboxMail, mail_id, with_for_update=True)
    if row is None or row.state not in (FAILED, UNKNOWN) or not row.text:
        raise Missing("That mail can't be sent again.")
    row.state, row.error, row.not_before = QUEUED, "", clock.now()
    _enqueue(row, None)


def cancel(person_id: int, kind: str | None = None) -> None:
    """Send nothing of what still waits for a person (of this kind)."""
    waiting = update(OutboxMail).where(OutboxMail.person_id == person_id, OutboxMail.state == QUEUED)
    if kind is not None:
        waiting = waiting.where(OutboxMail.kind == kind)
    db.session.execute(waiting.values(state=CANCELLED, error="It was not wanted any more.", text="", html=None))


def forget_person(person_id: int) -> None:
    """Erase every mail to a person."""
    db.session.execute(delete(OutboxMail).where(OutboxMail.person_id == person_id))


def forget_words(words: Collection[str]) -> None:
    """Mails to others that say these words (a name, an address) say nothing any more; those that wait are not sent."""
    for each in filter(None, words):
        said = [part.contains(each, autoescape=True) for part in (OutboxMail.subject, OutboxMail.text, OutboxMail.html)]
        named = update(OutboxMail).where(or_(*said, OutboxMail.to_address == each))
        wait = named.where(OutboxMail.state == QUEUED)
        db.session.execute(wait.values(state=CANCELLED, error="It was not wanted any more."))
        db.session.execute(named.values(subject="", text="", html=None))
    db.session.execute(delete(OutboxMail).where(OutboxMail.to_address.in_(list(words))))


@jobs.periodic("core.clean_outbox", every=timedelta(hours=6))
def clean() -> None:
    """Forget what mails said after a week, and that there were any after three months; what is unknown stays listed."""
    now = clock.now()
    over = OutboxMail.state.in_([SENT, CANCELLED, FAILED])
    spoken = or_(OutboxMail.text != "", OutboxMail.html.is_not(None))
    old: Any = OutboxMail.created_at < now - TEXT_KEPT
    db.session.execute(update(OutboxMail).where(over, spoken, old).values(text="", html=None))
    db.session.execute(delete(OutboxMail).where(OutboxMail.created_at < now - ROW_KEPT))


def rest() -> None:
    """Nothing waits: close what was kept open for sending."""
    mail.transport().rest()


jobs.when_idle(rest)
