"""Being gone: hidden at once, called off by signing in, and then nothing is left anywhere (P5, R26)."""

from __future__ import annotations

import os
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import flask_migrate
import pytest
import time_machine
from sqlalchemy import create_engine, inspect, text

from portal.app import create_app
from portal.boards.models import Post, Topic
from portal.config import Config
from portal.core import audit, backup, clock, suppression
from portal.core.access import system_viewer
from portal.core.db import db, unit_of_work
from portal.core.outbox import post_mail
from portal.organisations.actions import create_host
from portal.people.actions import ensure_system
from portal.people.models import Person
from portal.rights import actions
from portal.rights.jobs import carry_out_erasures
from portal.rights.models import ErasedPerson, Erasure
from tests.accounts.keys import signed_in
from tests.asks.story import Programme
from tests.factories import Make
from tests.rights.filling import Filler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from portal.core.application import Portal
    from tests.browse import Browser

MARKER, NAME, ADDRESS = "QZXWORDS", "Quillfeather Zyx", "qzxaddress@example.org"
NUMBERED = re.compile(rf"{MARKER} (\d+)\.")
# What the person wrote for the host, or about somebody else's thing, stays the host's or that person's, without the name.
WORK = {
    "address_dispute.decided_by_id", "recovery_case.proposed_by_id", "recovery_case.confirmed_by_id",
    "advocate_flag.raised_by_id", "advocate_flag.owner_id", "advocate_flag.closed_by_id", "appeal.decided_by_id",
    "applicant.decided_by_id", "ask.asked_by_id", "check_in.sent_by_id", "decision.by_id", "decision.second_by_id",
    "decision.reversed_by_id", "import_match.decided_by_id", "import_proposal.decided_by_id", "influence_story.decided_by_id",
    "invitation.invited_by_id", "invitation_wave.made_by_id", "leaver.announced_by_id",
    "memorial.proposed_by_id", "memorial.confirmed_by_id", "legal_text.published_by_id", "moderation_case.claimed_by_id",
    "news_item.author_id", "news_item.publisher_id", "nomination.owner_id", "nomination.contacted_by_id",
    "people_import.created_by_id", "person_role.granted_by_id", "referral.owner_id", "referral_consent.recorded_by_id",
    "referral_event.by_id", "topic.last_author_id",
}  # fmt: skip
# Keys and names of others: what moderation counts by, whom the person recommended, which wording was agreed to.
KEYS = {
    "moderation_case.kind", "moderation_case.open_key", "moderation_case.thing_id", "consent.kind", "consent.how",
    "import_row.outcome", "import_row.seen_on", "post.state_reason", "nomination.contact_name", "nomination.contact_address",
    "nomination.contact_firm", "nomination.contact_note", "nomination.closed_because", "referral.company", "referral.job",
    "referral.contact_name", "referral.contact_address", "referral.contact_norm", "referral.next_step", "referral.reason",
}  # fmt: skip
# What was said in conversations, if the person left it there (P5).
THREADS = {"post.body", "post.html", "post_revision.body", "post_revision.html", "topic.title", "topic.slug"}


def run(work: Any) -> None:
    """A periodic job, step by step, as the worker does it."""
    with unit_of_work():
        steps = work()
        for _ in steps or ():
            db.session.commit()


def ask(browse: Browser, person: Person, **fields: Any) -> Any:
    return browse.as_(person).open("rights.erase").submit("Erase my account", sure="y", **fields)


def dump() -> dict[str, str]:
    """Every column of every table that is there, search tables too, as text."""
    found: dict[str, str] = {}
    for name in inspect(db.session.connection()).get_table_names():
        for row in db.session.execute(text(f'SELECT * FROM "{name}"')).mappings():  # noqa: S608
            for column, value in row.items():
                place = f"{name}.{column}"
                found[place] = found.get(place, "") + (
                    bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                )
    db.session.rollback()
    return found


def holding(*words: str) -> set[str]:
    folded = [word.lower() for word in words]
    return {place for place, said in dump().items() if any(word in said.lower() for word in folded)}


def test_hidden_at_once_and_called_off_by_signing_in(
    browse: Browser, make: Make, letter: Any, outbox: Any, unlimited: None
) -> None:
    """P5, R11: nobody has to agree; every address is told; signing in within the days of grace undoes it."""
    ada, ben = make.member("Ada Fern", address="ada@example.org"), make.member("Ben Okafor")
    topic = make.topic(author=ada, title="Ferries")
    her = browse.as_(ada)
    page = ask(browse, ada)
    assert "signing in calls it off" in page.words
    assert not signed_in(her)
    assert browse.as_(ben).get(f"/people/{ada.public_id}").status == 404
    assert "Former member" in browse.as_(ben).get(f"/topics/{topic.public_id}/ferries").words
    assert [mail.subject for mail in outbox.mails("ada@example.org")] == ["Your account will be erased"]
    door = browse.as_(None)
    door.open("accounts.sign_in").submit("Continue", address="ada@example.org")
    door.get(letter("ada@example.org")).submit("Sign in")
    assert signed_in(door)
    assert db.session.query(Erasure).one().called_off_at is not None
    assert "Your account stays" in [mail.subject for mail in outbox.mails("ada@example.org")]
    assert browse.as_(ben).get(f"/people/{ada.public_id}").status == 200
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False):
        run(carry_out_erasures)
    assert db.session.get(Person, ada.id).erased_at is None


def test_what_was_stopped_is_said(browse: Browser, make: Make, letter: Any, outbox: Any, unlimited: None) -> None:
    """P5, I15: asks stay stopped when the erasure is called off; whoever was asked for nothing hears nothing of it."""
    said = "What was asked of you as an advocate was stopped, and stays so."
    programme = Programme(make)
    for address, is_asked in (("ada@example.org", True), ("ben@example.org", False)):
        person = programme.advocate(address.title(), address=address)
        waiting = programme.ask(person) if is_asked else None
        ask(browse, person)
        door = browse.as_(None)
        door.open("accounts.sign_in").submit("Continue", address=address)
        page = door.get(letter(address)).submit("Sign in")
        assert "Nothing is erased" in page.words
        assert (said in page.words) == is_asked
        mail = next(mail for mail in outbox.mails(address) if mail.subject == "Your account stays")
        assert ((said in mail.text), (said in (mail.html or ""))) == (is_asked, is_asked)
        assert waiting is None or programme.fresh(waiting).state == "stopped"


def test_nobody_is_erased_too_early_or_by_another_hand(browse: Browser, make: Make, outbox: Any) -> None:
    """The box is ticked, it is still the same person, and the last admin finds somebody else first."""
    ada, admin = make.member(address="ada@example.org"), make.member(roles=("admin",))
    assert browse.as_(ada).open("rights.erase").submit("Erase my account").status == 422
    assert browse.as_(ada, minutes_ago=20).open("rights.erase").submit("Erase my account", sure="y").status == 401
    assert "last admin" in ask(browse, admin).words
    assert db.session.query(Erasure).count() == 0
    ask(browse, ada)
    with time_machine.travel(clock.now() + timedelta(days=12), tick=False):
        run(carry_out_erasures)
        run(carry_out_erasures)
    assert outbox.mails("ada@example.org")[-1].subject.startswith("Your account is erased on")
    assert len(outbox.mails("ada@example.org")) == 2
    assert db.session.get(Person, ada.id).erased_at is None


@pytest.mark.parametrize("posts", ["keep", "take"])
def test_nothing_is_left_anywhere(
    browse: Browser, make: Make, data_dir: Path, work: Callable[[], int], posts: str
) -> None:
    """P5: every table that can name a person is filled; after the erasure no word, name or address is anywhere."""
    with time_machine.travel(clock.now() - timedelta(days=20), tick=False):
        before = [make.member().id for _ in range(2)]
        person, other = make.member(NAME, address=ADDRESS), make.member("Ben Okafor")
        others = [*before, other.id, *(make.member().id for _ in range(5))]
        topic = make.topic(author=person, title=f"{MARKER} topic", body=f"{MARKER} is what I say")
        make.reply(topic, other, f"> **{NAME}**, 1:\n> what?\n\nYes, @[{NAME}]({person.public_id}), I remember.")
        ask(browse, person, posts=posts)
        filler = Filler(person.id, others, MARKER)
        filler.fill()
        post_mail("news.item", "ben@example.org", f"{NAME} wrote", f"{NAME} wrote to you", person_id=other.id)
        audit.record("rename", person, by=make.viewer(person), before={"name": NAME}, note=f"{NAME}, {MARKER}")
        db.session.commit()
    assert holding(MARKER)
    run(carry_out_erasures)
    work()
    left = {
        (place, filler.made.get(int(number), "")) for place, said in dump().items() for number in NUMBERED.findall(said)
    }
    unexpected = sorted(
        pair
        for pair in left
        if pair[1] not in WORK and pair[0] not in KEYS and not (posts == "keep" and pair[0] in THREADS)
    )
    assert not unexpected, f"words are left: (where they are, what named the person) {unexpected}"
    left = holding(NAME, "quillfeather", ADDRESS, "qzxaddress")
    assert not left, f"the name or address is left in {sorted(left)}"
    for path in data_dir.rglob("*"):
        if path.is_file() and path.suffix not in (".sqlite", ".sqlite-wal"):
            assert not [word for word in (MARKER, NAME, ADDRESS) if word.encode() in path.read_bytes()], path
    db.session.expire_all()
    gone = db.session.get(Person, person.id)
    assert (gone.full_name, gone.listed, gone.photo) == ("Former member", False, None)
    page = browse.as_(other).get(f"/topics/{topic.public_id}/x")
    assert "Former member" in page.words
    assert NAME not in page.text
    assert (MARKER in page.text) == (posts == "keep")
    assert [post.number for post in db.session.query(Post).filter_by(topic_id=topic.id).order_by(Post.number)] == [1, 2]


@pytest.fixture
def apart(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Portal]:
    """A house with a database of its own, which a restore may replace."""
    url, server = f"sqlite:///{tmp_path / 'apart.sqlite'}", None
    name = f"portal_apart_{secrets.token_hex(5)}"
    if request.config.getoption("--database") == "postgres":
        server = create_engine(os.environ["PORTAL_TEST_POSTGRES"], isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        url = server.url.set(database=name).render_as_string(hide_password=False)
    app = create_app(Config(env="development", secret_key="test " * 10, database_url=url, data_dir=str(tmp_path)))
    app.config["TESTING"] = True
    with app.app_context():
        flask_migrate.upgrade()
        ensure_system()
        create_host("Kestrel & Lowe", by=system_viewer())
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()
    if server is not None:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


def test_a_restored_backup_brings_nobody_back(apart: Portal, tmp_path: Path) -> None:
    """R26: the erasure and the wish not to be written to are carried over the restore of a backup from before."""
    make = Make()
    ada, ben = make.member(NAME, address=ADDRESS).id, make.member("Ben Okafor").id
    backup.backup(tmp_path / "before.tar.gz")
    with unit_of_work():
        actions.erase_person(ada, by=system_viewer())
    db.session.remove()
    backup.restore(tmp_path / "before.tar.gz", force=True)
    db.session.remove()
    assert suppression.is_suppressed(ADDRESS)
    assert not holding(NAME, "qzxaddress")
    assert db.session.get(Person, ben).full_name == "Ben Okafor"
    assert db.session.get(Person, ada).erased_at is not None
    assert db.session.query(ErasedPerson).count() == 1


def test_counts_are_right_afterwards(make: Make) -> None:
    """T2: thanks, posts of topics and of boards equal a recount after words were taken away."""
    from portal.boards.actions import thank

    ada, ben = make.member(), make.member()
    topic = make.topic(author=ben, replies=1)
    make.reply(topic, ada, "Mine.")
    first = db.session.query(Post).filter_by(topic_id=topic.id, number=1).one()
    thank(first, by=make.viewer(ada))
    db.session.commit()
    actions.erase_person(ada.id, posts="take", by=system_viewer())
    db.session.commit()
    db.session.expire_all()
    assert db.session.get(Post, first.id).thanks_count == 0
    assert db.session.get(Topic, topic.id).post_count == 2
