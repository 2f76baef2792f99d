"""The mails of news: written once for everybody, with one line that differs, and a trial for the writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import mail, outbox, settings
from portal.core.copies import Copy, post_copies
from portal.news.recipients import KIND
from portal.notifications import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.core.mail import Rendered
    from portal.news.models import NewsItem
    from portal.news.recipients import Recipient

OFF = "https://off.invalid/each-reader-has-their-own"  # stands for the reader's own link in what is rendered once


def write(item: NewsItem, *, audience: str, off_url: str = OFF) -> Rendered:
    """The mail of an item: what it is, why one gets it, and the way to read, answer and stop it."""
    return mail.render_mail(
        "news/item",
        title=item.title,
        lead=item.lead,
        question=item.question if item.ask in ("choice", "words") else "",
        ask=item.ask,
        choices=item.choices,
        url=mail.link("news.item", public_id=item.public_id, slug=item.slug),
        reason=f"you are a member, and this is news of {settings.get('host_name')} for: {audience[0].lower()}{audience[1:]}.",
        preview=item.lead,
        unsubscribe_url=off_url,
        preferences_url=mail.link("notifications.preferences"),
    )


def post_to(item: NewsItem, written: Rendered, readers: Sequence[Recipient]) -> dict[int, int]:
    """Put one mail for each of these readers into the outbox; mail ids by person."""
    copies = []
    for reader in readers:
        off_url = mail.link("notifications.off", token=tokens.write(reader.person_id, KIND))
        copies.append(Copy(
            reader.person_id, reader.address, written.text.replace(OFF, off_url), written.html.replace(OFF, off_url),
            _headers(item, off_url),
        ))  # fmt: skip
    return post_copies(KIND, written.subject, copies, purpose=purpose_of(item))


def send_trial(item: NewsItem, person_id: int, address: str, *, audience: str) -> None:
    """The same mail to its writer, before anybody else gets it; it says so in its subject."""
    off_url = mail.link("notifications.off", token=tokens.write(person_id, KIND))
    written = write(item, audience=audience, off_url=off_url)
    outbox.post_mail(
        "news.trial", address, f"Test: {written.subject}", written.text, written.html, person_id=person_id, purpose="news trial",
        headers=_headers(item, off_url),
    )  # fmt: skip


def purpose_of(item: NewsItem) -> str:
    """How a mail in the outbox says which item it is of."""
    return f"{KIND}:{item.public_id}"


def _headers(item: NewsItem, off_url: str) -> Mapping[str, str]:
    return mail.bulk_headers(list_name="news", off_url=off_url, thread=f"news:{item.public_id}")
