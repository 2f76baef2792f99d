"""The customer finds the engineer who ran her rollout; a name changes; a search is kept; two records of a firm become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.careers.queries import positions_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make


def test_the_customer_finds_the_engineer_who_ran_her_rollout(
    someone: Callable[..., Any], make: Make, work: Callable[[], int]
) -> None:
    ada = make.member("Ada Lovelace", department="Firmware", start="2012", end="2019-12-31")
    zoe = make.member("Zoë Buyer", relation="customer:former", organisation=make.organisation("Acme Mills"), start="2014-01-01",
                      end="2016-12-31")  # fmt: skip
    entry = positions_of(ada.id)[0].public_id

    hers = someone(ada)
    wrong: list[str] = hers.go(f"/settings/career/{entry}/worked-with").look_all_ways("worked-with")
    hers.fill(organisation="Acme Mills", what="ran the billing rollout", start="2015", end="2015").press("Add it")
    hers.sees("Acme Mills", "ran the billing rollout")
    wrong += hers.look_all_ways("career-entry")

    theirs = someone(zoe)
    theirs.go("/people").sees("Ada Lovelace", "there from Kestrel & Lowe: ran the billing rollout")
    wrong += theirs.look_all_ways("found-across-relations")

    hers.go("/settings/profile").press("change it here").fill(full_name="Ada King", old_for="members")
    wrong += hers.look_all_ways("change-name")
    hers.press("Change my name").sees("This is your name now", "Ada Lovelace")
    wrong += hers.look_all_ways("names-one-had")

    theirs.go("/people?q=Lovelace").sees("Ada King", "Formerly Ada Lovelace")
    wrong += theirs.look_all_ways("found-by-a-former-name")
    theirs.press("Keep this search")
    wrong += theirs.look_all_ways("keep-a-search")
    theirs.fill(name="Ada, wherever she is").press("Keep it").sees("Ada, wherever she is")
    wrong += theirs.look_all_ways("kept-searches")
    theirs.go(f"/people/{ada.public_id}").sees("With Acme Mills", "Formerly Ada Lovelace")
    wrong += theirs.look_all_ways("profile-with-firms")
    assert not wrong, "\n".join(wrong)


def test_two_records_of_a_firm_become_one(someone: Callable[..., Any], make: Make, work: Callable[[], int]) -> None:
    double, firm = make.organisation("Acme Mills Ltd", "acme-mills.example"), make.organisation("Acme Mills")
    zoe = make.member("Zoë Buyer", relation="customer:former", organisation=double)
    make.member("Yan Buyer", relation="customer:current", organisation=firm)
    make.member("Otto Buyer", relation="customer:current", organisation=make.organisation("Bolt Group"))

    admin = someone(make.member(roles=("admin",)))
    admin.go(f"/admin/organisations/{firm.public_id}").press("Add to its history")
    admin.fill(kind="bought", other="Bolt Group", happened="2019-06")
    wrong: list[str] = admin.look_all_ways("firm-history")
    admin.press("Keep it").sees("Was bought by Bolt Group", "June 2019").press("Merge another record into it")
    admin.fill(other="Acme Mills Ltd").press("Show what would move").sees("1 entry of a career", "1 mail domain")
    wrong += admin.look_all_ways("merge-preview")
    admin.press("Merge Acme Mills Ltd into Acme Mills").sees("You can undo this for 30 days")
    wrong += admin.look_all_ways("firm-in-the-office")

    member = someone(zoe)
    member.go(f"/organisations/{double.public_id}").sees("Bought by", "acme-mills.example", "Yan Buyer")
    assert member.page.url.endswith(firm.public_id)
    wrong += member.look_all_ways("firm-page")
    member.press("Once there").sees("Zoë Buyer")
    assert not wrong, "\n".join(wrong)
