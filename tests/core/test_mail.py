"""Mail: how it is written and how it leaves."""

from __future__ import annotations

import asyncio
import email
import html
import socket
import time
from collections.abc import Iterator
from email import policy
from pathlib import Path
from typing import Any

import flask_mail
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from portal.core import mail, smtp
from portal.core import settings as house_settings
from portal.core.mail import BadHeader, Letter
from tests.core import small_app

HERE = Path(__file__).parent


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The small application with this folder's mail templates; it needs no tables."""
    made = small_app.make(tmp_path, base_url="https://alumni.example.org", mail_from="Test House <house@example.org>")
    made.jinja_env.loader = ChoiceLoader([FileSystemLoader(HERE / "templates"), made.jinja_env.loader])  # type: ignore[list-item]
    with made.app_context():
        yield made


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The brand's words without a database."""
    monkeypatch.setattr("portal.core.settings.changed", dict)


def letter(**changed: Any) -> Letter:
    parts = {
        "to_address": "ada@example.org",
        "subject": "Tea",
        "text": "Tea is ready.\n",
        "html": "<p>Tea is ready.</p>",
    }
    return Letter(**{"message_id": "<one@example.org>", **parts, **changed})


def parsed(wire: bytes) -> Any:
    return email.message_from_bytes(wire, policy=policy.default)


class TestWriting:
    """From templates to three parts."""

    def render(self, **words: Any) -> mail.Rendered:
        return mail.render_mail("tests/hello", **{"place": "<Ada’s>", "reason": "you like tea.", **words})

    def test_a_mail_has_subject_text_and_html(self, app: Flask) -> None:
        made = self.render()
        assert made.subject == "Tea at <Ada’s>"
        assert made.text.startswith("Hello,\n\nthere is tea: https://alumni.example.org/dev/mail/\n")
        assert "Tea at &lt;Ada’s&gt;</h1>" in made.html

    def test_it_says_why_it_came_and_from_where(self, app: Flask) -> None:
        made = self.render()
        for part in (made.text, made.html):
            assert "You get this because you like tea." in part
            assert house_settings.get("postal_address") in html.unescape(part)
            assert "Change what we write" not in part

    def test_it_links_to_the_preferences_when_there_are_any(self, app: Flask) -> None:
        made = self.render(preferences_url="https://x.example/mail", unsubscribe_url="https://x.example/stop?a=1&b=2")
        assert "Change what we write to you: https://x.example/mail\nNo more mails of this kind:" in made.text
        assert 'href="https://x.example/stop?a=1&amp;b=2"' in made.html

    def test_styles_are_in_the_elements_and_nothing_is_loaded(self, app: Flask) -> None:
        made = self.render()
        assert 'style="display: inline-block' in made.html
        assert "prefers-color-scheme: dark" in made.html
        assert "<img" not in made.html
        assert "<script" not in made.html

    def test_links_use_the_configured_address_whatever_host_was_asked(self, app: Flask) -> None:
        with app.test_request_context("/", base_url="http://evil.example"):
            assert mail.link("dev_mail.folder") == "https://alumni.example.org/dev/mail/"

    def test_a_template_must_begin_with_its_subject(self, app: Flask) -> None:
        with pytest.raises(ValueError, match="must begin with"):
            mail.render_mail("tests/wordless", reason="")

    def test_the_message_has_both_parts_and_one_message_id(self, app: Flask) -> None:
        url = "https://alumni.example.org/stop/" + "x" * 120
        message = parsed(
            mail.compose(letter(subject="Zażółć 🎉", headers=mail.bulk_headers(list_name="tea", off_url=url)))
        )
        assert message.get_all("Message-ID") == ["<one@example.org>"]
        assert message["From"] == "Test House <house@example.org>"
        assert message["Subject"] == "Zażółć 🎉"
        assert message["List-Unsubscribe"] == f"<{url}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]

    def test_no_line_is_longer_than_mail_allows(self, app: Flask) -> None:
        wire = mail.compose(letter(text="tea " * 2000, html="<p>" + "ą" * 5000 + "</p>", subject="tea " * 60))
        assert max(map(len, wire.split(b"\r\n"))) <= 998
        assert parsed(wire).get_body(("html",)).get_content().strip() == "<p>" + "ą" * 5000 + "</p>"

    @pytest.mark.parametrize(
        "bad",
        [
            {"subject": "Tea\r\nBcc: eve@example.org"},
            {"subject": "Tea\nX: y"},
            {"headers": {"Reply-To": "a@example.org\r\nBcc: eve@example.org"}},
            {"headers": {"X\r\nBcc": "eve@example.org"}},
            {"to_address": "ada@example.org\r\nBcc: eve@example.org"},
            {"to_address": "ada@example.org,eve@example.org"},
            {"to_address": "Ada <ada@example.org>"},
            {"to_address": "ada@example.org eve@example.org"},
            {"to_address": "ada"},
            {"to_address": ""},
            {"to_address": "ądą@example.org"},
        ],
    )
    def test_a_header_is_one_line_and_a_mail_has_one_recipient(self, app: Flask, bad: dict[str, Any]) -> None:
        with pytest.raises(BadHeader):
            mail.compose(letter(**bad))
        assert mail.send(letter(**bad)).state == "failed"

    def test_a_domain_in_any_script_is_reached(self, app: Flask) -> None:
        assert parsed(mail.compose(letter(to_address="ada@bücher.example")))["To"] == "ada@xn--bcher-kva.example"


class TestFolder:
    """Development mail."""

    def test_mails_are_laid_into_the_folder_and_shown(self, app: Flask, tmp_path: Path) -> None:
        assert mail.send(letter()).state == "sent"
        assert [parsed(path.read_bytes())["Subject"] for path in (tmp_path / "mail").glob("*.eml")] == ["Tea"]
        assert mail.transport().check() is None

    def test_only_development_shows_them(self, app: Flask, tmp_path: Path) -> None:
        rules = {rule.rule for rule in app.url_map.iter_rules()}
        assert "/dev/mail/" in rules
        made = small_app.make(tmp_path, env="production", mail_url="smtp://localhost", base_url="https://x.example")
        assert not [rule for rule in made.url_map.iter_rules() if rule.rule.startswith("/dev")]

    def test_no_other_file_can_be_read(self, app: Flask, tmp_path: Path) -> None:
        from portal.core import dev_mail
        from portal.core.errors import Missing

        (tmp_path / "secret.eml").write_bytes(b"From: a\n\nb")
        for name in ("../secret", "secret", "", "..%2fsecret"):
            with pytest.raises(Missing):
                dev_mail._mail(name)

    def test_a_mail_shown_as_html_runs_and_loads_nothing(self, app: Flask, tmp_path: Path) -> None:
        mail.send(letter())
        name = next((tmp_path / "mail").glob("*.eml")).stem
        response = app.test_client().get(f"/dev/mail/{name}/html")
        assert response.text.strip() == "<p>Tea is ready.</p>"
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")


class Inbox:
    """What a test's mail server received; `answer` may refuse."""

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.sessions: set[Any] = set()
        self.answers: dict[str, str] = {}
        self.refuses: dict[str, str] = {}
        self.drop = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Server, session: Any, envelope: Any) -> str:  # noqa: N802
        self.sessions.add(session.peer)
        if self.drop:
            server.transport.close()  # type: ignore[union-attr]
        self.received.append((envelope, parsed(envelope.content)))
        return self.answers.get("DATA", "250 OK")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class House(Controller):
    """A real mail server on this machine, which closes what is still open before it goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.open: list[Server] = []
        super().__init__(*args, **kwargs)

    def factory(self) -> Server:
        """One conversation."""
        self.open.append(super().factory())
        return self.open[-1]

    def stop(self, no_assert: bool = False) -> None:
        """Hang up on everybody, then end."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(5)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        for one in self.open:
            if one.transport is not None:
                one.transport.abort()
        await asyncio.sleep(0)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A mail server for one test."""
    handler = Inbox()
    handler.controller = House(handler, hostname="127.0.0.1", port=free_port())  # type: ignore[attr-defined]
    handler.controller.start()  # type: ignore[attr-defined]
    yield handler
    if handler.controller.loop.is_running():  # type: ignore[attr-defined]
        handler.controller.stop()  # type: ignore[attr-defined]


@pytest.fixture
def posting(app: Flask, inbox: Inbox) -> Iterator[smtp.SmtpTransport]:
    """The transport to that server."""
    port = inbox.controller.port  # type: ignore[attr-defined]
    transport = smtp.SmtpTransport(app, f"smtp://127.0.0.1:{port}", "house@example.org")
    app.extensions[mail.TRANSPORT] = transport
    yield transport
    transport.rest()


class TestServer:
    """Over SMTP."""

    def test_a_mail_arrives_once_at_one_address(self, posting: object, inbox: Inbox) -> None:
        assert mail.send(letter()).state == "sent"
        [(envelope, message)] = inbox.received
        assert (envelope.mail_from, envelope.rcpt_tos) == ("house@example.org", ["ada@example.org"])
        assert message["Message-ID"] == "<one@example.org>"

    def test_many_mails_go_over_one_connection(self, posting: smtp.SmtpTransport, inbox: Inbox) -> None:
        assert {mail.send(letter()).state for _ in range(30)} == {"sent"}
        assert len(inbox.sessions) == 1
        posting.rest()
        mail.send(letter())
        assert len(inbox.sessions) == 2

    def test_flask_mails_recorder_sees_them(self, posting: object, app: Flask) -> None:
        with flask_mail.Mail(app).record_messages() as outbox:
            mail.send(letter())
        assert [message.subject for message in outbox] == ["Tea"]

    @pytest.mark.parametrize(
        ("when", "answer", "state", "code"),
        [
            ("RCPT", "550 no such user", "refused", 550),
            ("RCPT", "450 come back later", "again", 450),
            ("DATA", "554 looks like spam", "failed", 554),
            ("DATA", "451 come back later", "again", 451),
        ],
    )
    def test_refusals_are_told_apart(
        self, posting: smtp.SmtpTransport, inbox: Inbox, when: str, answer: str, state: str, code: int
    ) -> None:
        inbox.answers[when] = answer
        outcome = mail.send(letter())
        assert (outcome.state, outcome.code) == (state, code)
        inbox.answers.clear()
        assert mail.send(letter()).state == "sent"
        assert posting.away_until() is None

    def test_a_line_that_breaks_after_the_text_leaves_it_unknown(self, posting: object, inbox: Inbox) -> None:
        inbox.drop = True
        assert mail.send(letter()).state == "unknown"

    def test_a_server_that_went_away_is_noticed_before_the_next_mail(self, posting: object, inbox: Inbox) -> None:
        assert mail.send(letter()).state == "sent"
        inbox.controller.stop()  # type: ignore[attr-defined]
        assert mail.send(letter()).state == "away"

    def test_a_server_that_never_answers_is_left_after_the_time_out(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(smtp, "PATIENCE", 0.5)
        with socket.create_server(("127.0.0.1", 0)) as hole:
            transport = smtp.SmtpTransport(app, f"smtp://127.0.0.1:{hole.getsockname()[1]}", "house@example.org")
            app.extensions[mail.TRANSPORT] = transport
            began = time.monotonic()
            assert mail.send(letter()).state == "away"
            assert time.monotonic() - began < 2
            assert mail.send(letter()).state == "away", "and the next mail does not wait at all"
            assert time.monotonic() - began < 2
            assert transport.away_until() is not None
            assert "timed out" in str(transport.check())

    def test_pauses_grow_while_the_server_is_away(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        transport = smtp.SmtpTransport(app, "smtp://127.0.0.1:9", "house@example.org")
        lengths = []
        for _ in range(8):
            transport._pause_ends = 0.0
            began = time.monotonic()
            assert transport.send(letter(), b"").state == "away"
            lengths.append(transport._pause_ends - began)
        for length, pause in zip(lengths, [15, 30, 60, 120, 240, 480, 600, 600], strict=True):
            assert pause <= length + 0.1 < pause + 10, lengths  # a busy machine may be late, never early

    def test_tls_is_demanded_when_configured(self, app: Flask, inbox: Inbox) -> None:
        port = inbox.controller.port  # type: ignore[attr-defined]
        transport = smtp.SmtpTransport(app, f"smtp://me:secret@127.0.0.1:{port}?tls=1", "house@example.org")
        assert "STARTTLS" in str(transport.check())
        assert transport.send(letter(), b"").state == "away"
        assert inbox.received == []

    def test_an_address_names_everything(self, app: Flask) -> None:
        smtp.SmtpTransport(app, "smtps://me%40example.org:p%2Fw@mail.example.org", "house@example.org")
        state = app.extensions["mail"]
        assert (state.server, state.username, state.password) == ("mail.example.org", "me@example.org", "p/w")
        assert (state.use_ssl, state.use_tls) == (True, False)
