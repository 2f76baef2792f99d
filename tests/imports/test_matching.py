"""Whose row it is: ids, addresses with names, and never a name alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.core.db import db
from portal.core.outbox import OutboxMail
from portal.imports import applying, steps
from portal.imports.models import ImportMatch
from portal.imports.names import may_be_one, same_name
from portal.people.models import Person
from tests.imports.conftest import career, everybody, named, outcomes, reasons

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make
    from tests.imports.conftest import Desk

HEAD = "External ID,Full name,E-mails,Current employer,Former employers"
YEAR = {2014: date(2014, 6, 25), 2016: date(2016, 7, 1), 2019: date(2019, 3, 27)}


def people() -> int:
    return db.session.execute(select(func.count()).where(Person.is_system.is_(False))).scalar_one()


def test_a_dry_run_changes_nothing_and_says_why(desk: Desk) -> None:
    """T3: before anybody says so, nothing is there but the plan."""
    imported = desk.plan(
        HEAD, "a-1,Ada Lovelace,ada@example.org,Difference Engines,", "a-1,Ada Lovelace,ada@lovelace.example,,"
    )
    assert outcomes(imported) == ["new", "adds"]
    assert "new address ada@lovelace.example" in reasons(imported)[1].lower()
    assert people() == 0
    assert everybody() == []


def test_a_later_directory_closes_the_old_stint_and_keeps_it(desk: Desk) -> None:
    desk.bring(HEAD, "a-1,Ada Lovelace,ada@engines.example,Difference Engines,", as_of=YEAR[2014])
    later = desk.bring(
        HEAD, "a-1,Ada King,ada@king.example,Analytical Works,Old Mill until 2010-06-30", as_of=YEAR[2016]
    )
    assert outcomes(later) == ["adds"]
    assert people() == 1
    assert career(named("Ada King").id) == [
        ("position", "Analytical Works", "", "", ""),
        ("position", "Difference Engines", "", "", "2016-07-01"),
        ("position", "Old Mill", "", "", "2010-06-30"),
    ]


def test_nobody_goes_because_a_file_no_longer_names_them(desk: Desk) -> None:
    desk.bring(HEAD, "a-1,Ada Lovelace,ada@example.org,,", "b-1,Ben Okafor,ben@example.org,,")
    desk.bring(HEAD, "a-1,Ada Lovelace,ada@example.org,,", as_of=YEAR[2019])
    assert people() == 2


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    lines = (HEAD, "a-1,Ada Lovelace,ada@example.org; info@works.example,Works,Mill until 2010",
             "b-1,Ben Okafor,ben@example.org; info@works.example,Works,", ",Cy Noone,,Works,")  # fmt: skip
    desk.bring(*lines)
    before = everybody()
    again = desk.bring(*lines)
    assert outcomes(again) == ["same"] * 3
    assert everybody() == before


def test_rows_that_say_the_same_are_as_many_people(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """R17: five rows with one name are five people, however the file is cut; brought again they are the same five."""
    monkeypatch.setattr(steps, "BATCH", 2)
    monkeypatch.setattr(applying, "BATCH", 2)
    lines = (HEAD, *[",Cy Noone,,Works,"] * 5, "d-1,Di Fox,,Works,", *[",Cy Noone,,Works,"] * 4)
    desk.bring(*lines)
    assert people() == 10
    assert outcomes(desk.bring(*lines)) == ["same"] * 10
    assert people() == 10


def test_a_name_alone_joins_nobody(desk: Desk) -> None:
    """R17: the same name at the same employer is a question, nothing more."""
    desk.bring(HEAD, "a-1,Ada Lovelace,ada@example.org,Engines,")
    later = desk.bring("Name,Company,Email", "Ada Lovelace,Engines,other@example.org", name="crm.csv")
    assert outcomes(later) == ["doubtful"]
    assert people() == 2
    assert db.session.execute(select(ImportMatch.state)).scalar_one() == "open"


def test_a_shared_mailbox_joins_nobody(desk: Desk) -> None:
    """R17: two names at one address in one file are two people."""
    imported = desk.bring(
        "Name,Email", "Ann Lee,office@lee.example", "Ann Ray,office@lee.example", "Bo Lee,office@lee.example"
    )
    assert people() == 3
    assert outcomes(imported) == ["new", "doubtful", "doubtful"]


def test_one_address_with_a_name_that_may_be_the_same_is_one_person(desk: Desk) -> None:
    desk.bring("Name,Email", "Ann Lee,ann@example.org")
    later = desk.bring("Name,Email", "Ann Ray,ANN@example.org", "Lee,ann@example.net", name="crm.csv", as_of=YEAR[2019])
    assert outcomes(later) == ["new", "new"] if people() == 3 else ["adds", "new"]
    assert people() == 2


def test_a_row_that_ties_two_records_together_makes_them_one(desk: Desk) -> None:
    first = ("Name,Email", "Ann Lee,ann@work.example", "Bo Kim,bo@example.org")
    second = ("Name,Email", "Ann Lee,ann@home.example")
    third = ("Name,Email", "Ann Lee,ann@work.example; ann@home.example")
    desk.bring(*first)
    desk.bring(*second, name="b.csv")
    assert people() == 3
    desk.bring(*third, name="c.csv")
    assert people() == 2


def test_two_ids_of_one_system_are_two_people(desk: Desk) -> None:
    head = "Record ID,Name,Email"
    imported = desk.bring(head, "1,Ann Lee,ann@example.org", "2,Ann Lee,ann@example.org", system="CRM")
    assert outcomes(imported) == ["new", "doubtful"]


ROWS = [
    ("a.csv", "a-1,Ada Lovelace,ada@example.org,Engines,", YEAR[2014]),
    ("b.csv", ",Ada Lovelace,ada@example.org; ada@king.example,Works,Mill until 2010", YEAR[2016]),
    ("c.csv", "a-1,Ada King,ada@new.example,,Engines until 2015", YEAR[2019]),
    ("d.csv", ",Ben Okafor,ben@example.org,Works,", YEAR[2016]),
    ("e.csv", ",B. Okafor,ben@example.org; ben@okafor.example,Mill,", YEAR[2019]),
    ("f.csv", ",Ben Okafor,ben@okafor.example,,Engines", YEAR[2014]),
]


@settings(max_examples=2, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(ROWS))
def test_files_in_any_order_end_in_one_state(desk: Desk, order: list[tuple[str, str, date]]) -> None:
    imports = [desk.bring(HEAD, line, name=name, as_of=day) for name, line, day in order]
    state = everybody()
    assert [row[0] for row in state] == ["Ada King", "Ben Okafor"]
    assert state[0][2] == (
        ("position", "Engines", "", "", "2015"), ("position", "Mill", "", "", "2010"), ("position", "Works", "", "", "")
    )  # fmt: skip
    for imported in imports:
        desk.undo(imported)
    assert everybody() == []


def test_a_list_without_keys_is_imported_once(desk: Desk) -> None:
    lines = (
        "Name,Job Titles,Department",
        '"AARON,  KIM R",CLERK,WATER',
        '"AARON,  KIM R",CLERK,WATER',
        '"ABAD,  VI",CLERK,FIRE',
    )
    first = desk.bring(*lines, kind="employee")
    assert outcomes(first) == ["new"] * 3
    with pytest.raises(Exception, match="no ids and no addresses"):
        desk.plan(*lines, kind="employee")
    later = desk.plan(*lines, '"ZUKAS,  W",CLERK,FIRE', name="later.csv", kind="employee")
    assert later.state == "refused"
    assert "no ids and no addresses" in later.problem
    assert people() == 3
    desk.undo(first)
    assert desk.plan(*lines, kind="employee").state == "planned"


def test_the_hosts_own_leavers_become_former_employees(desk: Desk) -> None:
    """R20: contacts, with the host's dates; no account, no verified address, no verification, no mail."""
    desk.bring("Employee #,First Name,Last Name,Hire Date,Termination Date,Job Title,Work Email,Home Email",
               "1001,Ada,Lovelace,2015-03-01,2019-06-30,Engineer,ada@kestrel.example,ada@example.org",
               kind="employee")  # fmt: skip
    person = named("Ada Lovelace")
    assert career(person.id) == [
        ("position", "Kestrel & Lowe", "Engineer", "2015-03-01", "2019-06-30"),
        ("relation", "Kestrel & Lowe", "Engineer", "2015-03-01", "2019-06-30"),
    ]
    assert person.claimed_at is None
    assert not person.listed
    assert {state for _, state in everybody()[0][1]} == {"unverified"}
    assert db.session.execute(select(func.count()).select_from(OutboxMail)).scalar_one() == 0


def test_unclaimed_people_are_invisible_to_members(desk: Desk, make: Make, browse: Browser) -> None:
    """I11: on the page, in lists, in search."""
    desk.bring("Name,Email", "Quentin Quillon,quentin@example.org")
    public_id = named("Quentin Quillon").public_id
    member = browse.as_(make.member())
    assert member.get(f"/people/{public_id}").status == 404
    assert "Quillon" not in member.get("/search?q=Quentin&tab=people").text
    assert "Quillon" not in member.get("/people").text


@pytest.mark.parametrize(("one", "other"), [
    ("Xie Wenjun", "xiewj"), ("John Smith", "jsmith"), ("Ann Lee", "Ann Ray"), ("Łukasz Kowal", "Lukasz Kowal"),
    ("Wang Long", "Long Wang"), ("James E. Blair", "James Blair"), ("Dan Prince", "Daniel Prince"),
])  # fmt: skip
def test_names_that_one_person_may_have(one: str, other: str) -> None:
    assert may_be_one(one, other)
    assert may_be_one(other, one)


@pytest.mark.parametrize(("one", "other"), [
    ("Ann Lee", "Bo Lee"), ("Ann Lee", "Chris Stone"), ("info", "Ann Lee"), ("Maria Garcia", "Jose Garcia"), ("", "Ann Lee"),
])  # fmt: skip
def test_names_that_two_people_have(one: str, other: str) -> None:
    assert not may_be_one(one, other)
    assert not same_name(one, other)


@given(st.text(max_size=20), st.text(max_size=20))
def test_names_are_compared_both_ways_alike(one: str, other: str) -> None:
    assert same_name(one, other) == same_name(other, one)
    assert may_be_one(one, other) == may_be_one(other, one)
