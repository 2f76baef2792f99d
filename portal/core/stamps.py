"""Versions that several processes share: what is cached in memory under an old stamp is forgotten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, db, is_sqlite, prepared, rows, upsert

if TYPE_CHECKING:
    from sqlalchemy import ScalarSelect


class Stamp(Model):
    """A counter that goes up when the named thing changes."""

    __tablename__ = "stamp"

    name: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


_ALL = select(Stamp.name, Stamp.n)


@prepared
def _raise() -> Any:
    return upsert(
        Stamp.__table__,
        {"name": bindparam("name"), "n": bindparam("n")},
        keys=["name"],
        update={"n": Stamp.__table__.c.n + 1},
    )


def bump(name: str) -> None:
    """Say that the named thing changed, in the caller's transaction."""
    db.session.execute(_raise(), {"name": name, "n": 1})
    db.session.info.pop("stamps", None)


def current(name: str) -> int:
    """The named thing's version; all are read at once, once a request."""
    stamps: dict[str, int] | None = db.session.info.get("stamps")
    if stamps is None:
        stamps = dict(map(tuple, rows(_ALL)))
        db.session.info["stamps"] = stamps
    return stamps.get(name, 0)


def together() -> ScalarSelect[Any]:
    """All stamps as one column, for a statement that each request makes anyway; hand its value to `take`."""
    collect = func.json_group_object if is_sqlite() else func.json_object_agg
    return select(collect(Stamp.name, Stamp.n)).scalar_subquery()


def take(found: str | dict[str, int] | None) -> None:
    """Keep the stamps that `together` brought, for this request."""
    db.session.info["stamps"] = (json.loads(found) if isinstance(found, str) else found) or {}


def forget() -> None:
    """Read the stamps anew: a worker's session outlives one unit of work."""
    db.session.info.pop("stamps", None)
