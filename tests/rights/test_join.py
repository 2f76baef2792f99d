"""Two accounts of one person become one, and two again (I10, R16)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyotp
import time_machine

from portal.boards.actions import thank
from portal.boards.models import Post
from portal.careers.actions import add_position
from portal.careers.models import Position
from portal.consents.actions import give_consent, withdraw_consent
from portal.consents.queries import is_given
from portal.core import clock
from portal.core.access import system_viewer
from portal.core.db import db, unit_of_work
from portal.people import actions as people
from portal.people.models import Block, Connection, Person
from portal.rights import actions
from portal.rights.jobs import tidy_merges
from portal.rights.models import AccountMerge, MergeRequest
from tests.accounts.keys import set_authenticator, signed_in
from tests.rights.filling import Filler, everything, named, named_columns

if TYPE_CHECKING:
    from tests.browse import Browser, Page
    from tests.factories import Make


def proved(kept: Person, gone: Person) -> MergeRequest:
    row = MergeRequest(
        person_id=kept.id, other_id=gone.id, proved_at=clock.now(), expires_at=clock.now() + timedelta(hours=1)
    )
    db.session.add(row)
    db.session.flush()
    return row


def join(make: Make, kept: Person, gone: Person) -> AccountMerge:
    merge = actions.join(proved(kept, gone), by=make.viewer(kept))
    db.session.commit()
    return merge


def ask(her: Browser, address: str) -> Page:
    return her.open("rights.join_accounts").submit("Mail me the link", address=address)


def test_the_whole_way(browse: Browser, make: Make, letter: Any, outbox: Any, write_mails: Any) -> None:
    """I10: an address of the other, its mailed link, both side by side, one; the old page leads on; and back."""
    ada, old = make.member("Ada Fern", address="ada@example.org"), make.member("Ada Fearn", address="old@example.org")
    ben = make.member("Ben Okafor")
    topic = make.topic(author=old, title="Ferries", body="From the old one.")
    make.reply(topic, ben, f"Hello @[Ada]({old.public_id})!")
    her, his = browse.as_(ada), browse.as_(ben)
    other_device = browse.as_(old)
    ask(her, "old@example.org")
    page = her.get(letter("old@example.org"))
    assert "Nothing is joined yet" in page.words
    page = page.submit("Show me both")
    assert "Ada Fearn (joins it)" in page.words
    assert page.submit("Make them one").status == 422
    page = page.submit("Make them one", sure="y")
    assert "Your two accounts are one now" in page.words
    assert not signed_in(other_device)
    assert his.get(f"/people/{old.public_id}").heading == "Ada Fern"
    write_mails()
    shown = his.get(f"/topics/{topic.public_id}/ferries")
    assert "Ada Fearn" not in shown.words
    assert "Ada Fern" in shown.words
    assert {mail.to_address for mail in outbox.mails() if mail.subject == "Your two accounts are one"} == {
        "ada@example.org", "old@example.org"
    }  # fmt: skip
    page = her.open("rights.join_accounts").submit("undo")
    assert "They are two accounts again" in page.words
    assert his.get(f"/people/{old.public_id}").heading == "Ada Fearn"
    assert "Ada Fearn" in his.get(f"/topics/{topic.public_id}/ferries").words
    assert signed_in(her)


def test_nobody_learns_whether_an_address_is_a_members(
    browse: Browser, make: Make, outbox: Any, write_mails: Any
) -> None:
    """I12, R11: the same words for an unknown address, one's own and another's; and it is still the same person."""
    ada, _ = make.member(address="ada@example.org"), make.member(address="old@example.org")
    her = browse.as_(ada)
    said = {
        ask(her, address).words.replace(address, "X")
        for address in ("old@example.org", "nobody@example.org", "ada@example.org")
    }
    assert len(said) == 1
    write_mails()
    assert outbox.recipients() == []  # the newest request alone counts, and that names herself
    assert ask(browse.as_(ada, minutes_ago=20), "old@example.org").status == 401


def test_the_link_is_for_whoever_asked_once_and_for_an_hour(browse: Browser, make: Make, letter: Any) -> None:
    """R8, R16: another member, a second use, an hour later: nothing."""
    ada, old, eve = make.member(address="ada@example.org"), make.member(address="old@example.org"), make.member()
    her = browse.as_(ada)
    ask(her, "old@example.org")
    link = letter("old@example.org")
    assert browse.as_(eve).get(link).status == 410
    assert browse.as_(old).get(link).status == 410
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert browse.as_(ada).get(link).status == 410
    her.get(link).submit("Show me both")
    assert her.get(link).status == 410
    row = db.session.query(MergeRequest).filter(MergeRequest.proved_at.is_not(None)).one()
    assert browse.as_(eve).get(f"/settings/join-accounts/{row.public_id}").status == 404


def test_a_second_step_is_asked_for_too(browse: Browser, make: Make, letter: Any) -> None:
    """R10: a mailed link alone does not get past the authenticator of the other account."""
    ada, old = make.member(address="ada@example.org"), make.member(address="old@example.org")
    secret = set_authenticator(old)
    her = browse.as_(ada)
    ask(her, "old@example.org")
    page = her.get(letter("old@example.org"))
    assert page.submit("Show me both", code="000000").status == 422
    assert "joins it" in page.submit("Show me both", code=pyotp.TOTP(secret).now()).words


def test_the_link_goes_to_an_address_of_ones_own(browse: Browser, make: Make, outbox: Any, write_mails: Any) -> None:
    """I2: the mailbox at work, which an employer may read, proves nothing where there is a personal one."""
    firm = make.organisation("Acme", "acme.example")
    assert firm
    ada, old = make.member(address="ada@example.org"), make.member(address="old@example.org")
    make.address(old, "old@acme.example", kind="work", primary=False)
    ask(browse.as_(ada), "old@acme.example")
    write_mails()
    assert outbox.recipients() == ["old@example.org"]


def test_every_table_moves_and_goes_back(make: Make) -> None:
    """I10, R16: whatever names a person names the one that stayed; undone, every row is as it was."""
    low = [make.member().id for _ in range(3)]
    kept, gone = make.member("Kept One"), make.member("Gone One")
    others = [*low, *(make.member().id for _ in range(9))]
    first = Filler(kept.id, others, "Kept")
    first.fill()
    second = Filler(gone.id, others[::-1], "Gone")
    second.count, second.shared = 5000, first.shared
    second.fill()
    db.session.execute(Person.__table__.update().where(Person.id.in_((kept.id, gone.id))).values(suspended_until=None))
    people.grant_role(kept, "moderator", by=system_viewer())
    db.session.commit()
    before = comparable()
    merge = join(make, kept, gone)
    assert named(gone.id) <= {"account_merge.gone_id"}
    assert named(kept.id) >= {f"{table.name}.{column}" for table, column in named_columns()} - {"account_merge.gone_id"}
    assert actions.undo_join(merge, by=make.viewer(kept)) == 0
    db.session.commit()
    after = comparable()
    changed = {name: [pair for pair in zip(rows, after[name], strict=False) if pair[0] != pair[1]] for name, rows in before.items()
               if rows != after[name]}  # fmt: skip
    assert not changed, changed


# Traces of the deed itself, what is derived from other rows, and secrets that stay dead.
APART = {
    "audit_row", "audit_values", "audit_key", "outbox_mail", "job", "person_term", "login_token", "waiting_reset",
    "merge_request", "account_merge", "data_export", "erasure", "stamp",
}  # fmt: skip
FREE = {("session", "ended_at"), ("person", "access_version")}


def comparable() -> dict[str, list[dict[str, Any]]]:
    found = {name: rows for name, rows in everything().items() if name not in APART}
    return {
        name: [{c: v for c, v in row.items() if (name, c) not in FREE} for row in rows] for name, rows in found.items()
    }


def test_lower_rights_stricter_consents_and_one_vote(make: Make) -> None:
    """R16: roles of the other end, what one took back is taken back, blocks of both hold, double thanks are one."""
    ada, old, ben, cem = make.member(), make.member(roles=("moderator",)), make.member(), make.member()
    topic = make.topic(author=ben)
    post = db.session.query(Post).filter_by(topic_id=topic.id).one()
    for each in (ada, old):
        thank(post, by=make.viewer(each))
    withdraw_consent(ada.id, "act:call", 1, how="settings", by=make.viewer(ada))
    give_consent(old.id, "act:call", 1, how="settings", by=make.viewer(old))
    people.block(cem, by=make.viewer(old))
    people.connect(ben, by=make.viewer(old))
    add_position(old, "Acme", by=make.viewer(old))
    db.session.commit()
    merge = join(make, ada, old)
    db.session.expire_all()
    assert db.session.get(Post, post.id).thanks_count == 1
    assert not make.viewer(ada).has_role("moderator")
    assert not is_given(ada.id, "act:call")
    assert db.session.query(Block).filter_by(blocker_id=ada.id, blocked_id=cem.id).count() == 1
    assert db.session.query(Connection).count() == 1
    assert db.session.query(Position).filter_by(person_id=ada.id, relation_id=None).count() == 1
    make.reply(topic, ada, "Since then.")
    actions.undo_join(merge, by=make.viewer(ada))
    db.session.commit()
    db.session.expire_all()
    assert db.session.get(Post, post.id).thanks_count == 2
    assert make.viewer(old).has_role("moderator")
    assert is_given(old.id, "act:call")
    assert db.session.query(Post).filter_by(author_id=ada.id).count() == 1


def test_after_thirty_days_only_the_address_is_left(browse: Browser, make: Make) -> None:
    """I10: not undone any more, nothing kept of the double, and its page leads on for ever."""
    ada, old = make.member("Ada Fern"), make.member("Old Quince")
    merge = join(make, ada, old)
    public_id = old.public_id
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert "can be parted" not in browse.as_(ada).open("rights.join_accounts").words
        with unit_of_work():
            list(tidy_merges())
        db.session.expire_all()
        row = db.session.get(AccountMerge, merge.id)
        assert (row.changes, row.final_at is not None) == ("", True)
        assert "Quince" not in db.session.get(Person, old.id).full_name
        assert browse.as_(make.member()).get(f"/people/{public_id}").heading == "Ada Fern"
