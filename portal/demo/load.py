"""Loading the made-up community into an empty database, in one transaction, and never beside anything else."""

from __future__ import annotations

import click
from flask import current_app
from sqlalchemy import delete, select, update

from portal.core.audit import AuditRow
from portal.core.db import db
from portal.core.errors import Conflict
from portal.core.jobs.tables import Job
from portal.core.outbox import OutboxMail
from portal.demo import (
    advocates,
    bell,
    disputes,
    entrance,
    finding,
    greetings,
    imports,
    letters,
    newsroom,
    persons,
    pictures,
    portraits,
    readers,
    recount,
    referrals,
    talks,
    waves,
)
from portal.demo.stage import Stage
from portal.people.actions import ensure_system
from portal.people.models import Person

SEED = 1987
STEPS = (
    persons.add_firms,
    persons.add_people,
    persons.add_careers,
    finding.add_assignments,
    finding.add_history,
    persons.add_groups_and_roles,
    persons.add_ties,
    talks.add_boards,
    talks.add_talks,
    persons.date_back,
    portraits.add_profiles,
    readers.add_thanks,
    readers.add_places,
    entrance.add_addresses,
    entrance.add_credentials,
    entrance.add_invitations,
    entrance.add_applicants,
    waves.add_waves,
    disputes.add_disputes,
    greetings.add_agreements,
    greetings.add_hellos,
    newsroom.add_news,
    referrals.add_referrals,
    advocates.add_advocates,
    bell.add_notices,
    letters.add_choices,
    letters.add_visits,
    pictures.add_pictures,
    imports.add_imports,
)


def load(seed: int = SEED) -> Stage:
    """Fill the empty database; the same seed makes the same community, dated from today. The caller commits."""
    check_allowed()
    ensure_system()
    stage = Stage(seed)
    for step in STEPS:
        step(stage)
    db.session.flush()
    # What was set up just now was set up when the portal opened.
    db.session.execute(update(AuditRow).where(AuditRow.at >= stage.now).values(at=stage.opened_at))
    # Nobody gets mail about what never happened: what the steps have queued is dropped.
    db.session.execute(delete(Job))
    db.session.execute(delete(OutboxMail))
    letters.post_letters(stage)
    if wrong := recount.problems():
        raise AssertionError("The demo community is not in order: " + " ".join(wrong[:5]))
    return stage


def load_if_empty() -> None:
    """What the first start in development does."""
    if is_empty():
        click.echo("Filling the empty database with a made-up community (some ten seconds) …")
        load()


def check_allowed() -> None:
    """Never in production, never into a database that holds anybody else's data."""
    if current_app.config["PORTAL"].is_production:
        raise Conflict("The demo community has passwords that everybody knows, so it is never loaded in production.")
    if not is_empty():
        raise Conflict("This database holds people already. The demo community is only loaded into an empty one.")


def is_empty() -> bool:
    """Whether nobody is there beside the system."""
    return db.session.execute(select(Person.id).where(Person.is_system.is_(False)).limit(1)).first() is None
