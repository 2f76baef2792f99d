"""A copy of everything: asked for, watched, downloaded, and opened in a browser (P5)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.factories import Make

INSIDE = {"index.html", "everything.json", "schema.json", "card.vcf", "days.ics", "mail.mbox", "resume.json"}


def test_everything_is_taken_along_and_opened(
    someone: Callable[..., Any], make: Make, work: Callable[[], int], tmp_path: Path
) -> None:
    ada = make.member("Ada Łukasiewicz", address="ada@example.org")
    make.topic(author=ada, title="Ferries", body="The <b>last</b> one left at noon.")
    her = someone(ada)
    her.go("/settings/your-data").press("Download everything")
    her.press("Make a copy").sees("Your copy is being made", "waiting for its turn").look_around("export-being-made")
    work()
    her.sees("Copy of", "kB, until").look_around("export-ready")  # the page has watched by itself

    with her.page.expect_download() as waiting:
        her.press("Download", within="main .rows")
    copy = tmp_path / "copy.zip"
    waiting.value.save_as(copy)
    with ZipFile(copy) as opened:
        assert {name.removeprefix("your-data/") for name in opened.namelist()} >= INSIDE
        opened.extractall(tmp_path)
    told = json.loads((tmp_path / "your-data/everything.json").read_text())
    assert told["boards"]["posts"][0]["body"] == "The <b>last</b> one left at noon."
    her.page.goto((tmp_path / "your-data/index.html").as_uri())
    her.sees("Everything kept about Ada Łukasiewicz", "The <b>last</b> one left at noon.").look_around("copy-opened")

    her.go("/settings/your-data/export").press("Delete here").sees("The copy is deleted here").misses("Download")
