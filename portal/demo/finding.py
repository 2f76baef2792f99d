"""What lets people of two sides find each other: the firms that the host's people worked with, and what happened to firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.careers.models import Assignment, Position, Relation
from portal.core.db import db
from portal.core.partial_dates import PartialDate
from portal.demo.stage import public_id
from portal.organisations.models import OrganisationAlias, OrganisationEvent

if TYPE_CHECKING:
    from random import Random

    from portal.demo.stage import Stage

SHARE = 0.3  # of the host's people say with whom they worked
WHAT = (
    "Ran the rollout", "Trained the night shift", "Calibrated the yard scales", "Second line support", "Wrote the interface",
    "Commissioned the weighbridge", "Looked after the contract",
)  # fmt: skip


def add_assignments(stage: Stage) -> None:
    """Some of the host's people worked with a customer or partner of their time."""
    rng = stage.dice("assignments")
    partners = list(
        db.session.scalars(select(Relation).where(Relation.kind != "employee").order_by(Relation.public_id))
    )
    linked = select(Position).join(Relation, Relation.id == Position.relation_id)
    for position in db.session.scalars(linked.where(Relation.kind == "employee").order_by(Position.public_id)).all():
        met = [row for row in partners if _met(position, row)]
        if met and rng.random() < SHARE:
            _assign(position, met, rng)
    db.session.flush()


def _met(position: Position, relation: Relation) -> bool:
    """Whether the firm was there for at least a year of the position."""
    if position.starts_on is None or relation.starts_on is None:
        return False
    ends = (each.year if each else 9999 for each in (position.ends_on, relation.ends_on))
    return min(ends) > _began(position, relation)


def _began(position: Position, relation: Relation) -> int:
    return max(each.starts_on.year for each in (position, relation) if each.starts_on)


def _assign(position: Position, met: list[Relation], rng: Random) -> None:
    relation = rng.choice(met)
    begins = _began(position, relation)
    assignment = Assignment(
        public_id=public_id(rng), person_id=position.person_id, position_id=position.id,
        organisation_id=relation.organisation_id, what=rng.choice(WHAT),
    )  # fmt: skip
    assignment.set_dates(PartialDate(str(begins)), PartialDate(str(begins + 1)) if rng.random() < 0.6 else None)
    db.session.add(assignment)


def add_history(stage: Stage) -> None:
    """Half of the firms' other names are names of the past."""
    rng = stage.dice("history")
    for alias in db.session.scalars(select(OrganisationAlias).order_by(OrganisationAlias.folded_name)).all():
        if rng.random() < 0.5:
            when = PartialDate(str(rng.randint(1994, 2016)))
            db.session.add(
                OrganisationEvent(organisation_id=alias.organisation_id, kind="renamed", name=alias.name, happened=when)
            )
    db.session.flush()
