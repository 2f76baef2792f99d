"""The leak walk: every route, list, count and search, as each segment, with every id of what it may not see (M1, I11, P1).

What is secret carries the word QUILLON in its name, title or text; no answer may hold it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import pytest

from portal.advocates import actions as care
from portal.advocates import queries as care_queries
from portal.asks.actions import Brief, ask_advocate
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.core.partial_dates import PartialDate
from portal.news.actions import open_feed
from portal.notifications.actions import choose_mail, notify
from portal.people import actions as people
from portal.referrals import actions as referrals
from tests.asks.story import CALL, Programme, tomorrow
from tests.browse import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.application import Portal
    from portal.people.models import Person
    from tests.factories import Make

SECRET = "Quillon"
FINDABLE = "Zyxword"  # stands beside the secret word, so that a search for it would find it
SEGMENTS = (
    "visitor",
    "ex-employee",
    "employee",
    "current customer",
    "ex-partner",
    "admin",
    "seller",
    "suspended",
    "group outsider",
)
BACK_OFFICE = re.compile(r"^/admin|^/dev|^/assets")
SAFE_ARGS = {
    "slug": ("x",),
    "kind": ("post", "profile", "person"),
    "token": ("x",),
    "key": ("x",),
    "who": ("member", "visitor", "staff"),
    "place": ("x",),
}


@dataclass(frozen=True)
class Secrets:
    """The public ids of what nobody here may see."""

    ids: tuple[str, ...]


def hide_things(make: Make) -> Secrets:
    """A board for former customers alone, a group's board, an unclaimed person and one who stepped back."""
    writer = make.member(f"Wanda {SECRET}board", relation="customer:former")
    people.step_back(writer, by=viewer_of(writer.id))
    insider = make.member("Ines Insider", relation="customer:former")
    only_former = ({"relation_kind": "customer", "phase": "former"},)
    board = make.board(f"{FINDABLE} {SECRET} room", audiences=only_former)
    topic = make.topic(
        board, author=insider, title=f"{FINDABLE} {SECRET} matters", body=f"{FINDABLE} {SECRET} is what we say here."
    )
    post = make.reply(topic, insider, f"{FINDABLE} {SECRET}, again.")
    group = make.group("Halifax")
    room = make.board(f"{FINDABLE} {SECRET} site", audiences=({"group_id": group.id},))
    unclaimed = make.person(f"{FINDABLE} {SECRET}son")
    wave = hide_invitations(unclaimed)
    stepped = make.member(f"{FINDABLE} {SECRET}ova")
    shown = make.topic(
        make.board("Open board"), author=stepped, body=f"Posted before stepping back by @[me]({stepped.public_id})."
    )
    people.step_back(stepped, by=viewer_of(stepped.id))
    db.session.commit()
    return Secrets(
        (
            board.public_id,
            room.public_id,
            topic.public_id,
            post.public_id,
            unclaimed.public_id,
            stepped.public_id,
            shown.public_id,
            wave,
            *hide_news(make),
            *hide_referrals(make),
            *hide_favours(make),
            *hide_finding(make),
        )
    )


def hide_invitations(unclaimed: Person) -> str:
    """A wave of invitations, seen by those who invite alone, with its name and whom it is for."""
    from portal.accounts.models import InvitationWave, WaveInvitee
    from portal.core.db import add

    wave = add(InvitationWave(name=f"{FINDABLE} {SECRET} leavers", choice={}, state="running", people=1))
    add(WaveInvitee(wave_id=wave.id, person_id=unclaimed.id, address=f"{SECRET}@example.org"))
    return wave.public_id


def tell_what_was_closed(person: Person | None, ids: tuple[str, ...]) -> None:
    """Lines behind the bell, and for the weekly letter, about a post on a board that was closed to the person since."""
    if person is None:
        return
    choose_mail({"reply": "weekly"}, by=viewer_of(person.id))
    for kind in ("reply", "mention"):
        title, post = f"Somebody answered in “{SECRET} matters”", ids[3]
        notify(person.id, kind, title=title, url=f"/posts/{post}", group_key="topic:1", by=system_viewer())
    db.session.commit()


def hide_news(make: Make) -> tuple[str, ...]:
    """News for former customers alone, with a comment: on lists, pages, search and home it does not exist."""
    from portal.boards.actions import post_reply
    from portal.boards.models import Topic
    from portal.news import actions as news

    staff = viewer_of(make.member(roles=("staff",)).id)
    words = {
        "title": f"{FINDABLE} {SECRET} opens", "lead": f"{FINDABLE} {SECRET} in a line.", "body": f"{FINDABLE} {SECRET}.",
        "has_comments": True, "ask": "choice", "question": f"{SECRET}?", "choices": [SECRET, "No"], "link_label": "", "link_url": "",
    }  # fmt: skip
    item = news.begin_draft(by=staff)
    news.save_draft(item, words, ({"relation_kind": "customer", "phase": "former"},), 1, by=staff)
    news.publish(item, by_mail=True, by=staff)
    topic = db.session.get(Topic, item.topic_id)
    assert topic is not None
    post = post_reply(
        topic, f"{FINDABLE} {SECRET}, says a reader.", by=viewer_of(make.member(relation="customer:former").id)
    )
    draft = news.begin_draft(by=staff)
    news.save_draft(draft, words, (), 1, by=staff)
    db.session.commit()
    return item.public_id, topic.public_id, post.public_id, draft.public_id


def hide_referrals(make: Make) -> tuple[str, ...]:
    """A referral whose person has not said yes, hidden from every role; and a story that staff and managers read."""
    sender = viewer_of(make.member("Rita Referrer").id)
    lead = referrals.Lead(
        "lead", f"{FINDABLE} {SECRET}mann", f"{FINDABLE} works", address="q@quillon.example", about=f"{SECRET} knows."
    )
    referral = referrals.refer(lead, by=sender)
    what = f"I told {FINDABLE} {SECRET} of it over lunch."
    story = referrals.tell_influence(f"{FINDABLE} {SECRET}", PartialDate.parse("2020"), what, by=sender)
    db.session.commit()
    return referral.public_id, story.public_id


def hide_finding(make: Make) -> tuple[str, ...]:
    """What a member whom all may meet keeps to herself: a name she had, a firm she worked with, whom she looks for."""
    from portal.careers.actions import add_assignment, add_position
    from portal.core.db import db
    from portal.directory.queries import Filters
    from portal.directory.saving import save_search
    from portal.profiles.models import FormerName
    from portal.profiles.names import change_name

    person = make.member(f"Fay {FINDABLE} {SECRET}")
    by = viewer_of(person.id)
    change_name(person, "Fay Finder", "", old_for="only_me", by=by)
    entry = add_position(person, "Harbour works", audience="only_me", start=PartialDate.parse("2010"), by=by)
    assignment = add_assignment(entry, "Harbour office", what=f"{FINDABLE} {SECRET} rollout", by=by)
    search = save_search(Filters(q=SECRET), f"{FINDABLE} {SECRET}", by=by)
    db.session.commit()
    former = db.session.query(FormerName).filter_by(person_id=person.id).one()
    return former.public_id, assignment.public_id, search.public_id


def hide_favours(make: Make) -> tuple[str, ...]:
    """What is asked of an advocate, what is wrong, and who is proposed: for who tends it, never for others (A2, P4)."""
    words = f"{FINDABLE} {SECRET}"
    programme = Programme(make)
    advocate = programme.advocate("Adele Advocate")
    brief = Brief(f"{words} is what it is about.", tomorrow(), f"{words} deal", f"{words} firm")
    ask = ask_advocate(advocate, care_queries.act(CALL), brief, by=viewer_of(programme.staff.id))
    flag = care.raise_flag(advocate.id, f"{words} happened.", by=viewer_of(programme.staff.id))
    named = care.nominate(None, f"{words}, so they say.", name=f"{words} contact", by=viewer_of(programme.staff.id))
    pause = care.add_pause(tomorrow(30), tomorrow(40), by=viewer_of(advocate.id))
    db.session.commit()
    return ask.public_id, flag.public_id, named.public_id, pause.public_id, advocate.public_id


def hide_imports(make: Make) -> tuple[str, ...]:
    """A file of people, a row of it, and what it proposes to one member alone (I11)."""
    from portal.core import clock
    from portal.core.db import add
    from portal.imports.models import Import, ImportProposal, ImportRow

    told = make.member("Toni Told")
    imported = add(Import(name=f"{SECRET}.csv", as_of=clock.today(), digest="", choices={}))
    record = {"full_name": f"{FINDABLE} {SECRET}er"}
    row = add(ImportRow(import_id=imported.id, number=1, seen_on="2020-01-31", digest="", record=record))
    data = dict.fromkeys(("title", "department", "site", "start", "end"), "") | {"organisation": f"{SECRET} Works"}
    proposal = add(ImportProposal(
        person_id=told.id, import_id=imported.id, row_id=row.id, kind="position", digest="x", title=f"{SECRET} Works", data=data
    ))  # fmt: skip
    db.session.commit()
    return imported.public_id, proposal.public_id


def person_of(segment: str, make: Make) -> Person | None:
    """Somebody of a segment."""
    if segment == "visitor":
        return None
    if segment in ("admin", "seller"):
        return make.member(roles=(segment,))
    relation = {
        "employee": "employee:current", "current customer": "customer:current", "ex-partner": "partner:former",
    }.get(segment, "employee:former")  # fmt: skip
    person = make.member(relation=relation)
    if segment == "suspended":
        from datetime import timedelta

        from portal.core import clock

        person.suspended_until = clock.now() + timedelta(days=5)
        db.session.commit()
    return person


def addresses(app: Portal, ids: tuple[str, ...], people_ids: tuple[str, ...]) -> list[str]:
    """Every page with every id in its place, and every list with the words that would find what is secret."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or BACK_OFFICE.match(str(rule)):
            continue
        names = sorted(rule.arguments)
        choices = [
            SAFE_ARGS.get(
                name, ("1",) if "int" in type(rule._converters.get(name)).__name__.lower() else ids + people_ids
            )
            for name in names
        ]  # noqa: SLF001
        for values in product(*choices):
            built = rule.build(dict(zip(names, values, strict=True)))
            if built is not None:
                found.append(built[1])
        if not names:
            found += [
                f"{rule}?q={FINDABLE}",
                f"{rule}?q={FINDABLE}&tab=posts",
                f"{rule}?q={FINDABLE}&tab=people",
                f"{rule}?q={FINDABLE}&tab=news",
                f"{rule}?name={FINDABLE}",
            ]
    return found


@pytest.mark.parametrize("segment", SEGMENTS)
def test_no_trace_of_what_is_not_yours(
    segment: str, app: Portal, make: Make, work: Callable[[], int], unlimited: None
) -> None:
    ids = hide_things(make).ids + hide_imports(make)
    visible = make.member("Vera Visible")
    person = person_of(segment, make)
    tell_what_was_closed(person, ids)
    work()
    client = Browser(app).as_(person).client
    leaks = []
    for address in addresses(app, ids, (visible.public_id,)):
        if segment == "admin" and address.startswith("/moderation/profile/"):
            continue  # an admin finds every person in the back office, and may decide about each profile
        if segment == "admin" and address.startswith("/invitations"):
            continue  # an admin invites; who else sees these pages is told in tests/accounts/test_waves.py
        if segment == "admin" and address.startswith("/news/desk"):
            continue  # an admin may write news: the desk is where they stand before anybody reads them
        response = client.get(address)
        assert response.status_code not in (429, 500, 503), f"{segment}: {address} answers {response.status_code}"
        if SECRET.lower() in response.get_data(as_text=True).lower():
            leaks.append(address)
    if person is not None:
        feed = f"/news/feed/{open_feed(by=viewer_of(person.id))}"
        db.session.commit()
        assert SECRET.lower() not in Browser(app).client.get(feed).get_data(as_text=True).lower(), feed
    assert not leaks, f"{segment} finds a trace at {leaks}"


def test_the_walk_would_find_a_leak(app: Portal, make: Make, unlimited: None) -> None:
    """The walk itself works: a former customer does see the board and its posts."""
    secrets = hide_things(make)
    client = Browser(app).as_(make.member(relation="customer:former")).client
    seen = [
        address
        for address in addresses(app, secrets.ids, ())
        if SECRET.lower() in client.get(address).get_data(as_text=True).lower()
    ]
    assert len(seen) > 4, seen
    assert any(address.startswith("/search") for address in seen)
