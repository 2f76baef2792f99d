"""Domains that take no mail: three clear noes on three days, and a real name server that says all sorts of things (R5, I8)."""

from __future__ import annotations

import socketserver
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
import time_machine

from portal.accounts import jobs, name_servers
from portal.accounts.models import DomainCheck, EmailAddress
from portal.core import clock
from portal.core.db import db
from portal.core.jobs import enqueue
from tests.accounts.keys import signed_in
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox

RECORDS = {
    "mx": {"MX": "10 mail.example.org."}, "host": {"A": "192.0.2.1"}, "host6": {"AAAA": "2001:db8::1"},
    "nothing": {}, "null": {"MX": "0 ."},
}  # fmt: skip


class NameServer(socketserver.ThreadingUDPServer):
    """Answers as it is told: what `says` holds for a domain, else that there is mail."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.says: dict[str, str] = {}


class Answer(socketserver.BaseRequestHandler):
    """One question."""

    server: NameServer

    def handle(self) -> None:
        """Answer it, or be silent."""
        asked = dns.message.from_wire(self.request[0])
        question = asked.question[0]
        said = self.server.says.get(question.name.to_text(omit_final_dot=True), "mx")
        if said == "silence":
            return
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        if said in ("NXDOMAIN", "SERVFAIL", "REFUSED"):
            answer.set_rcode(dns.rcode.from_text(said))
        else:
            kind = dns.rdatatype.to_text(question.rdtype)
            if kind in RECORDS[said]:
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, RECORDS[said][kind]))
        self.request[1].sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def names(app: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """What the name server says of each domain."""
    server = NameServer()
    before = app.config["PORTAL"]
    app.config["PORTAL"] = replace(before, dns_server=f"127.0.0.1:{server.server_address[1]}")
    monkeypatch.setattr(name_servers, "PATIENCE", 0.6)
    with serving(server):
        yield server.says
    app.config["PORTAL"] = before


@pytest.fixture
def check(work: Callable[[], int]) -> Callable[[], None]:
    """Do the day's check."""

    def run() -> None:
        enqueue(jobs.check_domains)
        db.session.commit()
        work()
        db.session.rollback()

    return run


def state() -> str:
    db.session.rollback()
    return db.session.query(EmailAddress).filter_by(norm="ada@old.example").one().state


@pytest.mark.parametrize(("said", "takes"), [
    ("mx", True), ("host", True), ("host6", True), ("nothing", False), ("null", False), ("NXDOMAIN", False),
    ("SERVFAIL", None), ("REFUSED", None), ("silence", None),
])  # fmt: skip
def test_what_the_name_servers_say(names: dict[str, str], said: str, takes: bool | None) -> None:
    """R5: an MX, or a host; a clear no; and what is not clear."""
    names["old.example"] = said
    assert name_servers.takes_mail("old.example") is takes


def test_three_noes_on_three_days_end_an_address(
    browse: Browser, make: Make, names: dict[str, str], check: Callable[[], None], outbox: Postbox
) -> None:
    """R5, I8: not two, not three on one day; the other addresses hear of it, the account stays."""
    ada = make.member("Ada Lovelace", address="ada@example.org")
    make.address(ada, "ada@old.example", primary=False)
    names["old.example"] = "NXDOMAIN"
    start = clock.now()
    for hours, expected in ((0, "live"), (1, "live"), (2, "live"), (24, "live"), (25, "live"), (48, "dead")):
        with time_machine.travel(start + timedelta(hours=hours)):
            check()
            assert state() == expected, hours
    assert outbox.last("ada@example.org").purpose == "address_bounced"
    with time_machine.travel(start + timedelta(hours=50)):
        letters = len(outbox.mails())
        browse.open("accounts.sign_in").submit("Continue", address="ada@old.example")
        assert len(outbox.mails()) == letters, "it signs nobody in"


@pytest.mark.parametrize("failure", ["SERVFAIL", "REFUSED", "silence"])
def test_a_name_server_that_fails_changes_nothing(
    make: Make, names: dict[str, str], check: Callable[[], None], failure: str
) -> None:
    """R5: for weeks, and between two noes."""
    ada = make.member(address="ada@example.org")
    make.address(ada, "ada@old.example", primary=False)
    start = clock.now()
    for day in range(5):
        names["old.example"] = failure
        with time_machine.travel(start + timedelta(days=day)):
            check()
    assert state() == "live"
    assert db.session.query(DomainCheck).count() == 0


def test_a_yes_forgets_the_noes(make: Make, names: dict[str, str], check: Callable[[], None]) -> None:
    """R5: a domain that was away for two days is not dead."""
    ada = make.member(address="ada@example.org")
    make.address(ada, "ada@old.example", primary=False)
    start = clock.now()
    for day, said in enumerate(("NXDOMAIN", "nothing", "mx", "NXDOMAIN", "NXDOMAIN")):
        names["old.example"] = said
        with time_machine.travel(start + timedelta(days=day)):
            check()
    assert state() == "live"


def test_a_domain_that_comes_back_proves_nothing(
    browse: Browser, make: Make, names: dict[str, str], check: Callable[[], None], letter: Any
) -> None:
    """I8, R5: bought again by somebody: the address stays dead until its owner, signed in otherwise, proves it anew."""
    ada = make.member(address="ada@example.org")
    make.address(ada, "ada@old.example", primary=False)
    start = clock.now()
    for day, said in enumerate(("NXDOMAIN", "NXDOMAIN", "NXDOMAIN", "mx", "mx")):
        names["old.example"] = said
        with time_machine.travel(start + timedelta(days=day)):
            check()
    assert state() == "dead"
    her = browse.as_(ada)
    her.open("accounts.addresses").submit("Mail the link again")
    her.get(letter("ada@old.example")).submit("Confirm")
    assert state() == "live"
    assert signed_in(her)
