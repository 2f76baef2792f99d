"""A copy of everything, made by the worker, for its person alone (P5)."""

from __future__ import annotations

import json
import mailbox
import re
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import jsonschema
import pytest
import time_machine
from sqlalchemy import update

from portal.accounts.models import ProviderSignIn
from portal.boards.actions import follow, reached, thank
from portal.boards.models import Post
from portal.careers.actions import add_position
from portal.core import audit, clock, parts
from portal.core.db import db, unit_of_work
from portal.core.partial_dates import PartialDate
from portal.messages.actions import say_hello
from portal.people import actions as people
from portal.profiles.actions import edit_profile
from portal.profiles.models import Shown
from portal.rights import actions, emails
from portal.rights.jobs import drop_exports
from portal.rights.models import DataExport
from portal.rights.pack.gathering import as_json, gather, plain
from tests.rights.test_join import join

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make

WORDS = "Line one; with, marks\nFrom line two <b>bold</b> “Ærø”"


@pytest.fixture
def ada(make: Make) -> Person:
    """A member who has written something of most kinds."""
    ada = make.member("Ada Łukasiewicz-Ferreira", address="ada@example.org")
    viewer = make.viewer(ada)
    fields = {"headline": Shown(("Draws; bridges, mostly",)), "about": Shown((WORDS,)), "place": Shown(("Kraków",)),
              "skill": Shown(("Rope work", "Statics")), "language": Shown(("Polish",)),
              "link": Shown(("https://example.org/ada",), labels=("Site",))}  # fmt: skip
    edit_profile(ada, fields, by=viewer)
    add_position(ada, "Bridge & Co", title="Engineer", start=PartialDate.parse("2021-03-01"), by=viewer)
    ben = make.member("Ben Okafor")
    say_hello(ben, "Do you remember the ferry?", by=viewer)
    make.topic(author=ada, title="Ferries", body=WORDS)
    db.session.commit()
    return ada


def make_copy(her: Browser, work: Callable[[], int]) -> ZipFile:
    her.open("rights.export").submit("Make a copy")
    work()
    row = db.session.query(DataExport).order_by(DataExport.id.desc()).first()
    assert row is not None
    answer = her.client.get(f"/settings/your-data/export/{row.public_id}.zip")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    copy = ZipFile(BytesIO(answer.data))
    answer.close()
    return copy


def read(copy: ZipFile, name: str) -> Any:
    return json.loads(copy.read(f"your-data/{name}"))


def test_everything_is_in_it(browse: Browser, ada: Person, work: Callable[[], int], outbox: Any) -> None:
    """P5: each feature that keeps something tells it; the schema fits; the page can be read; the person is told (R11)."""
    copy = make_copy(browse.as_(ada), work)
    data = read(copy, "everything.json")
    kept = {type(part).__module__.split(".")[1] for part in parts.every("person_data")}
    assert set(data) == kept | {"$schema", "person", "mail", "audit"}
    jsonschema.Draft202012Validator(read(copy, "schema.json")).validate(data)
    assert data["boards"]["posts"][0]["body"] == WORDS
    assert data["accounts"]["addresses"][0]["address"] == "ada@example.org"
    assert data["messages"]["hellos"][0]["words"] == "Do you remember the ferry?"
    page = copy.read("your-data/index.html").decode()
    assert "Ada Łukasiewicz-Ferreira" in page
    assert "<b>bold</b>" not in page
    assert "&lt;b&gt;bold" in page
    assert [mail.subject for mail in outbox.mails("ada@example.org")][-1] == "Your data is ready"


def test_the_page_speaks_as_pages_do(browse: Browser, ada: Person, work: Callable[[], int]) -> None:
    """No name of a column, and audiences as the profile says them."""
    page = make_copy(browse.as_(ada), work).read("your-data/index.html").decode()
    for words in (">Who sees it</th>", ">Confirmed</th>", ">All members</td>", ">Headline</td>", ">Asked of you</th>"):
        assert words in page, words
    heads = re.findall(r"<(?:th|caption)[^>]*>([^<]*)<", page)
    assert not [head for head in heads if re.search(r"_|\b(?:id|at|on|ip|norm)$", head.lower())]


def test_thanks_reading_blocks_and_deeds_are_in_it(make: Make, ada: Person) -> None:
    """P5: what she gave, follows, mutes and read, whom she blocked, what was done; nothing that she may not know."""
    ben, viewer = make.member("Ben Okafor", roles=("admin",)), make.viewer(ada)
    topics = [make.topic(author=ben, title=title) for title in ("Bridges", "Tunnels", "A secret")]
    thank(db.session.query(Post).filter_by(topic_id=topics[0].id).one(), by=viewer)
    for topic, level in zip(topics, ("follow", "mute", "follow"), strict=True):
        follow(topic, level, by=viewer)
    reached(topics[0].id, 1, by=viewer)
    topics[2].is_hidden = True
    people.block(ben, by=viewer)
    audit.record("look after", ada, by=make.viewer(ben), note="Words of others")
    audit.record("ask", ("topic", topics[0].id), by=viewer)
    db.session.execute(update(audit.AuditRow).where(audit.AuditRow.actor_id == ben.id).values(address="192.0.2.7"))
    db.session.execute(update(audit.AuditRow).where(audit.AuditRow.actor_id == ada.id).values(address="192.0.2.8"))
    db.session.commit()
    data = plain(dict(gather(ada.id)))
    boards = data["boards"]
    assert [(row["topic"], row["post"]) for row in boards["thanks_given"]] == [("Bridges", 1)]
    read = {row["topic"]: (row["how"], row["read_up_to"]) for row in boards["topics_read"]}
    assert read.items() >= {"Bridges": ("follow", 1), "Tunnels": ("mute", 0)}.items()
    assert [row["whom"] for row in data["people"]["blocks"]] == ["Ben Okafor"]
    deeds = {row["verb"]: (row["by"], row["ip"]) for row in data["audit"]["deeds"]}
    assert (deeds["look after"], deeds["ask"]) == (("somebody else", ""), ("you", "192.0.2.8"))
    text = as_json(data)
    for others in ("A secret", "192.0.2.7", "Words of others"):
        assert others not in text, others
    assert plain(dict(gather(ben.id)))["people"]["blocks"] == [], "who blocked him is not his to know"


def test_mails_to_others_are_not_in_it(browse: Browser, make: Make, ada: Person, work: Callable[[], int]) -> None:
    """P5, I10: two accounts were one and are two again: each copy holds what went to its person's own addresses."""
    old = make.member("Old Quince", address="private@example.org")
    merge = join(make, ada, old)
    actions.undo_join(merge, by=make.viewer(ada))
    gone = make.address(ada, "Ada@Before.example", primary=False)
    emails.erasure_called_off(ada.id, stopped=False)
    gone.state, gone.live_norm, gone.removed_at = "removed", None, clock.now()
    db.session.commit()
    copy = make_copy(browse.as_(ada), work)
    for name in ("everything.json", "index.html", "mail.mbox"):
        assert b"private@example.org" not in copy.read(f"your-data/{name}"), name
    sent_to = {mail["to_address"] for mail in read(copy, "everything.json")["mail"]["mails"]}
    assert sent_to == {"ada@example.org", "Ada@Before.example"}
    assert {mail["to_address"] for mail in dict(gather(old.id))["mail"]["mails"]} == {"private@example.org"}


def test_a_subject_is_called_what_it_is(browse: Browser, ada: Person, work: Callable[[], int]) -> None:
    """Of a mail its subject, of a sign-in with a provider the number that the provider has for the person."""
    db.session.add(ProviderSignIn(person_id=ada.id, issuer="https://acme.example", subject="a-1", label=""))
    emails.erasure_called_off(ada.id, stopped=False)
    db.session.commit()
    page = make_copy(browse.as_(ada), work).read("your-data/index.html").decode()
    sections = dict(part.split("</h2>", 1) for part in page.split("<h2>")[1:])
    mails, accounts = sections["What we mailed to you"], sections["Addresses, ways in, devices"]
    assert (">Subject</th>" in mails, "Its number for you" in mails) == (True, False)
    assert ">Its number for you</th>" in accounts


def test_other_programs_read_it(browse: Browser, ada: Person, work: Callable[[], int], tmp_path: Path) -> None:
    """vCard, calendar, mailbox and JSON Resume say the same."""
    copy = make_copy(browse.as_(ada), work)
    text = copy.read("your-data/card.vcf")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    unfolded = text.decode().replace("\r\n ", "")
    assert "FN:Ada Łukasiewicz-Ferreira\r\n" in unfolded
    assert "NOTE:Line one\\; with\\, marks\\nFrom line two" in unfolded
    assert "EMAIL;TYPE=home:ada@example.org" in unfolded
    days = copy.read("your-data/days.ics").decode()
    assert "SUMMARY:Began at Bridge & Co" in days
    assert days.count("BEGIN:VEVENT") == days.count("END:VEVENT") > 0
    resume = read(copy, "resume.json")
    assert resume["basics"]["name"] == "Ada Łukasiewicz-Ferreira"
    assert {"name": "Bridge & Co", "position": "Engineer", "startDate": "2021-03-01"} in resume["work"]
    box = tmp_path / "mail.mbox"
    box.write_bytes(copy.read("your-data/mail.mbox"))
    with closing(mailbox.mbox(box)) as letters:
        assert "Do you remember the ferry?\n" in [each.get_payload() for each in letters]


def test_it_is_its_persons_alone(browse: Browser, make: Make, ada: Person, work: Callable[[], int]) -> None:
    """R11: nobody else, no admin, and not who has not shown who they are; after a week nobody."""
    make_copy(browse.as_(ada), work)
    row = db.session.query(DataExport).one()
    path = f"/settings/your-data/export/{row.public_id}.zip"
    for other in (make.member(), make.member(roles=("admin",))):
        assert browse.as_(other).get(path).status == 404
    late = browse.as_(ada, minutes_ago=20)
    assert late.get(path).heading == "Confirm it is you"
    assert late.open("rights.export").submit("Make a copy").status == 401
    assert db.session.query(DataExport).count() == 1
    with time_machine.travel(clock.now() + timedelta(days=7, hours=2), tick=False):
        with unit_of_work():
            drop_exports()
        row = db.session.query(DataExport).one()
        assert (row.state, row.file_key) == ("over", "")
        assert browse.as_(ada).get(path).status == 404


def test_one_at_a_time_and_deleted_on_request(browse: Browser, ada: Person, work: Callable[[], int]) -> None:
    her = browse.as_(ada)
    first = her.open("rights.export")
    first.submit("Make a copy")
    page = her.open("rights.export")
    assert "Your copy is being made" in page.words
    her.post("/settings/your-data/export", {"csrf_token": _token(first), "once_key": "another"})
    assert db.session.query(DataExport).count() == 1
    work()
    page = her.open("rights.export").submit("drop")
    assert "The copy is deleted here" in page.words
    work()
    db.session.expire_all()
    assert db.session.query(DataExport).one().state == "over"


def _token(page: Any) -> str:
    return next(
        field.get("value")
        for field in page.tree.iter("{http://www.w3.org/1999/xhtml}input")
        if field.get("name") == "csrf_token"
    )
