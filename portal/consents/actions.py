"""Publishing wordings and agreeing to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.consents import policies, queries
from portal.consents.models import ACCEPTED, ACT, KINDS, Consent, LegalText
from portal.consents.signals import consent_withdrawn, wordings_set_up
from portal.consents.wordings import WORDINGS
from portal.core import audit, markdown, stamps
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.people.actions import touch_access

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.core.access import Viewer

ONLY_YOURS = "Only the person can agree."


def publish_legal_text(kind: str, title: str, body: str, *, by: Viewer) -> LegalText:
    """Put a new version in force: of the host's wordings, or of an act's; earlier consents keep the words they were given to."""
    require(policies.can_publish(by, kind), "Only an admin publishes the host's wordings.")
    if kind not in KINDS and not kind.startswith(ACT):
        raise Invalid("A wording is terms, privacy, imprint or that of an act.", "kind")
    last = db.session.execute(select(func.max(LegalText.version)).where(LegalText.kind == kind)).scalar() or 0
    row = LegalText(kind=kind, version=last + 1, title=title, body=body, html=markdown.render(body),
                    published_by_id=by.person_id)  # fmt: skip
    try:
        with db.session.begin_nested():
            add(row)
    except IntegrityError:
        raise Conflict("Somebody published a version just now. Read it first, then publish yours.") from None
    stamps.bump(queries.STAMP)
    audit.record("publish legal text", row, by=by, note=f"{kind} {row.version}")
    return row


def ensure_legal_texts(*, by: Viewer) -> None:
    """Install the wordings that come with the portal where there are none yet."""
    require(by.system, "This is done when the portal is set up.")
    for kind, (title, body) in WORDINGS.items():
        if not queries.versions(kind):
            publish_legal_text(kind, title, body, by=by)
    wordings_set_up.send(None, by=by)


def accept(person_id: int, kinds: Iterable[str] = ACCEPTED, *, how: str, by: Viewer) -> None:
    """Agree to the wordings in force; `how` is where it was said: "claim", "sign-in" …"""
    require(policies.can_agree(by, person_id), ONLY_YOURS)
    texts = queries.in_force()
    for kind in kinds:
        if kind in texts:
            give_consent(person_id, kind, texts[kind][0], how=how, by=by)
    touch_access(person_id)


def give_consent(
    person_id: int, kind: str, version: int, *, how: str, until: datetime | None = None, by: Viewer
) -> Consent:
    """Note that a person agreed to a wording."""
    require(policies.can_agree(by, person_id), ONLY_YOURS)
    return add(Consent(person_id=person_id, kind=kind, version=version, how=how, until=until))


def withdraw_consent(person_id: int, kind: str, version: int, *, how: str, by: Viewer) -> Consent:
    """Note that a person took a consent back: a new row, in force at once."""
    require(policies.can_agree(by, person_id), ONLY_YOURS)
    row = add(Consent(person_id=person_id, kind=kind, version=version, how=how, state="withdrawn"))
    touch_access(person_id)
    consent_withdrawn.send(None, person_id=person_id, kind=kind, by=by)
    return row
