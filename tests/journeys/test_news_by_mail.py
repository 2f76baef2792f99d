"""Journey 7: news to former partners, one mail each, and one click in the mail program that ends them."""

from __future__ import annotations

from contextvars import Context
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.application import Portal
    from tests.factories import Make
    from tests.postbox import Postbox

TITLE, WORDS = "The yard opens its doors", "Bring boots, the mud is real."


def one_click(app: Portal, headers: dict[str, str]) -> int:
    """What a mail program does: it posts to the address in the header, without a cookie and without a page (RFC 8058)."""
    address = urlsplit(headers["List-Unsubscribe"].strip("<>")).path
    post = {"List-Unsubscribe": "One-Click"}
    return int(Context().run(app.test_client().post, address, data=post).status_code)


def test_news_reach_their_readers_once_and_one_click_ends_them(
    someone: Callable[..., Any], make: Make, app: Portal, outbox: Postbox, work: Callable[[], int]
) -> None:
    """M1, T2: told to former partners alone; whoever clicked once gets no other."""
    posy = make.member("Posy Poster", roles=("staff",))
    pia = make.member("Partner Pia", relation="partner:former", address="pia@example.org")
    make.member("Partner Pat", relation="partner:former", address="pat@example.org")
    stranger = make.member("Employee Eve", relation="employee:former", address="eve@example.org")

    writer = someone(posy)
    writer.go("/news").press("Write and publish").press("Write news").look_at("news-empty-draft")
    writer.fill(title=TITLE, lead="One Saturday in May.", body=WORDS, segments="partner:former", ask="choice")
    assert writer.page.locator("[name=link_url]").is_hidden(), "only what the chosen sort of ask needs is there"
    writer.fill(question="Will you come?", choices="Yes\nNo")
    writer.press("Save and preview").sees(TITLE, WORDS, "Will you come?").look_at("news-preview")
    writer.press("Ready to send").sees("this would send 3 mails").look_at("news-ready")
    writer.press("Publish it").sees("The mails are on their way").look_at("news-figures")
    work()
    assert sorted(mail.to_address for mail in outbox.mails() if mail.kind == "news" and mail.person_id != posy.id) == [
        "pat@example.org", "pia@example.org",
    ]  # fmt: skip

    reader = someone(pia, phone=True)
    reader.go(f"/{outbox.link('pia@example.org').lstrip('/')}").sees(
        TITLE, "From Kestrel & Lowe", "Former partners"
    ).look_at("news-item")
    item = urlsplit(reader.page.url).path
    reader.press("Yes").sees("Your answer is with those who asked")
    reader.fill(body="I will bring the old gate key.").press("Comment").sees("I will bring the old gate key.").look_at(
        "news-comment"
    )
    reader.go("/").sees(TITLE)

    other = someone(stranger)
    for path in ("/", "/news", "/boards", "/search?q=boots&tab=news", "/search?q=gate+key&tab=posts", "/notifications"):
        other.go(path).misses(TITLE, "old gate key")
    assert other.go(item).status == 404
    assert not [mail for mail in outbox.mails("eve@example.org") if mail.kind == "news"]

    assert one_click(app, outbox.last("pia@example.org").headers) == 200
    writer.go("/news/desk").press("Write news").fill(title="And another", lead="Short.", segments="partner:former")
    writer.press("Save, then send").sees("chose not to get news by mail").press("Publish it")
    work()
    assert [mail.subject for mail in outbox.mails("pia@example.org") if mail.kind == "news"] == [TITLE]
    assert [mail.subject for mail in outbox.mails("pat@example.org") if mail.kind == "news"] == [TITLE, "And another"]
    reader.go("/news").sees("And another").look_at("news-list")
