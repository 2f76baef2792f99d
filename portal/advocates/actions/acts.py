"""The list of acts and their wordings, as the host keeps them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal.advocates import policies, queries
from portal.advocates.acts import ACTS
from portal.advocates.models import Act
from portal.consents.actions import publish_legal_text
from portal.core import audit, clock, stamps
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.core.text import fold

if TYPE_CHECKING:
    from portal.core.access import Viewer

NOT_YOURS = "Only the programme's manager and admins keep the acts."


def ensure_acts(*, by: Viewer) -> None:
    """Put the acts in place that come with the portal, where there are none yet."""
    require(policies.can_keep_acts(by), NOT_YOURS)
    if db.session.execute(select(Act.id).limit(1)).first() is not None:
        return
    for number, one in enumerate(ACTS):
        made = _add(one.key, one.name, one.meaning, one.icon, one.is_call, number)
        publish_legal_text(made.consent_kind, one.name, one.wording, by=by)


def add_act(name: str, meaning: str, wording: str, *, is_call: bool, by: Viewer) -> Act:
    """Add an act: nobody has agreed to it yet."""
    require(policies.can_keep_acts(by), NOT_YOURS)
    key = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:30]
    if not key or db.session.execute(select(Act.id).where(Act.key == key)).first():
        raise Invalid("There is an act of this name already.", "name")
    last = db.session.execute(select(func.max(Act.position))).scalar() or 0
    made = _add(key, name, meaning, "megaphone", is_call, last + 1)
    publish_legal_text(made.consent_kind, name, wording, by=by)
    audit.record("add act", made, by=by, note=name)
    return made


def edit_act(act: Act, name: str, meaning: str, *, is_call: bool, by: Viewer) -> None:
    """Call it by another name, or say anew what it means; the wording is published apart."""
    require(policies.can_keep_acts(by), NOT_YOURS)
    before = {"name": act.name, "meaning": act.meaning, "is_call": act.is_call}
    act.name, act.meaning, act.is_call = name, meaning, is_call
    stamps.bump("acts")
    db.session.flush()
    after = {"name": name, "meaning": meaning, "is_call": is_call}
    audit.record("edit act", act, by=by, before=before, after=after)


def publish_wording(act: Act, wording: str, *, by: Viewer) -> None:
    """A new version of the words; who agreed to earlier ones agreed to those, and is shown that they changed."""
    require(policies.can_keep_acts(by), NOT_YOURS)
    publish_legal_text(act.consent_kind, act.name, wording, by=by)


def close_act(act: Act, *, by: Viewer) -> None:
    """Nobody is asked for it any more; what was agreed to stays on record."""
    require(policies.can_keep_acts(by), NOT_YOURS)
    if len(queries.acts()) < 2:
        raise Invalid("One act must be left: advocates need something to be willing to do.")
    act.closed_at = clock.now()
    stamps.bump("acts")
    audit.record("close act", act, by=by, note=act.name)


def reopen_act(act: Act, *, by: Viewer) -> None:
    """Members can be asked for it again, if they agreed."""
    require(policies.can_keep_acts(by), NOT_YOURS)
    act.closed_at = None
    stamps.bump("acts")
    audit.record("reopen act", act, by=by, note=act.name)


def _add(key: str, name: str, meaning: str, icon: str, is_call: bool, position: int) -> Act:
    stamps.bump("acts")
    return add(
        Act(key=key, consent_kind=Act.kind_of(key), name=name, meaning=meaning, icon=icon, is_call=is_call,
            position=position)
    )  # fmt: skip
