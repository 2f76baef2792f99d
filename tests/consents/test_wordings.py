"""The wordings that people agree to, and the ledger of who did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.consents import actions, queries
from portal.consents.models import Consent
from portal.core.access import VISITOR, system_viewer
from portal.core.db import db
from portal.core.errors import NotAllowed

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make


def test_everybody_reads_the_wordings(browse: Browser) -> None:
    """GDPR, ui.md: version and date are shown; visitors see them too."""
    actions.ensure_legal_texts(by=system_viewer())
    actions.ensure_legal_texts(by=system_viewer())
    db.session.commit()
    for path, title in (("/terms", "Terms of use"), ("/privacy", "Privacy"), ("/imprint", "Imprint")):
        page = browse.get(path)
        assert (page.status, page.heading) == (200, title)
        assert "Version 1, in force since" in page.words


def test_older_versions_stay_readable(browse: Browser, make: Make) -> None:
    """What somebody agreed to can be read for ever."""
    admin = make.viewer(make.member(roles=("admin",)))
    actions.publish_legal_text("terms", "Terms", "Be kind.", by=admin)
    actions.publish_legal_text("terms", "Terms", "Be **very** kind.", by=admin)
    db.session.commit()
    page = browse.get("/terms")
    assert "Version 2" in page.words
    old = page.follow("Version 1")
    assert "older version" in old.words
    assert "Be kind." in old.words


def test_a_page_that_was_not_written_is_not_there(browse: Browser) -> None:
    assert browse.get("/imprint").status == 404


@pytest.mark.parametrize("role", ["staff", "moderator", "seller", "manager", "executive"])
def test_only_admins_publish(make: Make, role: str) -> None:
    by = make.viewer(make.member(roles=(role,)))
    with pytest.raises(NotAllowed):
        actions.publish_legal_text("terms", "Terms", "Mine now.", by=by)
    with pytest.raises(NotAllowed):
        actions.publish_legal_text("terms", "Terms", "Mine now.", by=VISITOR)


def test_nobody_agrees_for_somebody_else(make: Make) -> None:
    ada, ben = make.member(), make.member()
    with pytest.raises(NotAllowed):
        actions.give_consent(ada.id, "terms", 1, how="settings", by=make.viewer(ben))


def test_withdrawing_is_a_new_row_and_works_at_once(make: Make) -> None:
    """The ledger is append-only: what was said once is never changed."""
    ada = make.member()
    by = make.viewer(ada)
    actions.give_consent(ada.id, "calls", 1, how="settings", by=by)
    assert queries.is_given(ada.id, "calls")
    actions.withdraw_consent(ada.id, "calls", 1, how="settings", by=by)
    assert not queries.is_given(ada.id, "calls")
    assert [row.state for row in db.session.query(Consent).order_by(Consent.id)] == ["given", "withdrawn"]


def test_the_viewer_knows_what_was_accepted(make: Make) -> None:
    actions.ensure_legal_texts(by=system_viewer())
    ada = make.member()
    assert make.viewer(ada).extra["accepted"] == {}
    actions.accept(ada.id, how="sign-in", by=make.viewer(ada))
    assert make.viewer(ada).extra["accepted"] == {"terms": 1, "privacy": 1}
