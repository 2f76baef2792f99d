"""News in a program of the reader's choice: at a secret address, what its owner may see at that moment (M1)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.news import actions, queries
from portal.news.models import NewsFeed

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.news.models import NewsItem
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make

ATOM = "{http://www.w3.org/2005/Atom}"


def titles(browse: Browser, address: str) -> list[str]:
    """What a program without cookies reads there."""
    answer = browse.as_(None).client.get(address)
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8")
    assert "Set-Cookie" not in answer.headers
    entries = fromstring(answer.get_data(as_text=True)).findall(f"{ATOM}entry")  # noqa: S314 - our own words
    return [entry.findtext(f"{ATOM}title") or "" for entry in entries]


def address_of(browse: Browser, person: Person) -> str:
    page = browse.as_(person).get("/news").follow("In your own program").submit("Make")
    return "/news/feed/" + page.text.split("/news/feed/", 1)[1].split("<", 1)[0]


def test_it_holds_what_its_owner_may_see_and_nothing_else(
    told: Callable[..., NewsItem], make: Make, browse: Browser, staff: Person
) -> None:
    item = told(title="Doors & <gates> open")
    told(({"relation_kind": "customer", "phase": "former"},), title="For customers alone")
    reader = make.member(relation="partner:former")
    address = address_of(browse, reader)
    assert titles(browse, address) == ["Doors & <gates> open"]
    answer = browse.as_(None).client.get(address).get_data(as_text=True)
    assert f"/news/{item.public_id}/" in answer
    assert "Bring" not in answer, "the text itself is behind the sign-in"
    item = queries.any_item(item.public_id)
    actions.change_audience(
        item, ({"relation_kind": "customer", "phase": "former"},), item.version, by=viewer_of(staff.id)
    )
    db.session.commit()
    assert titles(browse, address) == []


def test_a_new_address_ends_the_old_one_and_it_can_be_ended(make: Make, browse: Browser) -> None:
    reader = make.member(relation="partner:former")
    first, second = address_of(browse, reader), address_of(browse, reader)
    assert browse.as_(None).client.get(first).status_code == 404
    assert titles(browse, second) == []
    assert second.rpartition("/")[2] not in browse.as_(reader).get("/news/feed").text, "it is shown once"
    page = browse.as_(reader).get("/news/feed").submit("End it")
    assert "The address has ended." in page.words
    assert browse.as_(None).client.get(second).status_code == 404


def test_it_is_stored_as_a_digest_and_ends_with_who_it_was_for(make: Make, browse: Browser) -> None:
    """P5, I15."""
    reader = make.member(relation="partner:former")
    secret = actions.open_feed(by=viewer_of(reader.id))
    db.session.commit()
    assert secret not in str(db.session.get_one(NewsFeed, reader.id).token_hash)
    assert queries.reader_of(secret).person_id == reader.id
    reader.remembered_at = clock.now()
    db.session.commit()
    assert browse.as_(None).client.get(f"/news/feed/{secret}").status_code == 404
