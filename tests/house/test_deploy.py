"""The files for a deployment fit what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from portal.imports.parts import FEATURE

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def test_the_proxy_lets_the_largest_list_through() -> None:
    """More than a list may have: what is too large gets the portal's sentence, and the form around a list has its place."""
    allowed = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    largest = next(each.default for each in FEATURE.settings if each.key == "import_megabytes")
    assert allowed is not None
    assert int(allowed[1]) > largest
