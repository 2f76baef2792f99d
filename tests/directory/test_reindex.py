"""`portal reindex`: what was indexed by an older release is found by all that this one writes into its indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from portal.boards.index import POSTS
from portal.core.cli import reindex_command
from portal.core.db import db
from portal.profiles.models import NAMES, WORDS, PersonTerm

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make


@pytest.mark.parametrize("batch", [1, 200])
def test_names_from_before_there_were_latin_letters_are_found_afterwards(
    app: Portal, browse: Browser, make: Make, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """T5: Cyrillic and Greek names by Latin letters, posts by their words; nothing is found that was removed."""
    monkeypatch.setattr("portal.profiles.terms.BATCH", batch)
    anna, _ = make.member("Анна Каренина"), make.member("Γιώργος Παππάς")
    make.topic(author=anna, title="Паровоз", body="Снег и пар.")
    me = browse.as_(make.member())
    old = {term.id: term.folded for term in db.session.query(PersonTerm)}
    for index in (WORDS, NAMES):
        monkeypatch.setattr(
            "portal.core.search.indexed", lambda body, **_: body
        )  # as it was before: the words, and no others
        index.put_many(old.items())
    POSTS.put(db.session.execute(text("SELECT max(id) FROM post")).scalar_one(), "")
    monkeypatch.undo()
    db.session.commit()
    assert "Анна" not in me.open("directory.people", q="karenina").words
    assert "Паровоз" not in me.get("/search?tab=posts&q=parovoz").words
    db.session.remove()
    monkeypatch.setattr("portal.profiles.terms.BATCH", batch)
    said = app.test_cli_runner().invoke(reindex_command)
    assert (said.exit_code, said.output.split("\n")[:2]) == (0, ["people: written anew", "posts: written anew"])
    assert "Анна Каренина" in me.open("directory.people", q="karenina").words
    assert "Γιώργος Παππάς" in me.open("directory.people", q="pappas").words
    assert "Паровоз" in me.get("/search?tab=posts&q=parovoz").words
