"""`portal invite-advocates FILE`: the company's list becomes invitations to opt in, never consents (A1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.advocates import queries
from portal.advocates.cli import invite_advocates
from portal.advocates.models import Nomination
from portal.core.db import db
from tests.asks.story import Programme, forget

if TYPE_CHECKING:
    from pathlib import Path

    from portal.core.application import Portal
    from tests.browse import Browser


def test_members_are_invited_others_nominated_and_nobody_is_opted_in(
    app: Portal, programme: Programme, browse: Browser, tmp_path: Path
) -> None:
    ada, already = programme.make.member("Ada Alumna", address="ada@example.org"), programme.advocate("Adele Advocate")
    programme.make.address(already, "adele@example.org", primary=False)
    db.session.commit()
    lists = tmp_path / "advocates.txt"
    lists.write_text("ADA@example.org\n\nadele@example.org\nnew.one@example.net\nada@example.org\n", encoding="utf-8")
    for _ in range(2):
        answer = app.test_cli_runner().invoke(invite_advocates, [str(lists)])
        assert answer.exit_code == 0, answer.output
    assert "invited to opt in" in answer.output
    forget()
    named = db.session.execute(select(Nomination.contact_name, Nomination.contact_address)).all()
    assert [tuple(row) for row in named] == [("new.one (by address)", "new.one@example.net")], "once, however often"
    assert queries.consents_in_force(ada.id) == []
    bell = browse.as_(ada).open("notifications.index").words
    assert "Would you be an advocate?" in bell
    assert "Would you be an advocate?" not in browse.as_(already).open("notifications.index").words


def test_a_line_that_is_no_address_changes_nothing(app: Portal, programme: Programme, tmp_path: Path) -> None:
    lists = tmp_path / "advocates.txt"
    lists.write_text("new.one@example.net\nnot an address\n", encoding="utf-8")
    answer = app.test_cli_runner().invoke(invite_advocates, [str(lists)])
    assert answer.exit_code == 1
    assert "not an address" in answer.output
    assert db.session.execute(select(Nomination)).all() == []
    assert app.test_cli_runner().invoke(invite_advocates, [str(tmp_path / "nowhere.txt")]).exit_code == 2
