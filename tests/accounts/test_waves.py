"""Inviting many: who can be reached, how many that would be, little by little, and never against anybody's wish."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.accounts import actions, refusals, signals
from portal.accounts.jobs import send_letters
from portal.accounts.models import EmailAddress, Invitation, InvitationWave, WaveInvitee
from portal.accounts.person_data import AccountData
from portal.accounts.queries import waves as queries
from portal.accounts.queries.waves import Choice
from portal.accounts.signals import InviteeSource
from portal.careers.actions import record_relation
from portal.core import clock, settings, suppression
from portal.core import outbox as posting
from portal.core.db import db
from portal.core.errors import Conflict, NotAllowed
from portal.core.partial_dates import PartialDate
from portal.organisations.queries import host
from portal.people import actions as people
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser, Page
    from tests.factories import Make
    from tests.postbox import Postbox


@pytest.fixture
def leaver(make: Make) -> Callable[..., Person]:
    """Somebody who worked for the host, has an imported address and no account."""

    def record(name: str = "", address: str | None = "", *, end: str = "2019-06-30", kind: str = "employee") -> Person:
        person = make.person(name)
        firm = host() if kind == "employee" else make.organisation()
        record_relation(person, kind, firm, start=PartialDate.parse("2001"), end=PartialDate.parse(end) if end else None,
                        verified_by="admin", by=make.system)  # fmt: skip
        if address is not None:
            make.address(person, address or f"p{person.id}@gmail.com", state="unverified", primary=False)
        db.session.commit()
        return person

    return record


@pytest.fixture(autouse=True)
def quickly(make: Make) -> None:
    """As many letters a minute as a test needs."""
    settings.set_value("invitations_per_hour", 6000, by=make.system)
    db.session.commit()


@pytest.fixture
def staff(make: Make) -> Person:
    """Somebody of the staff."""
    return make.member("Sam Staff", roles=("staff",))


@pytest.fixture
def office(browse: Browser, staff: Person) -> Browser:
    """Their browser."""
    return browse.as_(staff)


@pytest.fixture
def send(office: Browser, work: Callable[[], int]) -> Callable[..., Page]:
    """Choose, look, send: the letters of the first minute are written."""

    def go(**chosen: str) -> Page:
        page = office.open("waves.new").submit("See whom it reaches", name="Former ones", **chosen)
        work()
        page = office.get(page.url).submit("Send")
        letters_go_out()
        return office.get(page.url)

    return go


def letters_go_out() -> int:
    """A minute's letters are written; the mails wait in the outbox."""
    before = db.session.query(func.sum(WaveInvitee.letters)).scalar() or 0
    for _ in send_letters():
        db.session.commit()
    db.session.commit()
    return int(db.session.query(func.sum(WaveInvitee.letters)).scalar() or 0) - before


def wave() -> InvitationWave:
    """The one wave there is."""
    db.session.rollback()
    return db.session.query(InvitationWave).one()


def numbers() -> dict[str, int]:
    """How far it came."""
    names = ("people", "invited", "delivered", "returned", "refused", "claimed")
    return {name: getattr(wave(), name) for name in names}


def link(text: str, place: str) -> str:
    """A link in a letter, as a path."""
    return next(word for word in text.split() if f"/{place}/" in word).partition("localhost:8000")[2]


class TestLooking:
    """Before anything is sent: how many, and who is left out and why."""

    def test_it_says_what_it_would_send_and_whom_it_leaves_out(
        self, office: Browser, leaver: Callable[..., Person], make: Make, work: Callable[[], int], outbox: Postbox
    ) -> None:
        """“This would send N”: and nothing is sent by looking."""
        for _ in range(3):
            leaver()
        leaver(address=None)
        suppression.suppress("quiet@gmail.com", why="asked by a click", by=make.system)
        leaver(address="Quiet@gmail.com")
        actions.invite(leaver(), "elsewhere@gmail.com", by=make.system)
        gone = leaver(address="full@gmail.com")
        db.session.query(EmailAddress).filter_by(person_id=gone.id).update({"bounced_at": clock.now()})
        make.member("Ada Lovelace")
        db.session.commit()
        page = office.open("waves.new").submit(
            "See whom it reaches", name="Those of old", kind="employee", phase="former"
        )
        assert "Looking who can be reached" in page.words
        mails = len(outbox.mails())
        work()
        words = office.get(page.url).words
        assert "This would send 3 invitations." in words
        assert "For former employees without an account." in words
        assert "you are invited to" in words
        for said in (
            "No address that reaches them1",
            "Asked us not to write1",
            "Invited already1",
            "refused before1",
        ):
            assert said in words
        assert len(outbox.mails()) == mails

    def test_the_choice_narrows(self, leaver: Callable[..., Person], make: Make) -> None:
        old, young = leaver(end="2009-12-31"), leaver(end="2020-01-01")
        current, buyer = leaver(end=""), leaver(kind="customer")
        group = make.group("Halifax")
        people.join_group(group, young, by=make.system)
        db.session.commit()

        def found(**chosen: Any) -> set[int]:
            return set(queries.unclaimed(Choice(**chosen), 0, 100))

        assert found() == {old.id, young.id, current.id, buyer.id}
        assert found(kind="employee", phase="former") == {old.id, young.id}
        assert found(phase="current") == {current.id}
        assert found(kind="customer") == {buyer.id}
        assert found(left_from=2009, left_to=2009) == {old.id}
        assert found(left_from=2010) == {young.id, buyer.id}
        assert found(group_id=group.id) == {young.id}
        assert found(person_ids=[old.id, current.id]) == {old.id, current.id}

    def test_another_feature_hands_in_its_people(
        self, office: Browser, leaver: Callable[..., Person], work: Callable[[], int]
    ) -> None:
        """An import never sends by itself; it offers its people here, and accounts need not know what an import is."""
        ada = leaver("Ada Lovelace")
        leaver("Ben Okafor")
        source = InviteeSource(
            "file", lambda: [("7", "leavers.csv, yesterday")], lambda key: select(Person.id).where(Person.id == ada.id, key == "7"),
            lambda key: (f"the file no. {key}", "/files/7"),
        )  # fmt: skip
        signals.invitee_sources.append(source)
        try:
            page = office.open("waves.new")
            assert "leavers.csv, yesterday" in page.words
            page = page.submit("See whom it reaches", name="From the file", source="file:7")
            work()
            page = office.get(page.url)
            assert "This would send 1 invitation." in page.words
            assert "without an account, out of the file no. 7." in page.words
            assert 'href="/files/7"' in page.text
            assert queries.unclaimed(Choice(source="file:8"), 0, 10) == []
            assert queries.unclaimed(Choice(source="nobody:7"), 0, 10) == []
        finally:
            signals.invitee_sources.remove(source)

    def test_a_work_address_that_ended_with_the_work_reaches_nobody(
        self, leaver: Callable[..., Person], make: Make
    ) -> None:
        """I5, R20: a leaver's address at the firm may be somebody else's by now."""
        make.organisation("Kestrel & Lowe", domain="kestrel.example")
        there, gone = leaver(end="", address="a@kestrel.example"), leaver(address="b@kestrel.example")
        make.address(gone, "own@gmail.com", state="unverified", primary=False)
        only_work = leaver(address="c@kestrel.example")
        verdicts = {each.person_id: each for each in queries.sort_out([there.id, gone.id, only_work.id])}
        assert verdicts[there.id].address == "a@kestrel.example"
        assert verdicts[gone.id].address == "own@gmail.com"
        assert verdicts[only_work.id].verdict == "no_address"

    def test_a_members_address_is_nobody_elses(self, leaver: Callable[..., Person], make: Make) -> None:
        """I3."""
        make.member(address="ada@gmail.com")
        assert queries.sort_out([leaver(address="ada@gmail.com").id])[0].verdict == "no_address"

    @given(st.lists(st.sampled_from(["none", "quiet", "invited", "bounced", "fine"]), max_size=12))
    @trying(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_everybody_is_counted_once(self, make: Make, sorts: list[str]) -> None:
        """The numbers of a look add up, and nobody who said no is among those to be written to."""
        wanted = {
            "none": "no_address",
            "quiet": "unsubscribed",
            "invited": "invited_before",
            "bounced": "came_back",
            "fine": "invite",
        }
        made = {}
        for sort in sorts:
            person = people.create_person("Ada Lovelace", by=make.system)
            made[person.id] = wanted[sort]
            if sort != "none":
                row = make.address(person, f"x{person.id}@gmail.com", state="unverified", primary=False)
                row.bounced_at = clock.now() if sort == "bounced" else None
            if sort == "quiet":
                suppression.suppress(f"X{person.id}@GMAIL.com", why="x", by=make.system)
            if sort == "invited":
                actions.invite(person, f"y{person.id}@gmail.com", by=make.system)
        assert {each.person_id: each.verdict for each in queries.sort_out(list(made))} == made

    def test_it_costs_the_same_for_one_and_for_a_hundred(self, leaver: Callable[..., Person], office: Browser) -> None:
        """T6: the list of waves asks as often for one as for a page full."""
        add_wave("first")
        office.open("waves.index")
        few = len(office.open("waves.index").statements)
        for number in range(40):
            add_wave(f"w{number}")
        page = office.open("waves.index")
        assert len(page.statements) == few
        assert "first" in page.follow("Older").words


def add_wave(name: str) -> None:
    """A wave that was prepared."""
    db.session.add(InvitationWave(name=name, choice={}, state="ready"))
    db.session.commit()


class TestSending:
    """Little by little, with two reminders."""

    def test_from_choosing_to_the_account(
        self,
        send: Callable[..., Page],
        leaver: Callable[..., Person],
        browse: Browser,
        outbox: Postbox,
        office: Browser,
        work: Callable[[], int],
    ) -> None:
        """R21: the funnel from the letter to the account, each step with its number."""
        for number in range(6):
            leaver(address=f"p{number}@gmail.com")
        page = send()
        assert "Invited 6" in page.words
        claim = link(outbox.last("p3@gmail.com").text, "claim")
        work()
        browse.get(claim).submit("Take my account").submit("Continue")
        assert numbers() == {"people": 6, "invited": 6, "delivered": 6, "returned": 0, "refused": 0, "claimed": 1}
        words = office.get(page.url).words
        assert "Came 1" in words
        assert "n = 6" in words

    def test_the_letter_tells_nothing_of_whom_it_is_for(
        self, send: Callable[..., Page], leaver: Callable[..., Person], make: Make, outbox: Postbox
    ) -> None:
        """R23, R21: no name, no employer of theirs, no layoff, no group before the address is proved, in any of the three."""
        ada = leaver("Ada Quillon", "ada@gmail.com")
        people.join_group(make.group("Halifax"), ada, by=make.system)
        record_relation(ada, "customer", make.organisation("Harbour Optics"), start=PartialDate.parse("2001"), end=None,
                        department="Lenses", verified_by="admin", by=make.system)  # fmt: skip
        db.session.commit()
        send(kind="employee")
        letters = [outbox.last("ada@gmail.com")]
        for days in (6, 12):
            with time_machine.travel(clock.now() + timedelta(days=days)):
                letters_go_out()
                letters.append(outbox.last("ada@gmail.com"))
        assert len(letters) == 3
        assert len({mail.subject for mail in letters}) == 3
        for mail in letters:
            said = (mail.subject + mail.text + (mail.html or "")).lower()
            for telling in (
                "quillon",
                "halifax",
                "harbour",
                "lenses",
                "former",
                "employee",
                "worked",
                "left",
                "layoff",
                "colleague",
            ):
                assert telling not in said, telling

    def test_it_goes_out_little_by_little(
        self, send: Callable[..., Page], leaver: Callable[..., Person], make: Make
    ) -> None:
        settings.set_value("invitations_per_hour", 120, by=make.system)
        for _ in range(9):
            leaver()
        send()
        assert numbers()["invited"] == 2
        assert [letters_go_out() for _ in range(3)] == [2, 2, 2]
        settings.set_value("invitations_per_hour", 8, by=make.system)
        assert letters_go_out() == 0
        with time_machine.travel(clock.now() + timedelta(minutes=61)):
            assert letters_go_out() == 1

    def test_two_reminders_then_silence(
        self, send: Callable[..., Page], leaver: Callable[..., Person], browse: Browser, outbox: Postbox
    ) -> None:
        """R21: after 5 and 10 days; each has a link of its own, and the one before is worthless."""
        leaver(address="ada@gmail.com")
        send()
        start, sent = clock.now(), []
        claims = [link(outbox.last("ada@gmail.com").text, "claim")]
        for day in range(40):
            with time_machine.travel(start + timedelta(days=day, minutes=day)):
                if letters_go_out():
                    sent.append(day)
                    claims.append(link(outbox.last("ada@gmail.com").text, "claim"))
        assert sent == [5, 10]
        assert wave().state == "done"
        with time_machine.travel(start + timedelta(days=11)):
            answers = [browse.as_(None).get(claim) for claim in claims]
            assert [page.status for page in answers] == [410, 410, 200]
            assert "A newer letter has come" in answers[0].words

    def test_delivered_is_what_left_and_did_not_come_back(
        self,
        send: Callable[..., Page],
        leaver: Callable[..., Person],
        office: Browser,
        outbox: Postbox,
        work: Callable[[], int],
    ) -> None:
        """T2: the number equals a recount at every step."""
        for number in range(3):
            leaver(address=f"p{number}@gmail.com")
        page = send()
        assert "Delivered 0" in page.words, "written is not sent"
        work()
        assert "Delivered 3" in office.get(page.url).words
        for number, hard in ((0, False), (1, True)):
            row = db.session.get_one(posting.OutboxMail, outbox.last(f"p{number}@gmail.com").id)
            posting.note_bounce(row, hard=hard, said="4.2.2")
            db.session.commit()
        assert "Delivered 1" in office.get(page.url).words
        found = wave()
        assert found.delivered == queries.counted(found.id)["delivered"]

    @pytest.mark.parametrize("end", ["claimed", "withdrawn", "refused", "returned", "remembered"])
    def test_no_reminder_after(
        self,
        end: str,
        send: Callable[..., Page],
        leaver: Callable[..., Person],
        browse: Browser,
        outbox: Postbox,
        make: Make,
    ) -> None:
        """Whoever came, said no, can't be reached or is remembered (I15) hears no more of it."""
        ada = leaver(address="ada@gmail.com")
        send()
        mail = outbox.last("ada@gmail.com")
        if end == "claimed":
            browse.get(link(mail.text, "claim")).submit("Take my account").submit("Continue")
        elif end == "withdrawn":
            actions.withdraw_invitation(ada, by=make.system)
        elif end == "refused":
            browse.client.post(link(mail.text, "no-more-letters"))
        elif end == "returned":
            row = db.session.get_one(posting.OutboxMail, mail.id)
            row.state, row.sent_at = "sent", clock.now()
            posting.note_bounce(row, hard=True, said="5.1.1")
        else:
            db.session.get_one(Person, ada.id).remembered_at = clock.now()
        db.session.commit()
        before = len([mail for mail in outbox.mails("ada@gmail.com") if mail.purpose == "invitation"])
        for days in (6, 12, 20):
            with time_machine.travel(clock.now() + timedelta(days=days)):
                letters_go_out()
        assert len([mail for mail in outbox.mails("ada@gmail.com") if mail.purpose == "invitation"]) == before
        state = {"withdrawn": "left_out", "remembered": "left_out"}.get(end, end)
        assert db.session.query(WaveInvitee.state).scalar() == state

    def test_pausing_holds_it_and_stopping_ends_it(
        self, send: Callable[..., Page], leaver: Callable[..., Person], office: Browser, make: Make, outbox: Postbox
    ) -> None:
        settings.set_value("invitations_per_hour", 60, by=make.system)
        for _ in range(4):
            leaver()
        page = send()
        page = page.submit("Pause")
        assert letters_go_out() == 0
        page = page.submit("Go on")
        assert letters_go_out() == 1
        page.submit("Stop for good")
        assert letters_go_out() == 0
        assert numbers()["invited"] == 2
        waiting = [mail for mail in outbox.mails() if mail.purpose == "invitation"]
        assert [posting.take(mail.id) for mail in waiting] == [None, None], "what still waited to be sent is not sent"

    def test_an_address_that_is_none_stops_nobody_elses_letter(
        self, send: Callable[..., Page], leaver: Callable[..., Person]
    ) -> None:
        for address in ("a@gmail.com", "no address", "b@gmail.com"):
            leaver(address=address)
        send()
        assert numbers()["invited"] == 2
        assert [state for (state,) in db.session.query(WaveInvitee.state).order_by(WaveInvitee.id)] == [
            "invited", "left_out", "invited",
        ]  # fmt: skip

    def test_the_numbers_follow_when_somebody_is_erased(
        self, send: Callable[..., Page], leaver: Callable[..., Person]
    ) -> None:
        """T2, P5."""
        ada, _ben = leaver(), leaver()
        send()
        AccountData().erase(ada.id)
        db.session.commit()
        assert numbers() == queries.counted(wave().id)
        assert numbers()["invited"] == 1

    def test_two_who_press_at_once_send_once(
        self, send: Callable[..., Page], leaver: Callable[..., Person], make: Make
    ) -> None:
        leaver()
        send()
        with pytest.raises(Conflict):
            actions.start_wave(wave(), by=make.system)

    def test_the_numbers_equal_a_recount(
        self, send: Callable[..., Page], leaver: Callable[..., Person], browse: Browser, outbox: Postbox
    ) -> None:
        """T2."""
        for number in range(5):
            leaver(address=f"p{number}@gmail.com")
        send()
        browse.client.post(link(outbox.last("p1@gmail.com").text, "no-more-letters"))
        browse.get(link(outbox.last("p2@gmail.com").text, "claim")).submit("Take my account").submit("Continue")
        assert numbers() == queries.counted(wave().id)
        assert numbers() == {"people": 5, "invited": 5, "delivered": 0, "returned": 0, "refused": 1, "claimed": 1}


class TestSayingNo:
    """One click, for good."""

    def test_one_click_in_the_mail_program(
        self, send: Callable[..., Page], leaver: Callable[..., Person], browse: Browser, outbox: Postbox, make: Make
    ) -> None:
        """RFC 8058: the POST acts without a cookie, the GET shows a page, and it lasts whoever brings the address again."""
        ada = leaver(address="ada@gmail.com")
        send()
        headers = outbox.last("ada@gmail.com").headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Id"].startswith("<invitations.")
        path = headers["List-Unsubscribe"].strip("<>").partition("localhost:8000")[2]
        stranger = browse.as_(None)
        assert "No more letters?" in stranger.get(path).words
        assert not suppression.is_suppressed("ada@gmail.com")
        done = stranger.client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        assert suppression.is_suppressed("ada@gmail.com")
        with pytest.raises(Conflict):
            actions.invite(ada, "ada@gmail.com", by=make.system)
        assert queries.sort_out([leaver(address="ADA@gmail.com").id])[0].verdict == "unsubscribed"

    def test_it_works_when_nothing_is_kept_of_the_person(
        self, send: Callable[..., Page], leaver: Callable[..., Person], browse: Browser, outbox: Postbox
    ) -> None:
        """R26: erased meanwhile, and still never written to."""
        leaver(address="ada@gmail.com")
        send()
        path = link(outbox.last("ada@gmail.com").text, "no-more-letters")
        for table in (WaveInvitee, Invitation, EmailAddress):
            db.session.query(table).delete()
        db.session.commit()
        assert browse.as_(None).client.post(path).status_code == 200
        assert suppression.is_suppressed("ada@gmail.com")

    def test_the_invitation_itself_offers_it(
        self, send: Callable[..., Page], leaver: Callable[..., Person], browse: Browser, outbox: Postbox
    ) -> None:
        leaver(address="ada@gmail.com")
        send()
        page = browse.get(link(outbox.last("ada@gmail.com").text, "claim")).follow("We don’t write to you again")
        page.submit("Don’t write to me again")
        assert suppression.is_suppressed("ada@gmail.com")

    def test_its_token_opens_nothing_else(
        self, send: Callable[..., Page], leaver: Callable[..., Person], browse: Browser, outbox: Postbox, make: Make
    ) -> None:
        """R24: what unsubscribes can only unsubscribe, and nothing else unsubscribes."""
        from portal.notifications import tokens as notifications

        leaver(address="ada@gmail.com")
        send()
        mail = outbox.last("ada@gmail.com")
        off, claim = (link(mail.text, place).rpartition("/")[2] for place in ("no-more-letters", "claim"))
        other = notifications.write(make.member().id, "reply")
        places = (
            "claim",
            "notifications/off",
            "no-more-letters",
            "settings/addresses/verify",
            "undo-removal",
            "sign-in/link",
        )
        opened = {
            (name, place) for name, token in (("off", off), ("claim", claim), ("other", other)) for place in places
            if browse.as_(None).get(f"/{place}/{token}").status == 200
        }  # fmt: skip
        assert opened == {("off", "no-more-letters"), ("claim", "claim"), ("other", "notifications/off")}

    def test_a_token_that_was_changed_is_none(self, browse: Browser, make: Make) -> None:
        token = refusals.write("ada@gmail.com", "x")
        assert "ada" not in token
        for wrong in (token[:-1], token + "x", "x", token.replace(token[3], "_", 1)):
            assert browse.client.post(f"/no-more-letters/{wrong}").status_code == 404


class TestWhoMay:
    """Admins and staff invite; for everybody else the pages do not exist."""

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("admin", 200),
            ("staff", 200),
            ("manager", 200),
            ("seller", 404),
            ("executive", 404),
            ("moderator", 404),
            ("", 404),
        ],
    )
    def test_the_pages(self, role: str, status: int, browse: Browser, make: Make) -> None:
        add_wave("Halifax")
        person = make.member(roles=(role,) if role else ())
        browser = browse.as_(person)
        for page in (
            browser.open("waves.index"),
            browser.open("waves.new"),
            browser.open("waves.wave", public_id=wave().public_id),
        ):
            assert page.status == status

    def test_the_deeds(self, make: Make) -> None:
        add_wave("Halifax")
        by = make.viewer(make.member(roles=("seller",)))
        for act in (actions.start_wave, actions.pause_wave, actions.stop_wave):
            with pytest.raises(NotAllowed):
                act(wave(), by=by)
        with pytest.raises(NotAllowed):
            actions.prepare_wave("x", Choice(), by=by)
        with pytest.raises(NotAllowed):
            actions.send_letters(1, by=make.viewer(make.member(roles=("admin",))))

    def test_a_wave_without_a_name_keeps_what_was_typed(self, office: Browser) -> None:
        page = office.open("waves.new").submit(
            "See whom it reaches", name=" ", kind="partner", left_from="2010", left_to="2009"
        )
        assert page.status == 422
        assert "Give it a name" in page.words
        assert "The last year comes before the first" in page.words
        assert 'value="2010"' in page.text


def test_a_look_goes_on_where_a_worker_stopped(
    leaver: Callable[..., Person], make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T1: nobody is looked at twice, nobody is forgotten."""
    from portal.accounts import planning

    monkeypatch.setattr(planning, "AT_ONCE", 2)
    for _ in range(5):
        leaver()
    made = actions.prepare_wave("All", Choice(), by=make.system)
    db.session.commit()
    first = planning.plan_wave(made.id)
    next(first)
    db.session.commit()
    first.close()
    for _ in planning.plan_wave(made.id):
        db.session.commit()
    db.session.commit()
    assert (wave().state, wave().people) == ("ready", 5)
    assert db.session.query(WaveInvitee).count() == 5
