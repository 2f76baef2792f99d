"""Staff work with referrals: columns and table, moves, plans, owners, exports; and nobody else learns of any (A8)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as calmly
from hypothesis import strategies as some
from sqlalchemy import func, select

from portal.careers.actions import end_relation
from portal.careers.queries import relations_of
from portal.core import clock
from portal.core.access import ROLES, Viewer, viewer_of
from portal.core.audit import AuditRow
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.partial_dates import PartialDate
from portal.people import actions as people
from portal.referrals import actions, money, policies, queries
from portal.referrals.models import Referral, ReferralEvent, ReferralTotal
from portal.referrals.reasons import reasons_for
from portal.referrals.stages import KIND_WORDS, STAGES
from tests.browse import H

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser, Page
    from tests.factories import Make

EVERYBODY = [(), *((role,) for role in sorted(ROLES))]


def moved(referral: Referral, to: str, by: Any, **given: Any) -> None:
    actions.move(referral, to, seen=referral.stage, by=viewer_of(by.id), **given)
    db.session.commit()


@pytest.mark.parametrize("roles", EVERYBODY, ids="".join)
def test_who_may(roles: tuple[str, ...]) -> None:
    """The truth table: who reads the pipeline, works, exports, gives away, answers stories, sees the person."""
    by, held = Viewer(person_id=1, roles=frozenset(roles)), frozenset(roles)
    theirs = Referral(referrer_id=2, consent="yes", owner_id=3)
    asked, own = (
        Referral(referrer_id=2, consent="waiting", owner_id=None),
        Referral(referrer_id=1, consent="yes", owner_id=1),
    )
    works = bool(held & {"staff", "seller", "manager"})
    assert policies.reads_pipeline(by) is (works or "admin" in held)
    assert policies.can_work(by, theirs) is works
    assert policies.can_work(by, own) is False, "nobody works on what they referred"
    assert policies.can_export(by) is policies.can_name_deputy(by) is works
    assert policies.can_assign(by, theirs, 4) is bool(held & {"manager", "admin"})
    assert policies.can_assign(by, asked, 1) is (works or "admin" in held), "what nobody has may be taken"
    assert policies.sees_contact(by, theirs) is works
    assert policies.sees_contact(by, asked) is False, "A8: nothing of the person before their yes"
    assert policies.reads_stories(by) is bool(held & {"staff", "manager"})
    assert policies.can_refer(by)


def test_a_visitor_may_nothing() -> None:
    by = Viewer()
    assert [policies.can_refer(by), policies.reads_pipeline(by), policies.can_export(by)] == [False] * 3


def test_the_person_is_hidden_from_everybody_until_the_yes(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """A8: columns, table, page, search and export say "waiting for their yes" and nothing more."""
    sam = browse.as_(make.member(roles=("staff",)))
    referral = send(agreed_on=None, name="Wilhelmina Rook", address="wil@rook.example", about="Wilhelmina is the boss.")
    pages = [
        sam.open("pipeline.board"), sam.open("pipeline.table"), sam.open("pipeline.referral", public_id=referral.public_id),
        sam.open("pipeline.board").submit("export/csv"), sam.open("programme.day"),
    ]  # fmt: skip
    assert not any("wil" in page.text.lower().replace("will", "") for page in pages)
    assert "Nothing matches" in sam.open("pipeline.table", q="Wilhelmina").words
    assert "waiting for their yes" in pages[0].words
    actions.say_they_agreed(queries.by_id(referral.id), clock.today(), by=viewer_of(referral.referrer_id))
    db.session.commit()
    assert "Wilhelmina Rook" in sam.open("pipeline.table", q="Wilhelmina").words
    assert "wil@rook.example" in sam.open("pipeline.referral", public_id=referral.public_id).words


def test_a_seller_sees_leads_and_partners_that_consented(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """Domain: a seller sees referrals that were consented to; in counts too."""
    send(company="Agreed Ltd")
    send(company="Silent Ltd", agreed_on=None)
    send(kind="candidate", name="Cara Candidate")
    seller = browse.as_(make.member(roles=("seller",)))
    words = "".join(seller.get(f"/programme/referrals{path}").words for path in ("", "/table", "?kind=candidate"))
    assert "Agreed Ltd" in words
    assert "Silent" not in words
    assert "Cara" not in words
    assert "New 1" in seller.open("pipeline.board").words
    assert "New 2" in browse.as_(make.member(roles=("manager",))).open("pipeline.board").words


def test_moving_from_a_column_needs_no_script(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    """A select and a button in the column and in the table; who moves it first owns it; history says who, from, to."""
    send(company="Heron Foods")
    sam = make.member("Sam Staff", roles=("staff",))
    board = browse.as_(sam).open("pipeline.board")
    page = board.submit("/move", to="accepted")
    assert "Moved to “Accepted”" in page.words
    page = browse.as_(sam).open("pipeline.table").submit("/move", to="contacted")
    assert page.heading == "Referrals as a table"
    detail = page.follow("Heron Foods")
    assert "Accepted → Contacted" in detail.words
    assert "Sam Staff" in detail.words


def test_nobody_writes_before_the_yes(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    """A8: stages in which the host writes are closed until consent is recorded."""
    send(agreed_on=None)
    page = browse.as_(make.member(roles=("manager",))).open("pipeline.board").submit("/move", to="meeting")
    assert page.status == 422
    assert "Their yes is not here yet" in page.words


def test_losing_needs_a_reason_from_the_list_and_going_back_needs_words(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """Reasons are a closed list that the host keeps; the referrer reads them."""
    ada = make.member()
    referral = send(ada)
    max_ = browse.as_(make.member(roles=("manager",)))
    page = max_.open("pipeline.referral", public_id=referral.public_id).submit(
        "/move", to="lost", words="They grew out of it."
    )
    assert page.status == 422
    assert "Choose why it came to nothing" in page.words
    assert "They grew out of it." in page.text
    assert page.submit("/move", to="lost", reason="Bad people").status == 422
    page = page.submit("/move", to="lost", reason="No budget", seen="new")
    assert page.status == 200
    assert "No budget" in browse.as_(ada).open("referrals.one", public_id=referral.public_id).words
    assert "say why" in page.submit("/move", to="accepted", reason="", words="").words
    assert page.submit("/move", to="accepted", reason="", words="They called again.").status == 200


def test_only_reasons_that_fit_the_kind_are_offered_and_taken(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """A candidate has no budget, and a lead fills no place."""
    max_ = browse.as_(make.member(roles=("manager",)))
    for kind, fits, other in (
        ("lead", "No budget", "The place was filled"),
        ("candidate", "The place was filled", "No budget"),
    ):
        page = max_.open("pipeline.referral", public_id=send(kind=kind).public_id)
        assert f">{fits}</option>" in page.text
        assert f">{other}</option>" not in page.text
        assert ">Could not reach them</option>" in page.text, "fits every kind"
        refused = page.submit("/move", to="lost", reason=other)
        assert (refused.status, "Choose why it came to nothing" in refused.words) == (422, True)
        assert page.submit("/move", to="lost", reason=fits).status == 200


def test_the_reasons_leave_one_for_each_kind(browse: Browser, make: Make) -> None:
    """A list of the host without kinds goes on meaning all of them."""
    admin = browse.as_(make.member(roles=("admin",)))
    page = admin.open("admin.settings.group", group="referrals").submit(
        "Save", referral_reasons="Lead: No budget\nPartner: Too far"
    )
    assert "Leave a reason for leads, for candidates and for partners" in page.words
    assert "at most 120 characters" in page.submit("Save", referral_reasons=f"Too far\n{'x' * 121}").words
    page.submit("Save", referral_reasons="Budget: none\nToo far")
    assert [reasons_for(kind) for kind in KIND_WORDS] == [["Budget: none", "Too far"]] * 3


def test_what_the_person_refused_goes_no_further(
    browse: Browser, make: Make, send: Callable[..., Referral], letter: Callable[..., str]
) -> None:
    """A8: after their no nothing offers a stage, and none is reached; the words say that they said no."""
    sam = browse.as_(make.member(roles=("staff",)))
    referral = send(agreed_on=None, address="jo@rook.example")
    page = sam.open("pipeline.referral", public_id=referral.public_id)
    browse.get(letter("jo@rook.example")).submit("No, rather not")
    for stage in ("accepted", "contacted", "won"):
        refused = page.submit("/move", to=stage)
        assert (refused.status, "They have told us that they would rather not" in refused.words) == (422, True)
        assert "It can only end." in refused.words
        assert "Their yes is not here yet" not in refused.words
    assert '/move"' not in sam.open("pipeline.referral", public_id=referral.public_id).text
    assert '/move"' not in sam.open("pipeline.table").text
    referral = queries.by_id(referral.id)
    referral.stage, referral.ending = "accepted", ""  # as it could stand before this was refused
    db.session.commit()
    page = sam.open("pipeline.referral", public_id=referral.public_id).submit("/move", to="lost", reason="No budget")
    assert "Moved to “Not this time”" in page.words


def test_two_who_move_at_once_find_out(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    """A stale page moves nothing: the second reads that somebody was faster."""
    referral = send()
    stale = browse.as_(make.member(roles=("staff",))).open("pipeline.referral", public_id=referral.public_id)
    moved(referral, "accepted", make.member(roles=("manager",)))
    answer = stale.submit("/move", to="contacted")
    assert answer.status == 409
    assert "Somebody moved it meanwhile" in answer.words


def test_amounts_stand_by_currency_and_are_never_added_across(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """Value and currency: one total a currency over each column."""
    max_ = make.member(roles=("manager",))
    for amount, currency in (("12,500.50", "GBP"), ("500", "GBP"), ("9000", "EUR")):
        page = browse.as_(max_).open("pipeline.referral", public_id=send(company=f"F{amount}").public_id)
        page.submit("/plan", amount=amount, currency=currency, next_step="Call", next_on="2030-01-01")
    words = browse.as_(max_).open("pipeline.board").words
    assert "GBP 13,000.50" in words
    assert "EUR 9,000" in words
    assert "22,000" not in words
    wrong = (
        browse.as_(max_)
        .open("pipeline.referral", public_id=send(company="Wren").public_id)
        .submit("/plan", amount="1.2.3")
    )
    assert wrong.status == 422
    assert "This is no amount" in wrong.words
    assert "more than we can write down" in wrong.submit("/plan", amount="9" * 20, currency="GBP").words
    assert "GBP has 2 digits" in wrong.submit("/plan", amount="9.999", currency="GBP").words
    assert "GBP has 2 digits" in wrong.submit("/plan", amount="33.000", currency="GBP").words  # not 33 pounds
    far = wrong.submit("/plan", amount="", next_step="Call", next_on="9999-12-31")
    assert far.status == 422
    assert "The year must be between" in far.words


def test_a_next_step_is_not_planned_for_a_day_that_is_over(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """What has passed is no plan; a step that is late stays as it is while something else is changed."""
    referral, sam = send(), browse.as_(make.member(roles=("staff",)))
    page, today = sam.open("pipeline.referral", public_id=referral.public_id), clock.today()
    past = page.submit("/plan", next_step="Call Jo", next_on=(today - timedelta(days=1)).isoformat())
    assert (past.status, "This day is over. By when" in past.words) == (422, True)
    assert "Call Jo" in past.text
    assert past.submit("/plan", next_on=today.isoformat()).status == 200
    with time_machine.travel(clock.now() + timedelta(days=3)):
        late = browse.as_(make.member(roles=("staff",))).open("pipeline.referral", public_id=referral.public_id)
        assert "GBP 500" in late.submit("/plan", amount="500", currency="GBP").words


def test_the_history_tells_who_changed_what_it_is_worth(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """From what to what, for the staff alone; what stays the same is not told again."""
    ada = make.member()
    referral = send(ada)
    page = browse.as_(make.member("Max", roles=("manager",))).open("pipeline.referral", public_id=referral.public_id)
    page = page.submit("/plan", amount="500", currency="GBP")
    assert "Nothing is planned Worth: not said → GBP 500 Max ·" in page.words
    page = browse.as_(make.member("Sue", roles=("staff",))).get(page.url)
    page = page.submit("/plan", amount="9000", currency="EUR", next_step="Call", next_on="2030-01-01")
    assert "Planned: Call by 2030-01-01 Worth: GBP 500 → EUR 9,000 Sue ·" in page.words
    page = page.submit("/plan", next_step="Write", next_on="2030-01-02")
    assert "Planned: Write by 2030-01-02 Sue ·" in page.words
    assert page.words.count("Worth:") == 2
    assert "GBP 500" not in browse.as_(ada).open("referrals.one", public_id=referral.public_id).words


@given(some.integers(0, 10**12), some.sampled_from(["GBP", "EUR", "USD"]))
def test_an_amount_is_read_as_it_is_written(amount: int, currency: str) -> None:
    """What a field shows is read back as the same amount: no float touches money."""

    whole = money.exact(amount, currency)
    assert int(whole.scaleb(money.digits(currency))) == amount
    assert money.SHAPE.fullmatch(money.typed(amount, currency))
    assert money.SHAPE.fullmatch(f"{whole:,.2f}")


@calmly(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    some.lists(some.tuples(some.integers(0, 3), some.integers(0, 6), some.sampled_from([None, 5, 700])), max_size=10)
)
def test_totals_equal_a_recount(
    make: Make, send: Callable[..., Referral], deeds: list[tuple[int, int, int | None]]
) -> None:
    """T2: whatever is moved and valued, in whatever order, the totals over the columns equal a recount."""
    by = make.member(roles=("manager",))
    found = [send(company=f"Firm {number}") for number in range(4)]
    for which, stage, amount in deeds:
        referral, to = found[which], STAGES["lead"][stage].key
        actions.plan(referral, actions.Plan(amount=amount, currency="GBP"), by=viewer_of(by.id))
        try:
            moved(referral, to, by, words="Because.", reason="No budget" if to == "lost" else "")
        except Invalid:
            db.session.rollback()
    kept = {
        (row.kind, row.stage, row.currency): (row.n, row.amount)
        for row in db.session.scalars(select(ReferralTotal))
        if row.n
    }
    counted = select(
        Referral.kind, Referral.stage, Referral.currency, func.count(), func.coalesce(func.sum(Referral.amount), 0)
    )
    again = db.session.execute(counted.group_by(Referral.kind, Referral.stage, Referral.currency)).all()
    assert kept == {tuple(row[:3]): (row[3], int(row[4])) for row in again}


def test_filters_narrow_columns_table_and_counts(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    """Owner by name, me, nobody; overdue; words: the same in both views, counted honestly."""
    sam = make.member("Sam", roles=("staff",))
    mine, _ = send(company="Mine Ltd"), send(company="Free Ltd")
    moved(mine, "accepted", sam)
    for asked, seen, unseen in ((f"owner={sam.public_id}", "Mine", "Free"), ("owner=me", "Mine", "Free"),
                                ("owner=nobody", "Free", "Mine"), ("q=free", "Free", "Mine")):  # fmt: skip
        for view in ("", "/table"):
            words = browse.as_(sam).get(f"/programme/referrals{view}?{asked}").words
            assert f"{seen} Ltd" in words
            assert f"{unseen} Ltd" not in words
    assert "Accepted 1" in browse.as_(sam).get(f"/programme/referrals?owner={sam.public_id}").words
    assert "Nothing matches" in browse.as_(sam).get("/programme/referrals?overdue=1").words


def test_a_phone_shows_what_is_overdue(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    """The clock of a line of the table stands in a column that is there on a phone."""
    referral, sam = send(), make.member(roles=("staff",))
    with time_machine.travel(referral.due_at + timedelta(hours=2)):
        table = browse.as_(sam).get("/programme/referrals/table")
    cells = [cell for cell in table.tree.iter(f"{H}td") if "overdue by" in "".join(cell.itertext())]  # type: ignore[union-attr]
    assert len(cells) == 1
    assert "not-phone" not in cells[0].get("class", "")


def test_who_looks_after_it_hears_of_the_yes(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    """A8: from the yes on the owner may write, so the owner is told."""
    sam, referral = make.member(roles=("staff",)), send(agreed_on=None)
    moved(referral, "accepted", sam)
    actions.say_they_agreed(referral, clock.today(), by=viewer_of(referral.referrer_id))
    db.session.commit()
    assert "Jo Rook has said yes" in browse.as_(sam).open("notifications.index").words


def test_taking_and_giving(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    """Who has nothing takes what is free; only owner or manager gives it away; never to who has no such role."""
    referral, sam, sue = send(), make.member("Sam", roles=("staff",)), make.member("Sue Seller", roles=("seller",))
    page = browse.as_(sam).open("pipeline.referral", public_id=referral.public_id)
    assert sue.public_id not in page.text, "nobody is offered whom one may not choose"
    assert page.submit("/owner", owner=sue.public_id).status == 403
    page = page.submit("/owner", owner=sam.public_id)
    assert sue.public_id in page.text
    assert "nobody → Sam" in page.words
    page = page.submit("/owner", owner=sue.public_id)
    assert "Sam → Sue Seller" in page.words
    assert "Sam gave you a referral" in browse.as_(sue).open("notifications.index").words
    manager = browse.as_(make.member(roles=("manager",))).open("pipeline.referral", public_id=referral.public_id)
    assert manager.submit("/owner", owner=make.member().public_id).status == 404


def test_open_work_goes_to_the_deputy_when_the_role_ends(
    browse: Browser, make: Make, send: Callable[..., Referral]
) -> None:
    """I16: leaving the host hands everything open over, at once and on record; what is over stays as it was."""
    sam, sue, mia = (make.member(name, roles=(role,)) for name, role in
                     (("Sam", "staff"), ("Sue Seller", "seller"), ("Mia", "manager")))  # fmt: skip
    page = browse.as_(sam).open("pipeline.deputy").submit("Keep", deputy=sue.public_id)
    assert page.heading == "Your deputy"
    first, second, over = (send(company=name) for name in ("One Ltd", "Two Ltd", "Over Ltd"))
    for one in (first, second, over):
        moved(one, "accepted", sam)
    moved(over, "lost", sam, reason="No budget")
    end_relation(relations_of(sam.id)[0], PartialDate.of(clock.today()), by=make.system)
    db.session.commit()
    owners = dict(db.session.execute(select(Referral.company, Referral.owner_id)).all())
    assert owners == {"One Ltd": sue.id, "Two Ltd": sue.id, "Over Ltd": sam.id}
    assert "2 open referrals came to you as the deputy" in browse.as_(sue).open("notifications.index").words
    assert (
        "Handed over, because the role ended."
        in browse.as_(mia).open("pipeline.referral", public_id=first.public_id).words
    )
    people.end_role(sue, "seller", by=make.system)
    db.session.commit()
    assert queries.by_id(first.id).owner_id == mia.id, "without a deputy a manager takes it"
    people.end_role(mia, "manager", by=make.system)
    db.session.commit()
    assert db.session.execute(select(Referral.owner_id).where(Referral.id == first.id)).scalar_one() is None


def test_another_role_keeps_the_work(make: Make, send: Callable[..., Referral]) -> None:
    """I16: who is still seller keeps what they had as staff."""
    sam = make.member(roles=("staff", "seller"))
    referral = send()
    moved(referral, "accepted", sam)
    people.end_role(sam, "staff", by=make.system)
    db.session.commit()
    assert db.session.execute(select(Referral.owner_id)).scalar_one() == sam.id


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_export_holds_what_the_filter_shows_calculates_nothing_and_is_on_record(
    browse: Browser, make: Make, send: Callable[..., Referral], form: str
) -> None:
    """Formula cells are neutralised; who took out how many of what is audited."""
    for number in range(3):
        send(company=f'=HYPERLINK("http://x{number}")')
    send(kind="partner", company="Partner Ltd")
    page = browse.as_(make.member(roles=("manager",))).open("pipeline.board").submit(f"export/{form}")
    data = page.response.get_data()
    if form == "csv":
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    else:
        rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()]
    assert len(rows) == 4
    assert all(row[1].startswith("'=") for row in rows[1:])
    noted = db.session.execute(select(AuditRow.note).where(AuditRow.verb == "export referrals")).scalar_one()
    assert noted == "3 rows: kind lead"


def test_admins_read_and_hand_out_but_see_no_person(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    """An admin keeps work from being orphaned; the people behind it are not the admin's business."""
    referral = send(name="Wilhelmina Rook")
    admin = browse.as_(make.member(roles=("admin",)))
    page = admin.open("pipeline.referral", public_id=referral.public_id)
    assert "Wilhelmina" not in page.text
    assert admin.post("/programme/referrals/export/csv", {}).status == 400
    owner = make.member("Sam", roles=("staff",))
    assert "nobody → Sam" in page.submit("/owner", owner=owner.public_id).words


def pages(browser: Browser) -> list[Page]:
    return [
        browser.get(f"/programme/referrals{path}")
        for path in ("", "/table", "/table?overdue=1", "?owner=nobody", "/influence")
    ]


def test_pages_cost_the_same_with_one_and_with_many(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    """T6: no count over what grows, at most ten statements; the table pages by keyset to the last."""
    sam = browse.as_(make.member(roles=("manager",)))
    send(company="Firm 0")
    pages(sam)
    few = [len(page.statements) for page in pages(sam)]
    ada = make.member()
    for number in range(1, 56):
        send(ada, company=f"Firm {number}")
    assert [len(page.statements) for page in pages(sam)] == few
    assert max(few) <= 10, few
    table = sam.open("pipeline.table")
    assert "Firm 55" in table.words
    assert "Firm 0" in table.follow("Further").words
    assert "New 56" in sam.open("pipeline.board").words


def test_the_history_tells_who_when_from_to_and_why(browse: Browser, make: Make, send: Callable[..., Referral]) -> None:
    referral, sam = send(), make.member("Sam", roles=("staff",))
    page = browse.as_(sam).open("pipeline.referral", public_id=referral.public_id)
    page = page.submit("/note", note="Spoke to their buyer.")
    page = page.submit("/plan", next_step="Call Jo", next_on=(clock.today() + timedelta(days=2)).isoformat())
    assert "Spoke to their buyer." in page.words
    assert "Planned: Call Jo" in page.words
    assert (
        "Spoke"
        not in browse.as_(db.session.get(type(sam), referral.referrer_id)).get(f"/referrals/{referral.public_id}").words
    )
    assert db.session.execute(select(func.count()).select_from(ReferralEvent)).scalar_one() == 4
