"""Firms, persons, careers, profiles, groups and roles of the made-up community."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.careers.models import Position, Relation
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.text import fold
from portal.demo import greetings, rooms, sheets
from portal.demo.stage import Stage, public_id
from portal.organisations import queries as organisations
from portal.organisations.actions import create_host
from portal.organisations.models import Organisation, OrganisationAlias, OrganisationDomain
from portal.people.models import Block, Connection, Group, GroupMember, Person, PersonRole

if TYPE_CHECKING:
    from random import Random

    from portal.demo.sheets import Sheet, Stay

ROLES = ("moderator", "staff", "seller", "manager", "executive", "admin")
ZONES = {
    "Nova Scotia": "America/Halifax",
    "New Brunswick": "America/Halifax",
    "Saint John": "America/Halifax",
    "Singapore": "Asia/Singapore",
    "Johor Bahru": "Asia/Singapore",
    "Kraków": "Europe/Warsaw",
    "Gdynia": "Europe/Warsaw",
    "Gdańsk": "Europe/Warsaw",
    "Rotterdam": "Europe/Amsterdam",
    "Middelburg": "Europe/Amsterdam",
    "Curitiba": "America/Sao_Paulo",
    "Paranaguá": "America/Sao_Paulo",
    "Joinville": "America/Sao_Paulo",
    "Lagos": "Africa/Lagos",
    "Osaka": "Asia/Tokyo",
    "Busan": "Asia/Seoul",
    "Athens": "Europe/Athens",
    "Piraeus": "Europe/Athens",
    "Odesa": "Europe/Kyiv",
    "Hamburg": "Europe/Berlin",
    "Bamberg": "Europe/Berlin",
    "Chennai": "Asia/Kolkata",
    "Kochi": "Asia/Kolkata",
}


def add_firms(stage: Stage) -> None:
    """The host and every firm that somebody worked at, with parents, other names and mail domains."""
    found = db.session.execute(select(Organisation).where(Organisation.is_host)).scalar_one_or_none()
    host = found or create_host(sheets.HOST, by=system_viewer())
    stage.firms[sheets.HOST] = host
    host.industry = "Weighing and logistics technology"
    rng, known = stage.dice("firms"), sheets.firms()
    for firm in known:
        _firm(stage, rng, firm.name, firm.industry, firm.is_account)
    for name in sorted({stay.firm for sheet in stage.sheets for stay in sheet.stays} - stage.firms.keys()):
        _firm(stage, rng, name, "", False)
    db.session.flush()
    for firm in known:
        here = stage.firms[firm.name]
        here.parent_id = stage.firms[firm.parent].id if firm.parent else None
        db.session.add(OrganisationDomain(domain=firm.domain, organisation_id=here.id))
        for alias in firm.aliases:
            db.session.add(OrganisationAlias(organisation_id=here.id, name=alias, folded_name=fold(alias)))
    _domain_of_host(host)
    db.session.flush()


def _firm(stage: Stage, rng: Random, name: str, industry: str, is_account: bool) -> None:
    firm = Organisation(
        public_id=public_id(rng),
        name=name,
        folded_name=fold(name),
        industry=industry,
        is_account_firm=is_account,
        created_at=stage.opened_at,
    )
    stage.firms[name] = firm
    db.session.add(firm)


def _domain_of_host(host: Organisation) -> None:
    if organisations.by_domain("kestrel-lowe.example") is None:
        db.session.add(OrganisationDomain(domain="kestrel-lowe.example", organisation_id=host.id))


def add_people(stage: Stage) -> None:
    """Everybody, with their careers, groups, roles and profiles."""
    rng = stage.dice("people")
    for sheet in stage.sheets:
        person = Person(public_id=public_id(rng), created_at=stage.opened_at)
        person.take_name(sheet.name, sheet.called)
        person.timezone = next((zone for place, zone in ZONES.items() if place in sheet.place), "Europe/London")
        if sheet.is_claimed:
            person.claimed_at = _claimed(sheet, stage, rng)
            person.listed = "stepped-back" not in sheet.marks
            person.stepped_back_at = None if person.listed else stage.days_ago(rng.randint(20, 90), rng)
        stage.people[sheet.name] = person
        db.session.add(person)
    db.session.flush()


def _claimed(sheet: Sheet, stage: Stage, rng: Random) -> datetime:
    """When the person took the account; those who open the place or keep it were first."""
    if "new" in sheet.marks:
        return stage.now - timedelta(hours=rng.randint(36, 64))
    if {"admin", "staff", "moderator"} & set(sheet.marks):
        return stage.opened_at + timedelta(days=rng.randint(0, 9))
    return stage.days_ago(rng.triangular(6, 890, 500), rng)


def add_careers(stage: Stage) -> None:
    """Relations with the host, and every position."""
    rng = stage.dice("careers")
    relations: list[tuple[Relation, Stay]] = []
    for sheet in stage.sheets:
        for stay in sheet.stays:
            if stay.kind:
                relations.append((_relation(stage, sheet, stay, rng), stay))
            else:
                _position(stage, sheet, stay, rng)
    db.session.flush()
    by_person = {person.id: sheet for sheet in stage.sheets for person in [stage.people[sheet.name]]}
    for relation, stay in relations:
        position = _position(stage, by_person[relation.person_id], stay, rng)
        position.relation_id, relation.audience = relation.id, position.audience  # one end, and one audience of both
    db.session.flush()


def _relation(stage: Stage, sheet: Sheet, stay: Stay, rng: Random) -> Relation:
    person = stage.people[sheet.name]
    proof = "" if not sheet.is_claimed else rng.choice(("invitation", "invitation", "import", "admin"))
    relation = Relation(
        public_id=public_id(rng),
        person_id=person.id,
        kind=stay.kind,
        organisation_id=stage.firms[stay.firm].id,
        title=stay.title,
        department=stay.department,
        site=stay.site,
        verified_by=proof or "import",
        verified_at=person.claimed_at,
        created_at=stage.opened_at,
    )
    relation.set_dates(stay.start, stay.end)
    relation.end_told = relation.is_over
    db.session.add(relation)
    return relation


def _position(stage: Stage, sheet: Sheet, stay: Stay, rng: Random) -> Position:
    person = stage.people[sheet.name]
    position = Position(
        public_id=public_id(rng),
        person_id=person.id,
        organisation_id=stage.firms[stay.firm].id,
        title=stay.title,
        department=stay.department,
        site=stay.site,
        created_at=person.claimed_at or stage.opened_at,
        audience=rng.choices(("members", "same_kind", "connections", "public"), (24, 2, 1, 1))[0],
    )
    position.set_dates(stay.start, stay.end)
    position.end_told = position.is_over
    db.session.add(position)
    return position


def add_groups_and_roles(stage: Stage) -> None:
    """Groups with their members, and who holds which role."""
    rng = stage.dice("groups")
    for name, purpose in rooms.GROUPS.items():
        stage.groups[name] = Group(public_id=public_id(rng), name=name, purpose=purpose, created_at=stage.opened_at)
        db.session.add(stage.groups[name])
    db.session.flush()
    for sheet in stage.sheets:
        person = stage.people[sheet.name]
        for name in sheet.groups:
            joined = person.claimed_at or stage.opened_at
            db.session.add(GroupMember(group_id=stage.groups[name].id, person_id=person.id, joined_at=joined))
        for role in ROLES:
            if role in sheet.marks:
                since = max(person.claimed_at or stage.opened_at, stage.opened_at)
                db.session.add(PersonRole(person_id=person.id, role=role, granted_at=since))
    db.session.flush()


def date_back(stage: Stage) -> None:
    """Who turned out to have been here earlier was verified, and in their groups, by then."""
    joined = select(Person.claimed_at).where(Person.claimed_at.is_not(None))
    for table, column in ((Relation, Relation.verified_at), (GroupMember, GroupMember.joined_at)):
        mine = joined.where(Person.id == table.person_id).scalar_subquery()
        late = update(table).where(column > mine).values({column.key: mine})
        db.session.execute(late, execution_options={"synchronize_session": False})


def add_ties(stage: Stage) -> None:
    """Connections among people who were somewhere together, and a few blocks."""
    rng = stage.dice("ties")
    members, apart = stage.members(), greetings.pairs()
    pairs = {
        tuple(sorted((one.id, other.id)))
        for sheet, one in members
        for other_sheet, other in rng.sample(members, 6)
        if one is not other
        and share_a_place(sheet, other_sheet)
        and frozenset((sheet.name, other_sheet.name)) not in apart
    }
    for low, high in sorted(pairs):
        db.session.add(Connection(low_id=low, high_id=high, since=stage.days_ago(rng.randint(3, 600), rng)))
    for one, other in BLOCKS:
        blocker, blocked = stage.people[one], stage.people[other]
        low, high = sorted((blocker.id, blocked.id))
        if (low, high) not in pairs:
            db.session.add(Block(blocker_id=blocker.id, blocked_id=blocked.id, since=stage.days_ago(40, rng)))
    db.session.flush()


BLOCKS = (("Callum Fraser-Tran", "Leon Hardcastle"), ("Naima El Amrani", "Colm Fitzmaurice"))


def share_a_place(one: Sheet, other: Sheet) -> bool:
    """Whether two people were at the same firm and site at some time."""
    places = {(stay.firm, stay.site) for stay in one.stays}
    return any((stay.firm, stay.site) in places for stay in other.stays)
