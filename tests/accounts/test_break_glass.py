"""The emergency way in: at the machine alone, for admins alone, on record, and told to every admin (I16, R15)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from portal.accounts.cli import break_glass
from portal.accounts.models import Credential, EmailAddress, LoginToken, Passkey
from portal.core.audit import AuditRow
from portal.core.db import db
from tests.accounts.keys import set_authenticator, set_password, signed_in
from tests.accounts.softkey import SoftKey, add_passkey
from tests.accounts.test_keys import GOOD

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox


def run(app: Portal, *words: str) -> Any:
    """The command and what it printed."""
    db.session.remove()
    return app.test_cli_runner().invoke(break_glass, list(words))


def test_a_locked_out_admin_gets_in_once_and_all_admins_hear(
    app: Portal, browse: Browser, make: Make, outbox: Postbox
) -> None:
    """I16: by an address that ended with the work too; the second step is asked anew, and the deed is on record."""
    ada = make.member("Ada Lovelace", roles=("admin",), address="ada@example.org")
    make.member("Bob Admin", roles=("admin",), address="bob@example.org")
    make.member("Mo Moderator", roles=("moderator",), address="mo@example.org")
    set_password(ada, GOOD)
    set_authenticator(ada)
    her = browse.as_(ada)
    add_passkey(her, SoftKey())
    make.address(ada, "ada@old.example", state="retired", kind="work", primary=False)
    result = run(app, "ada@old.example", "--because", "Bob left, Ada's phone is in the river.")
    assert result.exit_code == 0, result.output
    link = re.search(r"https?://[^/\s]+(/\S+)", result.output)
    assert link
    assert not signed_in(her)
    told = {mail.to_address for mail in outbox.mails() if mail.purpose == "admins_told"}
    assert told == {"ada@example.org", "bob@example.org"}
    assert "in the river" in outbox.last("bob@example.org").text
    assert "the account of Ada Lovelace, an admin" in outbox.last("bob@example.org").text
    row = db.session.query(AuditRow).filter_by(verb="break glass").one()
    assert (row.subject_id, row.note) == (ada.id, "Bob left, Ada's phone is in the river.")
    browse.get(link.group(1)).submit("Sign in")
    assert signed_in(browse)
    assert browse.open("home.index").heading == "Your role asks for a second step"
    assert db.session.query(Passkey).count() == 0
    assert [key.kind for key in db.session.query(Credential)] == ["password"]
    assert browse.as_(None).get(link.group(1)).status == 410


@pytest.mark.parametrize(("address", "because", "says"), [
    ("member@example.org", "Help.", "No admin has or had this address"),
    ("nobody@example.org", "Help.", "No admin has or had this address"),
    ("no address", "Help.", "No admin has or had this address"),
    ("ada@example.org", " ", "Say why"),
])  # fmt: skip
def test_for_others_and_without_a_reason_nothing_happens(
    app: Portal, make: Make, address: str, because: str, says: str
) -> None:
    """R15: not for members, and never without a reason."""
    make.member(roles=("admin",), address="ada@example.org")
    make.member(address="member@example.org")
    result = run(app, address, "--because", because)
    assert result.exit_code == 1
    assert says in result.output
    assert db.session.query(LoginToken).count() == 0
    assert db.session.query(EmailAddress).count() == 2
