"""T3: an applied import is taken back whole, and later edits are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from portal.accounts.actions import prepare_wave, send_letters, start_wave
from portal.accounts.models import EmailAddress, Invitation, InvitationWave
from portal.accounts.queries.waves import Choice
from portal.careers.models import Position
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.partial_dates import PartialDate
from portal.imports import actions, applying, queries, undoing
from portal.imports.models import ImportMatch
from portal.organisations.models import Organisation
from portal.people.actions import claim_person, rename
from tests.imports.conftest import career, everybody, named, reasons

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.imports.conftest import Desk

HEAD = "External ID,Full name,E-mails,Current employer,Former employers"
ADA = "a-1,Ada Lovelace,ada@example.org,Engines,Mill until 2010"
BEN = "b-1,Ben Okafor,ben@example.org,Works,"


def test_everything_goes_and_the_firms_too(desk: Desk) -> None:
    before = db.session.execute(select(Organisation.name)).scalars().all()
    imported = desk.undo(desk.bring(HEAD, ADA, BEN))
    assert imported.state == "undone"
    assert imported.counts == {"removed": 2}
    assert everybody() == []
    assert db.session.execute(select(Organisation.name)).scalars().all() == before


def test_what_another_file_says_stays(desk: Desk) -> None:
    desk.bring(HEAD, ADA)
    state = everybody()
    later = desk.bring(HEAD, "a-1,Ada King,ada@king.example,Works,", BEN, name="b.csv")
    assert len(everybody()) == 2
    desk.undo(later)
    assert everybody() == state


def test_the_first_file_can_go_before_the_second(desk: Desk) -> None:
    first = desk.bring(HEAD, ADA)
    desk.bring(HEAD, "a-1,Ada King,ada@king.example,Works,", name="b.csv")
    desk.undo(first)
    assert [row[:2] for row in everybody()] == [("Ada King", (("ada@king.example", "unverified"),))]


def test_later_edits_are_kept_and_told(desk: Desk, make: Make) -> None:
    imported = desk.bring(HEAD, ADA, BEN, "c-1,Cy Noone,cy@example.org,Works,", "d-1,Di Fox,di@example.org,,")
    rename(named("Ben Okafor"), "Benjamin Okafor", "", by=system_viewer())
    entry = db.session.execute(select(Position).where(Position.person_id == named("Cy Noone").id)).scalar_one()
    entry.title = "Miller"
    claimed = named("Di Fox")
    make.address(claimed, "di@home.example")
    claim_person(claimed, by=system_viewer())
    db.session.commit()
    imported = desk.undo(imported)
    assert [row[0] for row in everybody()] == ["Benjamin Okafor", "Cy Noone", "Di Fox"]
    assert career(named("Cy Noone").id) == [("position", "Works", "Miller", "", "")]
    assert imported.counts == {"removed": 1, "kept": 3}
    said = reasons(imported)
    assert said[0] == "Taken back."
    assert "the name Benjamin Okafor" in said[1]
    assert "edited since" in said[2]
    assert "taken the account" in said[3]


def test_empty_lines_are_no_rows_and_no_row_is_done_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are numbered as in the file; how many are done is another number."""
    for module in (applying, undoing):
        monkeypatch.setattr(module, "BATCH", 2)
    people = [f"{n}-1,Person Number{n},p{n}@example.org,Works," for n in range(5)]
    lines = [people[0], ",,,,", ",,,,", people[1], people[2], ",,,,", people[3], people[4]]
    planned = desk.plan(HEAD, *lines)
    assert (planned.rows, planned.cursor, planned.counts) == (5, 5, {"new": 5})
    imported = desk.bring(HEAD, *lines, name="b.csv")
    assert (imported.cursor, imported.counts) == (5, {"new": 5})
    imported = desk.undo(imported)
    assert (imported.cursor, imported.counts) == (5, {"removed": 5})
    assert everybody() == []


def test_whoever_is_taken_back_gets_no_invitation(desk: Desk, make: Make, work: Callable[[], int]) -> None:
    """Being counted for a wave is no edit; and a letter goes only to an address that the record still has."""
    imported = desk.bring(HEAD, ADA, BEN)
    make.address(kept := make.person("Cy Young"), "cy@example.org", state="unverified", primary=False)
    make.address(make.person("Di Fox"), "di@example.org", state="unverified", primary=False)
    db.session.commit()
    imported_too = desk.bring(HEAD, "d-1,Di Fox,di@example.org,Engines,", name="b.csv")
    rename(named("Ben Okafor"), "Benjamin Okafor", "Ben", by=system_viewer())
    wave_id = prepare_wave("Leavers", Choice(), by=make.viewer(make.member(roles=("admin",)))).id
    db.session.commit()
    work()
    assert db.session.get_one(InvitationWave, wave_id).people == 4
    assert desk.undo(imported).counts == {"removed": 1, "kept": 1}
    desk.undo(imported_too)
    wave = db.session.get_one(InvitationWave, wave_id)
    assert wave.people == 2, "a record that was there before stays in it"
    db.session.execute(delete(EmailAddress).where(EmailAddress.person_id == kept.id))
    start_wave(wave, by=make.viewer(make.member(roles=("admin",))))
    db.session.commit()
    work()
    send_letters(10, by=system_viewer())
    assert db.session.execute(select(Invitation.address)).scalars().all() == ["di@example.org"]


def test_records_that_it_joined_part_again(desk: Desk) -> None:
    desk.bring("Name,Email", "Ann Lee,ann@work.example")
    desk.bring("Name,Email", "Ann Lee,ann@home.example", name="b.csv")
    state, ids = everybody(), {person for (person,) in _public_ids()}
    third = desk.bring("Name,Email", "Ann Lee,ann@work.example; ann@home.example", name="c.csv")
    assert len(everybody()) == 1
    desk.undo(third)
    assert everybody() == state
    assert {person for (person,) in _public_ids()} == ids


def test_records_that_somebody_joined_stay_one(desk: Desk, make: Make) -> None:
    """What a person decided is an edit."""
    desk.bring(HEAD, ADA)
    later = desk.bring("Name,Company,Email", "Ada Lovelace,Engines,other@example.org", name="crm.csv")
    match = queries.match(db.session.execute(select(ImportMatch.public_id)).scalar_one())
    kept = actions.accept_match(match, by=make.viewer(make.member(roles=("admin",))))
    db.session.commit()
    mine = [row for row in everybody() if row[0] == "Ada Lovelace"]
    assert [norm for norm, _ in mine[0][1]] == ["ada@example.org", "other@example.org"]
    desk.undo(later)
    mine = [row for row in everybody() if row[0] == "Ada Lovelace"]
    assert [norm for norm, _ in mine[0][1]] == ["ada@example.org"]
    assert kept.full_name == "Ada Lovelace"


def test_a_hand_made_record_only_loses_what_the_file_added(desk: Desk, make: Make) -> None:
    person = make.person("Ada Lovelace")
    make.address(person, "ada@example.org", state="unverified", primary=False)
    state = everybody()
    imported = desk.bring(HEAD, "a-1,Ada B. Lovelace,ada@example.org; ada@king.example,Engines,")
    assert len(everybody()) == 1
    assert career(person.id)
    assert named("Ada Lovelace").id == person.id  # a name that somebody wrote is not overwritten (R20)
    desk.undo(imported)
    assert everybody() == state


def test_an_end_that_another_file_brought_opens_again(desk: Desk) -> None:
    from datetime import date

    desk.bring(HEAD, ADA)
    later = desk.bring(HEAD, "a-1,Ada Lovelace,,,Engines until 2018", name="b.csv", as_of=date(2020, 6, 1))
    assert ("position", "Engines", "", "", "2018") in career(named("Ada Lovelace").id)
    desk.undo(later)
    assert ("position", "Engines", "", "", "") in career(named("Ada Lovelace").id)
    assert PartialDate("2018").label == "2018"


def _public_ids() -> list[tuple[str]]:
    from portal.people.models import Person

    return [(row[0],) for row in db.session.execute(select(Person.public_id).where(Person.is_system.is_(False)))]
