"""Addresses that nobody writes to again (R26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core import outbox, suppression
from portal.core.access import VISITOR, Viewer
from portal.core.backup import backup, restore
from portal.core.db import db, unit_of_work
from portal.core.errors import NotAllowed
from portal.core.suppression import SuppressedAddress, is_suppressed, lift, suppress

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

SYSTEM = Viewer(person_id=1, system=True)
ADA = Viewer(person_id=2)


class TestTheList:
    """Digests alone; whoever owns the address has the last word."""

    def test_what_is_kept_is_not_the_address(self, app: Flask) -> None:
        """R26: a keyed digest, and the same address is found however it is written."""
        suppress("Ada@Example.org", why="asked by a click", by=SYSTEM)
        suppress("ada@example.org", why="again", by=SYSTEM)
        kept = db.session.query(SuppressedAddress).all()
        assert [row.why for row in kept] == ["asked by a click"]
        assert "ada" not in kept[0].digest
        assert is_suppressed("ADA@example.ORG")
        assert not is_suppressed("ada+news@example.org")

    def test_domains_in_any_script_are_one(self, app: Flask) -> None:
        suppress("ada@bücher.example", why="asked by a click", by=SYSTEM)
        assert is_suppressed("ada@xn--bcher-kva.example")

    def test_only_a_person_lifts_it(self, app: Flask) -> None:
        suppress("ada@example.org", why="asked by a click", by=SYSTEM)
        for nobody in (SYSTEM, VISITOR):
            with pytest.raises(NotAllowed):
                lift("ada@example.org", by=nobody)
        lift("Ada@example.org", by=ADA)
        assert not is_suppressed("ada@example.org")

    def test_a_visitor_suppresses_nobody_directly(self, app: Flask) -> None:
        with pytest.raises(NotAllowed):
            suppress("ada@example.org", why="x", by=VISITOR)

    def test_another_secret_makes_other_digests(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        before = suppression.digest_of("ada@example.org")
        monkeypatch.setitem(app.config, "SECRET_KEY", "another one " * 4)
        assert suppression.digest_of("ada@example.org") != before

    @given(names=st.sets(st.from_regex(r"[a-z]{1,8}\.[0-9]{1,3}", fullmatch=True), max_size=30), data=st.data())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
    def test_exactly_those_that_asked_are_found(self, app: Flask, names: set[str], data: st.DataObject) -> None:
        everybody = [f"{name}@example.org" for name in sorted(names)]
        asked = data.draw(st.sets(st.sampled_from(everybody))) if everybody else set()
        for address in asked:
            suppress(address.upper(), why="x", by=SYSTEM)
        assert suppression.suppressed_among(everybody) == asked
        db.session.rollback()


class TestTheOutbox:
    """Nothing but security mail goes to an address on the list."""

    def test_other_mail_is_refused_when_it_is_posted(self, app: Flask) -> None:
        suppress("ada@example.org", why="x", by=SYSTEM)
        mail = outbox.post_mail("news", "Ada@example.org", "News", "Tea is ready.")
        secure = outbox.post_mail("sign_in", "ada@example.org", "Sign in", "Link.", security=True)
        assert (mail.state, mail.error, mail.text) == ("cancelled", outbox.ASKED_NOT_TO, "")
        assert secure.state == "queued"

    def test_and_again_when_it_is_about_to_go(self, app: Flask) -> None:
        """The wish counts up to the last moment, for what was posted before it too."""
        with unit_of_work():
            mail_id = outbox.post_mail("news", "ada@example.org", "News", "Tea is ready.").id
            suppress("ada@example.org", why="x", by=SYSTEM)
        with unit_of_work():
            assert outbox.take(mail_id) is None
        assert [(row.state, row.error) for row in outbox.listed("cancelled")] == [("cancelled", outbox.ASKED_NOT_TO)]


def test_the_list_survives_a_restore(app: Flask, tmp_path: Path) -> None:
    """R26: what was asked after the backup was made still holds when it is restored."""
    with unit_of_work():
        suppress("ada@example.org", why="before", by=SYSTEM)
    backup(tmp_path / "backup.tar.gz")
    with unit_of_work():
        suppress("ben@example.org", why="after", by=SYSTEM)
    restore(tmp_path / "backup.tar.gz", force=True)
    assert suppression.suppressed_among(["ada@example.org", "ben@example.org", "cy@example.org"]) == {
        "ada@example.org", "ben@example.org",
    }  # fmt: skip


def test_the_list_survives_the_restore_of_a_backup_that_had_none(app: Flask, tmp_path: Path) -> None:
    """R26: a backup of an older version brings no such table; the wish is kept all the same."""
    SuppressedAddress.__table__.drop(db.engine)  # type: ignore[attr-defined]
    backup(tmp_path / "backup.tar.gz")
    SuppressedAddress.__table__.create(db.engine)  # type: ignore[attr-defined]
    with unit_of_work():
        suppress("ada@example.org", why="x", by=SYSTEM)
    restore(tmp_path / "backup.tar.gz", force=True)
    assert is_suppressed("ada@example.org")
