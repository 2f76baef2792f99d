"""The pipeline as columns and as a table: rows of one statement, never counted over, never summed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, false, func, literal, select, union_all
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.db import UTCDateTime, get_one, is_sqlite, rows, scalars
from portal.core.pages import Keyset, Page
from portal.people.models import Person
from portal.referrals import policies
from portal.referrals.index import REFERRALS
from portal.referrals.models import Referral, ReferralEvent, ReferralTotal
from portal.referrals.queries.columns import LINES, NO_REFERRAL
from portal.referrals.stages import KINDS, STAGES, has_stage

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row, Select

    from portal.core.access import Viewer

Build = Callable[..., Any]
A_COLUMN, AN_ENDED_COLUMN, TABLE, A_BATCH, MOST_COUNTED = 6, 4, 50, 500, 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the pipeline is asked for; `owner` is "me", "nobody" or a public id."""

    kind: str = ""
    stage: str = ""
    owner: str = ""
    overdue: bool = False
    q: str = ""

    @property
    def narrows(self) -> bool:
        """Whether more than the kind is asked for."""
        return bool(self.stage or self.owner or self.overdue or self.q)


def referral_for(viewer: Viewer, public_id: str, *, for_update: bool = False) -> Referral:
    """A referral with its people, for those who work with it; for everybody else it is not here."""
    found = select(Referral).where(Referral.public_id == public_id, policies.readable_by(viewer))
    if for_update:
        return get_one(found.with_for_update(), NO_REFERRAL)
    return get_one(found.options(joinedload(Referral.referrer), joinedload(Referral.owner)), NO_REFERRAL)


def history(referral: Referral) -> list[ReferralEvent]:
    """Everything that happened to it, the latest first."""
    found = select(ReferralEvent).where(ReferralEvent.referral_id == referral.id).options(joinedload(ReferralEvent.by))
    return scalars(found.order_by(ReferralEvent.id.desc()).limit(200))


def same_lead(viewer: Viewer, referral: Referral) -> Sequence[Row[Any]]:
    """The first referral of the same lead and the later ones, as far as the viewer reads them."""
    first = referral.first_id or referral.id
    same = (Referral.id == first) | (Referral.first_id == first)
    found = select(Referral.public_id, Referral.company, Referral.created_at, Referral.stage, Referral.kind)
    found = found.where(same, Referral.id != referral.id, policies.readable_by(viewer))
    return rows(found.order_by(Referral.id).limit(10))


def columns(viewer: Viewer, kind: str, filters: Filters) -> dict[str, list[Row[Any]]]:
    """The first of each stage: where work waits those who stand longest, of what is over the latest; one statement."""
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in _read(_columns, viewer, filters, kind):
        found[row.stage].append(row)
    over = {stage.key for stage in STAGES[kind] if stage.ending}
    return {key: sorted(some, key=lambda row: row.stage_since, reverse=key in over) for key, some in found.items()}


def _columns(shape: Shape, kind: str) -> Select[*tuple[Any, ...]]:
    lists = [_column(shape, kind, stage.key, stage.ending) for stage in STAGES[kind]]
    return select(union_all(*(select(each.subquery()) for each in lists)).subquery())


def _column(shape: Shape, kind: str, stage: str, ending: str) -> Select[*tuple[Any, ...]]:
    found = LINES.where(Referral.kind == kind, Referral.stage == stage, *_clauses(shape))
    order = (Referral.stage_since, Referral.id)
    if ending:
        return found.order_by(*(column.desc() for column in order)).limit(AN_ENDED_COLUMN)
    return found.order_by(*order).limit(A_COLUMN)


def counts(viewer: Viewer, kind: str, filters: Filters) -> dict[str, int]:
    """How many stand in each stage under these filters, counted no further than a hundred."""
    return {row.stage: row.n for row in _read(_counts, viewer, filters, kind)}


def _counts(shape: Shape, kind: str) -> Select[*tuple[Any, ...]]:
    some = [
        select(literal(stage.key).label("stage"), func.count().label("n")).select_from(
            select(Referral.id)
            .where(Referral.kind == kind, Referral.stage == stage.key, *_clauses(shape))
            .limit(MOST_COUNTED).subquery()
        )
        for stage in STAGES[kind]
    ]  # fmt: skip
    return select(union_all(*some).subquery())


_TOTALS = select(ReferralTotal.stage, ReferralTotal.currency, ReferralTotal.n, ReferralTotal.amount).where(
    ReferralTotal.kind == bindparam("kind"), ReferralTotal.n > 0
)


def totals(kind: str) -> dict[str, list[tuple[str, int, int]]]:
    """Of each stage: currency, how many, and their amount; read from the totals that every deed keeps right."""
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for row in rows(_TOTALS, kind=kind):
        found[row.stage].append((row.currency, row.n, row.amount))
    return {stage: sorted(lines) for stage, lines in found.items()}


def table(viewer: Viewer, filters: Filters, after: str | None, before: str | None) -> Page[Row[Any]]:
    """A page of the table, newest first; what is overdue, oldest first."""
    prepared = _table(Shape.of(viewer, filters), filters.kind, is_first=not (after or before))
    return prepared.page(size=TABLE, after=after, before=before, **_filled_in(viewer, filters))


@lru_cache(200)
def _table(shape: Shape, kind: str, *, is_first: bool) -> Keyset:
    # Of a word that is everywhere the newest matches are the first page, where nothing but the word decides.
    by_word_alone = (
        shape.by_words and shape.within == "all" and not (kind or shape.stage or shape.owner or shape.overdue)
    )
    found = LINES.where(*_clauses(shape, newest=TABLE + 1 if is_first and by_word_alone else None))
    if kind:
        found = found.where(Referral.kind == kind)
    order = [Referral.due_at, Referral.id] if shape.overdue else [Referral.id]
    return Keyset(found, order, ascending=shape.overdue)


def every_row(viewer: Viewer, filters: Filters) -> Iterator[Row[Any]]:
    """All that the filters show, in batches, newest first: nothing is held beyond one batch."""
    found = LINES.where(*_clauses(Shape.of(viewer, filters))).order_by(Referral.id.desc()).limit(A_BATCH)
    if filters.kind:
        found = found.where(Referral.kind == filters.kind)
    given = _filled_in(viewer, filters)
    batch = rows(found, **given)
    while batch:
        yield from batch
        batch = rows(found.where(Referral.id < batch[-1].id), **given) if len(batch) == A_BATCH else []


class Shape(NamedTuple):
    """What makes one statement differ from another: how far the viewer sees, and which filters there are."""

    within: str
    stage: str
    owner: str  # "", "me", "nobody" or "named"
    overdue: bool
    by_words: str  # "", "nothing" to look for, "sqlite" or "postgresql": each finds words in its own way

    @classmethod
    def of(cls, viewer: Viewer, filters: Filters) -> Shape:
        """The shape of what this viewer asks for."""
        stage = filters.stage if any(has_stage(kind, filters.stage) for kind in KINDS) else ""
        owner = filters.owner if filters.owner in ("", "me", "nobody") else "named"
        return cls(policies.reach(viewer), stage, owner, filters.overdue, _how_words_are_found(filters.q))


def _read(build: Build, viewer: Viewer, filters: Filters, kind: str) -> Sequence[Row[Any]]:
    """Rows of a statement that is built once for each shape."""
    return rows(_statement(build, Shape.of(viewer, filters), kind), **_filled_in(viewer, filters))


@lru_cache(200)
def _statement(build: Build, shape: Shape, kind: str) -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = build(shape, kind)
    return found


def _how_words_are_found(typed: str) -> str:
    if not typed:
        return ""
    return ("sqlite" if is_sqlite() else "postgresql") if REFERRALS.words_of(typed) else "nothing"


def _filled_in(viewer: Viewer, filters: Filters) -> dict[str, Any]:
    words = REFERRALS.words_of(filters.q) if filters.q else ""
    return {"me": viewer.person_id, "owner": filters.owner, "now": clock.now(), "words": words}


def _clauses(shape: Shape, newest: int | None = None) -> list[ColumnElement[bool]]:
    found = [policies.readable(shape.within)]
    if shape.stage:
        found.append(Referral.stage == shape.stage)
    if shape.owner == "me":
        found.append(Referral.owner_id == bindparam("me"))
    elif shape.owner == "nobody":
        found.append(Referral.owner_id.is_(None))
    elif shape.owner:
        found.append(
            Referral.owner_id == select(Person.id).where(Person.public_id == bindparam("owner")).scalar_subquery()
        )
    if shape.overdue:
        found.append(Referral.due_at < bindparam("now", type_=UTCDateTime()))
    if shape.by_words:
        found.append(false() if shape.by_words == "nothing" else REFERRALS.bound(Referral.id, newest=newest))
    return found
