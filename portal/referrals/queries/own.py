"""What the referrer reads, and what the letter to the referred person leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.core import clock, tokens
from portal.core.db import db, get_one, rows, scalars
from portal.core.errors import Gone
from portal.core.pages import Keyset, Page
from portal.core.text import fold
from portal.referrals import policies
from portal.referrals.models import Referral, ReferralEvent, ReferralLetter
from portal.referrals.queries.columns import NO_REFERRAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row

    from portal.core.access import Viewer

PAGE_SIZE, MOST_COMPARED = 24, 200
ENDED = "This link has ended. Nobody writes to you unless you said yes."
_MINE = select(
    Referral.public_id, Referral.kind, Referral.company, Referral.job, Referral.contact_name, Referral.consent,
    Referral.stage, Referral.ending, Referral.stage_since, Referral.has_credit, Referral.first_id, Referral.created_at,
    Referral.referrer_id,
)  # fmt: skip


def own_page(viewer: Viewer, after: str | None, before: str | None) -> Page[Row[Any]]:
    """What the viewer referred, newest first."""
    mine = Keyset(_MINE.where(Referral.referrer_id == viewer.person_id), [Referral.id])
    return mine.page(size=PAGE_SIZE, after=after, before=before)


def own_referral(viewer: Viewer, public_id: str, *, for_update: bool = False) -> Referral:
    """One that the viewer sent; for everybody else it is not here."""
    found = select(Referral).where(Referral.public_id == public_id, Referral.referrer_id == viewer.person_id)
    return get_one(found.with_for_update() if for_update else found, NO_REFERRAL)


def own_same(viewer: Viewer, kind: str, about: str, name: str, norm: str) -> str | None:
    """The public id of what the viewer has under way about the same person at the same company, or for the same job."""
    return _own_alike(viewer, Referral.ending == "", kind, about, name, norm)


def own_refused(viewer: Viewer, kind: str, about: str, name: str) -> bool:
    """Whether such a person of the viewer's has said no; their address is forgotten, the name is known to the viewer."""
    return _own_alike(viewer, Referral.consent == "no", kind, about, name, "") is not None


def _own_alike(viewer: Viewer, which: ColumnElement[bool], kind: str, about: str, name: str, norm: str) -> str | None:
    mine = select(Referral.public_id, Referral.company, Referral.job, Referral.contact_name, Referral.contact_norm)
    mine = mine.where(Referral.referrer_id == viewer.person_id, Referral.kind == kind, which)
    for row in rows(mine.order_by(Referral.id.desc()).limit(MOST_COMPARED)):
        same_person = row.contact_norm == norm if row.contact_norm and norm else fold(row.contact_name) == fold(name)
        if same_person and fold(row.job or row.company) == fold(about):
            return str(row.public_id)
    return None


def own_first(viewer: Viewer, referral: Referral) -> str | None:
    """The public id of the first referral of the same lead, if that is the viewer's own too."""
    first = select(Referral.public_id).where(Referral.id == referral.first_id)
    return db.session.execute(first.where(Referral.referrer_id == viewer.person_id)).scalar_one_or_none()


def by_id(referral_id: int) -> Referral:
    """A referral by the key inside, for jobs."""
    return get_one(select(Referral).where(Referral.id == referral_id), NO_REFERRAL)


def is_waiting(public_id: str) -> bool:
    """Whether the referred person's answer is still waited for."""
    waits = select(Referral.id).where(Referral.public_id == public_id, Referral.consent == "waiting")
    return db.session.execute(waits.where(Referral.ending == "")).first() is not None


def told_events(referral: Referral) -> list[ReferralEvent]:
    """What the referrer is told of its history, oldest first."""
    found = select(ReferralEvent).where(ReferralEvent.referral_id == referral.id, ReferralEvent.told)
    return scalars(found.order_by(ReferralEvent.id))


def letter_behind(secret: str) -> tuple[ReferralLetter, Referral | None]:
    """The letter that a link belongs to, with the referral it asks for."""
    found = select(ReferralLetter, Referral).outerjoin(Referral, Referral.id == ReferralLetter.referral_id)
    found = found.where(ReferralLetter.token_hash == tokens.digest(secret), ReferralLetter.expires_at > clock.now())
    row = db.session.execute(found).one_or_none()
    if row is None:
        raise Gone(ENDED)
    return row[0], row[1]


def asked_by(letter: ReferralLetter) -> list[Referral]:
    """The referrals of the person who answers: the one that asked, and all others, those that are over too."""
    norm = select(Referral.contact_norm).where(Referral.id == letter.referral_id).scalar_subquery()
    found = select(Referral).where(Referral.contact_norm == norm, Referral.contact_norm != "")
    return scalars(found.order_by(Referral.id).with_for_update())


def said_no(norm: str) -> bool:
    """Whether the person at this address answered our letter with a no; of the address only its digest is kept."""
    if not norm:
        return False
    found = select(ReferralLetter.id).where(ReferralLetter.address_hash == tokens.digest(norm))
    return db.session.execute(found.where(ReferralLetter.answer == "no")).first() is not None


def readable_own(viewer: Viewer, told: Sequence[Any]) -> set[int]:
    """Which of these notifications are about referrals that the viewer sent."""
    by_place = {row.id: row.url.rpartition("/")[2] for row in told}
    mine = set(scalars(
        select(Referral.public_id)
        .where(Referral.public_id.in_(by_place.values()), Referral.referrer_id == viewer.person_id)
    ))  # fmt: skip
    return {told_id for told_id, public_id in by_place.items() if public_id in mine}


def readable_work(viewer: Viewer, told: Sequence[Any]) -> set[int]:
    """Notifications about the pipeline are for who reads it today."""
    return {row.id for row in told} if policies.reads_pipeline(viewer) else set()
