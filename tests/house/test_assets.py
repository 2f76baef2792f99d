"""Styles and scripts: one bundle each, named by content, kept for a year, small, and open to visitors."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from portal.core import assets

if TYPE_CHECKING:
    from portal.core.application import Portal


@pytest.fixture
def url(house: Portal) -> str:
    with house.test_request_context():
        return assets.asset_url("portal.css")


def test_a_visitor_gets_the_styles_packed_and_for_a_year(house: Portal, url: str) -> None:
    answer = house.test_client().get(url, headers={"Accept-Encoding": "br, gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.data).decode() == assets.styles()


def test_an_unchanged_bundle_is_not_sent_again(house: Portal, url: str) -> None:
    client = house.test_client()
    tag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


def test_an_old_address_answers_with_what_is_now_but_is_not_kept(house: Portal) -> None:
    answer = house.test_client().get("/assets/0123456789ab/portal.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_an_unknown_asset_is_missing(house: Portal) -> None:
    assert house.test_client().get("/assets/0/nothing.css").status_code == 404


@pytest.mark.parametrize("accent", ["#0e5a63", "#ffd400", "nonsense"])
def test_the_accent_comes_as_a_style_sheet_of_its_own(house: Portal, accent: str) -> None:
    with house.test_request_context():
        address = assets.brand_url(accent)
    answer = house.test_client().get(address)
    assert answer.content_type == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "--brand:" in answer.text


def test_the_bundles_stay_within_the_budget() -> None:
    css, js = assets.styles().encode(), assets.scripts().encode()
    assert len(css) <= 64_000
    assert len(gzip.compress(css)) <= 14_000
    assert len(js) <= 40_000


def test_squeezing_keeps_the_meaning() -> None:
    assert assets.squeeze_css('/* x */ a > b ,\n c { margin : 0 0.5em; content: "·" / ""; }') == (
        'a>b,c{margin :0 .5em;content:"·" / ""}'
    )
    assert (
        assets.squeeze_js("// gone\n  const a = 1; // stays\n\n/* gone\n too */\n  go();\n")
        == "const a = 1; // stays\ngo();"
    )


def test_no_script_needs_what_the_policy_forbids() -> None:
    script = assets.scripts()
    assert not any(
        word in script for word in ("eval(", "new Function", "innerHTML", 'setAttribute("style"', "document.write")
    )
