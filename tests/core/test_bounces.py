"""Mail that came back: reports in several shapes, believed by their signed address alone, each once (R7)."""

from __future__ import annotations

import socketserver
import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.core import bounces, clock, delivery_reports, doctor, jobs, outbox, return_path
from portal.core.db import unit_of_work
from tests.core import small_app
from tests.core.conftest import with_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

HOME = "bounces@alumni.example.org"


def report(
    to: str,
    status: str = "5.1.1",
    action: str = "failed",
    *,
    said: str = "smtp; 550 5.1.1 <ada@example.org>: no such user",
) -> bytes:
    """A report as Postfix writes it."""
    return f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Sat, 28 Nov 2026 17:00:00 +0000 (UTC)

Final-Recipient: rfc822; ada@example.org
Original-Recipient: rfc822;ada@example.org
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--b1
Content-Type: message/rfc822

From: portal@example.org
To: ada@example.org
Subject: Tea

Tea is ready.
--b1--
""".replace("\n", "\r\n").encode()


class TestReading:
    """What a report says."""

    @pytest.mark.parametrize(
        ("status", "said", "hard"),
        [
            ("5.1.1", "smtp; 550 5.1.1 no such user", True),
            ("5.0.0", "", True),
            ("5.2.1", "smtp; 550 mailbox disabled", True),
            ("5.1.1 (bad destination mailbox)", "", True),
            ("4.4.1", "smtp; connection timed out", False),
            ("4.2.2", "smtp; 452 over quota", False),
            ("5.2.2", "smtp; 552 mailbox full", False),
            ("5.7.1", "smtp; 550 5.7.1 blocked: we don't like your network", False),
            ("", "smtp; 550 no such user", True),
            ("", "smtp; 451 try again", False),
            ("", "x-unix; gone fishing", False),
        ],
    )
    def test_hard_and_soft_are_told_apart(self, status: str, said: str, hard: bool) -> None:
        """R7: 5.x.x is for good, but not when it is about us, the mail, or a full mailbox."""
        found = delivery_reports.read(report("a@b.example", status, said=said))
        assert found is not None
        assert found.hard is hard

    def test_the_addresses_it_went_to_are_found_wherever_they_stand(self) -> None:
        raw = report("Portal <one@b.example>, two@b.example").replace(
            b"Return-Path: <>", b"Delivered-To: three@b.example"
        )
        found = delivery_reports.read(raw)
        assert found is not None
        assert found.sent_to == ("three@b.example", "one@b.example", "two@b.example")

    def test_several_recipients_and_international_ones(self) -> None:
        raw = report("a@b.example").replace(b"message/delivery-status", b"message/global-delivery-status")
        international = delivery_reports.read(raw)
        assert international is not None
        assert international.hard
        both = report("a@b.example", "4.2.2").replace(
            b"Status: 4.2.2",
            b"Status: 4.2.2\r\n\r\nFinal-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 5.1.1",
        )
        found = delivery_reports.read(both)
        assert found is not None
        assert found.hard

    @pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
    def test_what_is_no_failure_is_none(self, action: str) -> None:
        assert delivery_reports.read(report("a@b.example", "4.4.1", action)) is None

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\xff\xfe\x00",
            b"From: ada@example.org\r\nSubject: Re: Tea\r\n\r\nThank you! 550 5.1.1 no such user",
            b"Content-Type: multipart/report; boundary=x\r\n\r\nnothing",
            b"Content-Type: multipart/report\r\n\r\n--\r\n",
            b"Content-Type: multipart/report; report-type=disposition-notification; boundary=x\r\n\r\n--x\r\n"
            b"Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action; displayed\r\n--x--",
            b"Subject: Out of office\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/plain\r\n\r\nI am away.",
            report("a@b.example")[:600],
        ],
    )
    def test_anything_else_is_left_alone(self, raw: bytes) -> None:
        assert delivery_reports.read(raw) is None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A maildir."""
    for part in ("new", "cur", "tmp"):
        (tmp_path / "bounces" / part).mkdir(parents=True)
    return tmp_path / "bounces"


@pytest.fixture
def app(tmp_path: Path, own_database: str, folder: Path) -> Iterator[Flask]:
    """The small application, which reads reports from the folder."""
    made = small_app.make(tmp_path, own_database, bounces_to=HOME, bounces_url=f"maildir:{folder}")
    yield from with_tables(made)


@pytest.fixture
def heard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What those heard who listen."""
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(outbox, "_wanted", {})
    monkeypatch.setattr(outbox, "_when_bounced", [lambda row: said.append((row.to_address, row.bounce))])
    return said


def sent(to: str = "ada@example.org") -> str:
    """The return path of a mail that went out."""
    with unit_of_work():
        mail = outbox.post_mail("tests.tea", to, "Tea", "Tea is ready.")
        mail.state, mail.sent_at = "sent", clock.now()
        return return_path.write(mail.id)


def lay(folder: Path, raw: bytes, name: str) -> None:
    """A mail comes in."""
    (folder / "new" / name).write_bytes(raw)


def read() -> None:
    """The job runs."""
    with unit_of_work():
        jobs.enqueue(bounces.read_bounces)
    jobs.run_due(strict=True)


class TestReturnPaths:
    """One address for each mail, and nobody can make one up."""

    def test_only_what_was_given_is_read(self, app: Flask) -> None:
        address = return_path.write(17)
        assert address.startswith("bounces+17-")
        assert address.endswith("@alumni.example.org")
        assert [return_path.read(given) for given in (address, address.upper(), f" {address}")] == [17, 17, 17]
        wrong = ("", HOME, address.replace("17-", "18-"), address.replace("alumni.", ""), f"x{address}", address[:-25])
        assert [return_path.read(given) for given in wrong] == [None] * len(wrong)

    def test_another_deployment_has_others(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        address = return_path.write(17)
        monkeypatch.setitem(app.config, "SECRET_KEY", "another one " * 4)
        assert return_path.read(address) is None

    def test_without_a_mailbox_for_it_the_sender_hears(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(app.config, "PORTAL", replace(app.config["PORTAL"], bounces_to="", bounces_url=""))
        assert return_path.write(17) == ""
        assert return_path.read("bounces+17-00000000000000000000@alumni.example.org") is None
        read()


class TestTheFolder:
    """A maildir of reports."""

    def test_a_report_counts_and_is_put_aside(self, folder: Path, heard: list[tuple[str, str]]) -> None:
        lay(folder, report(sent()), "1")
        read()
        assert heard == [("ada@example.org", "hard")]
        assert [path.name for path in (folder / "cur").iterdir()] == ["1:2,S"]
        assert not list((folder / "new").iterdir())

    def test_a_report_that_comes_again_changes_nothing(self, folder: Path, heard: list[tuple[str, str]]) -> None:
        path = sent()
        for name in "123":
            lay(folder, report(path), name)
        read()
        lay(folder, report(path, "4.4.1"), "4")
        read()
        assert heard == [("ada@example.org", "hard")]

    def test_what_seemed_to_pass_may_turn_out_to_be_for_good(self, folder: Path, heard: list[tuple[str, str]]) -> None:
        path = sent()
        for name, status in enumerate(("4.4.1", "4.4.1", "5.1.1")):
            lay(folder, report(path, status), str(name))
        read()
        assert [bounce for _, bounce in heard] == ["soft", "hard"]

    def test_a_forged_report_changes_nothing(self, folder: Path, heard: list[tuple[str, str]]) -> None:
        path = sent()
        for name, to in enumerate((HOME, path.replace("-", "-0", 1), "bounces+1-" + "0" * 20 + "@alumni.example.org")):
            lay(folder, report(to), str(name))
        read()
        assert heard == []
        assert not list((folder / "new").iterdir()), "they are read, and not believed"

    def test_a_report_that_comes_after_a_month_changes_nothing(
        self, folder: Path, heard: list[tuple[str, str]]
    ) -> None:
        lay(folder, report(sent()), "1")
        with time_machine.travel(clock.now() + timedelta(days=31)):
            read()
        assert heard == []

    def test_what_people_write_stays_where_it_is(self, folder: Path, heard: list[tuple[str, str]]) -> None:
        lay(folder, f"To: {sent()}\r\nSubject: Re: Tea\r\n\r\nThank you, 5.1.1".encode(), "1")
        lay(folder, report(sent("ben@example.org")), "2")
        read()
        assert heard == [("ben@example.org", "hard")]
        assert [path.name for path in (folder / "new").iterdir()] == ["1"]

    def test_doctor_says_when_the_folder_is_away(self, app: Flask, folder: Path) -> None:
        assert doctor_says(bounces.reports) == ""
        (folder / "new").rmdir()
        assert "check PORTAL_BOUNCES_URL" in doctor_says(bounces.reports)


def doctor_says(check: Any) -> str:
    """One check's finding."""
    return next(found.todo for found in doctor.examine() if found.name == "Reports") if check else ""


class Mailbox(socketserver.StreamRequestHandler):
    """As much of an IMAP server as a reader of reports needs; the mails hang on the server object."""

    server: Any

    def handle(self) -> None:
        """Answer line by line."""
        self.wfile.write(b"* OK hello\r\n")
        for line in self.rfile:
            tag, _, said = line.decode().strip().partition(" ")
            self.server.said.append(said)
            for part in self.answer(said):
                self.wfile.write(part)
            self.wfile.write(f"{tag} OK done\r\n".encode())

    def answer(self, said: str) -> Iterator[bytes]:
        """The untagged answers to one command."""
        mails = self.server.mails
        words = said.split()
        if said.startswith("CAPABILITY"):
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif said.startswith("SELECT"):
            yield f"* {len(mails)} EXISTS\r\n".encode()
        elif said.startswith("UID SEARCH"):
            found = [uid for uid, raw in mails.items() if uid not in self.server.seen and b"multipart/report" in raw]
            yield ("* SEARCH " + " ".join(found)).strip().encode() + b"\r\n"
        elif said.startswith("UID FETCH"):
            raw = mails[words[2]]
            yield f"* 1 FETCH (UID {words[2]} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        elif said.startswith("UID STORE"):
            self.server.seen.add(words[2])


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An IMAP server on this machine, named by the configuration."""
    server: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox)
    server.daemon_threads = True
    server.mails, server.seen, server.said = {}, set(), []
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"imap://me%40example.org:p%2Fw@127.0.0.1:{server.server_address[1]}/Post%20box"
    monkeypatch.setitem(app.config, "PORTAL", replace(app.config["PORTAL"], bounces_url=url))
    yield server
    server.shutdown()
    server.server_close()


class TestTheMailbox:
    """Reports behind IMAP."""

    def test_reports_are_taken_and_marked_and_nothing_else_is_touched(
        self, mailbox: Any, heard: list[tuple[str, str]]
    ) -> None:
        mailbox.mails = {"7": report(sent()), "8": b"Subject: Hello\r\n\r\nIt is me.", "9": report(HOME)}
        read()
        read()
        assert heard == [("ada@example.org", "hard")]
        assert mailbox.seen == {"7", "9"}
        assert 'LOGIN me@example.org "p/w"' in mailbox.said
        assert 'SELECT "Post box"' in mailbox.said
        assert sum(line.startswith("UID FETCH 7") for line in mailbox.said) == 1

    def test_doctor_says_when_it_is_away(self, mailbox: Any) -> None:
        assert doctor_says(bounces.reports) == ""
        mailbox.shutdown()
        mailbox.server_close()
        assert "check PORTAL_BOUNCES_URL" in doctor_says(bounces.reports)
